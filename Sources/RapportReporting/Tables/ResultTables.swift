import RapportScoring

/// An assessment as flat tables, one per file: the same keys as in the JSON, nested ones joined by a dot.
///
/// Every table throws `EncodingError` where a number isn't finite, which is a defect.
public struct ResultTables: Sendable {
  private let assessment: Assessment

  public init(_ assessment: Assessment) { self.assessment = assessment }

  /// A row per manager.
  public func managers() throws -> FlatTable {
    try FlatTable(
      LazyRows(assessment.managers),
      leading: [
        "id", "attributes", "health", "healthPercentile", "rank", "trust", "trustInPartner", "trustInManager",
        "trustGap", "consistency", "domains", "indicators", "attribution",
      ])
  }

  /// A row per pair.
  public func pairs() throws -> FlatTable {
    try FlatTable(LazyRows(assessment.pairs), leading: Self.pairColumns)
  }

  /// The columns of a pair that come first.
  static let pairColumns = [
    "manager", "partner", "requests", "answered", "open", "health", "trust", "trustInPartner", "trustInManager",
    "consistency", "indicators",
  ]

  /// A row per partner.
  public func partners() throws -> FlatTable {
    try FlatTable(
      LazyRows(assessment.partners),
      leading: [
        "id", "attributes", "requests", "answered", "open", "withdrawn", "reassigned", "pausedShare", "wait", "health",
        "trust", "consistency",
      ])
  }

  /// A row per finding; `level` says whether it is about a pair, a partner, a manager or a group.
  public func favouritism() throws -> FlatTable { try Self.favouritism(assessment.favouritism) }

  /// The same of findings by themselves.
  public static func favouritism(_ findings: FavouritismFindings) throws -> FlatTable {
    try FlatTable(
      LazyRows(findings.pairs) { $0.with("level", "pair") },
      LazyRows(findings.partners) { $0.with("level", "partner") },
      LazyRows(findings.managers) { $0.with("level", "manager") },
      LazyRows(findings.groups) { $0.with("level", "group") },
      leading: [
        "level", "manager", "partner", "attribute", "value", "verdict", "ratio", "low", "high", "localFalseSignRate",
        "sValue", "choices", "overtakes", "overtaken", "requests", "answered", "estimate", "timing", "timingDifference",
        "cox",
      ])
  }

  /// A row per indicator that takes part in the factor study, with its loading on each factor.
  public func factors() throws -> FlatTable {
    let study = try JSONValue(encoding: assessment.factors)
    let variables = study["variables"]?.elements ?? []
    guard !variables.isEmpty else {
      return FlatTable([["status": study["status"] ?? .null, "reason": study["reason"] ?? .null]])
    }
    let loadings = study["loadings"]?.elements ?? []
    let coverage = Dictionary(
      (study["coverage"]?.elements ?? []).compactMap { row in row["indicator"].map { ($0, row) } },
      uniquingKeysWith: { first, _ in first })
    let rows = variables.enumerated().map { i, variable -> JSONValue in
      var row: [String: JSONValue] = ["variable": variable]
      if i < loadings.count {
        for (j, loading) in loadings[i].elements.enumerated() { row["factor\(j + 1)"] = loading }
      }
      for (column, key) in [("communality", "communalities"), ("uniqueness", "uniquenesses"), ("kmo", "kmoByVariable")]
      {
        let values = study[key]?.elements ?? []
        if i < values.count { row[column] = values[i] }
      }
      for key in ["role", "managers", "missingShare", "reliability"] { row[key] = coverage[variable]?[key] }
      return .object(row)
    }
    return FlatTable(rows, leading: ["variable"] + (0..<assessment.factors.factors).map { "factor\($0 + 1)" })
  }

  /// A row per manager, indicator and month, with the change that begins there; where months are too few, one row says so.
  public func trends() throws -> FlatTable {
    let managers = assessment.trends.managers
    var rows: [(manager: Int, key: String, month: Int?)] = []
    for (i, manager) in managers.enumerated() {
      for key in Wording.indicatorOrder {
        guard let trend = manager.indicators[key] else { continue }
        if let path = trend.path {
          rows += path.months.indices.map { (i, key, $0) }
        } else {
          rows.append((i, key, nil))
        }
      }
    }
    guard !rows.isEmpty else {
      return FlatTable([
        ["status": "insufficient", "reason": assessment.trends.reason.map { .string($0) } ?? .null]
      ])
    }
    let places = rows
    return try FlatTable(
      LazyRows(count: places.count) { i in
        try Self.trendRow(managers[places[i].manager], places[i].key, month: places[i].month)
      },
      leading: [
        "manager", "indicator", "month", "events", "filtered", "smoothed", "change", "status", "n", "needed",
      ])
  }

  private static func trendRow(_ trends: ManagerTrends, _ key: String, month: Int?) throws -> JSONValue {
    func named(_ row: some Encodable) throws -> JSONValue {
      try JSONValue(encoding: row).with("manager", .string(trends.manager)).with("indicator", .string(key))
    }
    guard let month, let row = trends.indicators[key]?.path?.months[month] else {
      return try named(trends.indicators[key])
    }
    let cells = try named(row)
    guard let change = trends.changes.first(where: { $0.indicator == key && $0.month == row.month }) else {
      return cells
    }
    return cells.with(
      "change",
      [
        "probability": .number(change.probability), "before": try JSONValue(encoding: change.before),
        "after": try JSONValue(encoding: change.after),
      ])
  }

  /// A row per ranked manager, in the order of the ranking.
  public func ranking() throws -> FlatTable {
    let positions = Dictionary(
      assessment.managers.indices.map { (assessment.managers[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    let ranked = assessment.ranking.order.compactMap { positions[$0] }.map { assessment.managers[$0] }
    let by = assessment.ranking.by
    return try FlatTable(
      LazyRows(ranked) { Self.rankingRow($0, by: by) }, leading: ["id", "rank", by.rawValue])
  }

  /// The part of a manager that a ranking shows.
  public static func rankingRow(_ manager: JSONValue, by score: RankedScore) -> JSONValue {
    var row: [String: JSONValue] = [:]
    for key in ["id", "attributes", "rank"] { row[key] = manager[key] }
    row[score.rawValue] = manager[score.rawValue] ?? manager["domains"]?[score.rawValue]
    return .object(row)
  }
}
