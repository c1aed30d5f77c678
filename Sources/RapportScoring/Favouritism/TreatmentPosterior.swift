import Glibc
import RapportNumerics

/// What is known about one unit's treatment after shrinkage; on the log scale, positive = slower.
struct TreatmentPosterior: Sendable {
  var mean: Double
  var low: Double
  var high: Double
  /// Probability that the sign isn't that of the mean, or that there is no effect, 0–1.
  var localFalseSignRate: Double

  /// The posterior of a normal effect with a normal prior around zero.
  ///
  ///     mean = b τ²/(τ² + s²)        sd² = τ² s²/(τ² + s²)
  ///
  /// A prior without spread leaves nothing to tell: the mean is zero and its sign open.
  static func normal(estimate: Double, variance: Double, prior: Double, interval: Double) -> Self {
    guard prior > 0 else { return Self(mean: 0, low: 0, high: 0, localFalseSignRate: 0.5) }
    let mean = estimate * prior / (prior + variance)
    let deviation = (prior * variance / (prior + variance)).squareRoot()
    let z = Normal.standard.quantile(0.5 + interval / 2)
    return Self(
      mean: mean, low: mean - z * deviation, high: mean + z * deviation,
      localFalseSignRate: Normal.standard.survival(abs(mean) / deviation))
  }

  /// The posterior of an effect under a mixture prior.
  static func mixture(_ posterior: MixturePosterior, interval: Double) -> Self {
    let limits = posterior.interval(level: interval)
    // With nearly all mass at zero both quantiles are zero and the mean is not: the interval holds what it is about.
    return Self(
      mean: posterior.mean, low: min(limits.low, posterior.mean), high: max(limits.high, posterior.mean),
      localFalseSignRate: posterior.localFalseSignRate)
  }

  /// As ratios that point towards readiness: exp(−effect).
  var ratio: RatioInterval { .fromLog(mean, low, high) }
}

extension RatioInterval {
  /// exp of the negative of log waits, so that above 1 means sooner; kept within what JSON can hold.
  static func fromLog(_ mean: Double, _ low: Double, _ high: Double) -> Self {
    func ratio(_ x: Double) -> Double { exp(min(20, max(-20, -x))) }
    return Self(ratio: ratio(mean), low: ratio(high), high: ratio(low))
  }

  /// Whether the whole interval lies within 0.8 to 1.25.
  var isImmaterial: Bool { low >= 1 / Self.material && high <= Self.material }
  /// Whether the ratio is at least 1.25, or at most 0.8.
  var isMaterial: Bool { ratio >= Self.material || ratio <= 1 / Self.material }
}
