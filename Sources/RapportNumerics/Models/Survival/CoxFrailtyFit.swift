/// A fitted Cox model with random effects.
public struct CoxFrailtyFit: Sendable {
  /// The variance of one group's effects.
  public struct Component: Sendable, Equatable, Codable {
    public let group: String
    public let levels: Int
    /// Of the log hazard for normal effects, of the hazard for gamma ones.
    public let variance: Double
  }

  public let model: CoxFrailtyModel
  /// The same model without effects.
  public let plain: CoxFit
  /// In the order of the design, dependent columns left out.
  public let coefficients: [CoxFit.Coefficient]
  /// Of the coefficients, with the effects' uncertainty, without that of the variances.
  public let covariance: Matrix
  /// In the order of the groups.
  public let components: [Component]
  /// Predicted effects on the log hazard, by group and level: the mode of their posterior.
  public let effects: [[Double]]
  /// Their posterior standard deviations, by group and level.
  public let effectDeviations: [[Double]]
  /// The partial likelihood's logarithm at estimates and effects.
  public let logLikelihood: Double
  /// What the effects' distribution takes off it.
  public let penalty: Double
  /// The likelihood with the effects integrated out.
  public let integratedLogLikelihood: Double
  /// Twice what the integrated likelihood gains over no effects.
  public let likelihoodRatio: Double
  /// The tail area of that; for one group, an equal mixture of χ²₀ and χ²₁, since a variance can't be negative. `nil` for
  /// several groups.
  public let pValue: Double?
  /// What the search for the variances did.
  public let search: SearchRecord
  /// The gradient in coefficients and effects at the end, in standard errors.
  public let relativeGradient: Double
  /// Doubts and boundaries, in words.
  public let notes: [String]

  /// The log hazards that the effects add, by place.
  private let extra: [Double]
  private let scaledCoefficients: [Double]

  init(
    _ model: CoxFrailtyModel, _ plain: CoxFit, _ groups: [Grouping], _ objective: CoxFrailtyObjective,
    _ search: CoxFrailtySearch.Outcome
  ) throws(NumericsError) {
    let solution = search.solution
    let sweep = objective.sweep
    let scales = sweep.sweep.columns.scales
    let (p, q) = (sweep.p, sweep.levelCount)
    let inverse = solution.factor.inverse
    self.model = model
    self.plain = plain
    scaledCoefficients = solution.beta
    extra = sweep.extra(solution.effects)
    var covariance = Matrix(rows: p, columns: p)
    for j in 0..<p {
      for i in 0..<p { covariance[i, j] = inverse[q + i, q + j] / (scales[i] * scales[j]) }
    }
    self.covariance = covariance
    coefficients = plain.coefficients.enumerated().map { k, coefficient in
      CoxFit.Coefficient(
        name: coefficient.name, estimate: solution.beta[k] / scales[k],
        standardError: inverse[q + k, q + k].squareRoot() / scales[k],
        robustStandardError: nil)
    }
    components = zip(groups, solution.variances).map {
      Component(group: $0.name, levels: $0.levelCount, variance: $1)
    }
    func byGroup(_ values: (Int) -> Double) -> [[Double]] {
      zip(sweep.offsets, groups).map { offset, group in (0..<group.levelCount).map { values(offset + $0) } }
    }
    effects = byGroup { solution.effects[$0] }
    effectDeviations = byGroup { solution.scale[$0] * inverse[$0, $0].squareRoot() }
    logLikelihood = solution.logLikelihood
    penalty = solution.penalty
    integratedLogLikelihood = solution.integrated
    likelihoodRatio = max(0, 2 * (solution.integrated - plain.logLikelihood))
    pValue =
      groups.count > 1
      ? nil : likelihoodRatio > 0 ? 0.5 * ChiSquared(degreesOfFreedom: 1).survival(likelihoodRatio) : 1
    self.search = search.record
    relativeGradient = solution.relativeGradient
    var notes = plain.notes
    if model.variances == nil {
      for component in components where component.variance <= 2 * CoxFrailtySearch.smallest {
        notes.append(
          "the variance of '\(component.group)' is estimated at its boundary, zero: its levels differ no more than chance "
            + "would have it")
      }
    }
    if !search.record.converged { notes.append("the search for the variances did not converge") }
    self.notes = notes
  }

  /// How well coefficients and predicted effects together order the events.
  ///
  /// - Complexity: O(rows log rows)
  public func concordance() -> Concordance { plain.concordance(scaledCoefficients, extra: extra) }

  /// Martingale residuals by row, given the effects.
  public func martingaleResiduals() throws(NumericsError) -> [Double] {
    try plain.martingaleResiduals(scaledCoefficients, extra: extra)
  }
}
