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
  /// Where the search begins: the ratio of every group's standard deviation to that of a row of middling weight.
  public var startRatio = 1.0
  /// Whether to search from zeros too: each ratio alone, and all others; the lowest deviance counts.
  ///
  /// Of few rows the likelihood may have several peaks. For each group it takes a search more, and two more where there are three
  /// groups or more.
  public var startsFromZeros = false

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
    let unit = objective.unit
    var outcomes: [RatioSearch.Outcome] = []
    for start in starts(system) {
      var search = RatioSearch(
        { (ratios) throws(NumericsError) in try objective.point(ratios) }, start: start.map { $0 * unit },
        units: start.map { _ in unit }, maximumIterations: maximumIterations, threads: threads)
      outcomes.append(try search.run())
    }
    return try LinearMixedModelFit(system, objective, Self.best(outcomes), design: design, groups: groups)
  }

  /// Where to begin, in units of a search.
  private func starts(_ system: MixedModelSystem) -> [[Double]] {
    // Where the columns tell all of a group the objective is flat in its ratio, or rises, and the search stays at zero.
    let usual = system.contrasts.map { $0 == 0 ? 0 : startRatio }
    let free = usual.indices.filter { usual[$0] != 0 }
    guard startsFromZeros, free.count > 1 else { return [usual] }
    func zeroing(_ zeros: [Int]) -> [Double] { usual.indices.map { zeros.contains($0) ? 0 : usual[$0] } }
    let without = free.map { zeroing([$0]) }
    return [usual] + without + (free.count > 2 ? free.map { one in zeroing(free.filter { $0 != one }) } : [])
  }

  /// The lowest of those that converged, or of all where none did; of equal ones the first, so that more starts change nothing but a
  /// wrong answer.
  private static func best(_ outcomes: [RatioSearch.Outcome]) -> RatioSearch.Outcome {
    let converged = outcomes.filter(\.record.converged)
    let candidates = converged.isEmpty ? outcomes : converged
    var best = candidates[0]
    func isLower(_ a: Double, _ b: Double) -> Bool { a < b - 1e-7 * max(1, abs(b)) }
    for other in candidates.dropFirst() where isLower(other.value, best.value) { best = other }
    best.hasOtherMinimum = converged.contains { isLower(best.value, $0.value) }
    best.record.evaluations = outcomes.reduce(0) { $0 + $1.record.evaluations }
    return best
  }
}
