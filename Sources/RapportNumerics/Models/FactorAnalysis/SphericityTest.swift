import Glibc

/// Bartlett's test that variables are uncorrelated.
///
///     χ² = −(n − 1 − (2p + 5)/6) log|R|        df = p (p − 1) / 2
///
/// With gaps, the likelihood ratio of the values that were observed takes the place of −n log|R|, and the harmonic mean h
/// of the numbers of rows that pairs of variables share that of n in the correction:
///
///     χ² = (1 − (1 + (2p + 5)/6) / h) · 2 (ℓ(μ̂, Σ̂) − ℓ(independent))
///
/// Source: Bartlett (1951), Biometrika 38, 337–344; for gaps Little & Rubin (2002), §11.2, and a correction of our own that
/// is Bartlett's where nothing is missing.
public struct SphericityTest: Sendable, Equatable {
  /// |R|: 1 where nothing correlates, 0 where variables are dependent.
  public let determinant: Double
  public let chiSquare: Double
  public let degreesOfFreedom: Double
  public let pValue: Double

  /// - Parameter observations: complete rows that the correlations rest on.
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where variables are dependent.
  public init(correlation: Matrix, observations: Int) throws(NumericsError) {
    let logDeterminant = try Cholesky(correlation).logDeterminant
    self.init(
      variables: correlation.rows, logDeterminant: logDeterminant,
      chiSquare: -(Double(observations) - 1 - Double(2 * correlation.rows + 5) / 6) * logDeterminant)
  }

  /// The test of a table, by what was observed of it. Pairwise moments count the fewest rows that a pair has.
  ///
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where variables are dependent.
  public init(_ moments: SampleMoments) throws(NumericsError) {
    let correlation = moments.correlation
    guard let sample = moments.incomplete else {
      let isPairwise = moments.treatment == .pairwise
      try self.init(
        correlation: correlation, observations: isPairwise ? moments.smallestPairCount : moments.observations)
      return
    }
    let p = correlation.rows
    let correction = max(0, 1 - (1 + Double(2 * p + 5) / 6) / sample.meanPairCount)
    self.init(
      variables: p, logDeterminant: try Cholesky(correlation).logDeterminant,
      chiSquare: correction * (try sample.independenceRatio()))
  }

  private init(variables p: Int, logDeterminant: Double, chiSquare: Double) {
    degreesOfFreedom = Double(p * (p - 1)) / 2
    determinant = exp(logDeterminant)
    self.chiSquare = chiSquare
    pValue = ChiSquared(degreesOfFreedom: degreesOfFreedom).survival(chiSquare)
  }
}
