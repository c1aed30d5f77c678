/// One term of a design: a number, a category with treatment contrasts, or the product of several.
public indirect enum DesignTerm: Sendable, Equatable {
  /// A number per row.
  case number(name: String, values: [Double])
  /// A category per row.
  case category(Category)
  /// The products of the parts' columns.
  case interaction([DesignTerm])

  /// A category with treatment contrasts: a column `name=level` per level but the reference.
  public struct Category: Sendable, Equatable {
    /// The category's name.
    public var name: String
    /// Its levels.
    public var levels: [String]
    /// Each row's position in `levels`, or ``missing``.
    public var codes: [Int32]
    /// The level without a column.
    public var reference: Int

    /// A category from codes.
    public init(name: String, levels: [String], codes: [Int32], reference: Int = 0) {
      self.name = name
      self.levels = levels
      self.codes = codes
      self.reference = reference
    }

    /// A category from texts; levels are sorted by their bytes, and the first is the reference unless one is named.
    ///
    /// - Throws: ``NumericsError/invalidInput(_:)`` where the named reference doesn't occur.
    public init(name: String, values: [String], reference: String? = nil) throws(NumericsError) {
      levels = Set(values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
      self.name = name
      self.codes = values.map { codes[$0]! }
      if let reference {
        guard let code = codes[reference] else {
          throw .invalidInput(
            "'\(reference)' is not a level of \(name), whose levels are \(levels.joined(separator: ", "))")
        }
        self.reference = Int(code)
      } else {
        self.reference = 0
      }
    }
  }

  /// Expects one value per row, finite, codes and a reference that are levels, and parts of an interaction.
  func check(rows: Int) throws(NumericsError) {
    try checkCount(rows: rows)
    switch self {
    case .number(let name, let values):
      if let row = values.firstIndex(where: { !$0.isFinite }) {
        throw .invalidInput("'\(name)' is \(values[row]) in row \(row + 1), expected a finite number")
      }
    case .category(let category):
      let codes = 0..<Int32(category.levels.count)
      if let row = category.codes.firstIndex(where: { !codes.contains($0) }) {
        throw .invalidInput(
          "'\(category.name)' has code \(category.codes[row]) in row \(row + 1), expected 0 to \(codes.upperBound - 1)")
      }
    case .interaction(let parts):
      for part in parts { try part.check(rows: rows) }
    }
  }

  /// Expects one value per row, a reference among the levels, and parts of an interaction.
  func checkCount(rows: Int) throws(NumericsError) {
    switch self {
    case .number(let name, let values):
      guard values.count == rows else {
        throw .invalidInput("'\(name)' has \(values.count) values, expected \(rows)")
      }
    case .category(let category):
      guard category.codes.count == rows else {
        throw .invalidInput("'\(category.name)' has \(category.codes.count) values, expected \(rows)")
      }
      guard category.levels.indices.contains(category.reference) else {
        throw .invalidInput(
          "'\(category.name)' has reference \(category.reference), expected one of its \(category.levels.count) levels, "
            + "counted from 0")
      }
    case .interaction(let parts):
      guard !parts.isEmpty else { throw .invalidInput("an interaction has no parts, expected one or more") }
      for part in parts { try part.checkCount(rows: rows) }
    }
  }

  /// One name per column.
  var columnNames: [String] {
    switch self {
    case .number(let name, _): [name]
    case .category(let category):
      category.levels.indices.filter { $0 != category.reference }.map { "\(category.name)=\(category.levels[$0])" }
    case .interaction(let parts):
      parts.dropFirst().reduce(parts.first?.columnNames ?? []) { names, part in
        part.columnNames.flatMap { last in names.map { "\($0):\(last)" } }
      }
    }
  }

  /// How many columns there are.
  var columnCount: Int {
    switch self {
    case .number: 1
    case .category(let category): category.levels.count - 1
    case .interaction(let parts): parts.reduce(1) { $0 * $1.columnCount }
    }
  }

  /// Calls `body` with each row's column that isn't zero, and its value.
  @inline(__always) func forEachEntry(rows: Int, _ body: (Int, Int, Double) -> Void) {
    switch self {
    case .number(_, let values): for row in 0..<rows { body(row, 0, values[row]) }
    case .category(let category):
      for row in 0..<rows {
        let code = Int(category.codes[row])
        if code != category.reference { body(row, code < category.reference ? code : code - 1, 1) }
      }
    case .interaction:
      for row in 0..<rows { if let (column, value) = entry(row: row) { body(row, column, value) } }
    }
  }

  /// The one column that isn't zero in this row, and its value.
  func entry(row: Int) -> (column: Int, value: Double)? {
    switch self {
    case .number(_, let values): return (0, values[row])
    case .category(let category):
      let code = Int(category.codes[row])
      if code == category.reference { return nil }
      return (code < category.reference ? code : code - 1, 1)
    case .interaction(let parts):
      var column = 0
      var value = 1.0
      var stride = 1
      for part in parts {
        guard let entry = part.entry(row: row) else { return nil }
        column += stride * entry.column
        value *= entry.value
        stride *= part.columnCount
      }
      return (column, value)
    }
  }
}
