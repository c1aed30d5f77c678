import RapportNumerics

/// A linear mixed model of a table's columns: one numeric response, fixed terms, random intercepts.
///
/// What `rapport fit mixed` does. An intercept, `(Intercept)`, comes first, then the terms as given. A category has
/// treatment contrasts, with columns named `topic=pay`.
public struct TableMixedModel: Sendable, Equatable {
  /// The column to explain.
  public var response: String
  /// What explains it, apart from groups.
  public var fixed = FixedTerms()
  /// Groups with an intercept each: columns, or products such as `manager:partner`; one element may hold several,
  /// separated by commas.
  public var random: [String] = []
  /// Restricted, unless fits with different fixed terms are to be compared.
  public var criterion = LinearMixedModel.Criterion.restricted

  /// A column of positive numbers w: a row's residual variance is σ²/w; `nil` for one each.
  public var weights: String?

  /// A model of this response.
  public init(response: String) { self.response = response }

  /// Fits the model to the rows in which nothing is missing that it needs.
  ///
  /// - Throws: ``/RapportIngestion/IngestionError``: of kind `usage` for columns, levels or terms that don't exist or contradict each other,
  ///   of kind `unusable` for values that can't be used.
  /// - Complexity: see `LinearMixedModel`.
  public func fit(_ table: Table) throws -> TableMixedFit {
    var frame = try ModelFrame(table)
    let column = try frame.column(response, for: "--response")
    try column.requireNumbers(for: "a response")
    let names = try frame.take(groups: random, for: "--random")
    guard !names.contains(response) else {
      throw IngestionError(.usage, "--random: '\(response)' is the response already; leave it out")
    }
    try frame.take(fixed, taken: [("the response", response)])
    if let weights { try frame.column(weights, for: "--weights").requirePositiveNumbers(for: "a weight") }
    try frame.close()
    let terms = try frame.terms()
    let groups = try frame.randomGroups(names)
    let y = frame.numbers(response)
    for group in groups where group.levels.count >= y.count {
      throw IngestionError(
        .unusable,
        "--random: '\(group.grouping.name)' has a level for each of the \(y.count) rows, so that its effects can't be told "
          + "from the residuals; leave it out")
    }
    do throws(NumericsError) {
      var model = LinearMixedModel()
      model.criterion = criterion
      let design = try DesignMatrix(rows: y.count, terms: terms)
      let cells = try weights.map { name throws(NumericsError) in
        try ResponseCells(rows: y, weights: frame.numbers(name))
      }
      let fit = try model.fit(cells ?? ResponseCells(rows: y), design: design, groups: groups.map(\.grouping))
      return TableMixedFit(self, fit, groups: groups, frame)
    } catch {
      throw IngestionError(.unusable, "\(table.name): \(error.description)")
    }
  }
}
