import CScanning
import Glibc
import Testing

@testable import RapportIngestion

/// Lines taken as they stand, held against simdjson and against a loop over bytes.
@Suite struct JSONLineScannerTests {
  static let keys = ["a", "when", "a-key-of-more-than-sixteen-bytes", "é"]

  /// The fields of each line by the short way, one line after the other; `nil` where a line isn't of the usual shape.
  static func short(_ scanner: inout JSONLineScanner, _ text: String) -> [[String]?] {
    let region = TextRegion(copying: Array(text.utf8))
    scanner.begin(UnsafeRawBufferPointer(region.bytes))
    return (0..<scanner.lineCount).map { line in
      guard let record = scanner.scan(line, at: line % JSONLineScanner.batch) else { return nil }
      #expect(record.bytes + record.start == scanner.text(line).baseAddress)
      #expect(record.end - record.start == scanner.text(line).count)
      return keys.indices.map { i in
        let (start, end) = (Int(record.ends[2 * i] &+ 1), Int(record.ends[2 * i + 1]))
        return String(decoding: UnsafeRawBufferPointer(start: record.bytes + start, count: end - start), as: UTF8.self)
      }
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
      #"{"when":0,"é":"a string that is longer than any block of bytes, twice over, with {braces} and: colons"}"#,
      ["", "0", "", "a string that is longer than any block of bytes, twice over, with {braces} and: colons"]
    ),
    (#"{"a":"äöü 日本","é":false}"#, ["äöü 日本", "", "", "false"]), (#"{"a":" , "}"#, [" , ", "", "", ""]),
  ])
  func `lines of the usual shape`(_ line: String, _ fields: [String]) {
    for instructions in FieldScannerTests.instructions {
      var scanner = JSONLineScanner(Self.keys, instructions: instructions)
      for end in ["", "\n", "\r\n"] { #expect(Self.short(&scanner, line + end) == [fields]) }
      #expect(Self.short(&scanner, "\(line)\r\n\n\(line)\n\(line)") == [fields, nil, fields, fields])
    }
  }

  @Test(arguments: [
    " ", "{}", "[]", "x", "{", "}", #"{"a":"x""#, #"{"a":"x"}}"#, #"{"a":"x",}"#, #"{"a":"x"} y"#, #"{"a":"x\n"}"#,
    #"{"a":"x\u0041"}"#, #"{"when":"x","a":"y"}"#, #"{"a":"x","a":"y"}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":-}"#,
    #"{"a":1e3}"#, #"{"a":nul}"#, #"{"a":nulls}"#, #"{"a":{"b":1}}"#, #"{"a":[1]}"#, #"{"a":["x","y"]}"#,
    #"{"b":1}"#, #"{"a" "x"}"#, #"{"a":}"#, #"{"a": }"#, #"{"a":"x" "when":"y"}"#, #"{"a":"x" "y"}"#, #"{"a":"}"#,
    #"{"a":"unended}"#, "{\"a\":\"x\ty\"}", "{\"a\":\"x\ry\"}", #"{"a":truex}"#, #"{a:1}"#, #"{"a":+1}"#,
    #"{"a":"x"},"#,
    #"{,"a":"x"}"#, #"{"a":"x",,"when":"y"}"#, #"{"a"}"#, #"{"a":"#, #""a":"x"}"#,
  ])
  func `any other line goes the long way, and harms no other`(_ line: String) {
    let usual = #"{"a":"x","é":1}"#
    for instructions in FieldScannerTests.instructions {
      var scanner = JSONLineScanner(Self.keys, instructions: instructions)
      #expect(Self.short(&scanner, line) == [nil])
      let fields = ["x", "", "", "1"]
      #expect(Self.short(&scanner, "\(usual)\n\(line)\n\(usual)\n") == [fields, nil, fields])
    }
  }

  @Test func `where a key has to be escaped, every line goes the long way`() {
    for key in ["a\"b", "a\\b", "a\tb"] {
      var scanner = JSONLineScanner([key, "a"])
      let region = TextRegion(copying: Array("{\"a\":1}".utf8))
      scanner.begin(UnsafeRawBufferPointer(region.bytes))
      #expect(scanner.lineCount == 1 && scanner.scan(0, at: 0) == nil)
    }
  }

  /// Separators and lines byte by byte: slow, plain, and what the kernel must agree with. Of unusual lines only the end is said.
  static func reference(_ text: [UInt8]) -> (ends: [[Int]], quotes: [UInt32]) {
    var lines = text.split(separator: 10, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    var ends: [[Int]] = []
    var quotes: [UInt32] = []
    for line in lines {
      let body = line.last == 13 && line.endIndex < text.count ? line.dropLast() : line
      let count = body.count { $0 == 34 }
      if count % 2 == 1 || body.contains(where: { $0 < 32 || $0 == 92 }) {
        ends.append([line.endIndex])
        quotes.append(RAPPORT_JSON_UNUSUAL)
        continue
      }
      let commas = line.indices.filter { line[$0] == 44 && line[..<$0].count { $0 == 34 } % 2 == 0 }
      ends.append(commas + [line.endIndex])
      quotes.append(UInt32(count))
    }
    return (ends, quotes)
  }

  @Test(arguments: FieldScannerTests.instructions)
  func `indexes random text as a loop over bytes does`(instructions: rapport_instructions) {
    let alphabets: [[UInt8]] = [
      Array("\",\n".utf8), Array("\"\"\",,\n\r\\abcdefgh".utf8), Array("\"ab,".utf8), Array("\"\",,{}:ab\n".utf8),
      Array("abcdefghijklmnopqrstuvwxyz\"\",\r\n".utf8), [10, 44], [44],
      Array(repeating: 97, count: 40) + Array("\"\",\n".utf8), Array(repeating: 97, count: 99) + [34, 34, 44, 10, 92],
    ]
    for seed in 0..<3000 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      let alphabet = alphabets[Int(seed) % alphabets.count]
      let text = (0..<Int.random(in: 0...400, using: &generator)).map { _ in alphabet.randomElement(using: &generator)!
      }
      let region = TextRegion(copying: text)
      var ends = [UInt32](repeating: 0, count: text.count + 64)
      var lines = [rapport_json_line](repeating: rapport_json_line(), count: text.count + 64)
      var lineCount = 0
      let count = rapport_index_json(
        region.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), text.count, &ends, &lines, &lineCount,
        instructions)
      let expected = Self.reference(text)
      #expect(lines[..<lineCount].map(\.quotes) == expected.quotes, "seed \(seed)")
      var found: [[Int]] = []
      var first = 0
      for line in lines[..<lineCount] {
        let last = Int(line.last)
        let isUnusual = line.quotes == RAPPORT_JSON_UNUSUAL
        found.append(ends[(isUnusual ? last : first)...last].map { Int($0) })
        first = last + 1
      }
      #expect(found == expected.ends, "seed \(seed)")
      #expect(first == count)
    }
  }

  // Text that ends at a block's end with a carriage return, one byte, and a page that can't be read.
  @Test(arguments: FieldScannerTests.instructions)
  func `indexing reads one byte behind the text and no more`(instructions: rapport_instructions) throws {
    let size = Int(sysconf(Int32(_SC_PAGESIZE)))
    let pages = try #require(mmap(nil, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    defer { munmap(pages, 2 * size) }
    #expect(mprotect(pages + size, size, PROT_NONE) == 0)
    for count in [1, 63, 64, 65, 128] {
      let text = (pages + size - 1 - count).assumingMemoryBound(to: UInt8.self)
      text.update(repeating: 97, count: count - 1)
      text[count - 1] = 13
      for (behind, quotes) in [(10, 0), (97, RAPPORT_JSON_UNUSUAL)] as [(UInt8, UInt32)] {
        text[count] = behind
        var ends = [UInt32](repeating: 0, count: count + 64)
        var lines = [rapport_json_line](repeating: rapport_json_line(), count: count + 64)
        var lineCount = 0
        #expect(rapport_index_json(text, count, &ends, &lines, &lineCount, instructions) == 1)
        #expect(lineCount == 1 && ends[0] == count)
        // Only of a whole block is the byte behind it looked at.
        #expect(lines[0].quotes == (count % 64 == 0 ? quotes : RAPPORT_JSON_UNUSUAL), "\(count)")
      }
    }
  }

  // What the short way takes, simdjson reads alike: made of parts of JSON, so that most lines are nearly right.
  @Test(arguments: FieldScannerTests.instructions)
  func `agrees with simdjson on random lines`(instructions: rapport_instructions) {
    var scanner = JSONLineScanner(Self.keys, instructions: instructions)
    var reader = JSONRowReader()
    reader.wanted(Self.keys)
    let parts =
      [
        "{", "}", ":", ",", "\"", " ", "\\", "null", "true", "false", "0", "1", "-", ".", "e", "\t", "[", "]", "é", "x",
        "\u{1}", "\r",
      ] + Self.keys.map { "\"\($0)\":" } + Self.keys.map { ",\"\($0)\":" } + [
        "\"value\"", "\"\"", "12.5", "\"fifteen--bytes!\"", "\",\"", "\"}\"",
      ]
    var taken = 0
    for seed in 0..<6000 as Range<UInt64> {
      var generator = FieldScannerTests.Generator(state: seed)
      // Several lines, so that what is wrong with one of them meets another.
      let lines = (0..<10).map { number in
        var line = "{"
        if number % 2 == 0 {
          // Right lines, of which one part is then changed.
          for key in Self.keys where Bool.random(using: &generator) {
            let value = ["\"value\"", "null", "-3.25", "\"\"", "true", "\"sixteen---bytes!\"", "\"a, b\""]
              .randomElement(
                using: &generator)!
            line += (line == "{" ? "" : ",") + "\"\(key)\":" + value
          }
          line += "}"
          if number % 4 == 0, let place = line.indices.randomElement(using: &generator) {
            line.replaceSubrange(place...place, with: parts.randomElement(using: &generator)!)
          }
        } else {
          for _ in 0..<Int.random(in: 1...9, using: &generator) { line += parts.randomElement(using: &generator)! }
          line += "}"
        }
        return line
      }
      let found = Self.short(&scanner, lines.joined(separator: "\n"))
      #expect(found.count == lines.count)
      for (line, short) in zip(lines, found) {
        guard let short else { continue }
        taken += 1
        #expect(Self.long(&reader, line) == short, "seed \(seed): \(line)")
      }
    }
    #expect(taken > 12_000)
  }
}
