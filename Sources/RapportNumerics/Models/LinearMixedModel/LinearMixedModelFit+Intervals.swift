import Glibc

extension LinearMixedModelFit {
  /// The ends of an interval.
  public struct Interval: Sendable, Equatable, Codable {
    public let low: Double
    public let high: Double
  }

  /// Profile intervals of standard deviations: every group's, in their order, then the residual's.
  ///
  ///     ζ(s)² = min over all other parameters of d, at σ_g = s, less d at the optimum        ends: ζ² = χ²₁(level)
  ///
  /// A lower end is 0 where even no variance at all lies within reach; the residual's is searched for down to a
  /// thousandth of its estimate.
  ///
  /// - Parameters: `level`: the share that an interval covers.
  /// - Throws: ``NumericsError/didNotConverge(method:iterations:)`` where an end can't be found, where the fit or one of the
  ///   searches for the other parameters didn't converge, or where one finds less than the optimum.
  /// - Complexity: about 20 fits with σ free for each interval.
  ///
  /// Source: Bates et al. (2015), §5.1.
  public func profileIntervals(level: Double) throws(NumericsError) -> [Interval] {
    try requireConvergence()
    let reach = ChiSquared(degreesOfFreedom: 1).quantile(level).squareRoot()
    var intervals: [Interval] = []
    for group in components.indices {
      intervals.append(
        try interval(
          around: components[group].variance.squareRoot(), bottom: 0, scale: sigma * objective.unit, reach: reach
        ) {
          (deviation) throws(NumericsError) in
          try self.profiled(group: group, deviation: deviation)
        })
    }
    intervals.append(
      try interval(around: sigma, bottom: 1e-3 * sigma, scale: sigma, reach: reach) {
        (deviation) throws(NumericsError) in
        try self.profiledResidual(deviation)
      })
    return intervals
  }

  /// From the optimum to that with a deviation held it may be a way of many powers of ten, where a step is half of one at most.
  private static let mostSteps = 300

  /// d, minimised over everything but one group's standard deviation.
  private func profiled(group: Int, deviation: Double) throws(NumericsError) -> Double {
    // Arguments: the other ratios, then σ in units of its estimate.
    let others = factor.ratios.indices.filter { $0 != group }
    let objective = self.objective
    let scale = sigma
    var search = RatioSearch(
      { (x) throws(NumericsError) in try objective.point(x, group: group, deviation: deviation, scale: scale) },
      start: others.map { max(factor.ratios[$0], 0.05 * objective.unit) } + [1],
      units: others.map { _ in objective.unit } + [1],
      maximumIterations: Self.mostSteps)
    return try search.run().convergedValue()
  }

  /// d, minimised over everything but the residual's standard deviation.
  private func profiledResidual(_ deviation: Double) throws(NumericsError) -> Double {
    let objective = self.objective
    var search = RatioSearch(
      { (x) throws(NumericsError) in try objective.point(x, sigma: deviation) },
      start: factor.ratios.map { max($0, 0.05 * objective.unit) }, units: factor.ratios.map { _ in objective.unit },
      maximumIterations: Self.mostSteps)
    return try search.run().convergedValue()
  }

  /// Where ζ reaches `reach` on both sides of the estimate.
  ///
  /// - Parameter scale: a deviation of the size that counts, for an estimate of zero.
  private func interval(
    around estimate: Double, bottom: Double, scale: Double, reach: Double,
    _ profile: (Double) throws(NumericsError) -> Double
  ) throws(NumericsError) -> Interval {
    func zeta(_ deviation: Double) throws(NumericsError) -> Double {
      try rise(to: profile(deviation)).squareRoot() - reach
    }
    let end = ProfileEnd(inside: estimate, reach: reach, scale: max(estimate, scale))
    var outside = max(estimate * 1.5, 0.1 * scale)
    var value = try zeta(outside)
    for _ in 0..<60 where value < 0 {
      outside *= 1.5
      value = try zeta(outside)
    }
    guard value >= 0 else { throw .didNotConverge(method: "profile interval", iterations: 60) }
    let high = try end.find(outside, value, zeta)
    if estimate == 0 { return Interval(low: 0, high: high) }
    let atBottom = try zeta(bottom)
    return Interval(low: atBottom <= 0 ? bottom : try end.find(bottom, atBottom, zeta), high: high)
  }

  /// How far a deviance with something held lies above the optimum; what is below by no more than rounding counts as 0.
  ///
  /// - Throws: ``NumericsError/didNotConverge(method:iterations:)`` where it is below by more: then this is no optimum.
  func rise(to held: Double) throws(NumericsError) -> Double {
    guard held >= deviance - 2e-9 * max(1, abs(deviance)) else {
      throw .didNotConverge(
        method: "the search for the variances, below whose optimum a deviance of \(held) was found,",
        iterations: search.iterations ?? 0)
    }
    return max(0, held - deviance)
  }

  /// - Throws: ``NumericsError/didNotConverge(method:iterations:)`` where the variances weren't found.
  func requireConvergence() throws(NumericsError) {
    guard search.converged else {
      throw .didNotConverge(method: "the search for the variances", iterations: search.iterations ?? 0)
    }
  }

  /// Approximate intervals of the groups' variances, from the curvature of the deviance at the optimum.
  ///
  ///     Var(log σ_g²) ≈ 2 aᵀ H⁻¹ a + 2/m        a = 2 e_g/θ_g + ∂ log r²/∂θ
  ///     ends: σ_g² (1 + b (exp(± z √Var/b) − 1))        b = max(1, √(Var (q − 1)/2))        q levels
  ///
  /// H is the Hessian of the profiled deviance. A ratio that moves takes the residual variance r²/m with it, which is what
  /// the second part of a is for. What is seen of q levels varies by σ_g² and by errors, so not σ_g² but (b − 1) σ_g² more, about what
  /// errors add, is like χ²: of a variance far below them σ_g² exp(z √Var) ran off to 10³². A lower end isn't below 0. At the boundary it
  /// is 0 and the upper end where the parabola reaches χ²₁. Cheap, and near enough where a group has a few dozen levels, whose log
  /// variance is about normal then; ``profileIntervals(level:)`` follows the deviance itself.
  ///
  /// - Parameter threads: gradients of the deviance that are computed at a time.
  /// - Complexity: 2 gradients for each group.
  public func approximateIntervals(level: Double, threads: Int = 1) throws(NumericsError) -> [Interval] {
    let objective = self.objective
    var search = RatioSearch(
      { (ratios) throws(NumericsError) in try objective.point(ratios) }, start: factor.ratios,
      units: factor.ratios.map { _ in objective.unit }, threads: threads)
    let hessian = try search.curvature(at: factor.ratios)
    let slopes = objective.residualSlopes(factor)
    let inside = factor.ratios.indices.filter { factor.ratios[$0] > 0 }
    var block = Matrix(rows: inside.count, columns: inside.count)
    for (i, a) in inside.enumerated() {
      for (j, b) in inside.enumerated() { block[i, j] = hessian[a, b] }
    }
    let z = Normal.standard.quantile(0.5 + level / 2)
    let inverse = try? Cholesky(block).inverse
    return factor.ratios.indices.map { group in
      let variance = components[group].variance
      guard let place = inside.firstIndex(of: group) else {
        let curvature = max(hessian[group, group], 1e-12 / (objective.unit * objective.unit))
        return Interval(low: 0, high: 2 * z * z / curvature * residualVariance)
      }
      guard let inverse else { return Interval(low: 0, high: .greatestFiniteMagnitude) }
      var direction = inside.map { slopes[$0] }
      direction[place] += 2 / factor.ratios[group]
      let spread = (2 * dot(direction, inverse * direction) + 2 / objective.degrees).squareRoot()
      let seen = max(1, spread * (Double(max(components[group].levels - 1, 1)) / 2).squareRoot())
      func end(_ sign: Double) -> Double { variance * max(0, 1 + seen * expm1(sign * z * spread / seen)) }
      return Interval(low: end(-1), high: end(1))
    }
  }
}
