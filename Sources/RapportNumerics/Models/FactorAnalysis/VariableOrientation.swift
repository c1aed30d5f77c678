/// Which variables run against the others, so that a sum of all would take off what it should add.
///
/// A variable is turned round where its sign in the first principal component differs from that of most variables. Turning
/// any variable round beforehand then changes nothing that rests on the oriented correlations, such as α, λ₆ and ω.
///
/// Source: psych's `alpha` with `check.keys` (Revelle 2022).
public struct VariableOrientation: Sendable, Equatable {
  /// −1 for variables that are turned round, 1 for the others.
  public let signs: [Double]

  /// - Throws: as ``SymmetricEigen``.
  public init(correlation: Matrix) throws(NumericsError) {
    let first = try SymmetricEigen(correlation).vectors.column(0)
    // Rounding has no sign.
    let against = first.map { $0 < -1e-8 }
    let count = against.count { $0 }
    let with = first.count { $0 > 1e-8 }
    let isMost = count > with || (count == with && against.first == true)
    signs = first.map { abs($0) <= 1e-8 ? 1 : ($0 < 0) == isMost ? 1 : -1 }
  }

  /// The places of the variables that are turned round.
  public var reversed: [Int] { signs.indices.filter { signs[$0] < 0 } }

  /// The correlations of the oriented variables: rᵢⱼ sᵢ sⱼ.
  public func applied(to correlation: Matrix) -> Matrix {
    var result = correlation
    for j in signs.indices {
      for i in signs.indices { result[i, j] *= signs[i] * signs[j] }
    }
    return result
  }

  /// Loadings of the oriented variables, with factors turned so that loadings sum to at least 0.
  public func applied(
    to loadings: Matrix, factorCorrelations: Matrix
  ) -> (loadings: Matrix, factorCorrelations: Matrix) {
    var turned = loadings
    for k in 0..<turned.columns {
      for i in signs.indices { turned[i, k] *= signs[i] }
    }
    return CanonicalFactors.order(turned, factorCorrelations)
  }
}
