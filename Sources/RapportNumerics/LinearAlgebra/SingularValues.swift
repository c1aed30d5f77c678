/// The thin singular value decomposition, largest first.
///
///     A = U diag(s) Vᵀ
///
/// A is m × n, U m × k, V n × k with k = min(m, n). The LAPACK routine is `dgesdd`.
public struct SingularValues: Sendable, Equatable {
  /// U. Without columns when vectors weren't asked for.
  public let left: Matrix
  /// s, descending, never negative.
  public let values: [Double]
  /// Vᵀ. Without rows when vectors weren't asked for.
  public let rightTransposed: Matrix

  /// Decomposes A.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where an element isn't finite, ``NumericsError/failed(routine:info:)``
  ///   when LAPACK finds no solution.
  /// - Complexity: O(m n min(m, n))
  public init(_ a: Matrix, vectors wanted: Bool = true) throws(NumericsError) {
    (left, values, rightTransposed) = try LAPACK.singularValues(a, vectors: wanted)
  }
}
