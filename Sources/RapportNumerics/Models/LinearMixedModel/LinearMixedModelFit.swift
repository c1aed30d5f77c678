import Glibc

/// A fitted linear mixed model: estimates, their uncertainty, and a record of the search.
public struct LinearMixedModelFit: Sendable {
  /// A fixed effect.
  public struct Coefficient: Sendable, Equatable, Codable {
    public let name: String
    public let estimate: Double
    public let standardError: Double
  }
  /// The variance of one group's effects.
  public struct Component: Sendable, Equatable, Codable {
    public let group: String
    public let levels: Int
    public let variance: Double
    /// Standard deviation over the residual's; lme4's θ.
    public let ratio: Double
    /// How many independent differences between levels the fixed columns leave to tell the variance from; `nil` where these
    /// are 20 or more. With 0 there is no estimate, and the variance counts as zero.
    public let contrasts: Int?
  }
  public let criterion: LinearMixedModel.Criterion
  /// Rows in all cells.
  public let observations: Double
  /// In the order of the design, dependent columns left out.
  public let coefficients: [Coefficient]
  /// Of the coefficients, in their order.
  public let covariance: Matrix
  /// Columns left out because they depend on earlier ones.
  public let dropped: [String]
  /// In the order of the groups.
  public let components: [Component]
  public let residualVariance: Double
  /// Maximised log-likelihood, restricted or not.
  public let logLikelihood: Double
  /// Coefficients, groups and the residual.
  public let parameters: Int
  /// How the ratios were found; an evaluation is a factorization, the gradient that of the deviance in them.
  public let search: SearchRecord
  /// The largest singular value of the fixed columns, centred and of length 1, over the smallest.
  public let conditionNumber: Double
  /// Doubts and boundaries, in words.
  public let notes: [String]

  let system: MixedModelSystem
  let factor: MixedModelFactor
  let objective: MixedModelObjective
  let solution: MixedModelSolution

  var responses: ResponseCells.Totals { system.responses }

  /// Predicted effects (conditional modes), by group and level.
  public var effects: [[Double]] { solution.effects }

  /// −2 log-likelihood: the REML criterion, or the deviance.
  public var deviance: Double { -2 * logLikelihood }
  /// Akaike's criterion, from whichever likelihood was maximised.
  public var akaike: Double { deviance + 2 * Double(parameters) }
  /// Schwarz's criterion, likewise, with log n.
  public var bayes: Double { deviance + Double(parameters) * log(observations) }
  /// Residual standard deviation.
  public var sigma: Double { residualVariance.squareRoot() }
  /// All variance that the fixed effects leave.
  public var totalVariance: Double { components.reduce(residualVariance) { $0 + $1.variance } }

  /// The deviance at other ratios of standard deviations to the residual's, coefficients and residual variance at their best
  /// there.
  public func deviance(at ratios: [Double]) throws(NumericsError) -> Double { try objective.value(ratios) }

  /// The share of the variance left by fixed effects that lies between levels of this group.
  public func share(of group: Int) -> Double { components[group].variance / totalVariance }

  init(
    _ system: MixedModelSystem, _ objective: MixedModelObjective, _ search: RatioSearch.Outcome, design: DesignMatrix,
    groups: [Grouping]
  ) throws(NumericsError) {
    let factor = try MixedModelFactor(system, ratios: search.ratios)
    let p = system.fixedCount
    let columns = system.columns
    let variance = factor.residualSquares / objective.degrees
    let solution = factor.solve(system)
    let covariance = variance * Self.coefficientProducts(system, factor)
    for (k, column) in columns.kept.enumerated() where !(covariance[k, k] > 0 && covariance[k, k].isFinite) {
      throw .invalidInput(
        "'\(design.names[column])' is of a size for which a number can't hold its coefficient's variance; multiply it by a constant first"
      )
    }

    var notes: [String] = []
    for (group, (ratio, contrasts)) in zip(groups, zip(search.ratios, system.contrasts)) where ratio == 0 {
      notes.append(
        contrasts == 0
          ? "every level of '\(group.name)' is told by the fixed columns already: its variance can't be told, and counts as zero"
          : "the variance of '\(group.name)' is estimated at its boundary, zero: its levels differ no more than chance would have it"
      )
    }
    for column in columns.dropped {
      notes.append("column '\(design.names[column])' depends on those before it and was left out")
    }
    if let note = ConditionNumber.note(columns.conditionNumber, of: "the fixed columns") { notes.append(note) }
    if search.hasOtherMinimum {
      notes.append("the likelihood has more than one peak: variances are those of the highest that was found")
    }
    if !search.record.converged {
      notes.append("the search for the variances did not converge in \(search.record.iterations ?? 0) steps")
    }

    self.system = system
    self.factor = factor
    self.objective = objective
    criterion = objective.criterion
    observations = system.observations
    conditionNumber = columns.conditionNumber
    coefficients = columns.kept.enumerated().map { k, column in
      Coefficient(
        name: design.names[column], estimate: solution.coefficients[column],
        standardError: covariance[k, k].squareRoot())
    }
    self.covariance = covariance
    dropped = columns.dropped.map { design.names[$0] }
    components = groups.enumerated().map { index, group in
      let ratio = search.ratios[index]
      return Component(
        group: group.name, levels: group.levelCount, variance: ratio * ratio * variance, ratio: ratio,
        contrasts: system.contrasts[index])
    }
    residualVariance = variance
    logLikelihood = -search.value / 2
    parameters = p + groups.count + 1
    self.search = search.record
    self.notes = notes
    self.solution = solution
  }

  /// The covariance of the coefficients over σ² at a factorization.
  static func coefficientProducts(_ system: MixedModelSystem, _ factor: MixedModelFactor) -> Matrix {
    let (p, q) = (system.fixedCount, system.denseCount)
    var block = Matrix(rows: p, columns: p)
    for j in 0..<p {
      for i in j..<p { block[i, j] = factor.dense[q + i, q + j] }
    }
    // (R Rᵀ)⁻¹ = R⁻ᵀ R⁻¹, then T … Tᵀ.
    return block.solveTriangular(.lower, system.columns.transform.transposed).crossProduct
  }

  /// Xβ of one row of a design with the same columns.
  public func fixedPart(_ design: DesignMatrix, row: Int) -> Double { design.dot(row: row, solution.coefficients) }

  /// Each cell's expected response, random effects included.
  public func fitted(_ design: DesignMatrix, groups: [Grouping]) -> [Double] {
    (0..<design.rows).map { row in
      groups.indices.reduce(fixedPart(design, row: row)) { $0 + effects[$1][Int(groups[$1].codes[row])] }
    }
  }

  /// The estimate of a combination.
  public func estimate(of combination: LinearCombination) -> Double { solution.estimate(of: combination) }

  /// A variance given everything else, and one with the coefficients' uncertainty.
  public struct Uncertainty: Sendable, Equatable {
    /// Variance of the random effects' part given the coefficients, lme4's `condVar`.
    public let conditional: Double
    /// Variance of estimate minus truth, coefficients' uncertainty included.
    public let prediction: Double
  }

  /// The posterior variances of combinations, with variances of groups and residual as estimated.
  ///
  /// - Complexity: O((dense levels + columns)²) each.
  public func uncertainty(of combinations: [LinearCombination], threads: Int = 1) -> [Uncertainty] {
    factor.quadratics(system, combinations, threads: threads).map {
      Uncertainty(conditional: residualVariance * $0.conditional, prediction: residualVariance * $0.prediction)
    }
  }

  /// The posterior covariances of one combination with others, coefficients' uncertainty included.
  ///
  /// With them, the variance of a difference: Var(a − b) = Var a + Var b − 2 Cov(a, b).
  ///
  /// - Complexity: O((dense levels + columns)²), and the length of each of the others.
  public func covariances(of combination: LinearCombination, with others: [LinearCombination]) -> [Double] {
    covariances(of: [combination], with: [others])[0]
  }

  /// Those of many combinations, each with its own others.
  public func covariances(
    of combinations: [LinearCombination], with others: [[LinearCombination]], threads: Int = 1
  ) -> [[Double]] {
    factor.covariances(system, combinations, with: others, threads: threads).map { $0.map { residualVariance * $0 } }
  }

  /// The posterior standard deviations of every level of a group, given the coefficients: lme4's `condSD`.
  public func conditionalDeviations(group: Int) -> [Double] {
    uncertainty(of: effects[group].indices.map { .effect(group: group, level: $0) }).map { $0.conditional.squareRoot() }
  }
}
