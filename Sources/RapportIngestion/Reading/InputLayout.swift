import Synchronization

/// How one input is laid out: format, header, and which of its columns stand for the contract's.
final class InputLayout: Sendable {
  enum Format: Equatable, Sendable {
    case delimited(UInt8)
    case json
  }

  /// A contract column and where it comes from.
  struct Field: Sendable {
    let column: ContractColumn
    /// Position in ``header``.
    let index: Int
    /// Foreign value, composed (``NameForm``) → contract value; `nil` where values stand for themselves.
    let values: ByteWordTable<FixedBytes>?
    /// What any other value becomes.
    let otherwise: FixedBytes?
  }

  /// The input's name in messages, and without its folder in places.
  let name: String
  let shortName: String
  let format: Format
  /// The columns' names in order; of NDJSON, the keys of the first rows in order of appearance.
  let header: [String]
  let isCaseTable: Bool
  let fields: [Field]
  /// Contract columns that have the same value in every row.
  let constants: [(column: ContractColumn, value: FixedBytes)]
  /// Columns of the input that nothing uses, in order.
  let ignored: [String]
  /// Keys of mapped columns that the first rows of NDJSON lack, until a row has them, and what is wrong where none has.
  private let awaited: Mutex<[(key: String, error: IngestionError)]>

  /// Finds the contract's columns in a header.
  ///
  /// - Parameters:
  ///   - headerLine: the number of the line on which the header begins.
  ///   - isSample: of NDJSON, whether rows that weren't looked at may have other keys.
  /// - Throws: ``IngestionError`` of kind `unusable`: a mapped or needed column is missing, a name repeats, or the
  ///   header is neither that of an event log nor that of a case table.
  init(
    name: String, format: Format, header seen: [String], headerLine: Int, isSample: Bool = false,
    options: ReadingOptions
  ) throws(IngestionError) {
    self.name = name
    shortName = InputNames.short(name)
    self.format = format
    var header = seen
    // Some exports repeat names (Jira's comments); that harms only where the name is needed.
    var positions: [String: Int] = [:]
    var repeats: [String: Int] = [:]
    for (index, column) in header.enumerated() where !column.isEmpty {
      if positions[column] == nil { positions[column] = index } else { repeats[column] = repeats[column] ?? index }
    }

    var found: [ContractColumn: Int] = [:]
    var constants: [ContractColumn: String] = [:]
    var awaited: [(column: ContractColumn, key: String, error: IngestionError)] = []
    for column in ContractColumn.allCases {
      if let foreign = options.mapping.columns[column] {
        if foreign.isEmpty { continue }
        guard let index = positions[foreign] else {
          let error = IngestionError(
            .unusable,
            "\(name):\(headerLine): --map \(column.rawValue)=\(foreign): the header has no column '\(foreign)'"
              + NearestWord.suggestion(for: foreign, among: header) + Self.listing(header, format))
          guard isSample else { throw error }
          awaited.append((column, foreign, error))
          continue
        }
        found[column] = index
      } else if let names = options.profile?.columns[column.rawValue],
        let index = names.names.lazy.compactMap({ positions[$0] }).first
      {
        found[column] = index
      } else if let constant = options.profile?.constants[column.rawValue] {
        constants[column] = constant
      } else if let index = positions[column.rawValue] {
        found[column] = index
      }
    }

    for index in found.values.sorted() {
      guard let second = repeats[header[index]] else { continue }
      throw IngestionError(
        .unusable,
        "\(name):\(headerLine): the header names '\(header[index])' twice, as columns \(index + 1) and \(second + 1); "
          + "rename one of them")
    }
    func has(_ column: ContractColumn) -> Bool { found[column] != nil || constants[column] != nil }
    switch (has(.kind), has(.opened)) {
    case (true, false): isCaseTable = false
    case (false, true): isCaseTable = true
    case (true, true):
      throw IngestionError(
        .unusable,
        "\(name):\(headerLine): 'kind' makes an event log and 'opened' a case table, and the input has both; leave one "
          + "out with --map opened= or --map kind=")
    case (false, false):
      if let mapped = awaited.first(where: { $0.column == .kind || $0.column == .opened }) { throw mapped.error }
      if let party = Self.rosterParty(header) {
        throw IngestionError(
          .unusable,
          "\(name):\(headerLine): this looks like a roster of \(party)s, not like events: give it with --roster \(name)"
            + Self.listing(header, format))
      }
      throw IngestionError(
        .unusable,
        "\(name):\(headerLine): neither 'kind' (an event log) nor 'opened' (a case table) is among its columns"
          + Self.nearest([.kind, .opened], header) + "; name the column with --map opened=NAME or --map kind=NAME"
          + Self.expected(options.profile, [.kind, .opened]) + Self.listing(header, format))
    }
    for column in isCaseTable ? ContractColumn.neededByCaseTables : ContractColumn.neededByEventLogs
    where !has(column) {
      if let mapped = awaited.first(where: { $0.column == column }) { throw mapped.error }
      throw IngestionError(
        .unusable,
        "\(name):\(headerLine): column '\(column.rawValue)' is missing, which "
          + "\(isCaseTable ? "a case table" : "an event log") needs" + Self.nearest([column], header)
          + "; name it with --map \(column.rawValue)=NAME"
          + Self.expected(options.profile, [column]) + Self.listing(header, format))
    }

    if isSample {
      // Keys that the first rows lack may still come.
      for column in isCaseTable ? ContractColumn.ofCaseTables : ContractColumn.ofEventLogs where !has(column) {
        let profiled = options.profile?.columns[column.rawValue]?.names.first
        let name = options.mapping.columns[column] ?? profiled ?? column.rawValue
        if name.isEmpty { continue }
        // One key may stand for several columns.
        if positions[name] == nil {
          positions[name] = header.count
          header.append(name)
        }
        found[column] = positions[name]
      }
    }
    self.header = header
    self.awaited = Mutex(awaited.map { ($0.key, $0.error) })

    let used = isCaseTable ? ContractColumn.ofCaseTables : ContractColumn.ofEventLogs
    fields = used.compactMap { column in
      guard let index = found[column] else { return nil }
      let values = options.profile?.values[column.rawValue]
      let pairs = (values ?? [:]).sorted { $0.key < $1.key }.map { ($0.key.composed, FixedBytes($0.value)) }
      return Field(
        column: column, index: index, values: pairs.isEmpty ? nil : ByteWordTable(pairs),
        otherwise: values?["*"].map { FixedBytes($0) })
    }.sorted { $0.index < $1.index }
    self.constants = used.compactMap { column in constants[column].map { (column, FixedBytes($0)) } }
    let usedIndexes = Set(fields.map(\.index))
    ignored = header.enumerated().filter { !usedIndexes.contains($0.offset) && !$0.element.isEmpty }.map(\.element)
  }

  /// Whether there are mapped columns whose keys no row has had so far.
  var awaitsKeys: Bool { awaited.withLock { !$0.isEmpty } }

  /// Notes which keys a row has.
  func note(keys: [String]) { awaited.withLock { $0.removeAll { keys.contains($0.key) } } }

  /// Called when all rows have been read.
  ///
  /// - Throws: ``IngestionError`` of kind `unusable`: no row has the key of a mapped column.
  func checkKeys() throws(IngestionError) {
    if let error = awaited.withLock({ $0.first?.error }) { throw error }
  }

  /// Whom a header describes that has no time and no case in it: a roster given among events.
  private static func rosterParty(_ header: [String]) -> Party? {
    guard !header.contains(ContractColumn.timestamp.rawValue), !header.contains(ContractColumn.caseKey.rawValue) else {
      return nil
    }
    switch (header.contains(ContractColumn.manager.rawValue), header.contains(ContractColumn.partner.rawValue)) {
    case (true, false): return .manager
    case (false, true): return .partner
    default: return nil
    }
  }

  private static func nearest(_ columns: [ContractColumn], _ header: [String]) -> String {
    let near = columns.compactMap { NearestWord.nearest(to: $0.rawValue, among: header) }
    return near.isEmpty ? "" : " (nearest: " + near.map { "'\($0)'" }.joined(separator: ", ") + ")"
  }

  private static func expected(_ profile: Profile?, _ columns: [ContractColumn]) -> String {
    guard let profile else { return "" }
    let names = columns.flatMap { profile.columns[$0.rawValue]?.names ?? [] }
    return names.isEmpty
      ? "" : "; profile '\(profile.name)' expects " + names.map { "'\($0)'" }.joined(separator: " or ")
  }

  private static func listing(_ header: [String], _ format: Format) -> String {
    var text = "; it has \(header.prefix(30).map { "'\($0.printable)'" }.joined(separator: ", "))"
    if header.count > 30 { text += " and \(header.count - 30) more" }
    if header.count == 1, format != .json {
      text += "; is it delimited by something other than comma, semicolon or tab?"
    }
    return text
  }
}

/// Bytes that never change and never go away while anything refers to them.
final class FixedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(_ text: String) {
    // Eight bytes more, because parsers of times look ahead.
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count + 8, alignment: 8)
    room.initializeMemory(as: UInt8.self, repeating: 0)
    room.copyBytes(from: text.utf8)
    bytes = UnsafeRawBufferPointer(start: room.baseAddress, count: text.utf8.count)
  }

  deinit { UnsafeMutableRawPointer(mutating: bytes.baseAddress!).deallocate() }
}
