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
    var starts = [0]
    starts.reserveCapacity(rows + 1)
    var columns: [Int32] = []
    var values: [Double] = []
    let perRow = terms.count + (intercept ? 1 : 0)
    columns.reserveCapacity(rows * perRow)
    values.reserveCapacity(rows * perRow)
    for row in 0..<rows {
      if intercept {
        columns.append(0)
        values.append(1)
      }
      for (term, offset) in zip(terms, offsets) {
        if let (column, value) = term.entry(row: row) {
          columns.append(Int32(offset + column))
          values.append(value)
        }
      }
      starts.append(columns.count)
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
