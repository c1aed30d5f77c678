/// A linear model with random intercepts, crossed or nested, fitted from cells.
///
///     y = Xβ + Σ_g Z_g u_g + e        u_g ~ N(0, σ_g² I)        e ~ N(0, σ² I)
///
/// The cost of a fit goes with its groups and cells, not with its rows: rows that share predictors and groups enter
/// through n, Σ y and Σ y².
///
/// Source: Bates, Mächler, Bolker & Walker (2015), Fitting linear mixed-effects models using lme4, J. Stat. Softw. 67.
public struct LinearMixedModel: Sendable {
  /// What is maximised.
  public enum Criterion: String, Sendable, Codable {
    /// The restricted likelihood, whose variances aren't biased by the fixed columns.
    case restricted
    /// The likelihood; needed where fits with different fixed columns are compared.
    case likelihood
  }

  /// Restricted, because variances are what we ask about.
  public var criterion = Criterion.restricted
  /// Newton steps; from start to optimum 5 to 15 are usual.
  public var maximumIterations = 80
  /// Where the search begins: the ratio of every group's standard deviation to the residual's.
  public var startRatio = 1.0

  /// Gradients of the deviance that are computed at a time; they never change a result.
  public var threads = 1

  /// A model with the usual settings.
  public init() {}

  /// Fits the model.
  ///
  /// - Parameters:
  ///   - cells: the responses.
  ///   - design: one row per cell; columns that depend on earlier ones are left out and named.
  ///   - groups: one random intercept each; none gives least squares.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where shapes disagree, where there are no more rows than columns, or
  ///   where the columns leave no residual.
  /// - Complexity: about 10 to 20 gradients, each of which costs three factorizations, see `MixedModelFactor`.
  public func fit(
    _ cells: ResponseCells, design: DesignMatrix, groups: [Grouping]
  ) throws(NumericsError) -> LinearMixedModelFit {
    let system = try MixedModelSystem(cells, design, groups)
    let objective = try MixedModelObjective(system, criterion)
    var search = RatioSearch(
      { (ratios) throws(NumericsError) in try objective.point(ratios) },
      // Where the columns tell all of a group the objective is flat in its ratio, or rises, and the search stays at zero.
      start: system.contrasts.map { $0 == 0 ? 0 : startRatio },
      maximumIterations: maximumIterations, threads: threads)
    let found = try search.run()
    return try LinearMixedModelFit(system, objective, found, design: design, groups: groups)
  }
}
