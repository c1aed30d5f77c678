import Glibc

extension LinearMixedModelFit {
  /// Fewer degrees of freedom count as so many, of which Student's quantiles are still numbers: 95 % reach 10³¹ errors far.
  public static let fewestFreedoms = 0.05

  /// The degrees of freedom of Student's distribution that each coefficient over its standard error is near to.
  ///
  ///     1/d_k = (a + b)ᵀ H⁻¹ (a + b) + 1/m        a = ∂ log r²/∂θ    b = ∂ log (C_kk/σ²)/∂θ
  ///
  /// C is the covariance of the coefficients, H the Hessian of the profiled deviance in θ, m = n − p (n by plain likelihood).
  /// It is 2/Var(log C_kk), the variance by the curvature of the deviance in θ and log σ², as in
  /// ``approximateIntervals(level:threads:)``; d_k = n − p without groups. A ratio of zero counts as known. b is by central
  /// differences.
  ///
  /// - Returns: in the order of the coefficients, at least ``fewestFreedoms`` each; `nil` where the deviance isn't curved at its optimum, or where
  ///   groups differ by so much more than rows that sums of 16 digits leave fewer than 7 of what is left.
  /// - Throws: ``NumericsError/didNotConverge(method:iterations:)`` where the variances weren't found.
  /// - Complexity: 2 gradients and 2 factorizations for each group.
  ///
  /// Source: Satterthwaite (1946), Biometrics Bulletin 2, 110–114; Fai & Cornelius (1996), Journal of Statistical Computation
  /// and Simulation 54, 363–378; R's lmerTest (Kuznetsova, Brockhoff & Christensen 2017), which takes H by differences.
  public func degreesOfFreedom(threads: Int = 1) throws(NumericsError) -> [Double]? {
    try requireConvergence()
    let inside = factor.ratios.indices.filter { factor.ratios[$0] > 0 }
    let residual = 1 / self.objective.degrees
    guard !inside.isEmpty else { return coefficients.map { _ in self.objective.degrees } }
    let objective = self.objective
    // Differences of gradients over a thousandth of a ratio hold three digits fewer than these.
    guard factor.cancellation * .ulpOfOne < 1e-7 else { return nil }
    var search = RatioSearch(
      { (ratios) throws(NumericsError) in try objective.point(ratios) }, start: factor.ratios,
      units: factor.ratios.map { _ in objective.unit }, threads: threads)
    let hessian = try search.curvature(at: factor.ratios)
    var block = Matrix(rows: inside.count, columns: inside.count)
    for (i, a) in inside.enumerated() {
      for (j, b) in inside.enumerated() { block[i, j] = hessian[a, b] }
    }
    guard let curvature = try? Cholesky(block) else { return nil }
    let slopes = objective.residualSlopes(factor)
    var directions = [[Double]](repeating: inside.map { slopes[$0] }, count: coefficients.count)
    for (i, group) in inside.enumerated() {
      let step = 1e-4 * max(factor.ratios[group], 1e-3 * objective.unit)
      func logVariances(_ step: Double) throws(NumericsError) -> [Double] {
        var ratios = factor.ratios
        ratios[group] += step
        let moved = try MixedModelFactor(system, ratios: ratios)
        return Self.coefficientProducts(system, moved).diagonal.map { log($0) }
      }
      let (above, below) = (try logVariances(step), try logVariances(-step))
      for k in directions.indices { directions[k][i] += (above[k] - below[k]) / (2 * step) }
    }
    return directions.map { direction in
      1 / min(1 / Self.fewestFreedoms, dot(direction, curvature.solve(direction)) + residual)
    }
  }
}
