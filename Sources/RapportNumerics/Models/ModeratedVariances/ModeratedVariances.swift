import Glibc

/// Variances of many units, each from few observations, that borrow strength from one another.
///
///     sᵢ² ~ σᵢ² χ²(dᵢ)/dᵢ        1/σᵢ² ~ χ²(d₀) / (d₀ s₀²)        s̃ᵢ² = (d₀ s₀² + dᵢ sᵢ²) / (d₀ + dᵢ)
///
/// d₀ and s₀² are found from mean and variance of log sᵢ². Where the variances differ no more than chance would make them,
/// d₀ is infinite and every unit gets their mean. Source: Smyth (2004), Linear models and empirical Bayes methods for
/// assessing differential expression, §6.2; limma's `squeezeVar`.
public struct ModeratedVariances: Sendable, Equatable {
  /// Whether units differ.
  public let spread: Spread
  /// d₀; infinite where units don't differ.
  public let priorDegreesOfFreedom: Double
  /// s₀².
  public let priorVariance: Double
  /// s̃² by unit; a unit without degrees of freedom has s₀².
  public let posteriorVariances: [Double]
  /// d₀ + dᵢ by unit.
  public let posteriorDegreesOfFreedom: [Double]
  /// The variance of log s² beyond what chance makes: trigamma(d₀/2) when positive.
  public let excess: Double

  /// Moderates the variances.
  ///
  /// - Parameters: `variances` by unit, 0 or more, and their `degreesOfFreedom`, 0 or more. A variance of zero counts as
  ///   1e-5 times the median, since its logarithm has to exist.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined values, or when no unit has degrees of freedom.
  public init(variances: [Double], degreesOfFreedom: [Double]) throws(NumericsError) {
    precondition(
      variances.count == degreesOfFreedom.count, "\(variances.count) variances, \(degreesOfFreedom.count) df")
    var used: [(variance: Double, degrees: Double)] = []
    for (s, d) in zip(variances, degreesOfFreedom) {
      guard d >= 0, d.isFinite, d == 0 || (s >= 0 && s.isFinite) else {
        throw .invalidInput("variance \(s) with \(d) degrees of freedom: expected finite values, 0 or more")
      }
      if d > 0 { used.append((s, d)) }
    }
    guard !used.isEmpty else {
      throw .invalidInput("no unit has degrees of freedom; a variance needs two observations")
    }
    let sorted = used.map(\.variance).sorted()
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    let floor = median > 0 ? 1e-5 * median : (sorted.last! > 0 ? 1e-5 * sorted.last! : 0)
    if floor == 0 {
      // All variances are zero.
      spread = .none
      priorDegreesOfFreedom = .infinity
      priorVariance = 0
      posteriorVariances = variances.map { _ in 0 }
      posteriorDegreesOfFreedom = degreesOfFreedom.map { _ in .infinity }
      excess = 0
      return
    }
    let values = used.map { log(max($0.variance, floor)) - digamma($0.degrees / 2) + log($0.degrees / 2) }
    let moments = Moments(values)
    var chance = 0.0
    for unit in used { chance += trigamma(unit.degrees / 2) }
    let excess = (moments.variance ?? 0) - chance / Double(used.count)
    self.excess = excess
    let d0: Double
    let s0: Double
    if used.count < 2 {
      spread = .undetermined
      d0 = 0
      s0 = used[0].variance
    } else if excess > 0 {
      spread = .estimated
      d0 = 2 * inverseTrigamma(excess)
      s0 = exp(moments.mean + digamma(d0 / 2) - log(d0 / 2))
    } else {
      spread = .none
      d0 = .infinity
      var sum = 0.0
      for unit in used { sum += max(unit.variance, floor) }
      s0 = sum / Double(used.count)
    }
    priorDegreesOfFreedom = d0
    priorVariance = s0
    posteriorVariances = zip(variances, degreesOfFreedom).map { s, d in
      if d == 0 || d0 == .infinity { return s0 }
      return (d0 * s0 + d * s) / (d0 + d)
    }
    posteriorDegreesOfFreedom = degreesOfFreedom.map { d0 + $0 }
  }
}
