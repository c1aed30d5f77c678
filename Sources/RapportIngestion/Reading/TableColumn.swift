/// A column of a plain table, for models: numbers where every field is one, text otherwise.
///
/// Empty fields, `NA` and `NaN` are missing.
public struct TableColumn: Sendable, Equatable {
  /// Its name in the header.
  public let name: String
  /// Row by row, as they stand in the table.
  public let fields: [String]
  /// Row by row, NaN where a field is missing or isn't a number.
  public let numbers: [Double]
  /// Whether a row's field is missing.
  public let isMissing: [Bool]
  /// The first row whose field is neither missing nor a number; `nil` where all are numbers.
  public let firstText: Int?
  /// How many fields are neither missing nor a number.
  public let textCount: Int

  /// The table's name, for messages.
  private let tableName: String
  /// The line on which each row begins, likewise.
  private let lines: [Int]

  /// The column of this name.
  ///
  /// - Throws: ``IngestionError`` of kind `usage`: there is no such column, with the nearest.
  public init(_ name: String, of table: Table) throws(IngestionError) {
    self.name = name
    tableName = table.name
    lines = table.lines
    fields = try table.column(name)
    isMissing = fields.map { Self.isMissing($0) }
    var numbers: [Double] = []
    numbers.reserveCapacity(fields.count)
    var texts = 0
    var firstText: Int?
    for (row, field) in fields.enumerated() {
      let number = isMissing[row] ? nil : Self.number(field)
      numbers.append(number ?? .nan)
      if number == nil, !isMissing[row] {
        texts += 1
        firstText = firstText ?? row
      }
    }
    self.numbers = numbers
    self.firstText = firstText
    textCount = texts
  }

  /// Whether every field that isn't missing is a number, and there is one.
  public var isNumeric: Bool { firstText == nil && isMissing.contains(false) }

  /// Whether every text of the column is a number with a comma in it, as `0,5`: a decimal comma or thousands, which aren't read.
  public var hasCommasInNumbers: Bool {
    firstText != nil
      && fields.indices.allSatisfy { isMissing[$0] || !numbers[$0].isNaN || Self.isNumberWithComma(fields[$0]) }
  }

  /// Expects that no comma stands in numbers, which would make them categories.
  ///
  /// - Parameter cure: what to say where the commas are meant, such as `say --categorical x where these are categories`.
  /// - Throws: ``IngestionError`` of kind `unusable` with the first field that is a number with a comma, where all texts are.
  public func requireNoCommasInNumbers(orElse cure: String) throws(IngestionError) {
    guard hasCommasInNumbers, let firstText else { return }
    throw IngestionError(
      .unusable,
      "\(place(firstText)): column '\(name)': found '\(fields[firstText])', a number with a comma; decimals are read with a "
        + "point, so replace the commas, or \(cure)")
  }

  /// The place of a row in messages: `table.csv:12`.
  public func place(_ row: Int) -> String { "\(tableName):\(lines[row])" }

  /// Expects numbers.
  ///
  /// - Parameter role: what the column is used for, as in `a response`.
  /// - Throws: ``IngestionError`` of kind `unusable` with the first field that isn't one.
  public func requireNumbers(for role: String) throws(IngestionError) {
    guard let firstText else { return }
    throw IngestionError(
      .unusable,
      "\(place(firstText)): column '\(name)': found '\(fields[firstText])', expected a number"
        + (Self.isNumberWithComma(fields[firstText]) ? " with a decimal point, no comma" : "")
        + "; \(role) has to be numbers, and empty or NA where it is missing")
  }

  /// Expects positive numbers where something stands.
  ///
  /// - Parameter role: what the column is used for, as in `a weight`.
  /// - Throws: ``IngestionError`` of kind `unusable` with the first field that isn't one.
  public func requirePositiveNumbers(for role: String) throws(IngestionError) {
    guard let row = fields.indices.first(where: { !isMissing[$0] && !(numbers[$0] > 0) }) else { return }
    throw IngestionError(
      .unusable,
      "\(place(row)): column '\(name)': found '\(fields[row])', expected a positive number as \(role); leave the field empty "
        + "where the row is to be left out")
  }

  /// Seconds of the times in the column, NaN where missing.
  ///
  /// - Parameter zone: of times without offset.
  /// - Throws: ``IngestionError`` of kind `unusable` with the first field that isn't a time.
  public func times(in zone: TimeZoneRules) throws(IngestionError) -> [Double] {
    var parser = TimeParser(zone: zone)
    var times: [Double] = []
    times.reserveCapacity(fields.count)
    for (row, field) in fields.enumerated() {
      if isMissing[row] {
        times.append(.nan)
        continue
      }
      let fixed = FixedBytes(field)
      guard let instant = withExtendedLifetime(fixed, { parser.instant(fixed.bytes) }) else {
        throw IngestionError(
          .unusable,
          "\(place(row)): column '\(name)': found '\(field)', expected a number or a time such as 2026-01-31T09:30")
      }
      times.append(Double(instant.milliseconds) / 1000)
    }
    return times
  }

  /// Whether a field says that nothing is known.
  static func isMissing(_ field: String) -> Bool { field.isEmpty || field == "NA" || field == "NaN" }

  /// A finite number in decimal notation.
  static func number(_ field: String) -> Double? {
    let bytes = field.utf8
    guard let first = bytes.first, let last = bytes.last, Self.digits.contains(last) || last == UInt8(ascii: "."),
      Self.digits.contains(first) || "+-.".utf8.contains(first),
      !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }),
      let number = Double(field), number.isFinite
    else { return nil }
    return number
  }

  /// Digits, a comma and digits, perhaps with a sign.
  static func isNumberWithComma(_ field: String) -> Bool {
    var bytes = field.utf8[...]
    if let first = bytes.first, "+-".utf8.contains(first) { bytes = bytes.dropFirst() }
    let parts = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(digits.contains) }
  }

  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
