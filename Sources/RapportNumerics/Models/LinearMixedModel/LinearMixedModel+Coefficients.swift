extension LinearMixedModel {
  /// The profile-likelihood interval of one coefficient.
  ///
  ///     ζ(b)² = min over all other parameters of d, at β_j = b, less d at the optimum        ends: ζ² = χ²₁(level)
  ///
  /// With β_j held, what it explains is taken off the responses and its column out of the design, as are the columns that the
  /// whole fit leaves out: one of them might depend on others only together with this one. The likelihood is used,
  /// whatever the criterion: restricted ones of different columns can't be compared.
  ///
  /// - Parameters:
  ///   - column: its name in the design
  ///   - level: the share that the interval covers
  /// - Throws: ``NumericsError/invalidInput(_:)`` where the design has no such column or it depends on earlier ones;
  ///   ``NumericsError/didNotConverge(method:iterations:)`` where an end can't be found, a fit didn't converge, or one with
  ///   β_j held is better than that without.
  /// - Complexity: about 16 fits.
  ///
  /// Source: Bates et al. (2015), §5.1.
  public func profileInterval(
    ofCoefficient column: String, level: Double, _ cells: ResponseCells, design: DesignMatrix, groups: [Grouping]
  ) throws(NumericsError) -> LinearMixedModelFit.Interval {
    var model = self
    model.criterion = .likelihood
    let full = try model.fit(cells, design: design, groups: groups)
    try full.requireConvergence()
    guard let place = design.names.firstIndex(of: column) else {
      throw .invalidInput(
        "'\(column)' is not a column of the design, whose columns are \(design.names.joined(separator: ", "))")
    }
    guard let own = full.coefficients.first(where: { $0.name == column }) else {
      throw .invalidInput("'\(column)' depends on the columns before it, so that it has no coefficient")
    }
    var (rest, values) = design.separating(place)
    for name in full.dropped {
      if let place = rest.names.firstIndex(of: name) { rest = rest.separating(place).rest }
    }
    let others = rest
    let reach = ChiSquared(degreesOfFreedom: 1).quantile(level).squareRoot()
    func zeta(_ b: Double) throws(NumericsError) -> Double {
      let fit = try model.fit(cells.subtracting(values.map { b * $0 }), design: others, groups: groups)
      try fit.requireConvergence()
      return try full.rise(to: fit.deviance).squareRoot() - reach
    }
    func end(_ direction: Double) throws(NumericsError) -> Double {
      var outside = own.estimate + 1.2 * direction * reach * own.standardError
      var value = try zeta(outside)
      for _ in 0..<60 where value < 0 {
        outside += direction * own.standardError
        value = try zeta(outside)
      }
      guard value >= 0 else { throw .didNotConverge(method: "profile interval", iterations: 60) }
      return try ProfileEnd(inside: own.estimate, reach: reach, scale: own.standardError).find(outside, value, zeta)
    }
    return LinearMixedModelFit.Interval(low: try end(-1), high: try end(1))
  }
}

extension LinearMixedModelFit {
  /// The likelihood-ratio test of what this fit has and a smaller one of the same responses hasn't.
  ///
  ///     T = d(smaller) − d(this)        χ² with as many degrees as parameters went
  ///
  /// Of a variance, which under the hypothesis lies on its boundary, ``VarianceTest`` is to be asked.
  ///
  /// Fits compare where one contains the other: the same responses with the same weights, and every column and group of the
  /// smaller one in this one. The groups are told by name and number of levels.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where the fits don't compare, or are restricted ones with other fixed
  ///   columns; ``NumericsError/didNotConverge(method:iterations:)`` where one didn't converge, or the smaller one is better.
  public func likelihoodRatioTest(against smaller: LinearMixedModelFit) throws(NumericsError) -> ChiSquaredTest {
    guard criterion == smaller.criterion else {
      throw .invalidInput("a restricted likelihood and a likelihood can't be compared; fit both by the same criterion")
    }
    guard observations == smaller.observations, responses == smaller.responses else {
      throw .invalidInput("fits of other rows, responses or weights can't be compared")
    }
    let names = Set(coefficients.map(\.name))
    if let column = smaller.coefficients.first(where: { !names.contains($0.name) }) {
      throw .invalidInput(
        "the smaller fit has the column '\(column.name)', which this one hasn't: neither contains the other")
    }
    if let group = smaller.components.first(where: { group in
      !components.contains { $0.group == group.group && $0.levels == group.levels }
    }) {
      throw .invalidInput(
        "the smaller fit has the group '\(group.group)' with \(group.levels) levels, which this one hasn't: neither contains the other"
      )
    }
    guard criterion == .likelihood || coefficients.count == smaller.coefficients.count else {
      throw .invalidInput(
        "restricted likelihoods with different fixed columns can't be compared; fit both by likelihood")
    }
    guard smaller.parameters < parameters else {
      throw .invalidInput("the smaller fit has \(smaller.parameters) parameters, expected fewer than \(parameters)")
    }
    try requireConvergence()
    try smaller.requireConvergence()
    return ChiSquaredTest(
      statistic: try rise(to: smaller.deviance), degreesOfFreedom: parameters - smaller.parameters)
  }
}
