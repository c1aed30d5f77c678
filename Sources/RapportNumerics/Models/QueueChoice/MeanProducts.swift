/// − Σ w z̄ z̄ᵀ over sets, z̄ by column, then by unit.
///
/// Units have a row only while sets in hand name them, so that a product costs what queues are long, however many units
/// there are.
struct MeanProducts {
  /// Units × units (lower triangle), columns × units, columns × columns (lower triangle); whole after ``finish()``.
  private(set) var unitBlock: Matrix
  private(set) var border: Matrix
  private(set) var columnBlock: Matrix
  /// Entries of z̄: columns, then units with a row.
  let length: Int

  private let columnCount: Int
  /// Σ w z̄ z̄ᵀ over sets whose units still have their rows.
  private var products: OuterProducts
  /// Each unit's row, −1 for none, and the units that have one.
  private var rows: [Int32]
  private var named: [Int32] = []

  /// So many units have rows at least.
  private static let fewestRows = 192

  /// - Parameter longest: alternatives of a set, at most
  init(units: Int, columns: Int, longest: Int) {
    columnCount = columns
    length = columns + min(units, max(longest, Self.fewestRows))
    unitBlock = Matrix(rows: units, columns: units)
    border = Matrix(rows: columns, columns: units)
    columnBlock = Matrix(rows: columns, columns: columns)
    products = OuterProducts(length: length)
    rows = [Int32](repeating: -1, count: units)
    if columns + units == length { for unit in 0..<units { name(unit) } }
  }

  private mutating func name(_ unit: Int) {
    rows[unit] = Int32(columnCount + named.count)
    named.append(Int32(unit))
  }

  /// Where a unit stands in z̄.
  @inline(__always) func row(of unit: Int) -> Int { Int(rows[unit]) }

  /// Makes sure that the units of a set have their rows.
  mutating func giveRows(to sets: ChoiceSets, _ alternatives: Range<Int>) {
    if named.count == rows.count { return }
    if columnCount + named.count + alternatives.count > length { finish() }
    for r in alternatives {
      let unit = sets.unit(r)
      if rows[unit] < 0 { name(unit) }
    }
  }

  /// Takes a set's z̄, the first entries of what it is given, and leaves zeros.
  mutating func add(_ mean: inout MutableSpan<Double>, weight: Double) {
    mean.withUnsafeMutableBufferPointer { mean in
      products.add(
        UnsafeBufferPointer(rebasing: mean[..<length]), times: weight.squareRoot(), order: columnCount + named.count)
      mean.update(repeating: 0)
    }
  }

  /// Moves what the rows hold to where it belongs, and takes the rows back.
  mutating func finish() {
    products.finish(order: columnCount + named.count)
    for j in 0..<columnCount {
      for i in j..<columnCount { columnBlock[i, j] -= products.sum[i, j] }
    }
    for (a, unit) in named.enumerated() {
      let (row, unit) = (columnCount + a, Int(unit))
      for j in 0..<columnCount { border[j, unit] -= products.sum[row, j] }
      for b in 0...a {
        let other = Int(named[b])
        unitBlock[max(unit, other), min(unit, other)] -= products.sum[row, columnCount + b]
      }
      rows[unit] = -1
    }
    named.removeAll(keepingCapacity: true)
    for k in products.sum.elements.indices { products.sum.elements[k] = 0 }
  }
}
