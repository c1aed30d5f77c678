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
  /// The same table from the odd and from the even half of the events, for reliability; empty when not known.
  public var oddHalf: [[Double?]]
  public var evenHalf: [[Double?]]

  /// A table; the halves are both given or both empty.
  public init(
    managers: [String], indicators: [Indicator], values: [[Double?]], oddHalf: [[Double?]] = [],
    evenHalf: [[Double?]] = []
  ) {
    for (name, rows) in [("values", values), ("oddHalf", oddHalf), ("evenHalf", evenHalf)] {
      precondition(
        rows.count == managers.count || (rows.isEmpty && name != "values"),
        "\(name) has \(rows.count) rows, expected one for each of \(managers.count) managers")
      precondition(
        rows.allSatisfy { $0.count == indicators.count },
        "every row of \(name) needs \(indicators.count) entries, one for each indicator")
    }
    precondition(oddHalf.count == evenHalf.count, "give both halves or neither")
    self.managers = managers
    self.indicators = indicators
    self.values = values
    self.oddHalf = oddHalf
    self.evenHalf = evenHalf
  }

  /// The columns of these indicators, as they stand, without halves.
  func selecting(_ names: [String]) -> IndicatorTable {
    let columns = indicators.indices.filter { names.contains(indicators[$0].name) }
    return IndicatorTable(
      managers: managers, indicators: columns.map { indicators[$0] },
      values: values.map { row in columns.map { row[$0] } })
  }
}
