/// The factorization Pᵀ A P = L Lᵀ of a positive semidefinite matrix, stopped at its rank.
///
/// The largest remaining diagonal comes first. Source: Higham (2002), Accuracy and Stability, §10.3.
public struct PivotedCholesky: Sendable, Equatable {
  /// L, n × rank, in the order of `pivots`.
  public let lower: Matrix
  /// Column `k` of L belongs to column `pivots[k]` of A; from `rank` on, the columns that depend on those before.
  public let pivots: [Int]
  /// How many columns are independent.
  public let rank: Int

  /// Factors A, whose lower triangle is read.
  ///
  /// - Parameters: `tolerance`: a remaining diagonal at or below it counts as zero; negative, LAPACK's own,
  ///   n ε max Aᵢᵢ.
  /// - Complexity: O(n rank²). The LAPACK routine is `dpstrf`.
  public init(_ a: Matrix, tolerance: Double = -1) {
    var l = a
    let factored = LAPACK.factorCholeskyPivoted(&l, tolerance: tolerance)
    pivots = factored.pivots
    // LAPACK gives rank 1 to a zero matrix.
    rank = a.diagonal.contains { $0 > max(0, tolerance) } ? factored.rank : 0
    lower = l.lowerTriangle.selecting(columns: Array(0..<rank))
  }

  /// The columns of A that depend on the others, ascending.
  public var droppedColumns: [Int] { pivots[rank...].sorted() }
}
