/// A = L Lᵀ of a small symmetric positive definite matrix, row by row, without LAPACK.
///
/// For matrices of at most a few dozen rows, thousands of them on several threads: there a call to LAPACK costs more than
/// the work, and an OpenBLAS without locks makes threads take turns. Larger ones, and those that may not be positive
/// definite, belong to ``Cholesky``.
public struct SmallCholesky: Sendable {
  /// Rows of A.
  public let size: Int
  /// L, size × size, row by row; above the diagonal stands what A had there.
  public private(set) var lower: [Double]

  /// Factors A.
  ///
  /// - Parameter matrix: symmetric positive definite, size × size; only its lower triangle is read.
  /// - Complexity: O(size³)
  public init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "\(matrix.count) entries, expected \(size) × \(size)")
    self.size = size
    lower = matrix
    lower.withUnsafeMutableBufferPointer { l in
      for i in 0..<size {
        for j in 0...i {
          var sum = l[i * size + j]
          for k in 0..<j { sum -= l[i * size + k] * l[j * size + k] }
          if i == j {
            precondition(sum > 0, "a matrix that isn't positive definite at row \(i): \(sum)")
            l[i * size + i] = sum.squareRoot()
          } else {
            l[i * size + j] = sum / l[j * size + j]
          }
        }
      }
    }
  }

  /// A⁻¹ b.
  public func solve(_ b: [Double]) -> [Double] {
    var x = b
    for i in 0..<size {
      for k in 0..<i { x[i] -= lower[i * size + k] * x[k] }
      x[i] /= lower[i * size + i]
    }
    solveTransposed(&x)
    return x
  }

  /// L⁻ᵀ x in place: turns independent standard normals into draws with covariance A⁻¹.
  public func solveTransposed(_ x: inout [Double]) {
    x.withUnsafeMutableBufferPointer { solveTransposed($0, columns: 1) }
  }

  /// L⁻ᵀ X in place, for many right sides at once.
  ///
  /// - Parameter x: size × columns, row by row
  public func solveTransposed(_ x: UnsafeMutableBufferPointer<Double>, columns: Int) {
    precondition(x.count == size * columns, "\(x.count) entries, expected \(size) × \(columns)")
    lower.withUnsafeBufferPointer { lower in
      for i in stride(from: size - 1, through: 0, by: -1) {
        let row = UnsafeMutableBufferPointer(rebasing: x[i * columns..<(i + 1) * columns])
        let pivot = lower[i * size + i]
        for c in 0..<columns { row[c] /= pivot }
        for k in 0..<i {
          let other = UnsafeMutableBufferPointer(rebasing: x[k * columns..<(k + 1) * columns])
          let factor = lower[i * size + k]
          for c in 0..<columns { other[c] -= factor * row[c] }
        }
      }
    }
  }

  /// A⁻¹, row by row.
  public func inverse() -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    var column = [Double](repeating: 0, count: size)
    result.withUnsafeMutableBufferPointer { result in
      column.withUnsafeMutableBufferPointer { x in
        lower.withUnsafeBufferPointer { lower in
          for j in 0..<size {
            // The solution for the unit vector j: what stands above j is known from the columns before.
            x[j] = 1 / lower[j * size + j]
            for i in j + 1..<max(size, j + 1) {
              var sum = 0.0
              for k in j..<i { sum -= lower[i * size + k] * x[k] }
              x[i] = sum / lower[i * size + i]
            }
            for i in stride(from: size - 1, through: j, by: -1) {
              let value = x[i] / lower[i * size + i]
              for k in j..<i { x[k] -= lower[i * size + k] * value }
              result[i * size + j] = value
              result[j * size + i] = value
            }
          }
        }
      }
    }
    return result
  }
}
