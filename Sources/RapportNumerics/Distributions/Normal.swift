internal import CSpecialFunctions
import Glibc

/// The normal distribution N(μ, σ²).
public struct Normal: ContinuousDistribution {
  /// μ.
  public let mean: Double
  /// σ, positive.
  public let standardDeviation: Double

  /// The distribution with this mean and standard deviation; the standard normal by default.
  public init(mean: Double = 0, standardDeviation: Double = 1) {
    precondition(standardDeviation > 0, "standard deviation is \(standardDeviation), expected above 0")
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// N(0, 1).
  public static let standard = Normal()

  public func density(_ x: Double) -> Double { exp(logDensity(x)) }

  /// The logarithm of the density.
  public func logDensity(_ x: Double) -> Double {
    let z = (x - mean) / standardDeviation
    return -0.5 * z * z - log(standardDeviation) - 0.918938533204672741780329736406
  }

  public func cumulative(_ x: Double) -> Double {
    0.5 * rapport_error_complement(-(x - mean) / standardDeviation * 0.5.squareRoot())
  }

  public func survival(_ x: Double) -> Double {
    0.5 * rapport_error_complement((x - mean) / standardDeviation * 0.5.squareRoot())
  }

  /// log P(X ≤ x), finite down to x ≈ −1e154 σ.
  ///
  /// Beyond 30 σ the asymptotic series of Mills' ratio, exact there to rounding (Abramowitz & Stegun 26.2.12).
  public func logCumulative(_ x: Double) -> Double {
    let z = (x - mean) / standardDeviation
    if z > 0 { return log1p(-survival(x)) }
    if z > -30 { return log(cumulative(x)) }
    let s = 1 / (z * z)
    let series = 1 - s * (1 - 3 * s * (1 - 5 * s * (1 - 7 * s)))
    return -0.5 * z * z - log(-z) - 0.918938533204672741780329736406 + log(series)
  }

  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    return mean + standardDeviation * rapport_normal_quantile(p)
  }
}
