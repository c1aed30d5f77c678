import Glibc

/// Responses summed over rows that share every predictor and every group: n, Σ y and Σ y² of each cell.
///
/// Nothing is lost: the likelihood of a linear model with normal errors depends on the rows through these sums only.
public struct ResponseCells: Sendable, Equatable {
  /// Rows in each cell; where rows have weights, the weight of each.
  public var counts: [Double]
  /// Σ y of each cell, times the weight.
  public var sums: [Double]
  /// Σ y² of each cell, times the weight.
  public var squares: [Double]
  /// Σ log w; `nil` where rows have no weights.
  public private(set) var logWeights: Double?

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

  /// One cell per row, whose residual variance is σ²/w.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where there isn't one positive weight per row.
  public init(rows: [Double], weights: [Double]) throws(NumericsError) {
    guard weights.count == rows.count else {
      throw .invalidInput("\(weights.count) weights, expected one per row, \(rows.count)")
    }
    if let row = weights.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .invalidInput(
        "weight \(weights[row]) in row \(row + 1), expected a positive number; leave out rows of no weight")
    }
    counts = weights
    sums = zip(rows, weights).map { $0 * $1 }
    squares = zip(rows, weights).map { $0 * $0 * $1 }
    logWeights = weights.reduce(0) { $0 + log($1) }
  }

  /// Rows in all cells.
  public var observations: Double { logWeights == nil ? counts.reduce(0, +) : Double(counts.count) }

  /// Sums over all rows, by which fits of the same responses are known however these lie in cells.
  struct Totals: Sendable, Equatable {
    /// Σ w, Σ log w, Σ w y, Σ w y².
    let weight: Double
    let logWeights: Double
    let sum: Double
    let squares: Double

    /// Equal to 10 digits, so that the order of rows doesn't matter; a sum near zero has as many digits as √(Σ w Σ w y²).
    static func == (a: Totals, b: Totals) -> Bool {
      func isClose(_ x: Double, _ y: Double, _ scale: Double) -> Bool { abs(x - y) <= 1e-10 * scale }
      return isClose(a.weight, b.weight, a.weight) && isClose(a.squares, b.squares, a.squares)
        && isClose(a.logWeights, b.logWeights, max(1, abs(a.logWeights)))
        && isClose(a.sum, b.sum, (a.weight * a.squares).squareRoot())
    }
  }

  /// Sums over all rows.
  var totals: Totals {
    Totals(
      weight: counts.reduce(0, +), logWeights: logWeights ?? 0, sum: sums.reduce(0, +), squares: squares.reduce(0, +))
  }

  /// Whether a cell is a single row, whose square needs no sum.
  func isSingle(_ cell: Int) -> Bool { logWeights != nil || counts[cell] == 1 }

  /// Σ w (y − ȳ)² of a cell.
  func squaresWithin(_ cell: Int) -> Double {
    isSingle(cell) || counts[cell] == 0 ? 0 : max(0, squares[cell] - sums[cell] * (sums[cell] / counts[cell]))
  }

  /// Σ w (y − c)² of a cell; a single row, or a cell of equal rows, loses nothing, others what Σ y² has lost already.
  func squares(_ cell: Int, around c: Double) -> Double {
    let away = sums[cell] / counts[cell] - c
    return squaresWithin(cell) + counts[cell] * away * away
  }

  /// The same cells with so much taken off the responses of each.
  func subtracting(_ offsets: [Double]) -> ResponseCells {
    var result = self
    for cell in counts.indices where counts[cell] > 0 {
      let within = squaresWithin(cell)
      result.sums[cell] -= counts[cell] * offsets[cell]
      result.squares[cell] = within + result.sums[cell] * (result.sums[cell] / counts[cell])
    }
    return result
  }
}
