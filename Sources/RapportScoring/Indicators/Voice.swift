import RapportIngestion

/// What the two sides, and the manager's people, say when asked.
enum Voice {
  /// Fewer anonymous respondents than this, and their ratings are not used at all.
  static let leastRespondents = 5

  /// Mean rating: each pair's ratings of each other are one respondent per direction; anonymous ratings of the manager are
  /// one respondent each, and used from five respondents on.
  ///
  /// A manager with fewer than five anonymous respondents and no named rating is suppressed, not insufficient: the
  /// ratings exist and are not shown.
  static func surveyScore(_ history: History, _ level: Level, scale: ClosedRange<Double>) -> IndicatorEvidence? {
    var sums = [Double](repeating: 0, count: level.count)
    var squares = sums
    var respondents = sums
    var anonymousSums = sums
    var anonymousSquares = sums
    var anonymous = sums
    var invitations = sums
    func add(_ unit: Int, _ rating: Double) {
      guard unit >= 0 else { return }
      sums[unit] += rating
      squares[unit] += rating * rating
      respondents[unit] += 1
    }
    for voice in pairVoices(history) { add(level.unit(voice.manager, voice.partner), voice.rating) }
    for contact in history.contacts where contact.partner < 0 && level.kind == .manager {
      let unit = Int(contact.manager)
      if contact.kind == .surveyInvitation { invitations[unit] += 1 }
      guard contact.kind == .survey, let thousandths = contact.thousandths else { continue }
      let rating = Double(thousandths) / 1000
      anonymousSums[unit] += rating
      anonymousSquares[unit] += rating * rating
      anonymous[unit] += 1
    }
    var suppressed: [Int: String] = [:]
    for unit in 0..<level.count where anonymous[unit] > 0 {
      if anonymous[unit] < Double(leastRespondents) {
        if respondents[unit] == 0 {
          suppressed[unit] = "fewer than \(leastRespondents) anonymous respondents"
        }
        continue
      }
      sums[unit] += anonymousSums[unit]
      squares[unit] += anonymousSquares[unit]
      respondents[unit] += anonymous[unit]
    }
    guard respondents.contains(where: { $0 > 0 }) || !suppressed.isEmpty else { return nil }

    // One variance within units for all, pooled; a sixteenth of the scale's width squared where no unit has two.
    var within = 0.0
    var degrees = 0.0
    for unit in 0..<level.count where respondents[unit] > 1 {
      within += max(squares[unit] - sums[unit] * sums[unit] / respondents[unit], 0)
      degrees += respondents[unit] - 1
    }
    let width = scale.upperBound - scale.lowerBound
    let variance = max(degrees > 0 ? within / degrees : width * width / 16, width * width * 1e-4)
    let estimates = (0..<level.count).map { respondents[$0] > 0 ? sums[$0] / respondents[$0] : nil }
    var evidence = IndicatorEvidence(
      indicator: .surveyScore,
      measure: .mean(estimates: estimates, variances: respondents.map { variance / max($0, 1) }, isLog: false),
      counts: respondents.map { Int($0) }, suppressed: suppressed,
      details: [("respondents", respondents.enumerated().map { suppressed[$0] == nil ? $1 : nil })])
    if invitations.contains(where: { $0 > 0 }) {
      // Of a suppressed or partly used manager not even the count of anonymous answers is told.
      evidence.details.append(
        (
          "responseRate",
          (0..<level.count).map {
            invitations[$0] > 0 && anonymous[$0] >= Double(leastRespondents) ? anonymous[$0] / invitations[$0] : nil
          }
        ))
    }
    return evidence
  }

  /// One side's mean rating of the other.
  struct PairVoice {
    var manager: Int32
    var partner: Int32
    var rater: Party
    var rating: Double
  }

  /// Every named rating, averaged by pair and rater; by manager, partner, rater.
  static func pairVoices(_ history: History) -> [PairVoice] {
    let rows = history.contacts.filter {
      $0.kind == .survey && $0.partner >= 0 && $0.actor != nil && $0.thousandths != nil
    }
    .sorted {
      ($0.manager, $0.partner, $0.actor!.rawValue, $0.instant.milliseconds)
        < ($1.manager, $1.partner, $1.actor!.rawValue, $1.instant.milliseconds)
    }
    var result: [PairVoice] = []
    var sum = 0
    var count = 0
    for (i, row) in rows.enumerated() {
      sum += Int(row.thousandths!)
      count += 1
      let next = i + 1 < rows.count ? rows[i + 1] : nil
      if next.map({ ($0.manager, $0.partner, $0.actor!) != (row.manager, row.partner, row.actor!) }) ?? true {
        result.append(
          PairVoice(
            manager: row.manager, partner: row.partner, rater: row.actor!, rating: Double(sum) / Double(count) / 1000))
        (sum, count) = (0, 0)
      }
    }
    return result
  }
}
