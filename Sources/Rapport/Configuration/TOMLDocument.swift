import RapportReporting
import TOMLKit

/// A TOML file as a tree, with the lines in which its keys stand.
struct TOMLDocument {
  /// The file's name, for messages.
  let name: String
  let root: JSONValue
  private let lines: [Substring]
  private let saysCalendar: Bool

  /// The key of the default calendar as messages name it.
  var defaultCalendarKey: String {
    saysCalendar
      ? "default-calendar (written here as calendar, which TOML keeps for [calendar.NAME])" : "default-calendar"
  }

  /// - Throws: ``RapportError`` of kind `configuration`, with line and column.
  init(_ text: String, name: String) throws(RapportError) {
    self.name = name
    let separated = Self.separatingDefaultCalendar(text)
    lines = separated.split(separator: "\n", omittingEmptySubsequences: false)
    saysCalendar = separated != text
    do {
      root = Self.tree(try TOMLTable(string: separated))
    } catch let error as TOMLParseError {
      let begin = error.source.begin
      throw RapportError(.configuration, "\(name):\(begin.line):\(begin.column): \(error.description)")
    } catch {
      throw RapportError(.configuration, "\(name): this is not TOML: \(error)")
    }
  }

  /// `file:line` of the key at the end of `path`, or else of the nearest that it stands in, as in `hours = { mon = […] }`; the file where
  /// none is found.
  func place(of path: [String]) -> String {
    for count in stride(from: path.count, to: 0, by: -1) {
      if let line = line(of: Array(path.prefix(count))) { return "\(name):\(line)" }
    }
    return name
  }

  private func line(of path: [String]) -> Int? {
    var table: [String] = []
    for (i, line) in lines.enumerated() {
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.first == "[" {
        let inner = trimmed.drop { $0 == "[" }.prefix { $0 != "]" }
        table = Self.keys(inner)
        if table == path { return i + 1 }
      } else if let equals = trimmed.firstIndex(of: "="), table + Self.keys(trimmed[..<equals]) == path {
        return i + 1
      }
    }
    return nil
  }

  private static func keys(_ text: Substring) -> [String] {
    text.split(separator: ".").map { part in
      String(part.filter { $0 != " " && $0 != "\t" && $0 != "\"" && $0 != "'" && $0 != "\r" })
    }
  }

  /// `calendar = "NAME"` beside `[calendar.NAME]` is easily written, as the option is `--calendar NAME`, but TOML gives a
  /// key one value: at top level it is read as `default-calendar`, in the same line.
  private static func separatingDefaultCalendar(_ text: String) -> String {
    var isTopLevel = true
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let trimmed = line.drop { $0 == " " || $0 == "\t" }
      if trimmed.first == "[" { isTopLevel = false }
      guard isTopLevel, trimmed.hasPrefix("calendar") else { return String(line) }
      let rest = trimmed.dropFirst("calendar".count).drop { $0 == " " || $0 == "\t" }
      return rest.first == "=" ? "default-calendar " + rest : String(line)
    }
    return lines.joined(separator: "\n")
  }

  private static func tree(_ table: TOMLTable) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for key in table.keys {
      if let value = table[key] { members[key] = tree(value) }
    }
    return .object(members)
  }

  private static func tree(_ value: any TOMLValueConvertible) -> JSONValue {
    switch value.type {
    case .table: value.table.map(tree) ?? .null
    case .array: .array(value.array.map { array in array.map { tree($0) } } ?? [])
    case .string: .string(value.string ?? "")
    case .int: .integer(Int64(value.int ?? 0))
    case .double: .number(value.double ?? 0)
    case .bool: .bool(value.bool ?? false)
    case .date: .string(value.date.map(text) ?? "")
    case .time: .string(value.time.map(text) ?? "")
    case .dateTime: .string(value.dateTime.map(text) ?? "")
    }
  }

  private static func text(_ date: TOMLDate) -> String {
    "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }
  private static func text(_ time: TOMLTime) -> String {
    "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
  }
  private static func text(_ moment: TOMLDateTime) -> String {
    let local = "\(text(moment.date))T\(text(moment.time))"
    guard let offset = moment.offset?.offset else { return local }
    let size = abs(offset)
    return offset == 0
      ? local + "Z" : "\(local)\(offset < 0 ? "-" : "+")\(padded(size / 60, 2)):\(padded(size % 60, 2))"
  }
  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// A string as TOML writes it.
func tomlQuoted(_ text: String) -> String { JSONValue.string(text).text(indented: false) }
