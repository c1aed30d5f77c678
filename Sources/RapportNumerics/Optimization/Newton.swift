/// Minimizes a smooth function by Newton's steps, damped until the value falls, and verifies the end.
///
/// Where the Hessian isn't positive definite a multiple of its diagonal is added (Levenberg's rule), so every step goes
/// downhill. Source: Nocedal & Wright (2006), Numerical Optimization, §3.4.
public struct Newton: Sendable {
  /// A function's value, gradient and Hessian at a point.
  public struct Derivatives: Sendable {
    /// f(x).
    public var value: Double
    /// ∂f/∂xᵢ.
    public var gradient: [Double]
    /// ∂²f/∂xᵢ∂xⱼ; only the lower triangle is read.
    public var hessian: Matrix

    /// Value, gradient and Hessian.
    public init(value: Double, gradient: [Double], hessian: Matrix) {
      self.value = value
      self.gradient = gradient
      self.hessian = hessian
    }
  }

  /// Converged when ½ gᵀ H⁻¹ g, the fall that is still expected, is below this times 1 + |value|.
  public var tolerance = 1e-13
  /// Gives up after so many steps.
  public var maximumIterations = 100

  /// A search with its defaults.
  public init(tolerance: Double = 1e-13, maximumIterations: Int = 100) {
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// The minimum reached from `start`.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` when the function isn't finite at the start,
  ///   ``NumericsError/didNotConverge(method:iterations:)`` when the steps run out or stop short of the tolerance.
  public func minimize(
    from start: [Double], _ f: ([Double]) -> Derivatives
  ) throws(NumericsError) -> Minimum {
    var x = start
    var here = f(x)
    var evaluations = 1
    guard here.value.isFinite, here.gradient.allSatisfy(\.isFinite) else {
      throw .invalidInput("the function is \(here.value) at the start \(start); start where it is finite")
    }
    for iteration in 0..<maximumIterations {
      let (step, isPlain) = direction(here)
      let expected = -0.5 * dot(here.gradient, step)
      if isPlain && expected <= tolerance * (1 + abs(here.value)) {
        return Minimum(
          point: x, value: here.value,
          record: SearchRecord(
            method: "Newton", stop: .gradient, evaluations: evaluations,
            gradientNorm: here.gradient.reduce(0) { max($0, abs($1)) }, iterations: iteration))
      }
      var length = 1.0
      var moved = false
      while length > 1e-15 {
        let candidate = zip(x, step).map { $0 + length * $1 }
        let there = f(candidate)
        evaluations += 1
        // Armijo's rule; equal within rounding counts as a fall near the end.
        let slack = 4 * Double.ulpOfOne * abs(here.value)
        if there.value.isFinite && there.gradient.allSatisfy(\.isFinite)
          && there.value <= here.value - 1e-4 * 2 * expected * length + slack
        {
          (x, here, moved) = (candidate, there, true)
          break
        }
        length *= 0.5
      }
      if !moved { throw .didNotConverge(method: "Newton's method", iterations: iteration + 1) }
    }
    throw .didNotConverge(method: "Newton's method", iterations: maximumIterations)
  }

  /// −(H + λ D)⁻¹ g, and whether λ is zero.
  private func direction(_ here: Derivatives) -> (step: [Double], isPlain: Bool) {
    let scale = here.hessian.diagonal.reduce(0) { max($0, abs($1)) }
    var ridge = 0.0
    while true {
      var damped = here.hessian
      if ridge > 0 {
        for i in 0..<damped.rows { damped[i, i] += ridge * max(abs(here.hessian[i, i]), 0.01 * scale) }
      }
      if let factor = try? Cholesky(damped) {
        return (factor.solve(here.gradient.map { -$0 }), ridge == 0)
      }
      if ridge > 1e10 { return (here.gradient.map { -$0 }, false) }
      ridge = ridge == 0 ? 1e-4 : ridge * 10
    }
  }
}
