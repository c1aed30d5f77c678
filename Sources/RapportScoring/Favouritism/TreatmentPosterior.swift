import Glibc
import RapportNumerics

/// What is known about one unit's treatment after shrinkage; on the log scale, positive = slower.
struct TreatmentPosterior: Sendable {
  var mean: Double
  var low: Double
  var high: Double
  /// Probability that the sign isn't that of the mean, 0–0.5.
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

  /// Average false sign rate of each unit and all that are clearer.
  static func sValues(_ rates: [Double]) -> [Double] {
    let order = rates.indices.sorted { (rates[$0], $0) < (rates[$1], $1) }
    var result = rates
    var sum = 0.0
    for (rank, index) in order.enumerated() {
      sum += rates[index]
      result[index] = sum / Double(rank + 1)
    }
    return result
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
  var isImmaterial: Bool { low >= 0.8 && high <= 1.25 }
  /// Whether the ratio is at least 1.25, or at most 0.8.
  var isMaterial: Bool { ratio >= 1.25 || ratio <= 0.8 }
}

/// How strong an unmeasured cause would have to be to explain a difference away.
enum UnmeasuredCause {
  /// The E-value of a difference in log waits.
  ///
  ///     RR ≈ exp(0.91 |δ| / σ)        E = RR + √(RR (RR − 1))
  ///
  /// σ is the residual standard deviation of log waits. Source: VanderWeele & Ding (2017), Sensitivity analysis in
  /// observational research, table 2: standardized differences.
  static func eValue(difference: Double, residualDeviation: Double) -> Double {
    guard residualDeviation > 0 else { return 1 }
    let risk = exp(min(20, 0.91 * abs(difference) / residualDeviation))
    return risk + (risk * (risk - 1)).squareRoot()
  }

  /// The same for the limit of an interval that is nearest to no difference; 1 where the interval covers it.
  static func eValue(low: Double, high: Double, residualDeviation: Double) -> Double {
    if low <= 0 && high >= 0 { return 1 }
    return eValue(difference: low > 0 ? low : high, residualDeviation: residualDeviation)
  }
}
