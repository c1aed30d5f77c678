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
    for i in 0..<size {
      for j in 0...i {
        var sum = matrix[i * size + j]
        for k in 0..<j { sum -= lower[i * size + k] * lower[j * size + k] }
        if i == j {
          precondition(sum > 0, "a matrix that isn't positive definite at row \(i): \(sum)")
          lower[i * size + i] = sum.squareRoot()
        } else {
          lower[i * size + j] = sum / lower[j * size + j]
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
    lower.withUnsafeBufferPointer { lower in
      var i = size - 1
      while i >= 0 {
        let value = x[i] / lower[i * size + i]
        x[i] = value
        for k in 0..<i { x[k] -= lower[i * size + k] * value }
        i -= 1
      }
    }
  }

  /// A⁻¹, row by row.
  public func inverse() -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for j in 0..<size {
      var unit = [Double](repeating: 0, count: size)
      unit[j] = 1
      let column = solve(unit)
      for i in 0..<size { result[i * size + j] = column[i] }
    }
    return result
  }
}
