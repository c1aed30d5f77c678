/// Random starting positions of a rotation, and how many ends they found.
enum RandomRotation {
  /// A random orthogonal m × m matrix: Gram–Schmidt on columns of normal draws.
  static func draw(_ m: Int, seed: UInt64, start: Int) -> Matrix {
    var stream = RandomStream(seed: seed, purpose: "rotation start", unit: UInt64(start))
    var columns: [[Double]] = []
    while columns.count < m {
      var next = (0..<m).map { _ in stream.normal() }
      // Twice, so that rounding can't leave a slant.
      for _ in 0..<2 {
        for other in columns {
          let along = dot(next, other)
          for i in 0..<m { next[i] -= along * other[i] }
        }
      }
      let length = dot(next, next).squareRoot()
      if length > 1e-6 { columns.append(next.map { $0 / length }) }
    }
    return Matrix(columns: columns)
  }

  /// How many different values there are; values closer than 1e-5 relative count as one.
  static func countDistinct(_ values: [Double]) -> Int {
    var count = 0
    var last = -Double.infinity
    for value in values.sorted() where value - last > 1e-5 * (1e-3 + abs(value)) {
      count += 1
      last = value
    }
    return count
  }
}
