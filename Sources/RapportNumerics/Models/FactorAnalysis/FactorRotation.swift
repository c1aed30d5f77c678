import Glibc

/// How unrotated loadings are turned into ones that can be read.
public enum FactorRotation: Sendable, Equatable {
  case none
  /// Orthogonal, with Kaiser's normalisation: rows at length one while rotating.
  case varimax
  /// Oblique: towards the varimax loadings raised to this power, sign kept; 4 is usual.
  case promax(power: Double = 4)
  /// Direct oblimin with γ = 0 (quartimin), rows at length one while rotating if `normalized`.
  case oblimin(normalized: Bool = false)

  /// Rotated loadings, their factor correlations, and what the starts agreed on.
  public struct Result: Sendable, Equatable {
    public let loadings: Matrix
    public let factorCorrelations: Matrix
    /// The criterion of the chosen rotation (for promax, of its varimax); `nil` without rotation.
    public let criterion: Double?
    /// Different values of the criterion that the starts ended in.
    public let distinctOptima: Int
    /// How the chosen rotation was found, with the evaluations of all starts (for promax, its varimax); `nil` without
    /// rotation.
    public let search: SearchRecord?
  }

  /// The best rotation over the unrotated position and random starts, in canonical order and sign.
  ///
  /// With one factor there is nothing to rotate.
  ///
  /// - Parameters:
  ///   - unrotated: Λ, p × m.
  ///   - starts: random starting positions, drawn from `seed`.
  /// - Throws: ``NumericsError/singular(order:)`` where a factor has no loadings at all.
  public func rotate(_ unrotated: Matrix, starts: Int = 30, seed: UInt64 = 1) throws(NumericsError) -> Result {
    let m = unrotated.columns
    let canonical = CanonicalFactors.order(unrotated, Matrix.identity(m))
    guard m > 1, self != .none else {
      return Result(
        loadings: canonical.loadings, factorCorrelations: canonical.factorCorrelations, criterion: nil,
        distinctOptima: 1, search: nil)
    }
    switch self {
    case .none, .varimax:
      let best = Varimax(starts: starts, seed: seed).rotate(canonical.loadings)
      return Self.result(best.loadings, Matrix.identity(m), best.criterion, best.distinctOptima, best.record)
    case .promax(let power):
      let orthogonal = Varimax(starts: starts, seed: seed).rotate(canonical.loadings)
      let oblique = try Self.promax(orthogonal.loadings, power: power)
      return Self.result(
        oblique.0, oblique.1, orthogonal.criterion, orthogonal.distinctOptima, orthogonal.record)
    case .oblimin(let normalized):
      let best = try Oblimin(normalized: normalized, starts: starts, seed: seed).rotate(canonical.loadings)
      return Self.result(best.loadings, best.factorCorrelations, best.criterion, best.distinctOptima, best.record)
    }
  }

  private static func result(
    _ loadings: Matrix, _ phi: Matrix, _ criterion: Double, _ optima: Int, _ search: SearchRecord
  ) -> Result {
    let canonical = CanonicalFactors.order(loadings, phi)
    return Result(
      loadings: canonical.loadings, factorCorrelations: canonical.factorCorrelations, criterion: criterion,
      distinctOptima: optima, search: search)
  }

  /// Promax from orthogonal loadings A.
  ///
  ///     Q = A |A|^(power − 1)        U = (AᵀA)⁻¹ AᵀQ, columns scaled so that diag (UᵀU)⁻¹ = 1
  ///     Λ = A U                      Φ = (UᵀU)⁻¹
  ///
  /// Source: Hendrickson & White (1964), British Journal of Statistical Psychology 17, 65–70.
  static func promax(_ a: Matrix, power: Double) throws(NumericsError) -> (Matrix, Matrix) {
    var target = a
    for k in target.elements.indices { target.elements[k] *= pow(abs(target.elements[k]), power - 1) }
    var turn = try LU(a.crossProduct).solve(a.transposedTimes(target))
    let scale = try LU(turn.crossProduct).inverse.diagonal
    for j in 0..<turn.columns {
      for i in 0..<turn.rows { turn[i, j] *= scale[j].squareRoot() }
    }
    return (a * turn, try LU(turn.crossProduct).inverse)
  }
}
