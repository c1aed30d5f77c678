import Rapport

/// A fit's lists as one table: a row per entry, and a column `part` that says which list it is from.
enum FitRows {
  static func table(_ fit: JSONValue, parts: [String]) -> FlatTable {
    FlatTable(
      parts.flatMap { part in (fit[part]?.elements ?? []).map { $0.with("part", .string(part)) } },
      leading: [
        "part", "name", "group", "level", "estimate", "standardError", "robustStandardError", "standardDeviation",
        "variance", "levels", "degreesOfFreedom", "low", "high", "pValue",
      ])
  }
}
