import RapportNumerics

/// The columns that a model needs of a table, and the rows in which none of them is missing.
///
/// First every column is named, then ``close()`` settles the rows, then terms and groups are made of them.
struct ModelFrame {
  let table: Table
  /// Rows of the table that are used, ascending.
  private(set) var rows: [Int] = []
  private(set) var usedRows = UsedRows(read: 0, used: 0, missing: [:])
  /// What the user should know, in words.
  private(set) var notes: [String] = []
  private var columns: [String: TableColumn] = [:]
  private var parts: [[String]] = []
  private var categorical: Set<String> = []
  private var references: [String: String] = [:]
  /// Columns whose fields are levels even where they are numbers.
  private var levelNames: Set<String> = []

  /// - Throws: ``/RapportIngestion/IngestionError`` of kind `unusable` for a table without rows.
  init(_ table: Table) throws(IngestionError) {
    guard !table.rows.isEmpty else {
      throw IngestionError(.unusable, "\(table.name): a header but no rows; a model needs a row per observation")
    }
    self.table = table
  }

  // MARK: Naming columns

  /// The column of this name, from now on needed in every row.
  ///
  /// - Parameter option: what asked for it, for messages.
  @discardableResult
  mutating func column(_ name: String, for option: String) throws(IngestionError) -> TableColumn {
    if let known = columns[name] { return known }
    do throws(IngestionError) {
      let column = try TableColumn(name, of: table)
      columns[name] = column
      return column
    } catch {
      throw IngestionError(error.kind, "\(option): \(error.description)")
    }
  }

  /// Names from arguments, each of which may hold several, separated by commas.
  func names(_ arguments: [String]) -> [String] {
    arguments.flatMap { argument in
      table.position(of: argument) != nil
        ? [argument]
        : argument.split(separator: ",", omittingEmptySubsequences: true).map { Self.trimmed($0) }.filter {
          !$0.isEmpty
        }
    }
  }

  /// The columns whose product a name spells: itself, or its parts between colons.
  func factors(of name: String) -> [String] {
    table.position(of: name) != nil ? [name] : name.split(separator: ":").map { Self.trimmed($0) }
  }

  /// Takes the fixed part: its columns, what is a category, and references.
  ///
  /// - Parameter taken: columns with another role, which can't explain themselves, by option.
  mutating func take(_ fixed: FixedTerms, taken: [(option: String, column: String)] = []) throws(IngestionError) {
    var seen: Set<Set<String>> = []
    for name in names(fixed.terms) {
      let factors = factors(of: name)
      for factor in factors {
        try column(factor, for: "--fixed")
        if let role = taken.first(where: { $0.column == factor }) {
          throw IngestionError(
            .usage, "--fixed: '\(factor)' is \(role.option) already, and can't explain itself; leave it out")
        }
      }
      guard Set(factors).count == factors.count else {
        throw IngestionError(.usage, "--fixed: '\(name)' multiplies a column with itself; add its square to the table")
      }
      guard seen.insert(Set(factors)).inserted else {
        throw IngestionError(.usage, "--fixed: '\(name)' is given twice; leave one out")
      }
      parts.append(factors)
    }
    let used = Set(parts.joined())
    for name in names(fixed.categorical) {
      try column(name, for: "--categorical")
      guard used.contains(name) else { throw Self.unused(name, "--categorical", used) }
      categorical.insert(name)
      levelNames.insert(name)
    }
    for text in fixed.references {
      guard let split = text.indices.first(where: { text[$0] == "=" && used.contains(String(text[..<$0])) }) else {
        guard let equals = text.firstIndex(of: "=") else {
          throw IngestionError(.usage, "--reference: found '\(text)', expected column=level, such as topic=pay")
        }
        throw Self.unused(String(text[..<equals]), "--reference", used)
      }
      let (name, level) = (String(text[..<split]), String(text[text.index(after: split)...]))
      if let before = references.updateValue(level, forKey: name) {
        throw IngestionError(
          .usage,
          "--reference: '\(name)' has '\(before)' and '\(level)' as its reference; give one of them")
      }
    }
    for term in parts where term.count > 1 {
      for factor in term where !parts.contains([factor]) {
        notes.append(
          "'\(term.joined(separator: ":"))' is in the model and '\(factor)' by itself is not: it is taken to have no effect "
            + "where the others are zero or at their reference")
      }
    }
  }

  private static func unused(_ name: String, _ option: String, _ used: Set<String>) -> IngestionError {
    IngestionError(
      .usage,
      "\(option): '\(name)' isn't one of the columns of --fixed"
        + NearestWord.suggestion(for: name, among: used.sorted()))
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  // MARK: Rows

  /// Settles which rows are used.
  ///
  /// - Throws: ``/RapportIngestion/IngestionError`` of kind `unusable` where none is.
  mutating func close() throws(IngestionError) {
    var isUsed = [Bool](repeating: true, count: table.rows.count)
    var missing: [String: Int] = [:]
    for (name, column) in columns {
      var count = 0
      for (row, isMissing) in column.isMissing.enumerated() where isMissing {
        isUsed[row] = false
        count += 1
      }
      if count > 0 { missing[name] = count }
    }
    rows = isUsed.indices.filter { isUsed[$0] }
    usedRows = UsedRows(read: table.rows.count, used: rows.count, missing: missing)
    if let note = usedRows.note { notes.insert(note, at: 0) }
    for name in levelNames.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      if let note = columns[name].flatMap(spellings) { notes.append(note) }
    }
    guard !rows.isEmpty else {
      let names = missing.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "'\($0.key)' in \($0.value)" }.joined(separator: ", ")
      throw IngestionError(
        .unusable, "\(table.name): something is missing in every one of \(table.rows.count) rows: \(names)")
    }
  }

  /// What is to be said of numbers that are written in several ways and so are several levels; `nil` where none is.
  ///
  /// They aren't made one level: `7` and `007` may be two people.
  private func spellings(_ column: TableColumn) -> String? {
    guard column.isNumeric else { return nil }
    var first: [Double: String] = [:]
    for row in rows {
      let (number, field) = (column.numbers[row], column.fields[row])
      guard let other = first[number] else {
        first[number] = field
        continue
      }
      if other != field {
        return
          "'\(column.name)' has levels '\(other)' and '\(field)', which are one number: levels are told apart as they are "
          + "written, so write equal ones alike"
      }
    }
    return nil
  }

  /// Leaves out more rows, for a reason that is told.
  mutating func leaveOut(_ isUnusable: (Int) -> Bool, because reason: String) throws(IngestionError) {
    let kept = rows.filter { !isUnusable($0) }
    guard kept.count < rows.count else { return }
    notes.append("\(Figure.count(rows.count - kept.count, "row")) left out because \(reason)")
    rows = kept
    usedRows.used = kept.count
    guard !rows.isEmpty else { throw IngestionError(.unusable, "\(table.name): no row is left: \(reason)") }
  }

  /// Adds something that the user should know.
  mutating func tell(_ note: String) { notes.append(note) }

  /// The numbers of a column in the rows that are used.
  func numbers(_ name: String) -> [Double] { values(columns[name]?.numbers ?? []) }

  /// Those of a row's values whose rows are used.
  func values<T>(_ all: [T]) -> [T] { rows.map { all[$0] } }

  // MARK: Terms and groups

  /// The terms of the fixed part.
  mutating func terms() throws -> [DesignTerm] {
    var made: [String: DesignTerm] = [:]
    for name in Set(parts.joined()).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      made[name] = try term(name)
    }
    for name in references.keys.sorted() {
      guard case .category = made[name] else {
        throw IngestionError(
          .usage,
          "--reference: '\(name)' holds numbers, which have no reference; --categorical \(name) makes it categories")
      }
    }
    return parts.map { part in part.count == 1 ? made[part[0]]! : .interaction(part.map { made[$0]! }) }
  }

  private mutating func term(_ name: String) throws(IngestionError) -> DesignTerm {
    guard let column = columns[name] else { throw IngestionError(.usage, "--fixed: '\(name)' wasn't read") }
    if column.isNumeric, !categorical.contains(name) { return .number(name: name, values: numbers(name)) }
    if let first = column.firstText, !categorical.contains(name) {
      try column.requireNoCommasInNumbers(orElse: "say --categorical \(name) where these are categories")
      let numberCount = column.isMissing.count { !$0 } - column.textCount
      guard numberCount < column.textCount else {
        throw IngestionError(
          .unusable,
          "\(column.place(first)): column '\(name)': found '\(column.fields[first])' among numbers; mend it, or say "
            + "--categorical \(name) where the numbers are categories")
      }
    }
    let fields = values(column.fields)
    let levels = Self.levels(fields, byNumber: column.isNumeric)
    var reference = 0
    if let named = references[name] {
      guard let position = levels.firstIndex(of: named) else {
        throw IngestionError(
          .usage,
          "--reference: '\(named)' isn't a level of '\(name)'\(NearestWord.suggestion(for: named, among: levels)); it has "
            + Self.some(levels))
      }
      reference = position
    }
    if levels.count == 1 {
      notes.append("'\(name)' has one level only, '\(levels[0])', in the rows that are used, and tells nothing")
    }
    let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    return .category(.init(name: name, levels: levels, codes: fields.map { codes[$0]! }, reference: reference))
  }

  /// What a group's levels are called, and each used row's.
  ///
  /// - Parameter name: a column, or several with colons between them: every combination that occurs is a level.
  func group(_ name: String) -> (grouping: Grouping, levels: [String]) {
    var found = crossing(factors(of: name))
    found.grouping.name = name
    return found
  }

  /// Every combination of some groups' levels that occurs; `nil` without groups.
  ///
  /// Each may be a product itself. Their names aren't put together to one: a column's own may hold colons.
  func combinations(_ names: [String]) -> Grouping? {
    names.map { group($0).grouping }.reduce(nil) { before, next in
      before.map { Grouping.crossing($0, next).grouping } ?? next
    }
  }

  private func crossing(_ factors: [String]) -> (grouping: Grouping, levels: [String]) {
    var result: (grouping: Grouping, levels: [String])?
    for factor in factors {
      let fields = values(columns[factor]?.fields ?? [])
      let levels = Self.levels(fields, byNumber: false)
      let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
      let next = Grouping(name: factor, codes: fields.map { codes[$0]! }, levelCount: levels.count)
      guard let before = result else {
        result = (next, levels)
        continue
      }
      let crossed = Grouping.crossing(before.grouping, next)
      result = (crossed.grouping, crossed.levels.map { "\(before.levels[Int($0.0)]):\(levels[Int($0.1)])" })
    }
    return result ?? (Grouping(name: "", codes: rows.map { _ in 0 }, levelCount: 1), [""])
  }

  /// What few levels do, in words, where intervals know nothing of degrees of freedom.
  ///
  /// With k levels alike in size the estimate over its error of a term that differs between them has Student's distribution
  /// with k − 2 degrees of freedom, and of the intercept with k − 1.
  private static func note(ofLevels k: Int, _ name: String) -> String? {
    guard k < manyLevels else { return nil }
    let known = few(k, name)
    let between =
      "\(k < 5 ? ". W" : ": w")here a fixed term differs between them rather than within them, its interval is too short"
    guard k > 2 else { return known + between + ", and no width is sure with two levels" }
    let student = StudentT(degreesOfFreedom: Double(k - 2))
    let held = 2 * student.cumulative(1.959963984540054) - 1
    let ratio = student.quantile(0.975) / 1.959963984540054
    return known + between + ", one of 95 % holding about \(Figure.percent(held)); Student's distribution with "
      + "\(Figure.count(k - 2, "degree")) of freedom makes it \(Figure.number(ratio, digits: 1)) times as wide"
  }

  private static func few(_ k: Int, _ name: String) -> String {
    let hint = "'\(name)' has only \(k) levels"
    return k < 5 ? "\(hint): its variance is hardly known; consider --fixed \(name)" : hint
  }

  /// What few levels did to a fit whose intervals know of degrees of freedom, in words.
  ///
  /// - Parameters:
  ///   - variance: the group's, as it came out.
  ///   - freedoms: those that intervals of the fixed terms were made with; `nil` where none could be told.
  static func note(ofLevels k: Int, _ name: String, variance: Double, freedoms: [Double]?) -> String? {
    guard k < manyLevels else { return nil }
    if variance == 0 {
      return
        "\(few(k, name))\(k < 5 ? ". It" : "; its variance") came out as 0 and counts as known to be 0, so intervals of the "
        + "intercept and of fixed terms that differ between its levels may be too short"
    }
    guard k < 5, let fewest = freedoms?.min() else { return k < 5 ? few(k, name) : nil }
    return "\(few(k, name)). Intervals of the intercept and of fixed terms that differ between its levels are wide, as "
      + "Student's distribution with \(Figure.number(fewest, digits: 1)) degrees of freedom and more makes them"
  }

  /// The groups of the random effects, all of them named once and with enough levels to tell.
  ///
  /// - Parameter hasFreedoms: whether intervals of fixed terms know of degrees of freedom; what few levels do is told after
  ///   the fit then.
  mutating func randomGroups(
    _ names: [String], hasFreedoms: Bool = false
  ) throws(IngestionError) -> [(grouping: Grouping, levels: [String])] {
    var groups: [(grouping: Grouping, levels: [String])] = []
    for name in names {
      let group = group(name)
      guard group.levels.count > 1 else {
        throw IngestionError(
          .unusable,
          "--random: '\(name)' has one level only, '\(group.levels[0])', in the \(Figure.count(rows.count, "row")) that "
            + "can be used; a variance between levels needs two, and a usable one ten or more")
      }
      if !hasFreedoms, let note = Self.note(ofLevels: group.levels.count, name) { notes.append(note) }
      if let same = groups.first(where: { $0.grouping.separates(as: group.grouping) }) {
        throw IngestionError(
          .unusable,
          "--random: '\(name)' and '\(same.grouping.name)' group the rows alike, and can't be told apart; leave one out"
        )
      }
      groups.append(group)
    }
    return groups
  }

  /// Names the columns of the groups as needed.
  ///
  /// - Returns: the groups' names.
  mutating func take(groups arguments: [String], for option: String) throws(IngestionError) -> [String] {
    let names = names(arguments)
    for (index, name) in names.enumerated() {
      for factor in factors(of: name) {
        try column(factor, for: option)
        levelNames.insert(factor)
      }
      if names[..<index].contains(name) {
        throw IngestionError(.usage, "\(option): '\(name)' is given twice; leave one out")
      }
    }
    return names
  }

  /// Distinct texts, sorted by their bytes, or by number.
  private static func levels(_ fields: [String], byNumber: Bool) -> [String] {
    let distinct = Set(fields).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard byNumber else { return distinct }
    return distinct.enumerated().map { (number: Double($1) ?? 0, place: $0, text: $1) }
      .sorted { ($0.number, $0.place) < ($1.number, $1.place) }.map(\.text)
  }

  /// From so many levels on an interval of 95 % by the normal distribution holds some 93 % or more.
  private static let manyLevels = 20

  /// The first few of a list.
  static func some(_ names: [String]) -> String {
    names.prefix(12).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 12 ? ", …" : "")
  }
}
