import RapportIngestion

/// Whose waits are known by the day only: most of their requests in the timing model came, or were answered, at midnight, as dates
/// without times are read, or at that of UTC, as they are exported.
///
/// Such waits are whole days: an answer of the same day and one of the next lie as far apart as an hour and a day do elsewhere, so
/// that a ratio of times waited says more about the calendar than about anybody.
struct TimesByDay: Sendable {
  /// Codes of the history.
  private(set) var managers: Set<Int> = []
  private(set) var partners: Set<Int> = []
  /// Manager · partners + partner.
  private var pairs: Set<Int> = []
  private let partnerCount: Int

  /// Why such a ratio isn't told.
  static let reason = "times by the day only"

  init(_ history: History, _ cohort: TimingCohort) {
    // By the day less those that aren't: positive where most are.
    var managers = [Int](repeating: 0, count: history.managers.count)
    var partners = [Int](repeating: 0, count: history.partners.count)
    var pairs: [Int: Int] = [:]
    partnerCount = history.partners.count
    for (index, isAnswered) in zip(cohort.spells, cohort.answered) {
      let spell = history.spells[index]
      let isByDay =
        history.timeZone.isMidnight(spell.entered) || isAnswered && history.timeZone.isMidnight(spell.ended)
      let (manager, partner, change) = (Int(spell.manager), Int(spell.partner), isByDay ? 1 : -1)
      managers[manager] += change
      partners[partner] += change
      pairs[manager * partnerCount + partner, default: 0] += change
    }
    self.managers = Set(managers.indices.filter { managers[$0] > 0 })
    self.partners = Set(partners.indices.filter { partners[$0] > 0 })
    self.pairs = Set(pairs.filter { $0.value > 0 }.keys)
  }

  /// Whether a pair's are.
  func holds(manager: Int, partner: Int) -> Bool { pairs.contains(manager * partnerCount + partner) }

  /// What a reader of the timing model must know; `nil` where nothing is known by the day only.
  var note: String? {
    guard !managers.isEmpty || !partners.isEmpty || !pairs.isEmpty else { return nil }
    return "Of \(Wording.count(managers.count, "manager")), \(Wording.count(partners.count, "partner")) and "
      + "\(Wording.count(pairs.count, "pair")) most times are dates without a time of day: their adjusted response ratios aren't told."
  }
}
