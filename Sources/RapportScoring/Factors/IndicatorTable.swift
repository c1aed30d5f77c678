/// Indicators measured on managers: what the factor study reads.
public struct IndicatorTable: Sendable, Equatable {
  /// Whether an indicator is part of what health is, or a symptom of something latent (METHODS.md §2).
  public enum Role: String, Codable, Sendable {
    case formative, reflective
  }

  /// A column: its name, in camel case, and its role.
  public struct Indicator: Sendable, Equatable {
    public var name: String
    public var role: Role
    public init(name: String, role: Role) {
      self.name = name
      self.role = role
    }
  }

  public var managers: [String]
  public var indicators: [Indicator]
  /// A row per manager, a column per indicator; `nil` where it isn't measured. The unit doesn't matter, since factors
  /// rest on correlations, but every indicator should point the same way: higher is healthier.
  public var values: [[Double?]]
  /// The same table from halves of the months, for reliability, however often they were split; empty when not known.
  public private(set) var splits: [Split]

  /// Values from the two halves of the months.
  public struct Split: Sendable, Equatable {
    public var first: [[Double?]]
    public var second: [[Double?]]
    public init(first: [[Double?]], second: [[Double?]]) {
      self.first = first
      self.second = second
    }
  }

  /// A table, with a row for each manager and a column for each indicator in all that is given.
  public init(
    managers: [String], indicators: [Indicator], values: [[Double?]], splits: [Split] = []
  ) {
    for rows in [values] + splits.flatMap({ [$0.first, $0.second] }) {
      precondition(
        rows.count == managers.count, "\(rows.count) rows, expected one for each of \(managers.count) managers")
      precondition(
        rows.allSatisfy { $0.count == indicators.count },
        "every row needs \(indicators.count) entries, one for each indicator")
    }
    self.managers = managers
    self.indicators = indicators
    self.values = values
    self.splits = splits
  }

  /// The columns of these indicators, as they stand, without halves.
  func selecting(_ names: [String]) -> IndicatorTable {
    let columns = indicators.indices.filter { names.contains(indicators[$0].name) }
    return IndicatorTable(
      managers: managers, indicators: columns.map { indicators[$0] },
      values: values.map { row in columns.map { row[$0] } })
  }
}
