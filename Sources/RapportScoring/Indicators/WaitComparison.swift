import RapportIngestion
import RapportNumerics

/// How long one manager's requests wait beside comparable requests of the same partners' other managers.
///
///     S₀(t) = Σ_c (n_c / n) S_c(t)
///
/// c: partner, topic and priority; n_c: the manager's requests of that kind; S_c: Kaplan–Meier curve of others' requests of
/// that kind. So the comparison holds the mix of requests equal, and nothing else. Where others have fewer than 10 requests
/// of a kind, those of the partner and priority stand in for it, then all of the partner's; the manager's requests of a
/// partner who has fewer from others take no part.
///
/// Times are working seconds; open requests count as still waiting. Limits are pointwise, symmetric for log(−log S).
public struct WaitComparison: Codable, Sendable, Equatable {
  /// From this wait on, the share that still waits, up to the next.
  public struct Step: Codable, Sendable, Equatable {
    public var seconds: Double
    public var share: Double
    /// Limits of the share; absent where nothing is known of them.
    public var low: Double?
    public var high: Double?
  }

  public var manager: String
  /// The manager's requests that are compared, and how many of them were answered.
  public var requests: Int
  public var answered: Int
  /// The manager's requests that have no comparable ones.
  public var leftOut: Int
  /// Others' requests that the comparison rests on.
  public var others: Int
  /// The share that limits cover.
  public var interval: Double
  /// In the order of times; the first is at 0.
  public var own: [Step]
  /// Likewise, without limits; empty where nothing is comparable, and then `own` holds all of the manager's requests.
  public var comparable: [Step]
  /// When half are answered; absent where the curve stays above one half.
  public var ownMedian: Double?
  public var comparableMedian: Double?

  /// Fewer requests of others than this are no comparison.
  static let fewest = 10
}

extension WaitComparison {
  /// What a history says of a manager's waits; `nil` where the manager isn't in it or has no request that waited.
  ///
  /// - Parameter interval: the share that limits cover.
  /// - Complexity: O(requests · log requests).
  public init?(_ history: History, manager: String, interval: Double = 0.9) {
    guard let code = history.managers.firstIndex(of: manager) else { return nil }
    let waits = ComparableWaits(history, manager: Int32(code))
    guard !waits.own.isEmpty else { return nil }
    var weights: [ComparableWaits.Kind: Int] = [:]
    var compared: [ComparableWaits.Wait] = []
    for (kind, wait) in waits.own {
      guard let kind = waits.comparable(to: kind, atLeast: Self.fewest) else { continue }
      weights[kind, default: 0] += 1
      compared.append(wait)
    }
    let isCompared = !compared.isEmpty
    let shown = isCompared ? compared : waits.own.map(\.wait)
    let curve = KaplanMeier(RiskTable(shown))
    self.manager = manager
    self.interval = interval
    requests = shown.count
    answered = shown.count { $0.1 }
    leftOut = isCompared ? waits.own.count - shown.count : 0
    own = Self.steps(curve.table.times.indices.lazy.map { (curve.table.times[$0], curve.survival[$0]) }).map { step in
      let limits = step.seconds > 0 ? curve.limits(at: step.seconds, level: interval, scale: .logLog) : (1, 1)
      return Step(seconds: step.seconds, share: step.share, low: limits?.low, high: limits?.high)
    }
    ownMedian = curve.firstIndex(downTo: 0.5).map { curve.table.times[$0] }
    // Kinds in a fixed order, so that sums round alike.
    let kinds = weights.sorted { $0.key < $1.key }
    others = waits.count(of: kinds.map(\.key))
    let average = Self.average(
      kinds.map { (KaplanMeier(RiskTable(waits.others[$0.key] ?? [])), Double($0.value) / Double(max(1, shown.count))) }
    )
    comparable = isCompared ? Self.steps(average) : []
    comparableMedian = average.first { $0.share <= 0.5 + 1e-9 }?.seconds
  }

  /// The weighted mean of curves, at each time at which one of them falls.
  private static func average(_ curves: [(curve: KaplanMeier, weight: Double)]) -> [(seconds: Double, share: Double)] {
    var falls: [(time: Double, fall: Double)] = []
    for (curve, weight) in curves {
      var last = 1.0
      for (time, survival) in zip(curve.table.times, curve.survival) where survival < last {
        falls.append((time, weight * (last - survival)))
        last = survival
      }
    }
    falls.sort { ($0.time, $0.fall) < ($1.time, $1.fall) }
    var result: [(seconds: Double, share: Double)] = []
    var fallen = 0.0
    for (time, fall) in falls {
      fallen += fall
      if result.last?.seconds == time { result.removeLast() }
      result.append((time, max(0, 1 - fallen)))
    }
    return result
  }

  /// Steps from 1 at 0 on; falls that nobody could see in a drawing join the next.
  private static func steps(_ curve: some Sequence<(Double, Double)>) -> [Step] {
    var steps = [Step(seconds: 0, share: 1)]
    var end = steps[0]
    for (time, share) in curve {
      end = Step(seconds: time, share: share)
      if steps[steps.count - 1].share - share >= 0.001 { steps.append(end) }
    }
    if end.seconds > steps[steps.count - 1].seconds { steps.append(end) }
    return steps
  }
}

/// A manager's requests, and others' by what makes requests comparable.
private struct ComparableWaits {
  typealias Wait = (Double, Bool)

  /// What a request is compared by; −1: whatever it is.
  struct Kind: Hashable, Comparable {
    var partner: Int32
    var topic: Int32
    var priority: Int32
    /// How much is held equal: 2 all, 1 not the topic, 0 the partner alone.
    var detail: Int8

    static func < (a: Kind, b: Kind) -> Bool {
      (a.detail, a.partner, a.priority, a.topic) < (b.detail, b.partner, b.priority, b.topic)
    }

    /// The same with less held equal.
    func with(detail: Int8) -> Kind {
      Kind(
        partner: partner, topic: detail < 2 ? -1 : topic, priority: detail < 1 ? -1 : priority, detail: detail)
    }
  }

  let own: [(kind: Kind, wait: Wait)]
  /// At each detail.
  let others: [Kind: [Wait]]

  init(_ history: History, manager: Int32) {
    let partners = Set(history.spells.lazy.filter { $0.manager == manager }.map(\.partner))
    var own: [(kind: Kind, wait: Wait)] = []
    var others: [Kind: [Wait]] = [:]
    history.forEachWait(Level(.manager, pairs: PairTable(history))) { spell, wait in
      guard partners.contains(spell.partner) else { return }
      let kind = Kind(partner: spell.partner, topic: spell.topic, priority: spell.priority, detail: 2)
      let pair = (Double(wait.seconds), wait.isAnswered)
      if spell.manager == manager {
        own.append((kind, pair))
      } else if spell.partner >= 0 {
        for detail in Int8(0)...2 { others[kind.with(detail: detail), default: []].append(pair) }
      }
    }
    (self.own, self.others) = (own, others)
  }

  /// The kind of others' requests that this one is compared with; `nil` where there are too few.
  func comparable(to kind: Kind, atLeast fewest: Int) -> Kind? {
    [2, 1, 0].lazy.map { kind.with(detail: $0) }.first { (others[$0]?.count ?? 0) >= fewest }
  }

  /// Requests of others of any of these kinds, each once.
  func count(of kinds: [Kind]) -> Int {
    let all = Set(kinds)
    return others.lazy.filter { kind, _ in
      kind.detail == 2 && (Int8(0)...2).contains { all.contains(kind.with(detail: $0)) }
    }.reduce(0) { $0 + $1.value.count }
  }
}
