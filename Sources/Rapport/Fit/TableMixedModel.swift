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

  /// Which intervals of variances to find.
  public enum Intervals: String, Sendable, CaseIterable {
    /// By the likelihood's profile, some twenty fits for each.
    case profile
    /// No intervals of variances. Not `none`, which would be taken for the optional's.
    case omitted = "none"
  }
  /// Up to so many rows profiles are followed unless asked otherwise.
  public static let mostProfiled = 100_000
  /// `nil`: profiles, up to ``mostProfiled`` rows.
  public var intervals: Intervals?

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
    if let weights { try Self.check(frame.column(weights, for: "--weights")) }
    try frame.close()
    let terms = try frame.terms()
    let groups = try frame.randomGroups(names, hasFreedoms: true)
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
      // As few rows as profiles are followed for are soon fitted some times more.
      model.startsFromZeros = y.count <= Self.mostProfiled
      let design = try DesignMatrix(rows: y.count, terms: terms)
      let cells = try weights.map { name throws(NumericsError) in
        try ResponseCells(rows: y, weights: frame.numbers(name))
      }
      let fit = try model.fit(cells ?? ResponseCells(rows: y), design: design, groups: groups.map(\.grouping))
      if let told = fit.components.first(where: { $0.contrasts == 0 }) {
        throw NumericsError.invalidInput(Self.refusal(told.group))
      }
      return TableMixedFit(self, fit, groups: groups, frame)
    } catch {
      throw IngestionError(.unusable, "\(table.name): \(error.description)")
    }
  }

  /// What is said of a group of which fixed columns leave nothing.
  private static func refusal(_ group: String) -> String {
    "--random: every level of '\(group)' is already told by fixed columns, so that its variance can't be: leave it out of "
      + "--random, or what tells its levels out of --fixed"
  }

  /// Weights further from the usual one than this, up or down, leave nothing of the other rows, or of their own, in sums of
  /// 16 digits.
  private static let largestRatio = 1e12

  /// Expects positive numbers that can be told beside one another.
  private static func check(_ weights: TableColumn) throws(IngestionError) {
    try weights.requirePositiveNumbers(for: "a weight")
    let given = weights.numbers.indices.filter { !weights.isMissing[$0] }
    guard !given.isEmpty else { return }
    let usual = SampleQuantile.of(sorted: given.map { weights.numbers[$0] }.sorted(), 0.5, type: 1)
    guard
      let row = given.first(where: { row in
        let ratio = weights.numbers[row] / usual
        return !(ratio <= largestRatio && ratio >= 1 / largestRatio)
      })
    else { return }
    throw IngestionError(
      .unusable,
      "\(weights.place(row)): column '\(weights.name)': found '\(weights.fields[row])', expected a weight no more than 10¹² "
        + "times larger or smaller than the column's middle one, \(Figure.significant(usual, digits: 4)): beside it the other "
        + "rows would count for nothing, or it for nothing beside them")
  }
}
