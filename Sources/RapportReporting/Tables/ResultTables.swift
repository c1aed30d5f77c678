import RapportScoring

/// An assessment as flat tables, one per file: the same keys as in the JSON, nested ones joined by a dot.
///
/// Every table throws `EncodingError` where a number isn't finite, which is a defect.
public struct ResultTables: Sendable {
  private let assessment: Assessment
  private let threads: Int

  /// - Parameter threads: how many work; they can't change a byte.
  public init(_ assessment: Assessment, threads: Int = 1) {
    self.assessment = assessment
    self.threads = threads
  }

  /// A row per manager.
  public func managers() throws -> FlatTable {
    try FlatTable(
      LazyRows(assessment.managers),
      leading: [
        "id", "attributes", "health", "healthPercentile", "rank", "trust", "trustInPartner", "trustInManager",
        "trustGap", "consistency", "domains", "indicators", "attribution",
      ], threads: threads)
  }

  /// A row per pair.
  public func pairs() throws -> FlatTable {
    try FlatTable(LazyRows(assessment.pairs), leading: Self.pairColumns, threads: threads)
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
      ], threads: threads)
  }

  /// A row per finding; `level` says whether it is about a pair, a partner, a manager or a group.
  public func favouritism() throws -> FlatTable { try Self.favouritism(assessment.favouritism, threads: threads) }

  /// The same of findings by themselves.
  public static func favouritism(_ findings: FavouritismFindings, threads: Int = 1) throws -> FlatTable {
    try FlatTable(
      Levelled.rows(findings.pairs, "pair"), Levelled.rows(findings.partners, "partner"),
      Levelled.rows(findings.managers, "manager"), Levelled.rows(findings.groups, "group"),
      leading: [
        "level", "manager", "partner", "attribute", "value", "verdict", "ratio", "low", "high", "localFalseSignRate",
        "sValue", "choices", "overtakes", "overtaken", "requests", "answered", "estimate", "timing", "timingDifference",
        "cox",
      ], threads: threads)
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

  /// A row per manager, indicator and month; where months are too few, one row says so.
  ///
  /// The change that begins in a month stands in its row; the direction, and the probability that the rate changed at all,
  /// in that of the last month.
  public func trends() throws -> FlatTable {
    let (managers, keys) = (assessment.trends.managers, Wording.trendOrder)
    // Where each indicator of each manager begins, so that no row is made before its turn.
    var starts = [0]
    for manager in managers {
      for key in keys {
        starts.append(starts[starts.count - 1] + (manager.indicators[key].map { $0.path?.count ?? 1 } ?? 0))
      }
    }
    let (ends, total) = (starts, starts[starts.count - 1])
    guard total > 0 else {
      let row = TrendRow(status: "insufficient", reason: assessment.trends.reason)
      return try FlatTable(LazyRows([row]), leading: TrendRow.columns, always: TrendRow.cells)
    }
    return try FlatTable(
      LazyRows(count: total) { i in
        // The last that begins at or before i; of several with the same start the others are empty.
        var (low, high) = (0, ends.count - 1)
        while high - low > 1 {
          let middle = (low + high) / 2
          if ends[middle] <= i { low = middle } else { high = middle }
        }
        return TrendRow(managers[low / keys.count], keys[low % keys.count], month: i - ends[low])
      },
      leading: TrendRow.columns, always: TrendRow.cells, threads: threads)
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

/// A finding beside the word that says what it is about.
private struct Levelled<Finding: Encodable & Sendable>: Encodable {
  enum CodingKeys: CodingKey { case level }
  var finding: Finding
  var level: String

  static func rows(_ findings: [Finding], _ level: String) -> LazyRows {
    LazyRows(count: findings.count) { Self(finding: findings[$0], level: level) }
  }

  func encode(to encoder: any Encoder) throws {
    try finding.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(level, forKey: .level)
  }
}
