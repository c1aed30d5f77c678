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
      let reason = assessment.trends.reason.map { JSONValue.string($0) } ?? .null
      return FlatTable([Self.trendCells(["status": "insufficient", "reason": reason])], leading: Self.trendColumns)
    }
    return try FlatTable(
      LazyRows(count: total) { i in
        // The last that begins at or before i; of several with the same start the others are empty.
        var (low, high) = (0, ends.count - 1)
        while high - low > 1 {
          let middle = (low + high) / 2
          if ends[middle] <= i { low = middle } else { high = middle }
        }
        return Self.trendRow(managers[low / keys.count], keys[low % keys.count], month: i - ends[low])
      },
      leading: Self.trendColumns)
  }

  private static let trendColumns = [
    "manager", "indicator", "month", "status", "events", "filtered", "smoothed", "direction", "changeProbability",
    "change", "n", "needed", "reason",
  ]

  /// A row with every column of `trends.csv`, whatever it holds.
  private static func trendCells(_ cells: [String: JSONValue]) -> JSONValue {
    let estimate: JSONValue = ["value": .null, "low": .null, "high": .null]
    let empty: [String: JSONValue] = [
      "manager": .null, "indicator": .null, "month": .null, "status": .null, "events": .null, "filtered": estimate,
      "smoothed": estimate, "direction": ["since": .null, "probabilityHigher": .null], "changeProbability": .null,
      "change": [
        "probability": .null, "before": ["value": .null, "low": .null, "high": .null, "effectiveN": .null],
        "after": ["value": .null, "low": .null, "high": .null, "effectiveN": .null], "ownBefore": .null,
        "ownAfter": .null,
      ], "n": .null, "needed": .null, "reason": .null,
    ]
    return .object(empty.merging(cells) { $1 })
  }

  private static func trendRow(_ trends: ManagerTrends, _ key: String, month: Int) -> JSONValue {
    var cells: [String: JSONValue] = ["manager": .string(trends.manager), "indicator": .string(key)]
    switch trends.indicators[key] {
    case .insufficient(let n, let needed)?:
      cells["status"] = "insufficient"
      cells["n"] = .integer(Int64(n))
      cells["needed"] = .integer(Int64(needed))
    case .estimated(let path)?:
      func level(_ level: TrendMonth.Level) -> JSONValue {
        ["value": .number(level.value), "low": .number(level.low), "high": .number(level.high)]
      }
      func estimate(_ estimate: Estimate) -> JSONValue {
        [
          "value": .number(estimate.value), "low": .number(estimate.low), "high": .number(estimate.high),
          "effectiveN": .number(estimate.effectiveN),
        ]
      }
      let row = path.month(month)
      cells["status"] = "estimated"
      cells["month"] = .string(row.month)
      cells["events"] = .integer(Int64(row.events))
      cells["filtered"] = level(row.filtered)
      cells["smoothed"] = level(row.smoothed)
      if month == path.count - 1 {
        if let direction = path.direction {
          cells["direction"] = [
            "since": .string(direction.since), "probabilityHigher": .number(direction.probabilityHigher),
          ]
        }
        if let probability = path.changeProbability { cells["changeProbability"] = .number(probability) }
      }
      if let change = trends.changes.first(where: { $0.indicator == key && $0.month == row.month }) {
        cells["change"] = [
          "probability": .number(change.probability), "before": estimate(change.before),
          "after": estimate(change.after), "ownBefore": .number(change.ownBefore),
          "ownAfter": .number(change.ownAfter),
        ]
      }
    case nil: break
    }
    return trendCells(cells)
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
