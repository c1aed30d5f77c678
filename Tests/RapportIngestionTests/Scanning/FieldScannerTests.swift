import CScanning
import Testing

@testable import RapportIngestion

@Suite struct FieldScannerTests {
  /// SplitMix64, so that a failing case can be named by its seed.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// Every record of a text, cut into chunks and scanned.
  static func records(
    _ text: [UInt8], delimiter: UInt8, chunkBytes: Int, asStream: Bool, with instructions: rapport_instructions = .best
  ) throws -> [ReferenceScanner.Record] {
    let region = TextRegion(copying: text)
    let cutter = ChunkCutter(
      asStream ? .stream(RegionStream(region)) : .region(region), name: "x", delimiter: delimiter, skip: 0,
      firstLine: 1, chunkBytes: chunkBytes, maximumRecordBytes: 1 << 20)
    var scanner = FieldScanner(instructions: instructions)
    var records: [ReferenceScanner.Record] = []
    while let chunk = try cutter.next() {
      scanner.begin(chunk.bytes, delimiter: delimiter, hasQuotes: chunk.survey.has_quotes != 0)
      var line = chunk.firstLine
      for index in 0..<scanner.recordCount {
        scanner.select(index)
        var fields: [[UInt8]?] = []
        for field in 0..<scanner.fieldCount { fields.append(scanner.field(field).map { Array($0) }) }
        records.append(ReferenceScanner.Record(line: line, fields: fields))
        line += scanner.lineFeeds()
      }
    }
    return records
  }

  // By hand: a quote opens only at a field's start, "" is one quote, CR belongs to the line's end.
  @Test func `records, worked by hand`() throws {
    let text = "a,\"b,\"\"c\"\"\n\",d\"e\r\n\r\n , x ,\"y\"z\n\"\""
    let expected: [[String?]] = [["a", "b,\"c\"\n", "d\"e"], [""], ["", "x", nil], [""]]
    let found = try Self.records(Array(text.utf8), delimiter: 44, chunkBytes: 1 << 20, asStream: false)
    #expect(found.map { $0.fields.map { $0.map { String(decoding: $0, as: UTF8.self) } } } == expected)
    #expect(found.map(\.line) == [1, 3, 4, 5])
  }

  /// What this processor is able to do, least first.
  static let instructions: [rapport_instructions] = [RAPPORT_PORTABLE, RAPPORT_AVX2, RAPPORT_AVX512].filter {
    $0.rawValue <= rapport_best_instructions().rawValue
  }

  @Test(arguments: instructions)
  func `agrees with the plain scanner on random text and any chunk size`(instructions: rapport_instructions) throws {
    // Mostly structural bytes, so that blocks of 64 meet every state at their borders.
    let alphabets: [[UInt8]] = [
      Array("\",\n".utf8), Array("\",\na ".utf8), Array("\"\"\",,\n\r\tabcdefgh".utf8),
      Array("abcdefghijklmnopqrstuvwxyz,,,\n\"".utf8), Array("abc,\n".utf8), Array("abcdefghijklmnop,\r\n".utf8),
      Array("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n".utf8),
    ]
    for seed in 0..<250 as Range<UInt64> {
      var generator = Generator(state: seed)
      let alphabet = alphabets[Int(seed) % alphabets.count]
      let count = Int.random(in: 0...400, using: &generator)
      let text = (0..<count).map { _ in alphabet.randomElement(using: &generator)! }
      let expected = ReferenceScanner.records(text, delimiter: 44)
      for chunkBytes in [64, Int.random(in: 64...200, using: &generator), 1 << 16] {
        for asStream in [false, true] {
          let found = try Self.records(
            text, delimiter: 44, chunkBytes: chunkBytes, asStream: asStream, with: instructions)
          #expect(found == expected, "seed \(seed), chunk \(chunkBytes), stream \(asStream)")
        }
      }
    }
  }

  // Several columns of the contract may stand for one of the input, so that a field is asked for more than once in a record.
  @Test func `fields asked for again and again, in any order, stay what they are`() {
    // One for all texts, so that its room is whatever earlier records made it.
    var scanner = FieldScanner()
    let alphabet = Array("\"\"abcd, \n".utf8)
    for seed in 0..<150 as Range<UInt64> {
      var generator = Generator(state: seed)
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        for field in 0..<Int.random(in: 1...6, using: &generator) {
          text += field == 0 ? [34] : [44, 34]
          for _ in 0..<Int.random(in: 0...[4, 70, 2000].randomElement(using: &generator)!, using: &generator) {
            let letter = alphabet.randomElement(using: &generator)!
            text += letter == 34 ? [34, 34] : [letter]
          }
          text.append(34)
        }
        text.append(10)
      }
      let region = TextRegion(copying: text)
      scanner.begin(UnsafeRawBufferPointer(region.bytes), delimiter: 44)
      let expected = ReferenceScanner.records(text, delimiter: 44)
      #expect(scanner.recordCount == expected.count)
      for (index, record) in expected.enumerated() {
        scanner.select(index)
        let asked = (0..<30).map { _ in Int.random(in: record.fields.indices, using: &generator) }
        let found = asked.map { scanner.field($0) }
        // Looked at only when all have been asked for: earlier ones stay valid.
        #expect(found.map { $0.map { Array($0) } } == asked.map { record.fields[$0] }, "seed \(seed)")
      }
    }
  }

  @Test(arguments: [62, 63, 64, 65, 127, 128, 129])
  func `quotes on the borders of blocks`(_ length: Int) throws {
    for pattern in ["\"\"", "\",\"", "\"\n\"", "\"\"\"", "\n\"", ",\"", "\"x,", "\r\n"] {
      let filler = [UInt8](repeating: 97, count: length - 1)
      for opening in ["", "\""] {
        for closing in ["", "\"", "\",b\nc,d\n"] {
          let text = Array(opening.utf8) + filler + Array(pattern.utf8) + filler + Array(closing.utf8)
          let expected = ReferenceScanner.records(text, delimiter: 44)
          for asStream in [false, true] {
            for instructions in Self.instructions {
              let found = try Self.records(
                text, delimiter: 44, chunkBytes: 64, asStream: asStream, with: instructions)
              #expect(found == expected)
            }
          }
        }
      }
    }
  }

  @Test func `a record over the limit is an error with its line`() {
    let text = Array("a,b\nc,\"".utf8) + [UInt8](repeating: 120, count: 3 << 20)
    let error = #expect(throws: IngestionError.self) {
      _ = try Self.records(text, delimiter: 44, chunkBytes: 1 << 16, asStream: false)
    }
    #expect(error?.kind == .unusable)
    #expect(error?.description.hasPrefix("x:2: a record of more than 1 MiB") == true)
  }

  // Sixty-four delimiters and line feeds side by side: the most that a block may hold.
  @Test(arguments: instructions)
  func `blocks of nothing but delimiters and line feeds`(instructions: rapport_instructions) throws {
    for count in [1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 200] {
      for text in [
        [UInt8](repeating: 44, count: count), [UInt8](repeating: 10, count: count),
        (0..<count).map { $0 % 2 == 0 ? 44 : 10 }, (0..<count).map { $0 % 3 == 0 ? 44 : 97 },
      ] {
        let found = try Self.records(text, delimiter: 44, chunkBytes: 1 << 16, asStream: false, with: instructions)
        #expect(found == ReferenceScanner.records(text, delimiter: 44), "\(count)")
      }
    }
  }

  @Test(arguments: instructions)
  func `looks through text as a loop over bytes does`(instructions: rapport_instructions) {
    var generator = Generator(state: 5)
    for length in Array(0...200) + [3839, 3840, 3841, 10_000] {
      for alphabet in [Array("abc,\n".utf8), Array("ab\"\n".utf8), Array("ab\n".utf8) + [0x80], [10]] as [[UInt8]] {
        let text = (0..<length).map { _ in alphabet.randomElement(using: &generator)! }
        let survey = text.withUnsafeBufferPointer { text in
          text.baseAddress.map { rapport_survey_text($0, text.count, instructions) } ?? rapport_survey()
        }
        #expect(survey.lines == text.count { $0 == 10 })
        #expect((survey.has_quotes != 0) == text.contains(34))
        #expect((survey.has_high != 0) == text.contains { $0 >= 0x80 })
      }
    }
  }
}
