import Glibc

// The expectation step is the inner loop of everything that rests on rows with gaps: the moments themselves, a thousand
// random tables of parallel analysis, the bootstrap. It works on plain buffers without LAPACK, since blocks have a dozen
// rows and a call would cost more than the work; change it with a measurement at hand.

/// Rows of which the same columns are known, by their sums.
struct MissingPattern: Sendable, Equatable {
  let known: [Int]
  let missing: [Int]
  let count: Double
  /// Σ x and Σ x xᵀ of the known columns, standardised.
  let sums: [Double]
  let products: Matrix

  /// The patterns of these rows, in the order of their gaps.
  static func group(_ rows: [[Double?]], means: [Double], deviations: [Double]) -> [MissingPattern] {
    var members: [[Bool]: [Int]] = [:]
    for (i, row) in rows.enumerated() { members[row.map { $0 != nil }, default: []].append(i) }
    let ordered = members.sorted { a, b in a.value[0] < b.value[0] }
    return ordered.map { mask, indices in
      let known = mask.indices.filter { mask[$0] }
      var table = Matrix(rows: indices.count, columns: known.count)
      for (k, j) in known.enumerated() {
        for (i, row) in indices.enumerated() { table[i, k] = (rows[row][j]! - means[j]) / deviations[j] }
      }
      return MissingPattern(
        known: known, missing: mask.indices.filter { !mask[$0] }, count: Double(indices.count),
        sums: known.indices.map { table.column($0).reduce(0, +) }, products: table.crossProduct)
    }
  }

  /// Σ (x − μ) of the known columns.
  func sums(about mean: [Double]) -> [Double] { known.indices.map { sums[$0] - count * mean[known[$0]] } }

  /// Σ (x − μ)(x − μ)ᵀ = Σ x xᵀ − s μᵀ − μ sᵀ + n μ μᵀ of the known columns.
  func products(about mean: [Double]) -> Matrix {
    var result = products
    for j in known.indices {
      let b = mean[known[j]]
      for i in known.indices {
        let a = mean[known[i]]
        result[i, j] += count * a * b - sums[i] * b - a * sums[j]
      }
    }
    return result
  }

  /// The log-likelihood of these rows, without the constant −½ n k log 2π.
  func logLikelihood(_ mean: [Double], _ covariance: Matrix) throws(NumericsError) -> Double {
    let factor = try Cholesky(covariance.selecting(rows: known).selecting(columns: known))
    let trace = factor.solve(products(about: mean)).diagonal.reduce(0, +)
    return -(count * factor.logDeterminant + trace) / 2
  }

  /// Numbers that a step needs beside its input and output, for p columns.
  static func workSpace(_ p: Int) -> Int { 5 * p * p + p }

  /// Adds Σ (x̂ − μ) and Σ [(x̂ − μ)(x̂ − μ)ᵀ + C], C the conditional covariance of what is missing.
  ///
  ///     L Lᵀ = Σₒₒ,  yₐ = L⁻¹ Σₒₐ,  bₐ = L⁻ᵀ yₐ        x̂ₐ − μₐ = bₐᵀ (xₒ − μₒ),  Cₐ꜀ = Σₐ꜀ − yₐᵀ y꜀
  ///
  /// - Parameters:
  ///   - p: columns of the table; `covariance` and `squares` are p × p.
  ///   - work: ``workSpace(_:)`` numbers.
  /// - Returns: the first leading minor of Σₒₒ that isn't positive; `nil` where all are.
  func addExpectations(
    _ mean: UnsafePointer<Double>, _ covariance: UnsafePointer<Double>, columns p: Int,
    to shift: UnsafeMutablePointer<Double>, _ squares: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>
  ) -> Int? {
    let (k, q) = (known.count, missing.count)
    let centred = work
    let lower = work + p * p
    let slopes = work + 2 * p * p
    let halves = work + 3 * p * p
    let crossed = work + 4 * p * p
    let first = work + 5 * p * p
    return known.withUnsafeBufferPointer { known in
      missing.withUnsafeBufferPointer { missing in
        sums.withUnsafeBufferPointer { sums in
          products.elements.withUnsafeBufferPointer { products in
            for j in 0..<k {
              let b = mean[known[j]]
              first[j] = sums[j] - count * b
              shift[known[j]] += first[j]
              for i in 0...j {
                let a = mean[known[i]]
                let value = products[i + j * k] + count * a * b - sums[i] * b - a * sums[j]
                centred[i + j * k] = value
                centred[j + i * k] = value
                squares[known[i] + known[j] * p] += value
                if i != j { squares[known[j] + known[i] * p] += value }
              }
            }
            if q == 0 { return nil }
            // Row by row.
            for i in 0..<k {
              for j in 0...i {
                var sum = covariance[known[i] + known[j] * p]
                for l in 0..<j { sum -= lower[i * k + l] * lower[j * k + l] }
                if i == j {
                  guard sum > 0 else { return i + 1 }
                  lower[i * k + i] = sum.squareRoot()
                } else {
                  lower[i * k + j] = sum / lower[j * k + j]
                }
              }
            }
            for a in 0..<q {
              let own = missing[a]
              let (y, b, crossing) = (halves + a * k, slopes + a * k, crossed + a * k)
              for i in 0..<k {
                var sum = covariance[known[i] + own * p]
                for l in 0..<i { sum -= lower[i * k + l] * y[l] }
                y[i] = sum / lower[i * k + i]
                b[i] = y[i]
              }
              var i = k - 1
              while i >= 0 {
                b[i] /= lower[i * k + i]
                let value = b[i]
                for l in 0..<i { b[l] -= lower[i * k + l] * value }
                i -= 1
              }
              var filled = 0.0
              for i in 0..<k { filled += b[i] * first[i] }
              shift[own] += filled
              for i in 0..<k {
                var sum = 0.0
                for l in 0..<k { sum += centred[l + i * k] * b[l] }
                crossing[i] = sum
                squares[own + known[i] * p] += sum
                squares[known[i] + own * p] += sum
              }
              for c in 0...a {
                let other = missing[c]
                var (within, explained) = (0.0, 0.0)
                for i in 0..<k {
                  within += crossing[i] * slopes[c * k + i]
                  explained += y[i] * halves[c * k + i]
                }
                let value = within + count * (covariance[own + other * p] - explained)
                squares[own + other * p] += value
                if a != c { squares[other + own * p] += value }
              }
            }
            return nil
          }
        }
      }
    }
  }
}
