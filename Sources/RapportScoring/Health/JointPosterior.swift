import Glibc
import RapportNumerics

/// What is believed about all indicators of one unit together: multivariate empirical Bayes.
///
///     x_unit ~ N(μ, Σ)        z_k | x_k ~ N(x_k, V_k)        x | z ~ N(μ + P⁻¹ V⁻¹ (z − μ), P⁻¹),  P = Σ⁻¹ + V⁻¹
///
/// x are the indicators on their families' link scales (logit of shares, log of rates, times and variances). μ and the
/// diagonal of Σ are those of the indicators' own priors, z and V what their own posteriors add to them; Σ's correlations
/// are estimated from all units. They matter for composites: shrinking each indicator by itself pulls a manager who does
/// well on all of them down on all of them at once, and an interval that takes these errors as independent is a third
/// too narrow (on simulated organisations it held 66 % instead of 90 %).
///
/// Evenness is a sum of absolute values, to which no such scale belongs; it keeps its own posterior.
///
/// Source: Efron & Morris (1972), Empirical Bayes on vector observations; EM after Dempster, Laird & Rubin (1977), §4.2.
struct JointPosterior: Sendable {
  /// Positions of the indicators that take part.
  let members: [Int]
  private let means: [Double]
  private let variances: [Double]
  /// Correlations of x over units; members × members, row by row.
  private(set) var correlations: [Double]
  private let precision: [Double]
  /// What deviations from the posterior mean are stretched by, since Σ itself is an estimate:
  ///
  ///     √(1 + K n / (n + ν)²)        K indicators, n units, ν of caution
  ///
  /// as the predictions of a regression on K variables estimated from n cases are that much less certain.
  let stretch: Double
  /// What a unit's own evidence says; a variance is infinite where it says nothing.
  private let observations: [[(value: Double, precision: Double)]]

  /// Correlations count as if estimated beside so many units without any.
  private static let caution = 10.0
  /// More units than these say little more about correlations.
  private static let mostUnits = 1000

  init(_ indicators: [IndicatorPosteriors], unitCount: Int, threads: Int) {
    let members = indicators.indices.filter { indicators[$0].prior.link != nil }
    self.members = members
    let priors = members.map { indicators[$0].prior.link! }
    means = priors.map(\.mean)
    variances = priors.map { max($0.variance, 1e-10) }
    let (means, variances) = (means, variances)
    let observations = parallelMap(unitCount, threads: threads) { unit in
      members.indices.map { j -> (value: Double, precision: Double) in
        let indicator = indicators[members[j]]
        guard indicator.plain[unit] != nil, let own = indicator.posteriors[unit].link else { return (0, 0) }
        let precision = 1 / own.variance - 1 / variances[j]
        // A posterior as wide as the prior says nothing; one without any width comes from a prior without any.
        guard precision > 1e-9 / variances[j], precision.isFinite else { return (0, 0) }
        return ((own.mean / own.variance - means[j] / variances[j]) / precision, precision)
      }
    }
    self.observations = observations
    let stride = max(1, (unitCount + Self.mostUnits - 1) / Self.mostUnits)
    let sample = Swift.stride(from: 0, to: unitCount, by: stride).filter { unit in
      observations[unit].contains { $0.precision > 0 }
    }
    let size = members.count
    var correlations = [Double](repeating: 0, count: size * size)
    for j in 0..<size { correlations[j * size + j] = 1 }
    for _ in 0..<60 where sample.count > 2 {
      let precision = Self.precision(correlations, variances)
      // Sums by fixed blocks, so that threads can't change them.
      let block = 64
      let blocks = (sample.count + block - 1) / block
      let sums = parallelMap(blocks, threads: threads, block: 1) { b -> [Double] in
        var sum = [Double](repeating: 0, count: size * size)
        for unit in sample[(b * block)..<min((b + 1) * block, sample.count)] {
          let (center, factor) = Self.condition(precision, observations[unit], means)
          let covariance = factor.inverse()
          for i in 0..<size {
            for j in 0...i {
              sum[i * size + j] += covariance[i * size + j] + (center[i] - means[i]) * (center[j] - means[j])
            }
          }
        }
        return sum
      }
      var total = [Double](repeating: 0, count: size * size)
      for sum in sums { for i in total.indices { total[i] += sum[i] } }
      for j in 0..<size { total[j * size + j] += Self.caution * variances[j] }
      var change = 0.0
      for i in 0..<size {
        for j in 0..<i {
          let next = total[i * size + j] / (total[i * size + i] * total[j * size + j]).squareRoot()
          change = max(change, abs(next - correlations[i * size + j]))
          correlations[i * size + j] = next
          correlations[j * size + i] = next
        }
      }
      if change < 1e-3 { break }
    }
    self.correlations = correlations
    let trust = Double(sample.count) + Self.caution
    stretch = (1 + Double(size * sample.count) / (trust * trust)).squareRoot()
    precision = Self.precision(correlations, variances)
  }

  /// Mean and covariance factor of a unit's x.
  func posterior(_ unit: Int) -> (mean: [Double], factor: CholeskyFactor) {
    Self.condition(precision, observations[unit], means)
  }

  private static func precision(_ correlations: [Double], _ variances: [Double]) -> [Double] {
    let size = variances.count
    var result = CholeskyFactor(correlations, size: size).inverse()
    for i in 0..<size {
      for j in 0..<size { result[i * size + j] /= (variances[i] * variances[j]).squareRoot() }
    }
    return result
  }

  private static func condition(
    _ precision: [Double], _ observations: [(value: Double, precision: Double)], _ means: [Double]
  ) -> (mean: [Double], factor: CholeskyFactor) {
    let size = means.count
    var total = precision
    var right = [Double](repeating: 0, count: size)
    for j in 0..<size {
      total[j * size + j] += observations[j].precision
      right[j] = observations[j].precision * (observations[j].value - means[j])
    }
    let factor = CholeskyFactor(total, size: size)
    let shift = factor.solve(right)
    return (zip(means, shift).map { $0 + $1 }, factor)
  }
}

/// A = L Lᵀ of a small matrix, row by row.
///
/// For matrices of at most a few dozen rows, thousands of them on several threads: a call to LAPACK costs more than the
/// work, and an OpenBLAS without locks makes threads take turns.
struct CholeskyFactor: Sendable {
  let size: Int
  private(set) var lower: [Double]

  /// - Parameter matrix: symmetric positive definite, size × size; only its lower triangle is read.
  init(_ matrix: [Double], size: Int) {
    self.size = size
    lower = matrix
    for i in 0..<size {
      for j in 0...i {
        var sum = matrix[i * size + j]
        for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
        if i == j {
          precondition(sum > 0, "a covariance that isn't positive definite at row \(i): \(sum)")
          lower[i * size + i] = sum.squareRoot()
        } else {
          lower[i * size + j] = sum / lower[j * size + j]
        }
      }
    }
  }

  /// A⁻¹ b.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    for i in 0..<size {
      for k in 0..<i { x[i] -= lower[i * size + k] * x[k] }
      x[i] /= lower[i * size + i]
    }
    solveTransposed(&x)
    return x
  }

  /// L⁻ᵀ x in place: turns independent standard normals into draws with covariance A⁻¹.
  func solveTransposed(_ x: inout [Double]) {
    lower.withUnsafeBufferPointer { lower in
      var i = size - 1
      while i >= 0 {
        let value = x[i] / lower[i * size + i]
        x[i] = value
        for k in 0..<i { x[k] -= lower[i * size + k] * value }
        i -= 1
      }
    }
  }

  /// A⁻¹, row by row.
  func inverse() -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for j in 0..<size {
      var unit = [Double](repeating: 0, count: size)
      unit[j] = 1
      let column = solve(unit)
      for i in 0..<size { result[i * size + j] = column[i] }
    }
    return result
  }
}
