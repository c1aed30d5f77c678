import RapportNumerics

extension JSONValue {
  /// The document as text: keys sorted by their bytes, every bit of a number kept, so that equal values give equal
  /// bytes.
  ///
  /// - Parameter indented: a line for each member of the document and each element of its members, so that a manager
  ///   or a pair is one line; otherwise no white space at all. Deeper down there is none: it would double the size.
  public func text(indented: Bool = true) -> String {
    var writer = JSONWriter(isIndented: indented)
    writer.write(self, level: 0)
    return writer.finish()
  }

  /// The document as indented text, with rows put in at these paths, such as `favouritism.pairs`, in place of what
  /// stands there.
  ///
  /// - Parameter threads: how many make rows; they can't change a byte.
  /// - Throws: what making a row throws.
  public func text(with rows: [String: LazyRows], threads: Int = 1) throws -> FileText {
    var writer = JSONWriter(isIndented: true)
    var text = FileText()
    try writer.write(self, level: 0, path: "", rows: rows, threads: threads, to: &text)
    text.append(Array(writer.finish().utf8))
    return text
  }
}

/// Writes JSON into one buffer.
struct JSONWriter {
  private var bytes: [UInt8] = []
  private let isIndented: Bool
  /// How many levels of lists and objects have a line for each entry.
  private static let indentedLevels = 2

  init(isIndented: Bool) { self.isIndented = isIndented }

  /// The text so far; a line break ends an indented one.
  consuming func finish() -> String {
    if isIndented { bytes.append(UInt8(ascii: "\n")) }
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: bytes.append("null")
    case .bool(let value): bytes.append(value ? "true" : "false")
    case .integer(let value): bytes.append(json: value)
    case .number(let value): bytes.append(json: value)
    case .string(let value): bytes.append(json: value)
    case .array(let elements):
      let isFlat = isFlat(level, isEmpty: elements.isEmpty)
      bytes.append(UInt8(ascii: "["))
      for (i, element) in elements.enumerated() {
        separate(isFirst: i == 0, isFlat: isFlat, level: level + 1)
        write(element, level: level + 1)
      }
      if !isFlat { breakLine(level: level) }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      let isFlat = isFlat(level, isEmpty: members.isEmpty)
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for (key, member) in Self.sorted(members) {
        separate(isFirst: isFirst, isFlat: isFlat, level: level + 1)
        isFirst = false
        write(key: key, isFlat: isFlat)
        write(member, level: level + 1)
      }
      if !isFlat { breakLine(level: level) }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// An object of whose members some are written row by row.
  mutating func write(
    _ value: JSONValue, level: Int, path: String, rows: [String: LazyRows], threads: Int, to text: inout FileText
  ) throws {
    guard case .object(let members) = value, rows.keys.contains(where: { path.isEmpty || $0.hasPrefix(path + ".") })
    else {
      write(value, level: level)
      return
    }
    let isFlat = isFlat(level, isEmpty: false)
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for (key, member) in Self.sorted(members) {
      separate(isFirst: isFirst, isFlat: isFlat, level: level + 1)
      isFirst = false
      write(key: key, isFlat: isFlat)
      let place = path.isEmpty ? key : "\(path).\(key)"
      if let rows = rows[place] {
        let isFlat = self.isFlat(level + 1, isEmpty: rows.count == 0)
        bytes.append(UInt8(ascii: "["))
        text.append(bytes)
        bytes = []
        for piece in try Self.pieces(
          of: rows, isIndented: isIndented, isFlat: isFlat, level: level + 2, threads: threads)
        {
          text.append(piece)
        }
        if !isFlat { breakLine(level: level + 1) }
        bytes.append(UInt8(ascii: "]"))
      } else {
        try write(member, level: level + 1, path: place, rows: rows, threads: threads, to: &text)
      }
    }
    if !isFlat { breakLine(level: level) }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Rows with what separates them, a piece for every 256.
  private static func pieces(
    of rows: LazyRows, isIndented: Bool, isFlat: Bool, level: Int, threads: Int
  ) throws -> [[UInt8]] {
    let size = 256
    let count = (rows.count + size - 1) / size
    return try parallelMap(count: count, threads: threads) { p in
      var writer = JSONWriter(isIndented: isIndented)
      // A row stands so deep that it has no white space.
      let row = JSONTextSink()
      for i in p * size..<min((p + 1) * size, rows.count) {
        writer.separate(isFirst: i == 0, isFlat: isFlat, level: level)
        try rows.tell(i, row)
        writer.bytes += row.take()
      }
      return writer.bytes
    }
  }

  private func isFlat(_ level: Int, isEmpty: Bool) -> Bool { !isIndented || isEmpty || level >= Self.indentedLevels }

  private static func sorted(_ members: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
    members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }

  private mutating func separate(isFirst: Bool, isFlat: Bool, level: Int) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    if !isFlat { breakLine(level: level) }
  }

  private mutating func breakLine(level: Int) {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  private mutating func write(key: String, isFlat: Bool) {
    bytes.append(json: key)
    bytes.append(isFlat ? ":" : ": ")
  }
}
