/// A function's value, gradient and Hessian at a point.
struct LocalShape: Sendable {
  var value: Double
  var gradient: [Double]
  var hessian: Matrix
}

/// Minimises a smooth function of few variables within bounds, by projected Newton steps.
///
/// Variables at a bound whose gradient points outwards stand still; the others take a Newton step with the Hessian's
/// eigenvalues made positive, shortened until the value falls (Bertsekas 1982, SIAM Journal on Control and Optimization
/// 20, 221–246). Near the minimum, where the value has no more digits, a step counts if it shrinks the gradient.
struct BoundedNewton: Sendable {
  var lower: Double
  var upper: Double
  /// Longest change of one variable in a step.
  var largestStep: Double
  /// The search ends when no free variable's derivative is larger.
  var tolerance = 1e-10
  var maximumIterations = 200

  /// Where the search ended.
  struct End: Sendable {
    var point: [Double]
    var value: Double
    /// Its gradient is the largest derivative of a free variable.
    var record: SearchRecord
  }

  func minimise(
    from start: [Double], _ shape: ([Double]) throws(NumericsError) -> LocalShape
  ) throws(NumericsError) -> End {
    var x = start.map { min(upper, max(lower, $0)) }
    var here = try shape(x)
    var record = SearchRecord(method: "Newton within bounds", stop: .evaluations, evaluations: 1)
    var iterations = 0
    while true {
      let free = freeVariables(x, here.gradient)
      record.gradientNorm = largest(here.gradient, free)
      if largest(here.gradient, free) <= tolerance { record.stop = .gradient }
      guard record.stop == .evaluations, iterations < maximumIterations else { break }
      iterations += 1
      let step = try newtonStep(here, free)
      guard let (next, there) = try shorten(step, from: x, here, free, &record.evaluations, shape) else {
        record.stop = .rounding
        break
      }
      x = next
      here = there
    }
    record.iterations = iterations
    return End(point: x, value: here.value, record: record)
  }

  private func freeVariables(_ x: [Double], _ gradient: [Double]) -> [Int] {
    x.indices.filter { i in
      !(x[i] <= lower + 1e-12 && gradient[i] > 0) && !(x[i] >= upper - 1e-12 && gradient[i] < 0)
    }
  }

  private func largest(_ gradient: [Double], _ free: [Int]) -> Double {
    free.reduce(0) { max($0, abs(gradient[$1])) }
  }

  /// −H⁻¹ g on the free variables, 0 on the others; where H isn't positive definite, −V diag(1/max(|λ|, small)) Vᵀ g.
  private func newtonStep(_ here: LocalShape, _ free: [Int]) throws(NumericsError) -> [Double] {
    let hessian = here.hessian.selecting(rows: free).selecting(columns: free)
    let slope = free.map { -here.gradient[$0] }
    let moved: [Double]
    if let factor = try? Cholesky(hessian), factor.isWellConditioned {
      moved = factor.solve(slope)
    } else {
      let eigen = try SymmetricEigen(hessian)
      let size = eigen.values.reduce(0) { max($0, abs($1)) }
      var along = eigen.vectors.transposedTimes(slope)
      for k in along.indices { along[k] /= max(abs(eigen.values[k]), 1e-8 * size, 1e-300) }
      moved = eigen.vectors * along
    }
    let longest = moved.reduce(0) { max($0, abs($1)) }
    let scale = longest > largestStep ? largestStep / longest : 1
    var step = [Double](repeating: 0, count: here.gradient.count)
    for (k, i) in free.enumerated() { step[i] = scale * moved[k] }
    return step
  }

  private func shorten(
    _ step: [Double], from x: [Double], _ here: LocalShape, _ free: [Int], _ evaluations: inout Int,
    _ shape: ([Double]) throws(NumericsError) -> LocalShape
  ) throws(NumericsError) -> ([Double], LocalShape)? {
    var length = 1.0
    for _ in 0..<40 {
      let next = x.indices.map { min(upper, max(lower, x[$0] + length * step[$0])) }
      let there = try shape(next)
      evaluations += 1
      let predicted = x.indices.reduce(0) { $0 + here.gradient[$1] * (next[$1] - x[$1]) }
      if there.value <= here.value + 1e-4 * min(0, predicted) && there.value < here.value { return (next, there) }
      let flat = abs(there.value - here.value) <= 1e-12 * (1 + abs(here.value))
      if flat && largest(there.gradient, freeVariables(next, there.gradient)) < largest(here.gradient, free) / 2 {
        return (next, there)
      }
      length /= 2
    }
    return nil
  }
}

extension Cholesky {
  /// Whether no pivot is so small beside the largest that a step along it is rounding.
  fileprivate var isWellConditioned: Bool {
    let pivots = lower.diagonal
    return (pivots.min() ?? 1) > 1e-4 * (pivots.max() ?? 1)
  }
}
