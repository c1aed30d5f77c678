/// Shrinks several estimates with one known error towards their mean.
///
///     θ̂ᵢ = ȳ + c (yᵢ − ȳ)        c = 1 − (k − 3) v / Σ (yⱼ − ȳ)²
///
/// c is kept at 0 or more. It needs at least four estimates. Source: Efron & Morris (1975), Data analysis using Stein's
/// estimator and its generalizations, (1.4).
public struct JamesStein: Sendable, Equatable {
  /// ȳ.
  public let mean: Double
  /// Σ (yⱼ − ȳ)² / v.
  public let statistic: Double
  /// c, 0 … 1.
  public let kept: Double
  /// θ̂ by unit.
  public let estimates: [Double]

  /// Shrinks the estimates, whose common error variance is v.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for fewer than four estimates or a variance that isn't positive.
  public init(_ values: [Double], variance: Double) throws(NumericsError) {
    guard values.count > 3 else { throw .invalidInput("\(values.count) estimates; shrinking to their mean needs four") }
    guard variance > 0 else { throw .invalidInput("variance is \(variance), expected above 0") }
    let moments = Moments(values)
    let center = moments.mean
    mean = center
    statistic = moments.sumOfSquares / variance
    let factor = statistic > 0 ? max(0, 1 - Double(values.count - 3) / statistic) : 0
    kept = factor
    estimates = values.map { center + factor * ($0 - center) }
  }
}
