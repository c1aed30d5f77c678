extension Matrix {
  /// A⁻¹ of a small square matrix by Gauss and Jordan's elimination with partial pivoting, without LAPACK.
  ///
  /// For matrices of a dozen rows at most, of which a search inverts thousands: there a call to LAPACK costs more than the
  /// work. Larger ones belong to ``LU``.
  ///
  /// Source: Golub & Van Loan (2013), Matrix Computations, §3.4, with what stands above a pivot taken off as well.
  ///
  /// - Throws: ``NumericsError/singular(order:)`` with the first column, from one, whose pivot is zero.
  /// - Complexity: O(n³)
  func smallInverse() throws(NumericsError) -> Matrix {
    precondition(rows == columns, "a matrix of \(rows) × \(columns) has no inverse")
    let n = rows
    var result = Matrix.identity(n)
    var left = elements
    let zeroPivot = left.withUnsafeMutableBufferPointer { left in
      result.elements.withUnsafeMutableBufferPointer { right -> Int? in
        for k in 0..<n {
          var pivot = k
          for i in k..<n where abs(left[i + k * n]) > abs(left[pivot + k * n]) { pivot = i }
          guard left[pivot + k * n] != 0 else { return k + 1 }
          let inverse = 1 / left[pivot + k * n]
          for j in 0..<n {
            left.swapAt(k + j * n, pivot + j * n)
            right.swapAt(k + j * n, pivot + j * n)
            left[k + j * n] *= inverse
            right[k + j * n] *= inverse
          }
          for i in 0..<n where i != k {
            let factor = left[i + k * n]
            for j in k..<n { left[i + j * n] -= factor * left[k + j * n] }
            for j in 0..<n { right[i + j * n] -= factor * right[k + j * n] }
          }
        }
        return nil
      }
    }
    if let zeroPivot { throw .singular(order: zeroPivot) }
    return result
  }
}
