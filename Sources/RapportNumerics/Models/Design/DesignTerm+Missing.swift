extension DesignTerm.Category {
  /// The code of a row whose category isn't known.
  public static let missing: Int32 = -1

  /// A category from texts with gaps; otherwise as from texts.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where the named reference doesn't occur.
  public init(name: String, optionalValues: [String?], reference: String? = nil) throws(NumericsError) {
    try self.init(name: name, values: optionalValues.compactMap { $0 }, reference: reference)
    var known = codes.makeIterator()
    codes = optionalValues.map { $0 == nil ? Self.missing : known.next() ?? Self.missing }
  }
}

extension DesignTerm {
  /// Whether the term has no value in this row.
  func isMissing(row: Int) -> Bool {
    switch self {
    case .number(_, let values): values[row].isNaN
    case .category(let category): category.codes[row] == Category.missing
    case .interaction(let parts): parts.contains { $0.isMissing(row: row) }
    }
  }

  /// The term in these rows, in this order.
  ///
  /// A category keeps the levels that occur there, in their order; the first of them is the reference where the reference
  /// itself doesn't occur. Rows may not be missing.
  func selecting(rows: [Int]) -> DesignTerm {
    switch self {
    case .number(let name, let values): return .number(name: name, values: rows.map { values[$0] })
    case .interaction(let parts): return .interaction(parts.map { $0.selecting(rows: rows) })
    case .category(var category):
      let codes = rows.map { category.codes[$0] }
      let present = Set(codes)
      let kept = category.levels.indices.filter { present.contains(Int32($0)) }
      let renumbered = Dictionary(uniqueKeysWithValues: kept.enumerated().map { (Int32($1), Int32($0)) })
      category.reference = kept.firstIndex(of: category.reference) ?? 0
      category.levels = kept.map { category.levels[$0] }
      // A code that isn't a level stays as it is, for the design to refuse.
      category.codes = codes.map { renumbered[$0] ?? $0 }
      return .category(category)
    }
  }
}
