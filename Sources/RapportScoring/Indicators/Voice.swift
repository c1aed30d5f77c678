import RapportIngestion

/// What the two sides, and the manager's people, say when asked.
public enum Voice {
  /// Fewer anonymous ratings in one wave than this, and they are not used at all.
  public static let leastRespondents = 5
  /// Anonymous ratings less than so many days after a wave's first are one wave. Who answers isn't known, so several ratings may
  /// be one person's. Someone who is asked once a week, and answers before being asked again, gives the first of five just
  /// before the second question at the latest and the fifth with its question at the earliest: more than 21 days apart.
  public static let waveDays = 21
  /// A manager's anonymous ratings are used in whole groups of so many, in the order of their moments. One more of them would otherwise
  /// be told by two reports, before it and after it: five ratings of mean 3.6 and six of mean 19/6 leave a sixth of 1.
  public static let ratingGroup = 5

  /// Mean rating of both sides, each counted alike however many answered.
  ///
  ///     score = ½ (mean rating of HR + mean rating of the manager)      variance = σ²/4 (1/n_HR + 1/n_manager)
  ///
  /// The manager's ratings of partners measure HR, one rating per pair; partners' ratings of the manager, one per pair, and
  /// anonymous ones, each by itself and used in waves of five or more, up to a multiple of five, measure the manager. Where one
  /// side only is rated, the score is that side's mean, with variance σ²/n; the evidence tells each side's mean and n. These are
  /// counts of ratings, not of people: a manager rates several partners, and who answers an anonymous survey twice isn't known.
  ///
  /// A manager with anonymous ratings, no wave of five among them, and no named rating is suppressed, not insufficient: the
  /// ratings exist and are not shown. Where that is so of everybody voice isn't measured (``IndicatorEvidence/tellsAny``).
  static func surveyScore(_ history: History, _ level: Level, scale: ClosedRange<Double>) -> MonthlyEvidence? {
    let named = namedRatings(history)
    var anonymous: [[AnonymousRating]] = Array(repeating: [], count: level.count)
    var invitations = level.counts(history)
    for contact in history.contacts where contact.partner < 0 && level.kind == .manager {
      let unit = Int(contact.manager)
      if contact.kind == .surveyInvitation { invitations.add(unit, contact.month) }
      guard contact.kind == .survey, let thousandths = contact.thousandths else { continue }
      anonymous[unit].append(
        AnonymousRating(instant: contact.instant, month: contact.month, rating: Double(thousandths) / 1000))
    }
    let (unnamed, invited) = (anonymous, invitations)
    return MonthlyEvidence(history.months) { months in
      surveyScore(
        named.filter { months.contains($0.month) }, unnamed.map { $0.filter { months.contains($0.month) } },
        invitations: invited.counts(months), level, scale: scale)
    }
  }

  /// What is said where anonymous ratings are all there are and no wave of them is large enough; `nil` where there are none.
  static func unusedNote(_ history: History) -> String? {
    history.contacts.contains { $0.kind == .survey && $0.partner < 0 && $0.thousandths != nil }
      ? "Anonymous ratings aren't used, and voice isn't measured by them: no manager has \(leastRespondents) in one wave of "
        + "\(waveDays) days, where ratings alike in all but an `id` that they lack count as one." : nil
  }

  private static func surveyScore(
    _ named: [Contact], _ anonymous: [[AnonymousRating]], invitations: [Double], _ level: Level,
    scale: ClosedRange<Double>
  ) -> IndicatorEvidence? {
    var ofHR = Ratings(level.count)
    var ofManager = Ratings(level.count)
    for voice in pairVoices(named) {
      let unit = level.unit(voice.manager, voice.partner)
      if voice.rater == .manager {
        ofHR.add(unit, voice.rating, of: voice.count)
      } else {
        ofManager.add(unit, voice.rating, of: voice.count)
      }
    }
    var suppressed: [Int: String] = [:]
    // Ratings of a manager of whose anonymous ones all are used; of others not even their number may be told.
    var answered = [Int?](repeating: nil, count: level.count)
    for unit in 0..<level.count where !anonymous[unit].isEmpty {
      let used = usable(anonymous[unit])
      if used.count == anonymous[unit].count { answered[unit] = used.count }
      for rating in used { ofManager.add(unit, rating) }
      if ofHR.counts[unit] + ofManager.counts[unit] == 0 {
        suppressed[unit] = "fewer than \(leastRespondents) anonymous respondents in one wave"
      }
    }
    let ratings = (0..<level.count).map { ofHR.counts[$0] + ofManager.counts[$0] }
    guard ratings.contains(where: { $0 > 0 }) || !suppressed.isEmpty else { return nil }

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
      counts: ratings.map { Int($0) }, suppressed: suppressed,
      details: [
        ("ratings", told(zip(ofHR.ratings, ofManager.ratings).map(+))),
        ("ratingOfHR", ofHR.means), ("ratingsOfHR", told(ofHR.ratings)), ("countedOfHR", told(ofHR.counts)),
        ("ratingOfManager", ofManager.means), ("ratingsOfManager", told(ofManager.ratings)),
        ("countedOfManager", told(ofManager.counts)),
      ])
    if invitations.contains(where: { $0 > 0 }) {
      // Of a suppressed or partly used manager not even the count of anonymous answers is told.
      evidence.details.append(
        (
          "responseRate",
          (0..<level.count).map { unit in
            answered[unit].flatMap { invitations[unit] > 0 ? Double($0) / invitations[unit] : nil }
          }
        ))
    }
    return evidence
  }

  /// A rating of a manager by nobody knows whom.
  struct AnonymousRating {
    var instant: Instant
    var month: Month
    var rating: Double
  }

  /// Those of a manager's anonymous ratings that are used: of waves that are large enough, the first whole groups by time. Groups are of
  /// all waves together, so that up to four of the latest ratings wait for others, and not up to four of each wave.
  static func usable(_ ratings: [AnonymousRating]) -> [Double] {
    let inWaves = waves(ratings).filter { $0.count >= leastRespondents }.flatMap { $0 }
    return Array(inWaves.prefix(inWaves.count / ratingGroup * ratingGroup))
  }

  /// Anonymous ratings by wave, each from a first rating to less than ``waveDays`` after it.
  static func waves(_ ratings: [AnonymousRating]) -> [[Double]] {
    var waves: [[Double]] = []
    var end: Instant?
    for row in ratings.sorted(by: { ($0.instant, $0.rating) < ($1.instant, $1.rating) }) {
      if let end, row.instant < end {
        waves[waves.count - 1].append(row.rating)
      } else {
        waves.append([row.rating])
        end = row.instant.advanced(days: waveDays)
      }
    }
    return waves
  }

  /// Ratings of one side by unit.
  private struct Ratings {
    var sums: [Double]
    var squares: [Double]
    /// Of what is counted: a pair's mean is one.
    var counts: [Double]
    /// Of ratings as they were given.
    var ratings: [Double]

    init(_ count: Int) {
      sums = Array(repeating: 0, count: count)
      squares = sums
      counts = sums
      ratings = sums
    }

    /// - Parameter given: how many ratings `rating` is the mean of.
    mutating func add(_ unit: Int, _ rating: Double, of given: Int = 1) {
      guard unit >= 0 else { return }
      ratings[unit] += Double(given)
      sums[unit] += rating
      squares[unit] += rating * rating
      counts[unit] += 1
    }

    /// `nil` where nobody rated.
    var means: [Double?] { counts.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : nil } }
  }

  /// σ², one for all ratings: pooled within units and sides. Where no side of a unit has two, from how
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
    /// Ratings that this is the mean of.
    var count: Int
  }

  /// Every named rating, by manager, partner, rater.
  static func namedRatings(_ history: History) -> [Contact] {
    history.contacts.filter { $0.kind == .survey && $0.partner >= 0 && $0.actor != nil && $0.thousandths != nil }
      .sorted {
        ($0.manager, $0.partner, $0.actor!.rawValue, $0.instant.milliseconds)
          < ($1.manager, $1.partner, $1.actor!.rawValue, $1.instant.milliseconds)
      }
  }

  /// Named ratings that stand by pair and rater, averaged by them.
  static func pairVoices(_ rows: [Contact]) -> [PairVoice] {
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
            manager: row.manager, partner: row.partner, rater: row.actor!, rating: Double(sum) / Double(count) / 1000,
            count: count))
        (sum, count) = (0, 0)
      }
    }
    return result
  }
}
