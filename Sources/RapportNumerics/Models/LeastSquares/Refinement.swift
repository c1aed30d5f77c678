/// Solves min |A x − b| by QR, then refines x and the residual r together.
///
///     [I  A] [r]   [b]
///     [A' 0] [x] = [0]
///
/// The right-hand sides' errors are computed in doubled precision by fused multiplications.
struct Refinement {
  let a: Matrix
  let b: [Double]
  let factor: QR
  let r: Matrix

  init(_ a: Matrix, _ b: [Double]) {
    self.a = a
    self.b = b
    factor = QR(a, tolerance: 0)
    r = factor.upper
  }

  var solution: (coefficients: [Double], residuals: [Double]) {
    let p = a.columns
    var x = [Double](repeating: 0, count: p)
    var residual = [Double](repeating: 0, count: b.count)
    var previous = Double.infinity
    for _ in 0..<10 {
      // f = b − r − A x and g = −A' r, each as the rounded value of a doubled-precision sum.
      var f = [Double](repeating: 0, count: b.count)
      for i in b.indices {
        var sum = Pair(b[i])
        sum.add(-residual[i])
        for j in 0..<p { sum.add(-a[i, j], times: x[j]) }
        f[i] = sum.value
      }
      var g = [Double](repeating: 0, count: p)
      for j in 0..<p {
        var sum = Pair(0)
        for i in b.indices { sum.add(-a[i, j], times: residual[i]) }
        g[j] = sum.value
      }
      // dr = Q [R⁻ᵀ P'g; (Q'f)₂] and P' dx = R⁻¹ ((Q'f)₁ − R⁻ᵀ P'g).
      let u = r.solveTriangular(.upper, transposed: true, factor.pivots.map { g[$0] })
      var d = factor.orthogonalTransposedTimes(f)
      let step = r.solveTriangular(.upper, (0..<p).map { d[$0] - u[$0] })
      for k in 0..<p { d[k] = u[k] }
      let change = factor.orthogonalTimes(d)
      var size = 0.0
      for k in 0..<p {
        let column = factor.pivots[k]
        let next = x[column] + step[k]
        size = max(size, next == 0 ? abs(step[k]) : abs(step[k] / next))
        x[column] = next
      }
      for i in residual.indices { residual[i] += change[i] }
      if size < 1e-16 || size > 0.5 * previous { break }
      previous = size
    }
    return (x, residual)
  }

  /// A sum as two doubles (Ogita, Rump & Oishi 2005).
  struct Pair {
    var high: Double
    var low = 0.0

    init(_ value: Double) { high = value }

    var value: Double { high + low }

    mutating func add(_ value: Double) {
      let sum = high + value
      let back = sum - high
      low += (high - (sum - back)) + (value - back)
      high = sum
    }

    mutating func add(_ a: Double, times b: Double) {
      let product = a * b
      low += (-product).addingProduct(a, b)
      add(product)
    }
  }
}
