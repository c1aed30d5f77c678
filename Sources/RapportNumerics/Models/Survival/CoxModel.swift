/// Cox's model of hazards that are proportional within strata.
///
///     λ(t | x) = λ₀ₛ(t) exp(x'β + offset)
///
/// λ₀ₛ, a stratum's own baseline, is left open: β comes from the partial likelihood, which asks, at each event, who of
/// those at risk it happens to. With one stratum per set of alternatives, the alternatives' `exit` all the same and the
/// chosen one the event, it is the conditional logit of choices (McFadden 1974).
///
/// Source: Cox (1972), Regression models and life-tables; Therneau & Grambsch (2000), Modeling Survival Data. Agrees
/// with R's `survival::coxph` and `clogit`. Differs: times are equal only where they are the same number; fits go on to
/// the optimum.
public struct CoxModel: Sendable {
  /// Efron's, because it is nearly exact at no cost.
  public var ties = CoxTies.efron
  /// The standard deviation of a normal prior on each coefficient, about 0; `nil`: none.
  ///
  /// 2.5 is weakly informative where covariates are of the order of one; it keeps coefficients finite where covariates
  /// separate events from the others (Gelman, Jakulin, Pittau & Su 2008).
  public var priorDeviation: Double?
  /// Whether to work out robust errors with each row as its own cluster where the data name no clusters.
  public var isRobust = false
  /// Newton steps; 4 to 8 are usual.
  public var maximumIterations = 100
  /// Converged when the gradient, in standard errors, √(g' I⁻¹ g), is at most this.
  public var tolerance = 1e-10

  /// A model with the usual settings.
  public init() {}

  /// Fits β.
  ///
  /// - Parameters:
  ///   - design: one row per row of data, without an intercept; columns that depend on earlier ones within risk sets are
  ///     left out and named.
  ///   - threads: the result doesn't depend on it.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for data that can't be used, or hazards that differ too much to be
  ///   computed with; ``NumericsError/didNotConverge(method:iterations:)``.
  /// - Complexity: O(rows log rows + iterations · rows · columns²)
  public func fit(
    _ data: SurvivalData, design: DesignMatrix, threads: Int = 1
  ) throws(NumericsError) -> CoxFit {
    guard design.rows == data.count else {
      throw .invalidInput("the design has \(design.rows) rows, expected one per row of data, \(data.count)")
    }
    if let priorDeviation, !(priorDeviation > 0) {
      throw .invalidInput("the prior's standard deviation is \(priorDeviation), expected above 0")
    }
    if ties == .exact, data.weights?.contains(where: { $0 != 0 && $0 != 1 }) ?? false {
      throw .invalidInput("the exact likelihood has no weights; repeat rows, or use Efron's ties")
    }
    if ties == .exact, isRobust || data.clusters != nil {
      throw .invalidInput("robust errors need Efron's or Breslow's ties, not exact ones")
    }
    let sets = try CoxRiskSets(data)
    var columns = CoxColumns(design, sets)
    let everything = CoxSweep(sets: sets, columns: columns, ties: ties)
    let zeros = [Double](repeating: 0, count: columns.count)
    guard let start = everything.derivatives(zeros, threads: threads) else {
      throw .invalidInput("offsets differ by more than \(Int(CoxSweep.widest)) within a large stratum; rescale them")
    }
    let eventWeight = sets.strata.reduce(0) { sum, stratum in
      stratum.steps.reduce(sum) { sum, step in
        (sets.eventStart[step]..<sets.eventEnd[step]).reduce(sum) { $0 + sets.weights[Int($1)] }
      }
    }
    columns.dropDependent(start.information, events: eventWeight)
    let sweep = CoxSweep(sets: sets, columns: columns, ties: ties)
    let precisions = columns.scales.map { scale in priorDeviation.map { 1 / ($0 * scale * $0 * scale) } ?? 0 }
    guard precisions.allSatisfy(\.isFinite) else {
      throw .invalidInput("the prior's standard deviation is \(priorDeviation ?? 0), too near 0 to be computed with")
    }
    let search = CoxSearch(
      sweep: sweep, precisions: precisions, maximumIterations: maximumIterations, tolerance: tolerance,
      threads: threads,
      start: columns.dropped.isEmpty ? start : nil)
    let found = try search.run()
    return try CoxFit(self, data, names: design.names, sweep, found, threads: threads)
  }
}
