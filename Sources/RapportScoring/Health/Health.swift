import Glibc

/// One number from many indicators: arithmetic mean inside a domain, weighted geometric mean across domains, capped by
/// evenness and settlement (METHODS.md §9).
///
///     D_d = mean of the points of d's indicators        H = min(Π D_d^(w_d / Σ w), cap)
///
/// A geometric mean, because good waiting times don't buy off broken promises. The cap, because treating people
/// unevenly and letting conflicts lie isn't bought off either: with evenness or settlement below ``capEnd`` points the
/// composite can't exceed a limit that falls evenly from 100 at ``capEnd`` to ``capLowest`` at 1 point.
public enum Health {
  /// Points of evenness or settlement from which on the composite isn't capped.
  public static let capEnd = 25.0
  /// The most that the composite can be where evenness or settlement has 1 point.
  public static let capLowest = 50.0
  /// The indicators whose floor caps the composite.
  public static let cappingIndicators: [Indicator] = [.evenness, .settlementTime]

  /// The composite of indicator values in their units (survey scores on 1–5), by the goalposts; `nil` without any.
  ///
  /// Pure: the truth that a simulation plants goes through the same function as estimates do.
  public static func composite(
    indicatorValues: [Indicator: Double], domainWeights: [String: Double] = [:]
  ) -> Double? {
    let indicators = indicatorValues.keys.sorted()
    guard let composite = Composite(indicators, domainWeights: domainWeights) else { return nil }
    return composite.health(indicators.map { Goalposts.points(for: $0, value: indicatorValues[$0]!) })
  }

  /// The composite of these points, and what it would be with one of them changed at a time; `nil` as ``composite(indicatorValues:domainWeights:)``.
  ///
  /// - Parameters: `points`: 1–100 by indicator. `changes`: of indicators that have points.
  public static func composites(
    points: [Indicator: Double], domainWeights: [String: Double] = [:],
    changes: [(indicator: Indicator, points: Double)]
  ) -> (now: Double, changed: [Double])? {
    let indicators = points.keys.sorted()
    guard let composite = Composite(indicators, domainWeights: domainWeights) else { return nil }
    var points = indicators.map { points[$0]! }
    let now = composite.health(points)
    let changed = changes.map { change in
      let place = indicators.firstIndex(of: change.indicator)!
      let own = points[place]
      points[place] = change.points
      defer { points[place] = own }
      return composite.health(points)
    }
    return (now, changed)
  }

  /// The most that the composite can be, given the points of one capping indicator.
  @inline(__always) static func cap(_ points: Double) -> Double {
    points >= capEnd ? 100 : capLowest + (100 - capLowest) * (points - 1) / (capEnd - 1)
  }
}

/// The composite for a fixed list of indicators, made ready for many evaluations.
struct Composite: Sendable {
  let indicators: [Indicator]
  /// The domains that they belong to, in order.
  let domains: [Domain]
  /// For each indicator the position of its domain in `domains`.
  let domainOf: [Int]
  /// Indicators in each domain.
  let sizes: [Double]
  /// Weights of the domains, adding to 1.
  let weights: [Double]
  /// Positions of the indicators that cap.
  let capping: [Int]

  /// `nil` without indicators, or where every measured domain has weight 0.
  init?(_ indicators: [Indicator], domainWeights: [String: Double]) {
    let domains = Set(indicators.map(\.domain)).sorted()
    let weights = domains.map { domainWeights[$0.rawValue] ?? 1 }
    let total = weights.reduce(0, +)
    guard !indicators.isEmpty, total > 0 else { return nil }
    self.indicators = indicators
    self.domains = domains
    domainOf = indicators.map { domains.firstIndex(of: $0.domain)! }
    var sizes = [Double](repeating: 0, count: domains.count)
    for domain in domainOf { sizes[domain] += 1 }
    self.sizes = sizes
    self.weights = weights.map { $0 / total }
    capping = indicators.indices.filter { Health.cappingIndicators.contains(indicators[$0]) }
  }

  /// Domain scores of these points, one per indicator.
  func domainScores(_ points: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: domains.count)
    for i in indicators.indices { sums[domainOf[i]] += points[i] }
    for d in domains.indices { sums[d] /= sizes[d] }
    return sums
  }

  /// The composite before any cap.
  func geometricMean(_ domainScores: [Double]) -> Double {
    var sum = 0.0
    for d in domains.indices { sum += weights[d] * Glibc.log(domainScores[d]) }
    return Glibc.exp(sum)
  }

  /// The composite of these points, one per indicator.
  func health(_ points: [Double]) -> Double {
    var value = geometricMean(domainScores(points))
    for i in capping { value = min(value, Health.cap(points[i])) }
    return value
  }
}
