import Glibc

/// How unevenly something is shared out: Lorenz curve, Gini, Theil and relatives.
///
/// Values are 0 or more, weights positive; shares refer to the total Σ w x. Every measure is `nil` where the total is zero.
/// Source: Cowell (2011), Measuring Inequality.
public struct Inequality: Sendable, Equatable {
  /// Values, ascending.
  public let values: [Double]
  /// The weights that go with them.
  public let weights: [Double]
  let totalWeight: Double
  let total: Double

  /// Values, each counting once or with its weight.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for values below zero, weights that aren't positive, or none at all.
  public init(_ values: [Double], weights: [Double]? = nil) throws(NumericsError) {
    let weights = weights ?? values.map { _ in 1 }
    precondition(values.count == weights.count, "\(values.count) values and \(weights.count) weights")
    guard !values.isEmpty else { throw .invalidInput("no values; inequality needs at least one") }
    for (value, weight) in zip(values, weights) where !(value >= 0 && value.isFinite && weight > 0) {
      throw .invalidInput("value \(value) with weight \(weight): expected 0 or more, and a positive weight")
    }
    let order = values.indices.sorted { (values[$0], weights[$0]) < (values[$1], weights[$1]) }
    self.values = order.map { values[$0] }
    self.weights = order.map { weights[$0] }
    totalWeight = self.weights.reduce(0, +)
    total = dot(self.values, self.weights)
  }

  /// Σ w x / Σ w.
  public var mean: Double { total / totalWeight }

  /// The points of the Lorenz curve from (0, 0) to (1, 1): cumulative shares of weight and of the total.
  public var lorenzCurve: [(weightShare: Double, valueShare: Double)]? {
    guard total > 0 else { return nil }
    var (weight, value) = (0.0, 0.0)
    return [(0, 0)]
      + values.indices.map { index in
        weight += weights[index]
        value += weights[index] * values[index]
        return (weight / totalWeight, value / total)
      }
  }

  /// The share of the total that goes to the lowest p of the weight; linear between points.
  public func lorenzShare(_ p: Double) -> Double? {
    checkProbability(p)
    guard let curve = lorenzCurve else { return nil }
    for (a, b) in zip(curve, curve.dropFirst()) where p <= b.weightShare {
      return a.valueShare + (p - a.weightShare) / (b.weightShare - a.weightShare) * (b.valueShare - a.valueShare)
    }
    return 1
  }

  /// Twice the area between the Lorenz curve and the diagonal: 0 for equal values.
  public var gini: Double? {
    guard let curve = lorenzCurve else { return nil }
    var area = 0.0
    for (a, b) in zip(curve, curve.dropFirst()) {
      area += (b.weightShare - a.weightShare) * (a.valueShare + b.valueShare)
    }
    return 1 - area
  }

  /// Gini · n/(n − 1), which one holder of everything raises to 1; `nil` for a single value.
  public var correctedGini: Double? {
    values.count > 1 ? gini.map { $0 * Double(values.count) / Double(values.count - 1) } : nil
  }

  /// Theil's T, Σ w (x/m) log(x/m) / Σ w; 0 log 0 = 0.
  public var theilT: Double? {
    average { ratio in ratio > 0 ? ratio * log(ratio) : 0 }
  }

  /// What of Theil's T lies between groups, and what within them; the two sum to T.
  ///
  ///     between = Σ_g s_g log(m_g/m)        within = Σ_g s_g T_g        s_g the group's share of the total
  ///
  /// - Parameters: the values of each group; empty groups, and those without a total, add nothing.
  public static func theilParts(groups: [[Double]]) throws(NumericsError) -> (between: Double, within: Double)? {
    let whole = try Inequality(groups.flatMap { $0 })
    guard whole.total > 0 else { return nil }
    var (between, within) = (0.0, 0.0)
    for group in groups where !group.isEmpty {
      let part = try Inequality(group)
      guard let theil = part.theilT else { continue }
      let share = part.total / whole.total
      between += share * log(part.mean / whole.mean)
      within += share * theil
    }
    return (between, within)
  }

  /// Theil's L, the mean of log(m/x); infinite where a value is zero.
  public var theilL: Double? { average { -log($0) } }

  /// Hoover's index: the share of the total that would have to move.
  public var hoover: Double? { average { 0.5 * abs($0 - 1) } }

  /// Half the squared coefficient of variation, generalized entropy of order two.
  public var generalizedEntropy2: Double? { average { 0.5 * ($0 - 1) * ($0 - 1) } }

  /// The sample standard deviation over the mean, unweighted; `nil` for a single value.
  public var coefficientOfVariation: Double? {
    total > 0 ? Moments(values).standardDeviation.map { $0 / Moments(values).mean } : nil
  }

  /// Σ of squared shares.
  public var herfindahl: Double? {
    guard total > 0 else { return nil }
    var sum = 0.0
    for (value, weight) in zip(values, weights) { sum += value * weight / total * (value * weight / total) }
    return sum
  }

  /// Atkinson's index with aversion ε > 0: the share of the total that equal values could do without.
  public func atkinson(aversion: Double) -> Double? {
    precondition(aversion > 0, "aversion is \(aversion), expected above 0")
    if aversion == 1 { return average { log($0) }.map { 1 - exp($0) } }
    return average { pow($0, 1 - aversion) }.map { 1 - pow($0, 1 / (1 - aversion)) }
  }

  /// The weighted mean of a function of x/m.
  private func average(_ f: (Double) -> Double) -> Double? {
    guard total > 0 else { return nil }
    var sum = 0.0
    for (value, weight) in zip(values, weights) { sum += weight * f(value / mean) }
    return sum / totalWeight
  }
}
