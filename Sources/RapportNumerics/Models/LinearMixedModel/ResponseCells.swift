/// Responses summed over rows that share every predictor and every group: n, Σ y and Σ y² of each cell.
///
/// Nothing is lost: the likelihood of a linear model with normal errors depends on the rows through these sums only.
public struct ResponseCells: Sendable, Equatable {
  /// Rows in each cell.
  public var counts: [Double]
  /// Σ y of each cell.
  public var sums: [Double]
  /// Σ y² of each cell.
  public var squares: [Double]

  /// Cells from their sums.
  public init(counts: [Double], sums: [Double], squares: [Double]) {
    self.counts = counts
    self.sums = sums
    self.squares = squares
  }

  /// One cell per row.
  public init(rows: [Double]) {
    counts = [Double](repeating: 1, count: rows.count)
    sums = rows
    squares = rows.map { $0 * $0 }
  }

  /// Rows in all cells.
  public var observations: Double { counts.reduce(0, +) }
}
