/// Whether enough managers have what an indicator is about for it to say something of all.
///
/// What nobody wrote down looks like what never happened. Of thirty managers of whom requests alone were read, the first training
/// of one of them made the other twenty-nine managers without development: their health fell from 59 to 23. So an indicator is
/// measured where as many managers have it as a habit of writing it down leaves:
///
///     m ≥ min(5, ⌈n/2⌉)     and of what is counted in time or per request, where nothing is a value too, m ≥ e/5
///
/// Escalations are counted per request too, but few are what is good: who has many would be hidden by those who have none. For them the
/// first suffices.
///
/// n managers, of whom m have as much evidence as a value takes; of what is counted, at least one event, and e could have had one.
struct Coverage: Sendable, Equatable {
  /// m.
  var telling: Int
  /// What m must reach.
  var needed: Int

  /// m suffices from here on, however many managers there are, where nothing isn't a value.
  static let fewest = 5
  /// Where nothing is a value, one in so many must have something.
  static let oneIn = 5

  var isEnough: Bool { telling >= needed }

  /// The fewest of so many managers.
  static func fewest(of managers: Int) -> Int { min(fewest, (managers + 1) / 2) }

  /// - Parameter exposed: e.
  private init(_ telling: Int, of managers: Int, exposed: Int = 0) {
    self.telling = telling
    needed = max(Self.fewest(of: managers), (exposed + Self.oneIn - 1) / Self.oneIn)
  }

  /// Of evidence at the managers' level.
  init(_ evidence: IndicatorEvidence) {
    let managers = evidence.counts.count
    func some(_ values: [Double]) -> Int { values.count { $0 > 0 } }
    switch evidence.measure {
    case .share(let successes, let trials) where evidence.indicator.isOfMonths:
      self.init(some(successes), of: managers, exposed: some(trials))
    case .rate(let events, _) where evidence.indicator == .escalationRate:
      self.init(some(events), of: managers)
    case .rate(let events, let exposure):
      self.init(some(events), of: managers, exposed: some(exposure))
    case .balance(let first, let all):
      // Where one side's first steps are hardly ever read, the other's are no balance.
      let second = zip(all, first).map { $0 - $1 }
      self.init(min(some(first), some(second)), of: managers, exposed: some(all))
    case .share, .mean:
      self.init(evidence.counts.count { $0 >= evidence.indicator.needed }, of: managers)
    case .effect, .deviation, .spread:
      // The timing model asks for enough requests itself.
      self.init(managers, of: managers)
    }
  }
}

extension Indicator {
  /// Whether months are its trials, of which one without an event failed.
  fileprivate var isOfMonths: Bool { self == .regularity || self == .oneToOneTime }
}
