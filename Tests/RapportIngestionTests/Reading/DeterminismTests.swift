import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct DeterminismTests {
  /// A log with every trap: quotes, quoted line feeds, CRLF, refused rows, repeated rows, late and early steps.
  static func log(seed: UInt64, rows: Int) -> [UInt8] {
    var generator = FieldScannerTests.Generator(state: seed)
    var text = "timestamp,kind,manager,partner,case,topic,value\n"
    for _ in 0..<rows {
      let number = Int.random(in: 0..<(rows / 3), using: &generator)
      let kind = ["request", "response", "resolution", "reopen", "check_in", "survey", "nonsense", "reassign"]
        .randomElement(using: &generator)!
      let day = Int.random(in: 1...28, using: &generator)
      let topic = ["pay", "\"a, b\"", "\"line\nfeed\"", "\"\"\"q\"\"\"", "5\" disk", ""].randomElement(
        using: &generator)!
      let linked = kind != "check_in" && kind != "survey"
      text += "2026-0\(1 + number % 9)-\(day < 10 ? "0" : "")\(day)T10:00,\(kind),m\(number % 11),p\(day % 4),"
      text += "\(linked ? "c\(number)" : ""),\(topic),\(kind == "survey" ? "4" : "")"
      text += Bool.random(using: &generator) ? "\n" : "\r\n"
    }
    return Array(text.utf8)
  }

  @Test func `two months merged are the two read together`() throws {
    func ledger(_ inputs: [InputSource]) throws -> Ledger {
      try ingest(inputs, options: ReadingFixture.options { $0.maximumBadShare = 1 }).ledger
    }
    let january = InputSource.bytes(Self.log(seed: 1, rows: 400), name: "january.csv")
    let february = InputSource.bytes(Self.log(seed: 2, rows: 300), name: "february.csv")
    var merged = try ledger([january])
    try merged.add(ledger([february]))
    #expect(try merged == ledger([january, february]))
    #expect(try merged == ledger([february, january]))
  }

  @Test func `one ledger for any threads, chunks and packing`() throws {
    let log = Self.log(seed: 7, rows: 3000)
    func ledger(_ bytes: [UInt8], threads: Int, chunkBytes: Int) throws -> Ledger {
      var ledger = try ingest(
        [.bytes(bytes, name: "in.csv")],
        options: ReadingFixture.options {
          $0.threads = threads
          $0.chunkBytes = chunkBytes
          $0.maximumBadShare = 1
        }
      ).ledger
      // Packed bytes have a digest of their own.
      ledger.forgetInputs()
      return ledger
    }
    let expected = try ledger(log, threads: 1, chunkBytes: 1 << 20)
    #expect(expected.rejects.count(of: .unknownKind) > 100)
    for (threads, chunkBytes) in [(1, 100), (2, 1000), (7, 517), (3, 1 << 20)] {
      #expect(try ledger(log, threads: threads, chunkBytes: chunkBytes) == expected)
      #expect(try ledger(Packing.gzip(log), threads: threads, chunkBytes: chunkBytes) == expected)
    }
    #expect(try ledger(Packing.zstandard(log), threads: 2, chunkBytes: 999) == expected)
  }
}

extension DeterminismTests {
  // A file comes in blocks and is hashed on the way; bytes in memory are in reach and hashed apart.
  @Test func `a file gives what its bytes give, its SHA-256 included`() throws {
    let folder = try TemporaryFolder()
    for (seed, rows) in [(3, 2000), (4, 1)] as [(UInt64, Int)] {
      let log = [0xEF, 0xBB, 0xBF] + Self.log(seed: seed, rows: rows + 2)
      try folder.write(log, to: "in.csv")
      func ledger(_ input: InputSource, threads: Int, chunkBytes: Int) throws -> Ledger {
        try ingest(
          [input],
          options: ReadingFixture.options {
            $0.threads = threads
            $0.chunkBytes = chunkBytes
            $0.maximumBadShare = 1
          }
        ).ledger
      }
      let expected = try ledger(.bytes(log, name: "in.csv"), threads: 1, chunkBytes: 1 << 18)
      for (threads, chunkBytes) in [(1, 1), (2, 100), (3, 1000), (2, 4096), (1, 1 << 20)] {
        let found = try ledger(.path(folder.path + "/in.csv"), threads: threads, chunkBytes: chunkBytes)
        #expect(found == expected && found.inputs == expected.inputs, "\(threads) threads, \(chunkBytes) bytes")
      }
    }
  }
}

extension DeterminismTests {
  // The solution, which the profile takes for the answer where no row has one, is in few rows and comes late: behind the first
  // 256 KiB, and not behind the first 1,000 rows.
  @Test func `sparse rows of JSON give one ledger, however they are packed`() throws {
    var text = ""
    for number in 0..<1500 {
      text += #"{"id":\#(number),"requester_id":"m\#(number % 7)","assignee_id":"p\#(number % 5)","#
      text += #""created_at":"2026-01-05T09:00:00Z","subject":"\#(String(repeating: "word ", count: 100))""#
      if number >= 700, number % 7 == 0 { text += #","solved_at":"2026-01-06T09:00:00Z""# }
      text += "}\n"
    }
    let bytes = Array(text.utf8)
    let folder = try TemporaryFolder()
    let paths = try [
      folder.write(bytes, to: "x.ndjson"), folder.write(Packing.gzip(bytes), to: "x.ndjson.gz"),
      folder.write(Packing.zstandard(bytes), to: "x.ndjson.zst"),
    ]
    let pipe = folder.path + "/pipe"
    #expect(makePipe(pipe) == 0)
    let options = ReadingFixture.options {
      $0.profile = Profile.builtIn.first { $0.name == "zendesk-tickets" }
    }
    func ledger(_ path: String) throws -> Ledger {
      var ledger = try ingest([.path(path)], options: options).ledger
      ledger.forgetInputs()
      return ledger
    }
    let expected = try ledger(paths[0])
    #expect(expected.caseCount == 1500)
    for path in paths { #expect(try ledger(path) == expected, "\(path)") }
    #expect(try withWriter(to: pipe, bytes: bytes) { try ledger(pipe) } == expected)
  }

  // Text is hashed chunk by chunk by whoever reads the chunk, a packed file while it is unpacked.
  @Test func `the SHA-256 of an input is that of its bytes as they are stored`() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (Self.log(seed: 5, rows: 2000), Self.log(seed: 6, rows: 500))
    let header = Array(first.prefix { $0 != 10 })
    let stored: [(name: String, bytes: [UInt8])] = [
      ("a.csv", first), ("b.csv", header), ("c.csv", header + [10]), ("d.csv.gz", Packing.gzip(second)),
      ("e.csv.zst", Packing.zstandard(second)), ("f.csv", second + Array(repeating: 120, count: 30_000)),
    ]
    for (name, bytes) in stored { try folder.write(bytes, to: name) }
    for (threads, chunkBytes) in [(1, 64), (2, 1000), (4, 4096), (3, 1 << 18)] {
      let read = try ingest(
        stored.map { .path(folder.path + "/" + $0.name) },
        options: ReadingFixture.options {
          $0.threads = threads
          $0.chunkBytes = chunkBytes
          $0.maximumBadShare = 1
        })
      for (input, (name, bytes)) in zip(read.statistics.inputs, stored) {
        let digest = bytes.withUnsafeBytes { SHA256Digest.of($0) }
        #expect(
          input.sha256 == digest && input.bytes == bytes.count, "\(name), \(threads) threads, \(chunkBytes) bytes")
      }
    }
  }
}

extension Ledger {
  /// As if nobody had remembered what it was built from.
  mutating func forgetInputs() { inputs = [] }
}
