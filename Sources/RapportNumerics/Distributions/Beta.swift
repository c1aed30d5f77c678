import Glibc
internal import CSpecialFunctions

/// The beta distribution on 0 … 1.
public struct Beta: ContinuousDistribution {
  /// a, positive.
  public let a: Double
  /// b, positive.
  public let b: Double

  /// The distribution with density proportional to x^(a−1) (1−x)^(b−1).
  public init(_ a: Double, _ b: Double) {
    precondition(a > 0 && b > 0 && a.isFinite && b.isFinite, "Beta(\(a), \(b)): both have to be positive")
    self.a = a
    self.b = b
  }

  /// a / (a + b).
  public var mean: Double { a / (a + b) }
  /// a b / ((a + b)² (a + b + 1)).
  public var variance: Double { a / (a + b) * (b / (a + b)) / (a + b + 1) }
  /// Where the density is largest; `nil` unless a and b exceed one, since then it is at an end, or not unique.
  public var mode: Double? { a > 1 && b > 1 ? (a - 1) / (a + b - 2) : nil }

  /// The log probability of so many successes when the chance of one is drawn from this distribution: the beta-binomial's.
  ///
  ///     log (n choose k) + log B(a + k, b + n − k) − log B(a, b)
  public func logMarginal(successes k: Int, trials n: Int) -> Double {
    precondition((0...max(n, 0)).contains(k), "\(k) successes of \(n) trials")
    let (k, n) = (Double(k), Double(n))
    return logBeta(a + k, b + n - k) - logBeta(a, b) - logBeta(k + 1, n - k + 1) - log(n + 1)
  }

  public func density(_ x: Double) -> Double { x < 0 || x > 1 ? 0 : rapport_beta_density(x, a, b) }

  public func cumulative(_ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    return rapport_beta_cumulative(x, a, b)
  }

  public func survival(_ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x >= 1 { return 0 }
    return rapport_beta_survival(x, a, b)
  }

  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 || p == 1 { return p }
    return rapport_beta_quantile(p, a, b)
  }

  /// The x with P(X > x) = p.
  public func upperQuantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 || p == 1 { return 1 - p }
    return rapport_beta_quantile_upper(p, a, b)
  }
}
