import RapportScoring

/// How far one manager and comparable ones come with something that anyone can do, such as meeting every month.
///
/// Counted as it was, not estimated: a reader can check it by the evidence. It's told only where the manager's whole interval
/// lies below the level, or at it and above.
public struct Practice: Encodable, Sendable, Equatable {
  /// Who is comparable.
  public enum Comparable: String, Encodable, Sendable {
    /// Managers who work with at least one of the same partners.
    case samePartners
    /// All other managers, where fewer than six share a partner.
    case all
  }

  public var indicator: String
  /// The share, or rate, from which on it counts as done.
  public var level: Double
  /// Whether this manager comes so far, while a clear majority of comparable ones doesn't; otherwise a clear majority does and
  /// this manager doesn't. A clear majority: at least two in three.
  public var isReached: Bool
  /// What this manager did: `count` of `total` months, promises, decisions, …
  public var count: Double
  public var total: Double
  public var comparable: Comparable
  /// Comparable managers with evidence enough, and how many of them come so far.
  public var peers: Int
  public var peersReaching: Int
}

extension Practice {
  /// Whether it is something that HR does, rather than the manager or both: the goalposts say.
  public var isOfHR: Bool { Indicator(rawValue: indicator).map { Goalposts.goalpost($0).direction == "hr" } ?? false }
}

/// Which practices to tell of every manager.
struct Practices: Sendable {
  /// Fewer comparable managers than this aren't counted: one would be recognised, and two in three of fewer are no majority.
  static let fewest = 6

  /// Something that anyone can do, by the counts that an indicator's evidence holds.
  struct Kind: Sendable {
    var indicator: String
    var count: String
    var total: String
    /// `total` over this is what `count` is measured against: days by quarter, for one.
    var unit = 1.0
    /// Highest first.
    var levels: [Double]
  }

  /// From nearly always to half of the time: what can be asked of anybody, whatever others do.
  static let kinds = [
    Kind(
      indicator: "regularity", count: "monthsWithCheckIn", total: "exposedMonths", levels: [5.0 / 6, 2.0 / 3, 0.5]),
    Kind(indicator: "oneToOneTime", count: "monthsWithTime", total: "exposedMonths", levels: [5.0 / 6, 2.0 / 3, 0.5]),
    Kind(indicator: "promisesKeptOnTime", count: "kept", total: "due", levels: [0.9, 0.75, 0.5]),
    Kind(indicator: "answeredWithinTarget", count: "withinTarget", total: "targetsPassed", levels: [0.9, 0.75, 0.5]),
    Kind(indicator: "loopClosure", count: "followedUp", total: "feedback", levels: [0.9, 0.75, 0.5]),
    Kind(indicator: "jointDecisions", count: "joint", total: "decisions", levels: [0.9, 0.75, 0.5]),
    Kind(indicator: "goalsMetOnTime", count: "kept", total: "due", levels: [0.9, 0.75, 0.5]),
    Kind(indicator: "alternativesOffered", count: "withAlternative", total: "objections", levels: [0.9, 0.75, 0.5]),
    Kind(
      indicator: "developmentActions", count: "trainings", total: "exposedDays", unit: 91.3125, levels: [2, 1, 0.5]),
  ]

  /// Of each kind, each manager's count and total; NaN where the indicator isn't measured.
  private let counts: [[(count: Double, total: Double)]]
  private let managers: [ManagerAssessment]
  /// Managers by place, of each partner.
  private let managersOfPartner: [String: [Int]]

  init(_ managers: [ManagerAssessment]) {
    self.managers = managers
    counts = Self.kinds.map { kind in
      managers.map { manager in
        guard let indicator = manager.indicators[kind.indicator], indicator.score.estimate != nil,
          let count = indicator.evidence[kind.count], let total = indicator.evidence[kind.total], total > 0
        else { return (.nan, .nan) }
        return (count, total)
      }
    }
    var members: [String: [Int]] = [:]
    for (i, manager) in managers.enumerated() {
      for partner in Set(manager.partners) { members[partner, default: []].append(i) }
    }
    managersOfPartner = members
  }

  /// What to tell of the manager at this place, in the order of indicators.
  ///
  /// - Complexity: O(comparable managers) for each kind.
  func practices(of manager: Int) -> [Practice] {
    let (others, comparable) = comparable(manager)
    return zip(Self.kinds, counts).compactMap { kind, counts in
      let own = counts[manager]
      guard !own.total.isNaN, let estimate = managers[manager].indicators[kind.indicator]?.score.estimate else {
        return nil
      }
      let shares = others.compactMap { other -> Double? in
        let its = counts[other]
        return its.total.isNaN ? nil : its.count / (its.total / kind.unit)
      }
      guard shares.count >= Self.fewest else { return nil }
      let share = own.count / (own.total / kind.unit)
      func practice(_ level: Double, isReached: Bool) -> Practice {
        Practice(
          indicator: kind.indicator, level: level, isReached: isReached, count: own.count, total: own.total,
          comparable: comparable, peers: shares.count, peersReaching: shares.count { $0 >= level })
      }
      for level in kind.levels {
        let reaching = shares.count { $0 >= level }
        if 3 * reaching >= 2 * shares.count, share < level, estimate.high < level {
          return practice(level, isReached: false)
        }
        if 3 * reaching <= shares.count, share >= level, estimate.low >= level {
          return practice(level, isReached: true)
        }
      }
      return nil
    }
  }

  private func comparable(_ manager: Int) -> (others: [Int], comparable: Practice.Comparable) {
    var isMember = [Bool](repeating: false, count: managers.count)
    for partner in managers[manager].partners {
      for other in managersOfPartner[partner] ?? [] { isMember[other] = true }
    }
    isMember[manager] = false
    let sharing = isMember.indices.filter { isMember[$0] }
    if sharing.count >= Self.fewest { return (sharing, .samePartners) }
    return (managers.indices.filter { $0 != manager }, .all)
  }
}
