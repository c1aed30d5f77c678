import RapportScoring

/// An assessment as flat tables, one per file: the same keys as in the JSON, nested ones joined by a dot.
public struct ResultTables {
  private let tree: JSONValue

  /// - Parameter tree: an ``Assessment`` as it encodes itself.
  public init(_ tree: JSONValue) { self.tree = tree }

  /// A row per manager.
  public var managers: FlatTable {
    FlatTable(
      tree["managers"]?.elements ?? [],
      leading: [
        "id", "attributes", "health", "healthPercentile", "rank", "trust", "trustInPartner", "trustInManager",
        "trustGap",
        "consistency", "domains", "indicators", "attribution",
      ])
  }

  /// A row per pair.
  public var pairs: FlatTable {
    FlatTable(
      tree["pairs"]?.elements ?? [],
      leading: [
        "manager", "partner", "requests", "answered", "open", "health", "trust", "trustInPartner", "trustInManager",
        "consistency", "indicators",
      ])
  }

  /// A row per partner.
  public var partners: FlatTable {
    FlatTable(
      tree["partners"]?.elements ?? [],
      leading: [
        "id", "attributes", "requests", "answered", "open", "withdrawn", "reassigned", "pausedShare", "wait", "health",
        "trust", "consistency",
      ])
  }

  /// A row per finding; `level` says whether it is about a pair, a partner, a manager or a group.
  public var favouritism: FlatTable {
    let levels = [("pair", "pairs"), ("partner", "partners"), ("manager", "managers"), ("group", "groups")]
    let rows = levels.flatMap { level, key -> [JSONValue] in
      (tree["favouritism"]?[key]?.elements ?? []).map { Self.adding("level", .string(level), to: $0) }
    }
    return FlatTable(
      rows,
      leading: [
        "level", "manager", "partner", "attribute", "value", "verdict", "ratio", "low", "high", "localFalseSignRate",
        "sValue", "requests", "answered", "estimate",
      ])
  }

  /// A row per indicator that takes part in the factor study, with its loading on each factor.
  public var factors: FlatTable {
    let study = tree["factors"]
    let variables = study?["variables"]?.elements ?? []
    let loadings = study?["loadings"]?.elements ?? []
    var coverage: [JSONValue: JSONValue] = [:]
    for row in study?["coverage"]?.elements ?? [] {
      if let name = row["indicator"] { coverage[name] = row }
    }
    let rows = variables.enumerated().map { i, variable -> JSONValue in
      var row: [String: JSONValue] = ["variable": variable]
      if i < loadings.count {
        for (j, loading) in loadings[i].elements.enumerated() { row["factor\(j + 1)"] = loading }
      }
      for (column, key) in [("communality", "communalities"), ("uniqueness", "uniquenesses"), ("kmo", "kmoByVariable")]
      {
        let values = study?[key]?.elements ?? []
        if i < values.count { row[column] = values[i] }
      }
      for key in ["role", "managers", "missingShare", "reliability"] { row[key] = coverage[variable]?[key] }
      return .object(row)
    }
    guard rows.isEmpty else {
      let factors = rows.reduce(0) { max($0, Self.factorCount($1)) }
      return FlatTable(rows, leading: ["variable"] + (0..<factors).map { "factor\($0 + 1)" })
    }
    return FlatTable([.object(["status": study?["status"] ?? .null, "reason": study?["reason"] ?? .null])])
  }

  /// A row per ranked manager, in the order of the ranking.
  public func ranking(by score: RankedScore) -> FlatTable {
    let managers = Dictionary(
      (tree["managers"]?.elements ?? []).compactMap { row in row["id"].map { ($0, row) } },
      uniquingKeysWith: { a, _ in a })
    let rows = (tree["ranking"]?["order"]?.elements ?? []).compactMap { id -> JSONValue? in
      guard let manager = managers[id] else { return nil }
      return Self.rankingRow(manager, by: score)
    }
    return FlatTable(rows, leading: ["id", "rank", score.rawValue])
  }

  /// The part of a manager that a ranking shows.
  public static func rankingRow(_ manager: JSONValue, by score: RankedScore) -> JSONValue {
    var row: [String: JSONValue] = [:]
    for key in ["id", "attributes", "rank"] { row[key] = manager[key] }
    let value = manager[score.rawValue] ?? manager["domains"]?[score.rawValue]
    row[score.rawValue] = value
    return .object(row)
  }

  private static func factorCount(_ row: JSONValue) -> Int {
    var count = 0
    while row["factor\(count + 1)"] != nil { count += 1 }
    return count
  }

  private static func adding(_ key: String, _ value: JSONValue, to row: JSONValue) -> JSONValue {
    guard case .object(var members) = row else { return row }
    members[key] = value
    return .object(members)
  }
}
