import Testing

@testable import RapportIngestion

/// Lines taken as they stand, held against simdjson.
@Suite struct JSONLineScannerTests {
  static let keys = ["a", "when", "a-key-of-more-than-sixteen-bytes", "é"]

  /// The fields of a line by the short way; `nil` where it isn't of the usual shape.
  static func short(_ scanner: inout JSONLineScanner, _ line: String) -> [String]? {
    let region = TextRegion(copying: Array(line.utf8))
    scanner.begin(bytes: region.bytes.count)
    guard let record = scanner.scan(UnsafeRawBufferPointer(region.bytes)) else { return nil }
    #expect(record.end - record.start == region.bytes.count)
    return keys.indices.map { i in
      let start = Int(record.ends[i - 1] &+ 1)
      let bytes = UnsafeRawBufferPointer(start: record.bytes + start, count: Int(record.ends[i]) - start)
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The same by simdjson; `nil` where it refuses the line.
  static func long(_ reader: inout JSONRowReader, _ line: String) -> [String]? {
    let region = TextRegion(copying: Array(line.utf8))
    guard reader.read(UnsafeRawBufferPointer(region.bytes)) == nil else { return nil }
    return keys.indices.map { String(decoding: reader.value($0), as: UTF8.self) }
  }

  @Test(arguments: [
    (#"{"a":"x","when":"y","a-key-of-more-than-sixteen-bytes":"z","é":"w"}"#, ["x", "y", "z", "w"]),
    (
      #" { "a" : "" ,"when":null, "a-key-of-more-than-sixteen-bytes" : -12.50 , "é":true } "#,
      ["", "", "-12.50", "true"]
    ),
    (
      #"{"when":0,"é":"a string that is longer than any block of bytes, twice over"}"#,
      ["", "0", "", "a string that is longer than any block of bytes, twice over"]
    ),
    (#"{"a":"äöü 日本","é":false}"#, ["äöü 日本", "", "", "false"]),
  ])
  func `lines of the usual shape`(_ line: String, _ fields: [String]) {
    guard var scanner = JSONLineScanner(Self.keys) else { fatalError("plain keys") }
    #expect(Self.short(&scanner, line) == fields)
  }

  @Test(arguments: [
    "", "{}", "[]", "x", #"{"a":"x""#, #"{"a":"x"}}"#, #"{"a":"x",}"#, #"{"a":"x"} y"#, #"{"a":"x\n"}"#,
    #"{"a":"x\u0041"}"#,
    #"{"when":"x","a":"y"}"#, #"{"a":"x","a":"y"}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":-}"#, #"{"a":1e3}"#,
    #"{"a":nul}"#,
    #"{"a":{"b":1}}"#, #"{"a":[1]}"#, #"{"b":1}"#, #"{"a" "x"}"#, #"{"a":}"#, #"{"a":"x" "when":"y"}"#,
    #"{"a":"unended}"#,
    "{\"a\":\"x\ty\"}", #"{"a":truex}"#, #"{a:1}"#, #"{"a":+1}"#,
  ])
  func `any other line goes the long way`(_ line: String) {
    guard var scanner = JSONLineScanner(Self.keys) else { fatalError("plain keys") }
    #expect(Self.short(&scanner, line) == nil)
  }

  @Test func `keys that have to be escaped have no short way`() {
    #expect(JSONLineScanner(["a\"b"]) == nil && JSONLineScanner(["a\\b"]) == nil && JSONLineScanner([]) == nil)
  }

  // What the short way takes, simdjson reads alike: made of parts of JSON, so that most lines are nearly right.
  @Test func `agrees with simdjson on random lines`() {
    guard var scanner = JSONLineScanner(Self.keys) else { fatalError("plain keys") }
    var reader = JSONRowReader()
    reader.wanted(Self.keys)
    let parts =
      [
        "{", "}", ":", ",", "\"", " ", "\\", "null", "true", "false", "0", "1", "-", ".", "e", "\t", "[", "]", "é", "x",
        "\u{1}",
      ] + Self.keys.map { "\"\($0)\":" } + Self.keys.map { ",\"\($0)\":" } + [
        "\"value\"", "\"\"", "12.5", "\"fifteen--bytes!\"",
      ]
    var taken = 0
    for seed in 0..<60_000 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      var line = "{"
      if seed % 2 == 0 {
        // Right lines, of which one part is then changed.
        for key in Self.keys where Bool.random(using: &generator) {
          let value = ["\"value\"", "null", "-3.25", "\"\"", "true", "\"sixteen---bytes!\""].randomElement(
            using: &generator)!
          line += (line == "{" ? "" : ",") + "\"\(key)\":" + value
        }
        line += "}"
        if seed % 4 == 0, let place = line.indices.randomElement(using: &generator) {
          line.replaceSubrange(place...place, with: parts.randomElement(using: &generator)!)
        }
      } else {
        for _ in 0..<Int.random(in: 1...9, using: &generator) { line += parts.randomElement(using: &generator)! }
        line += "}"
      }
      guard let short = Self.short(&scanner, line) else { continue }
      taken += 1
      #expect(Self.long(&reader, line) == short, "seed \(seed): \(line)")
    }
    #expect(taken > 12_000)
  }
}
