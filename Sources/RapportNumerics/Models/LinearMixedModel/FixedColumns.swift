import Glibc

/// Which fixed columns a mixed model uses, and what stands for them in its equations.
///
///     z = (u x − c) / s        Z = Q R        y − shift
///
/// u is a power of two, so that squares neither overflow nor vanish; c the mean, where there is a constant to take it up; s
/// the length. Columns that come close to depending on each other are replaced by orthonormal ones, Q: cross-products of the
/// columns themselves would lose twice the digits that their condition costs.
///
/// Source: Golub & Van Loan (2013), Matrix Computations, §5.3; Chan (1982), An improved algorithm for computing the singular
/// value decomposition, for reducing rows to R before anything else.
struct FixedColumns: Sendable {
  /// Positions in the design of the columns that are kept, and of those that depend on earlier ones.
  private(set) var kept: [Int] = []
  private(set) var dropped: [Int] = []
  /// u, c and s of each kept column.
  private(set) var units: [Double] = []
  private(set) var centres: [Double] = []
  private(set) var scales: [Double] = []
  /// The kept column that is constant, if any, and its value.
  private(set) var intercept: Int?
  private(set) var interceptValue = 1.0
  /// Subtracted from y; 0 without an intercept.
  private(set) var shift = 0.0
  /// How many columns the design has.
  let count: Int
  /// ZᵀZ of the kept columns, or what stands for them.
  private(set) var products = Matrix(rows: 0, columns: 0)
  /// R, and what the rows' reduction leaves of y: Qᵀy, yᵀy; `nil` where Z itself serves.
  private(set) var basis: (upper: Matrix, response: [Double], responseSquares: Double)?
  /// The largest singular value of the columns, centred and of length 1, over the smallest.
  private(set) var conditionNumber = 1.0

  /// Columns left with less than this share of their length by earlier ones depend on them, as in R's `lm`.
  static let tolerance = 1e-7
  /// Below this share of a squared length, what cross-products say of it is checked on the rows.
  private static let doubtful = 1e-6

  /// Finds the constant, centres numbers, measures lengths, and leaves out what depends on earlier columns.
  init(_ cells: ResponseCells, _ design: DesignMatrix) throws(NumericsError) {
    count = design.names.count
    var all = Scaled(cells, design)
    if let constant = all.constant {
      shift = cells.counts.isEmpty ? 0 : cells.sums.reduce(0, +) / cells.counts.reduce(0, +)
      interceptValue = all.lowest[constant]
    }
    let cross = all.measure(cells, design)
    if let independent = Self.cholesky(cross, all.lengths) {
      (kept, dropped) = independent
      products = cross.selecting(rows: kept).selecting(columns: kept)
    } else {
      let reduced = try all.reduced(cells, design, shift: shift)
      let found = Self.orthogonalize(reduced, all.lengths)
      (kept, dropped, basis) = (found.kept, found.dropped, (found.upper, found.response, found.responseSquares))
      products = .identity(kept.count)
    }
    units = kept.map { all.units[$0] }
    centres = kept.map { all.centres[$0] }
    scales = kept.map { all.lengths[$0] }
    intercept = all.constant.flatMap { kept.firstIndex(of: $0) }
    if kept.isEmpty { return }
    let upper = if let basis { basis.upper } else { try Cholesky(products).lower.transposed }
    conditionNumber = try Self.conditionNumber(upper, intercept)
  }

  /// The condition number of columns Z from R of Z = Q R: those beside the constant less their means, in length 1.
  ///
  /// Columns with an entry in each row are centred already, those of categories aren't.
  private static func conditionNumber(_ upper: Matrix, _ intercept: Int?) throws(NumericsError) -> Double {
    let constant = intercept.map { upper.column($0) }
    var columns: [[Double]] = []
    for j in 0..<upper.columns where j != intercept {
      var column = upper.column(j)
      if let constant {
        let along = dot(constant, column) / dot(constant, constant)
        for i in column.indices { column[i] -= along * constant[i] }
      }
      let length = dot(column, column).squareRoot()
      columns.append(column.map { $0 / length })
    }
    guard !columns.isEmpty else { return 1 }
    return try Matrix(rows: columns).conditionNumber()
  }

  /// An entry of Z's kept column `k`.
  @inline(__always) func entry(_ value: Double, _ k: Int) -> Double { (units[k] * value - centres[k]) / scales[k] }

  /// T of β = T b, b the coefficients of what stands in the equations.
  var transform: Matrix {
    var t = Matrix(rows: kept.count, columns: kept.count)
    for k in kept.indices { t[k, k] = units[k] / scales[k] }
    if let intercept {
      for k in kept.indices where k != intercept { t[intercept, k] = -centres[k] / (scales[k] * interceptValue) }
    }
    guard let upper = basis?.upper else { return t }
    // T R⁻¹ = (R⁻ᵀ Tᵀ)ᵀ.
    return upper.solveTriangular(.upper, transposed: true, t.transposed).transposed
  }

  /// log |det| of what turns the columns as they were given into what stands in the equations.
  var logDeterminant: Double {
    var sum = 0.0
    for k in kept.indices { sum += log(scales[k]) - log(units[k]) }
    if let upper = basis?.upper { for k in kept.indices { sum += log(upper[k, k]) } }
    return sum
  }

  /// Turns rows of Σ z and Σ y into rows of Σ q and Σ y.
  func rebase(_ sums: inout [Double]) {
    guard let basis else { return }
    let (p, width) = (kept.count, kept.count + 1)
    let rows = sums.count / width
    // A row zᵀ becomes zᵀ R⁻¹ = (R⁻ᵀ z)ᵀ.
    var z = Matrix(rows: p, columns: rows)
    for row in 0..<rows { for k in 0..<p { z[k, row] = sums[row * width + k] } }
    z = basis.upper.solveTriangular(.upper, transposed: true, z)
    for row in 0..<rows { for k in 0..<p { sums[row * width + k] = z[k, row] } }
  }

  /// What is kept and dropped where no column comes near to depending on earlier ones; `nil` where rows must tell.
  private static func cholesky(_ cross: Matrix, _ lengths: [Double]) -> (kept: [Int], dropped: [Int])? {
    let kept = lengths.indices.filter { lengths[$0] > 0 }
    var factor = cross.selecting(rows: kept).selecting(columns: kept)
    for j in kept.indices {
      for k in 0..<j { factor[j, j] -= factor[j, k] * factor[j, k] }
      guard factor[j, j] > doubtful else { return nil }
      factor[j, j] = factor[j, j].squareRoot()
      for i in (j + 1)..<max(kept.count, j + 1) {
        for k in 0..<j { factor[i, j] -= factor[i, k] * factor[j, k] }
        factor[i, j] /= factor[j, j]
      }
    }
    return (kept, lengths.indices.filter { lengths[$0] == 0 })
  }

  /// Gram–Schmidt from left to right, twice, on the rows' reduction.
  private static func orthogonalize(
    _ reduced: Matrix, _ lengths: [Double]
  ) -> (kept: [Int], dropped: [Int], upper: Matrix, response: [Double], responseSquares: Double) {
    let p = reduced.columns - 1
    var (kept, dropped): ([Int], [Int]) = ([], [])
    var basis: [[Double]] = []
    var rows: [[Double]] = []
    for j in 0..<p {
      var column = reduced.column(j)
      let length = dot(column, column).squareRoot()
      var row = [Double](repeating: 0, count: basis.count)
      for _ in 0..<2 {
        for (k, q) in basis.enumerated() {
          let along = dot(q, column)
          row[k] += along
          for i in column.indices { column[i] -= along * q[i] }
        }
      }
      let rest = dot(column, column).squareRoot()
      guard lengths[j] > 0, rest > tolerance * length else {
        dropped.append(j)
        continue
      }
      kept.append(j)
      basis.append(column.map { $0 / rest })
      rows.append(row + [rest])
    }
    var upper = Matrix(rows: kept.count, columns: kept.count)
    for (j, row) in rows.enumerated() { for (k, value) in row.enumerated() { upper[k, j] = value } }
    let y = reduced.column(p)
    return (kept, dropped, upper, basis.map { dot($0, y) }, dot(y, y))
  }
}

extension FixedColumns {
  /// All columns of a design, brought to comparable size.
  private struct Scaled {
    var units: [Double]
    var centres: [Double]
    var lowest: [Double]
    var constant: Int?
    var lengths: [Double]

    init(_ cells: ResponseCells, _ design: DesignMatrix) {
      let p = design.names.count
      var entries = [Int](repeating: 0, count: p)
      lowest = [Double](repeating: .infinity, count: p)
      var highest = [Double](repeating: -.infinity, count: p)
      for k in design.values.indices {
        let (column, value) = (Int(design.columns[k]), design.values[k])
        entries[column] += 1
        lowest[column] = min(lowest[column], value)
        highest[column] = max(highest[column], value)
      }
      let (low, high) = (lowest, highest)
      let isFull = entries.map { $0 == design.rows }
      constant = (0..<p).first { isFull[$0] && low[$0] == high[$0] && low[$0] != 0 }
      units = (0..<p).map { j in
        let largest = max(abs(low[j]), abs(high[j]))
        guard entries[j] > 0, largest > 0 else { return 1 }
        return scalbn(1, -max(-1000, min(1000, Int32(largest.exponent))))
      }
      centres = [Double](repeating: 0, count: p)
      lengths = centres
      guard constant != nil else { return }
      let weight = cells.counts.reduce(0, +)
      var sums = centres
      for row in 0..<design.rows {
        for k in design.starts[row]..<design.starts[row + 1] {
          let column = Int(design.columns[k])
          sums[column] += cells.counts[row] * (units[column] * design.values[k])
        }
      }
      for column in 0..<p where isFull[column] && column != constant { centres[column] = sums[column] / weight }
    }

    /// Cross-products of columns of length 1; sets the lengths.
    mutating func measure(_ cells: ResponseCells, _ design: DesignMatrix) -> Matrix {
      let p = design.names.count
      var cross = Matrix(rows: p, columns: p)
      var squares = [Double](repeating: 0, count: p)
      var row = squares
      for cell in 0..<design.rows {
        let range = design.starts[cell]..<design.starts[cell + 1]
        let n = cells.counts[cell]
        // Ascending within a row: the columns before are those of the lower triangle.
        for k in range {
          let i = Int(design.columns[k])
          let x = units[i] * design.values[k]
          squares[i] += n * x * x
          row[k - range.lowerBound] = x - centres[i]
          let a = n * (x - centres[i])
          for l in range.lowerBound...k {
            cross.elements[i + Int(design.columns[l]) * p] += a * row[l - range.lowerBound]
          }
        }
      }
      for j in 0..<p {
        // A number that never varies is nothing but rounding once it is centred.
        lengths[j] = cross[j, j] > 1e-20 * squares[j] ? cross[j, j].squareRoot() : 0
      }
      for j in 0..<p {
        for i in j..<p {
          let scale = lengths[i] * lengths[j]
          cross[i, j] = scale > 0 ? cross[i, j] / scale : 0
          cross[j, i] = cross[i, j]
        }
      }
      return cross
    }

    /// R with RᵀR = AᵀA, A the columns and y by row, each row times the root of its weight: rows are reduced by Householder
    /// reflections, some at a time.
    func reduced(_ cells: ResponseCells, _ design: DesignMatrix, shift: Double) throws(NumericsError) -> Matrix {
      let p = design.names.count
      let width = p + 1
      let batch = max(512, 4 * width)
      var result = Matrix(rows: 0, columns: width)
      var within = 0.0
      var begin = 0
      while begin < design.rows {
        let end = min(begin + batch, design.rows)
        var block = Matrix(rows: result.rows + end - begin, columns: width)
        for j in 0..<width { for i in 0..<result.rows { block[i, j] = result[i, j] } }
        for row in begin..<end {
          let root = cells.counts[row].squareRoot()
          guard root > 0 else { continue }
          let i = result.rows + row - begin
          for k in design.starts[row]..<design.starts[row + 1] {
            let j = Int(design.columns[k])
            guard lengths[j] > 0 else { continue }
            block[i, j] = root * (units[j] * design.values[k] - centres[j]) / lengths[j]
          }
          block[i, p] = root * (cells.sums[row] / cells.counts[row] - shift)
          within += cells.squaresWithin(row)
        }
        let factored = QR(block)
        let upper = factored.upper
        result = Matrix(rows: upper.rows, columns: width)
        for (k, column) in factored.pivots.enumerated() {
          for i in 0..<upper.rows { result[i, column] = upper[i, k] }
        }
        begin = end
      }
      // What rows of one cell differ by is a row of its own: nothing explains it.
      var whole = Matrix(rows: result.rows + 1, columns: width)
      for j in 0..<width { for i in 0..<result.rows { whole[i, j] = result[i, j] } }
      whole[result.rows, p] = within.squareRoot()
      return whole
    }
  }
}
