/// A matrix of predictors, one row per observation or cell, kept sparse: a category costs one entry per row.
///
/// Row `i` holds the entries from `starts[i]` up to `starts[i + 1]`.
public struct DesignMatrix: Sendable, Equatable {
  /// The columns' names: `(Intercept)`, `size`, `topic=pay`, `size:topic=pay`.
  public let names: [String]
  /// Where each row's entries begin; one more than there are rows.
  public let starts: [Int]
  /// The column of each entry; ascending within a row.
  public let columns: [Int32]
  /// The value of each entry.
  public let values: [Double]

  /// How many rows there are.
  public var rows: Int { starts.count - 1 }

  /// A matrix from its entries.
  init(names: [String], starts: [Int], columns: [Int32], values: [Double]) {
    precondition(starts.last == columns.count && columns.count == values.count, "starts, columns and values disagree")
    self.names = names
    self.starts = starts
    self.columns = columns
    self.values = values
  }

  /// Builds the matrix of these terms.
  ///
  /// Columns follow the order of the terms; within a category the order of its levels, the reference left out; within an
  /// interaction the last part varies slowest, as in R. Numbers keep an entry even where they are zero.
  ///
  /// - Parameters: `intercept`: whether a column of ones, `(Intercept)`, comes first.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where a term hasn't one value per row.
  /// - Complexity: O(rows × terms)
  public init(rows: Int, intercept: Bool = true, terms: [DesignTerm]) throws(NumericsError) {
    var names = intercept ? ["(Intercept)"] : []
    var offsets: [Int] = []
    for term in terms {
      offsets.append(names.count)
      try term.check(rows: rows)
      names.append(contentsOf: term.columnNames)
    }
    // Term by term, first how many entries each row has, then where they stand.
    var starts = [Int](repeating: 0, count: rows + 1)
    for row in 0..<rows where intercept { starts[row + 1] = 1 }
    for term in terms { term.forEachEntry(rows: rows) { row, _, _ in starts[row + 1] += 1 } }
    for row in 0..<rows { starts[row + 1] += starts[row] }
    var next = starts
    var columns = [Int32](repeating: 0, count: starts[rows])
    var values = [Double](repeating: 1, count: starts[rows])
    for row in 0..<rows where intercept { next[row] += 1 }
    for (term, offset) in zip(terms, offsets) {
      term.forEachEntry(rows: rows) { row, column, value in
        columns[next[row]] = Int32(offset + column)
        values[next[row]] = value
        next[row] += 1
      }
    }
    self.init(names: names, starts: starts, columns: columns, values: values)
  }

  /// The same numbers in a dense matrix.
  public var dense: Matrix {
    var result = Matrix(rows: rows, columns: names.count)
    for row in 0..<rows {
      for k in starts[row]..<starts[row + 1] { result[row, Int(columns[k])] = values[k] }
    }
    return result
  }

  /// The other columns, and the values of one.
  func separating(_ column: Int) -> (rest: DesignMatrix, values: [Double]) {
    var own = [Double](repeating: 0, count: rows)
    var (starts, columns, values): ([Int], [Int32], [Double]) = ([0], [], [])
    for row in 0..<rows {
      for k in self.starts[row]..<self.starts[row + 1] {
        let place = Int(self.columns[k])
        if place == column {
          own[row] = self.values[k]
        } else {
          columns.append(Int32(place < column ? place : place - 1))
          values.append(self.values[k])
        }
      }
      starts.append(columns.count)
    }
    var names = names
    names.remove(at: column)
    return (DesignMatrix(names: names, starts: starts, columns: columns, values: values), own)
  }

  /// Σ xᵢⱼ bⱼ for row `i`.
  public func dot(row: Int, _ b: [Double]) -> Double {
    var sum = 0.0
    for k in starts[row]..<starts[row + 1] { sum += values[k] * b[Int(columns[k])] }
    return sum
  }
}
