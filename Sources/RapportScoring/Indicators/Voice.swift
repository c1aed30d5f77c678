import RapportIngestion

/// What the two sides, and the manager's people, say when asked.
enum Voice {
  /// Fewer anonymous respondents than this, and their ratings are not used at all.
  static let leastRespondents = 5

  /// Mean rating of both sides, each counted alike however many answered.
  ///
  ///     score = ½ (mean rating of HR + mean rating of the manager)      variance = σ²/4 (1/n_HR + 1/n_manager)
  ///
  /// The manager's ratings of partners measure HR, one respondent per pair; partners' ratings of the manager, one
  /// respondent per pair, and anonymous ones, one respondent each and used from five on, measure the manager. Where one
  /// side only is rated, the score is that side's mean, with variance σ²/n; the evidence tells each side's mean and n.
  ///
  /// A manager with fewer than five anonymous respondents and no named rating is suppressed, not insufficient: the
  /// ratings exist and are not shown.
  static func surveyScore(_ history: History, _ level: Level, scale: ClosedRange<Double>) -> IndicatorEvidence? {
    var ofHR = Ratings(level.count)
    var ofManager = Ratings(level.count)
    var anonymous = Ratings(level.count)
    var invitations = [Double](repeating: 0, count: level.count)
    for voice in pairVoices(history) {
      let unit = level.unit(voice.manager, voice.partner)
      if voice.rater == .manager { ofHR.add(unit, voice.rating) } else { ofManager.add(unit, voice.rating) }
    }
    for contact in history.contacts where contact.partner < 0 && level.kind == .manager {
      let unit = Int(contact.manager)
      if contact.kind == .surveyInvitation { invitations[unit] += 1 }
      guard contact.kind == .survey, let thousandths = contact.thousandths else { continue }
      anonymous.add(unit, Double(thousandths) / 1000)
    }
    var suppressed: [Int: String] = [:]
    for unit in 0..<level.count where anonymous.counts[unit] > 0 {
      if anonymous.counts[unit] >= Double(leastRespondents) {
        ofManager.merge(anonymous, unit)
      } else if ofHR.counts[unit] + ofManager.counts[unit] == 0 {
        suppressed[unit] = "fewer than \(leastRespondents) anonymous respondents"
      }
    }
    let respondents = (0..<level.count).map { ofHR.counts[$0] + ofManager.counts[$0] }
    guard respondents.contains(where: { $0 > 0 }) || !suppressed.isEmpty else { return nil }

    let variance = variance(ofHR, ofManager, scale: scale)
    var estimates: [Double?] = []
    var variances: [Double] = []
    for unit in 0..<level.count {
      let sides = [ofHR, ofManager].filter { $0.counts[unit] > 0 }
      let share = 1 / Double(max(sides.count, 1))
      estimates.append(sides.isEmpty ? nil : sides.reduce(0) { $0 + share * $1.sums[unit] / $1.counts[unit] })
      variances.append(sides.isEmpty ? variance : sides.reduce(0) { $0 + share * share * variance / $1.counts[unit] })
    }
    func told(_ values: [Double?]) -> [Double?] { values.indices.map { suppressed[$0] == nil ? values[$0] : nil } }
    var evidence = IndicatorEvidence(
      indicator: .surveyScore, measure: .mean(estimates: estimates, variances: variances, isLog: false),
      counts: respondents.map { Int($0) }, suppressed: suppressed,
      details: [
        ("respondents", told(respondents)), ("ratingOfHR", ofHR.means), ("respondentsOnHR", told(ofHR.counts)),
        ("ratingOfManager", ofManager.means), ("respondentsOnManager", told(ofManager.counts)),
      ])
    if invitations.contains(where: { $0 > 0 }) {
      // Of a suppressed or partly used manager not even the count of anonymous answers is told.
      evidence.details.append(
        (
          "responseRate",
          (0..<level.count).map {
            invitations[$0] > 0 && anonymous.counts[$0] >= Double(leastRespondents)
              ? anonymous.counts[$0] / invitations[$0] : nil
          }
        ))
    }
    return evidence
  }

  /// Ratings of one side by unit.
  private struct Ratings {
    var sums: [Double]
    var squares: [Double]
    var counts: [Double]

    init(_ count: Int) {
      sums = Array(repeating: 0, count: count)
      squares = sums
      counts = sums
    }

    mutating func add(_ unit: Int, _ rating: Double) {
      guard unit >= 0 else { return }
      sums[unit] += rating
      squares[unit] += rating * rating
      counts[unit] += 1
    }

    mutating func merge(_ other: Ratings, _ unit: Int) {
      sums[unit] += other.sums[unit]
      squares[unit] += other.squares[unit]
      counts[unit] += other.counts[unit]
    }

    /// `nil` where nobody rated.
    var means: [Double?] { counts.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : nil } }
  }

  /// σ², one for all respondents: pooled within units and sides. Where no side of a unit has two respondents, from how
  /// far the sides' difference varies from unit to unit, whose variance is 2σ² or more; a sixteenth of the scale's width
  /// squared where that isn't known either.
  private static func variance(_ ofHR: Ratings, _ ofManager: Ratings, scale: ClosedRange<Double>) -> Double {
    let width = scale.upperBound - scale.lowerBound
    var within = 0.0
    var degrees = 0.0
    for side in [ofHR, ofManager] {
      for unit in side.counts.indices where side.counts[unit] > 1 {
        within += max(side.squares[unit] - side.sums[unit] * side.sums[unit] / side.counts[unit], 0)
        degrees += side.counts[unit] - 1
      }
    }
    if degrees == 0 {
      let differences = zip(ofHR.means, ofManager.means).compactMap { a, b in a.flatMap { a in b.map { a - $0 } } }
      let mean = differences.reduce(0, +) / Double(max(differences.count, 1))
      within = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / 2 }
      degrees = Double(max(differences.count - 1, 0))
    }
    return max(degrees > 0 ? within / degrees : width * width / 16, width * width * 1e-4)
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
