import Glibc
import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct InputTests {
  static let header = "timestamp,kind,manager,partner,case\n"

  /// A log of `count` requests whose case is their number.
  static func log(_ count: Int, from first: Int = 0) -> [UInt8] {
    var text = header
    for number in first..<(first + count) {
      text += "2026-01-05T09:00Z,request,m\(number % 7),\"p \(number % 5)\",c\(number)\n"
    }
    return Array(text.utf8)
  }

  static func cases(_ bytes: [UInt8], chunkBytes: Int = 1 << 20) throws -> [String] {
    try ReadingFixture.read(bytes, ReadingFixture.options { $0.chunkBytes = chunkBytes }).rows.map(\.caseKey)
  }

  @Test func `gzip and zstd, one part or several, in blocks of any size`() throws {
    let expected = (0..<3000).map { "c\($0)" }
    let first = Self.log(2000)
    let second = Array(Self.log(1000, from: 2000).dropFirst(Self.header.utf8.count))
    for pack in [Packing.gzip, Packing.zstandard] {
      #expect(try Self.cases(pack(first + second)) == expected)
      let parts = pack(first) + pack(second)
      for chunkBytes in [64, 1000, 1 << 20] { #expect(try Self.cases(parts, chunkBytes: chunkBytes) == expected) }
    }
  }

  @Test func `an archive that ends in the middle, or is damaged, says so`() throws {
    for pack in [Packing.gzip, Packing.zstandard] {
      let packed = pack(Self.log(20_000))
      for count in [packed.count / 2, packed.count - 1] {
        let error = #expect(throws: IngestionError.self) { try Self.cases(Array(packed[..<count])) }
        #expect(error?.kind == .noInput)
        #expect(error?.description.contains("end in the middle") == true)
      }
      var damaged = packed
      for index in (packed.count / 2)..<(packed.count / 2 + 200) { damaged[index] = 0xAA }
      let error = #expect(throws: IngestionError.self) { try Self.cases(damaged) }
      #expect(error?.description.contains("damaged") == true)
    }
  }

  @Test func `folders are searched in order, globs are sorted, endings are known`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.log(1, from: 3), to: "b/2.csv")
    try folder.write(Packing.gzip(Self.log(1, from: 1)), to: "a.csv.gz")
    try folder.write(Packing.zstandard(Self.log(1, from: 2)), to: "b/1.TSV.zst")
    try folder.write(Array("not events".utf8), to: "b/readme.txt")
    try folder.write(Self.log(1, from: 9), to: ".hidden.csv")
    let options = ReadingFixture.options()
    func cases(_ path: String) throws -> [String] {
      try readEvents(
        [.path(path)], options: options, makeSink: { RowRecorder() }, finish: { (sink: consuming RowRecorder) in sink }
      ).parts.flatMap(\.rows).map(\.caseKey)
    }
    #expect(try cases(folder.path) == ["c1", "c2", "c3"])
    #expect(try cases(folder.path + "/") == ["c1", "c2", "c3"])
    #expect(try cases(folder.path + "/b/[12]*") == ["c2", "c3"])
    #expect(try cases(folder.path + "/*") == ["c1"])
  }

  // A link to an archive that wasn't mounted, and a month packed by bzip2, were passed over, and scores lacked them.
  @Test func `event files of a folder that can't be read are an error, and no other files`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.log(1), to: "a.csv")
    try folder.write(Array("x".utf8), to: "notes.txt.bz2")
    try folder.write(Array("x".utf8), to: "old.zip")
    #expect(symlink("/nowhere/notes.txt", folder.path + "/notes.txt") == 0)
    func failure(_ path: String) -> IngestionError? {
      #expect(throws: IngestionError.self) { try ingest([.path(path)], options: ReadingFixture.options()) }
    }
    #expect(try ingest([.path(folder.path)], options: ReadingFixture.options()).ledger.caseCount == 1)

    let link = folder.path + "/b.csv.gz"
    #expect(symlink("/nowhere/b.csv.gz", link) == 0)
    for path in [folder.path, folder.path + "/*.csv*"] {
      #expect(failure(path)?.kind == .noInput)
      #expect(failure(path)?.description == "\(link): a link to a file that isn't there; mend the link or remove it")
    }
    unlink(link)
    #expect(symlink(link, link) == 0)
    #expect(failure(folder.path)?.description.hasPrefix("\(link): can't be read (") == true)
    unlink(link)

    for (name, packing) in [
      ("c.csv.bz2", "bzip2"), ("c.NDJSON.XZ", "xz"), ("sub/c.tsv.zip", "zip"), ("c.jsonl.7z", "7-Zip"),
    ] {
      let path = try folder.write(Array("x".utf8), to: name)
      let error = failure(folder.path)
      #expect(
        error?.kind == .unusable && error?.description.hasPrefix("\(path): events packed by \(packing),") == true,
        "\(name)")
      unlink(path)
    }
    #expect(try ingest([.path(folder.path)], options: ReadingFixture.options()).ledger.caseCount == 1)
  }

  // Two exports of quiet days, of the same bytes, were one input read twice, and the ledger refused any other.
  @Test func `inputs with a header and no rows are told and not remembered`() throws {
    let folder = try TemporaryFolder()
    let header = Array(Self.header.utf8)
    try folder.write(Self.log(3), to: "a.csv")
    try folder.write(header, to: "b.csv")
    try folder.write(Packing.gzip(header), to: "c.csv.gz")
    try folder.write(Packing.gzip(header), to: "d.csv.gz")
    let result = try ingest([.path(folder.path)], options: ReadingFixture.options())
    let alone = try ingest([.path(folder.path + "/a.csv")], options: ReadingFixture.options())
    #expect(result.ledger == alone.ledger && result.ledger.inputs.count == 1)
    #expect(result.statistics.inputs.count == 4 && alone.statistics.emptyNote == nil)
    let names = ["b.csv", "c.csv.gz", "d.csv.gz"].map { "\(folder.path)/\($0)" }
    #expect(result.statistics.emptyNote == "\(names.joined(separator: ", ")): a header but no rows.")

    var ledger = result.ledger
    let next = try folder.write(Self.log(2, from: 3), to: "next/e.csv")
    try folder.write(header, to: "next/f.csv")
    try ledger.add(ingest([.path(folder.path + "/next")], options: ReadingFixture.options()).ledger)
    #expect(ledger.caseCount == 5 && ledger.inputs.count == 2)
    // Rows still count once.
    #expect(throws: IngestionError.self) {
      try ledger.add(ingest([.path(next), .bytes(header, name: "g.csv")], options: ReadingFixture.options()).ledger)
    }
    let nothing = #expect(throws: IngestionError.self) {
      try ingest([.path(folder.path + "/b.csv")], options: ReadingFixture.options())
    }
    #expect(nothing?.kind == .unusable && nothing?.description.contains("a header but no rows") == true)
    var many = ReadingStatistics()
    many.inputs = (1...8).map { .init(name: "\($0).csv", bytes: 1, sha256: "", rows: 0) }
    #expect(many.emptyNote == "1.csv, 2.csv, 3.csv, 4.csv, 5.csv and 3 more: a header but no rows.")
    many.inputs = [.init(name: "-", bytes: 1, sha256: "", rows: 0)]
    #expect(many.emptyNote == "standard input: a header but no rows.")
  }

  @Test func `inputs that aren't there`() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "empty.csv")
    try folder.write(Array("x".utf8), to: "other/readme.txt")
    for (path, words) in [
      ("/nowhere.csv", "no such file"), ("/*.csv.gz", "no file matches"), ("/other", "no event files"),
      ("/empty.csv", "nothing in it"), ("/oth*", "only folders match"),
    ] {
      let error = #expect(throws: IngestionError.self) {
        try ingest([.path(folder.path + path)], options: ReadingFixture.options())
      }
      #expect(error?.kind == .noInput, "\(path)")
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
    #expect(throws: IngestionError.self) { try ingest([], options: ReadingFixture.options()) }
  }

  @Test func `an unreadable folder or file says why`() {
    // A file below a file: the system's reason is named.
    let error = #expect(throws: IngestionError.self) {
      try ingest([.path("/dev/null/x.csv")], options: ReadingFixture.options())
    }
    #expect(error?.kind == .noInput)
    #expect(FileBytes.unreadable("a.csv", 13).description.contains("permission"))
  }

  @Test func `a pipe is read as a stream and hashed as it passes`() throws {
    let folder = try TemporaryFolder()
    let bytes = Self.log(5000)
    let fromFile = try ingest(
      [.path(folder.write(bytes, to: "in.csv"))], options: ReadingFixture.options { $0.chunkBytes = 1000 })
    let pipe = folder.path + "/pipe"
    #expect(makePipe(pipe) == 0)
    let fromPipe = try withWriter(to: pipe, bytes: bytes) {
      try ingest([.path(pipe)], options: ReadingFixture.options { $0.chunkBytes = 1000 })
    }
    #expect(fromPipe.ledger == fromFile.ledger)
    #expect(fromPipe.statistics.inputs[0].sha256 == fromFile.statistics.inputs[0].sha256)
    #expect(fromPipe.statistics.inputs[0].bytes == bytes.count)
  }

  // The digest of "abc" is an example of FIPS 180-2, appendix B.1.
  @Test func `SHA-256, the standard's example`() {
    let region = TextRegion(copying: Array("abc".utf8))
    #expect(
      SHA256Digest.of(UnsafeRawBufferPointer(region.bytes))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(arguments: [
    ("a,b\n1,2\n", "neither 'kind'"), ("timestamp|kind|manager\n1|2|3\n", "delimited by something other"),
    ("timestamp,kind\n2026-01-05,request\n", "column 'manager' is missing"),
    ("timestamp,kind,Manager\n2026-01-05,request,m\n", "nearest: 'Manager'"),
    ("timestamp,kind,manager,opened\n2026-01-05,request,m,x\n", "the input has both"),
    ("timestamp,kind,manager,manager\n2026-01-05,request,m,x\n", "names 'manager' twice, as columns 3 and 4"),
    ("timestamp,kind,manager\n", "a header but no rows"), ("[\n{}]", "JSON list"), ("<log>\n</log>", "XML"),
    ("{}\n", "neither 'kind'"), ("{not json\n", "no line is a JSON object"), ("a\rb\rc\r", "carriage returns"),
    ("\u{FEFF}\n\r\n", "empty lines"), ("a\u{0}b,c\n1,2\n", "binary file"), ("PK\u{03}\u{04}", "workbook"),
    ("%PDF-1.4", "PDF"), ("PAR1", "Parquet"), ("BZh9", "bzip2"), ("SQLite format 3", "SQLite"),
    ("kind,\"manager\" x,timestamp\n", "text behind its quotes"),
  ])
  func `inputs that can't be understood`(_ text: String, _ words: String) {
    let error = #expect(throws: IngestionError.self) {
      try ingest([.bytes(Array(text.utf8), name: "in.csv")], options: ReadingFixture.options())
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("in.csv") == true)
  }

  @Test func `a header or a line without end`() {
    let options = ReadingFixture.options { $0.maximumRecordBytes = 1 << 20 }
    let long = [UInt8](repeating: 120, count: 3 << 20)
    for (start, words) in [
      ("", "in.csv:1: the header is longer than 1 MiB"),
      (Self.header, "in.csv:2: a record of more than 1 MiB begins here; a quote"),
      ("{\"a\":\"", "in.csv:1: a record of more than 1 MiB begins here; one JSON object per line"),
      ("\n{\"kind\":\"request\"}\n{\"a\":\"", "in.csv:3: a record of more than 1 MiB begins here; one JSON object"),
    ] {
      for pack in [{ $0 }, Packing.gzip] as [([UInt8]) -> [UInt8]] {
        let error = #expect(throws: IngestionError.self) {
          try ingest([.bytes(pack(Array(start.utf8) + long), name: "in.csv")], options: options)
        }
        #expect(error?.kind == .unusable)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      }
    }
    // A quote in the header that is never closed makes everything the header.
    let open = #expect(throws: IngestionError.self) { try Self.cases(Array("timestamp,\"kind\na,b\n".utf8)) }
    #expect(open?.description.contains("column 2 of the header") == true, "\(open?.description ?? "")")
  }

  @Test(arguments: [
    // A quote that doesn't begin a field is a letter, in the header as in rows.
    "case,manager,24\" screen,opened", "case,manager, \"screen,opened", "case,manager,\"24\"\" screen\",opened",
    // Delimiters and line feeds in names; more commas than what delimits.
    "case;manager;\"screen, 24\"\", or larger, or none\";opened", "case\tmanager\t\"24\"\";\r\n;screen;\"\topened",
  ])
  func `quotes in a header are read as in rows`(_ header: String) throws {
    let delimiter = header.first { ",;\t".contains($0) }!
    let row = ["c1", "m", "\"24\"\" one\"", "2026-01-05"].joined(separator: String(delimiter))
    for end in ["\n", "\r\n"] {
      for pack in [{ $0 }, Packing.gzip] as [([UInt8]) -> [UInt8]] {
        let bytes = pack(Array("\(header)\(end)\(row)\(end)".utf8))
        let (rows, rejects, outcome) = try ReadingFixture.read(bytes)
        #expect(rows.map(\.caseKey) == ["c1"] && rejects == .empty)
        #expect(outcome.ignoredColumns.count == 1)
      }
    }
  }

  // A spreadsheet's first line; lines are counted as they stand in the file.
  @Test(arguments: [
    ("sep=;", ";"), ("SEP=,", ","), ("\"sep=;\"", ";"), ("sep=\t", "\t"), ("\u{FEFF}sep=;", ";"),
  ])
  func `a declared delimiter is taken`(_ first: String, _ delimiter: String) throws {
    // More commas than delimiters in the header.
    let header = ["case", "manager", "\"a, b, c, d\"", "opened"].joined(separator: delimiter)
    let rows = ["c1,m,x,2026-01-05", "c2,,x,2026-01-05"].map { $0.replacing(",", with: delimiter) }
    for end in ["\n", "\r\n"] {
      for pack in [{ $0 }, Packing.gzip] as [([UInt8]) -> [UInt8]] {
        let text = ([first, header] + rows).joined(separator: end) + end
        let (read, rejects, outcome) = try ReadingFixture.read(pack(Array(text.utf8)))
        #expect(read.map(\.caseKey) == ["c1"] && outcome.ignoredColumns == ["a, b, c, d"])
        #expect(rejects.entries[.missingManager]?.places.map(\.line) == [4])
      }
    }
  }

  @Test func `empty lines behind a declaration are passed over, and counted`() throws {
    for end in ["\n", "\r\n"] {
      let text = ["", "sep=;", "", "", "case;manager;opened", "c1;m;2026-01-05", "c2;;2026-01-05", ""]
      let (read, rejects, _) = try ReadingFixture.read(text.joined(separator: end))
      #expect(read.map(\.caseKey) == ["c1"])
      #expect(rejects.entries[.missingManager]?.places.map(\.line) == [7])
    }
    let nothing = #expect(throws: IngestionError.self) { try ReadingFixture.read("sep=;\r\n\r\n") }
    #expect(nothing?.description.contains("nothing in it but the declaration") == true)
  }

  // The header stands in the third line.
  @Test(arguments: [
    ("timestamp;knd;manager", "neither 'kind'"), ("kind;opened;case;manager", "'kind' makes an event log"),
    ("timestamp;kind", "column 'manager' is missing"), ("timestamp;kind;manager;manager", "names 'manager' twice"),
    ("manager;unit", "looks like a roster of managers"), ("timestamp;kind;\"manager", "column 3 of the header"),
  ]) func `what is wrong with a header is told with its line`(_ header: String, _ says: String) {
    let error = #expect(throws: IngestionError.self) { try ReadingFixture.read("sep=;\n\n\(header)\n1;2;3;4\n") }
    #expect(error?.description.hasPrefix("in.csv:3: ") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    let mapped = #expect(throws: IngestionError.self) {
      try ReadingFixture.read("\n\ncase,manager,opened\n") { $0.mapping = ColumnMapping([.due: "late"]) }
    }
    #expect(mapped?.description.hasPrefix("in.csv:3: --map due=late") == true, "\(mapped?.description ?? "")")
  }

  // A carriage return alone takes nothing with it.
  @Test func `a declaration that ends in a carriage return`() throws {
    let (read, _, _) = try ReadingFixture.read("sep=;\rcase;manager;opened\nc1;m;2026-01-05\n")
    #expect(read.map(\.caseKey) == ["c1"])
    let alone = #expect(throws: IngestionError.self) { try ReadingFixture.read("sep=;\rcase;manager;opened\rc1;m;x\r") }
    #expect(alone?.description.contains("lines end in carriage returns alone") == true, "\(alone?.description ?? "")")
  }

  @Test func `a declaration of what isn't read, or of nothing, is told`() throws {
    let other = #expect(throws: IngestionError.self) { try ReadingFixture.read("\nsep=|\ncase|manager|opened\n") }
    #expect(other?.description.contains("in.csv:2: 'sep=' declares the delimiter '|'; export with commas") == true)
    let alone = #expect(throws: IngestionError.self) { try ReadingFixture.read("sep=;\n") }
    #expect(alone?.kind == .noInput && alone?.description.contains("nothing in it but the declaration") == true)
    // A column may have such a name.
    let column = #expect(throws: IngestionError.self) { try ReadingFixture.read("sep=;x\n1;2\n") }
    #expect(column?.description.contains("declar") == false)
  }

  @Test func `random names, quoted or with quotes inside, whatever is in them`() throws {
    var generator = FieldScannerTests.Generator(state: 7)
    let letters = Array("\"\"abcdefgh,;\t\n é")
    for number in 0..<120 {
      let delimiter = [",", ";", "\t"][number % 3]
      let columns = (0..<Int.random(in: 2...8, using: &generator)).map { column in
        // The first part that is looked at has 4 KiB.
        let count = Int.random(in: 0...[9, 60, 3000].randomElement(using: &generator)!, using: &generator)
        let name = "n\(column)" + String((0..<count).map { _ in letters.randomElement(using: &generator)! }) + "n"
        let isQuoted = name.contains { ",;\t\n".contains($0) }
        return (name, isQuoted ? "\"" + name.replacing("\"", with: "\"\"") + "\"" : name)
      }
      let text = "\u{FEFF}\n" + columns.map(\.1).joined(separator: delimiter) + ["\n", "\r\n"][number % 2]
      let region = TextRegion(copying: Array((text + "x\"y\n").utf8))
      let head = try #require(
        try InputHead.read(
          UnsafeRawBufferPointer(region.bytes), isWhole: false, name: "in.csv", maximumRecordBytes: 1 << 20))
      #expect(head.format == .delimited(Array(delimiter.utf8)[0]) && head.header == columns.map(\.0), "\(number)")
      #expect(head.length == text.utf8.count && head.firstLine == text.utf8.count { $0 == 10 } + 1, "\(number)")
      // Without its end it is no header yet.
      let part = UnsafeRawBufferPointer(rebasing: region.bytes.prefix(text.utf8.count - 2))
      #expect(try InputHead.read(part, isWhole: false, name: "in.csv", maximumRecordBytes: 1 << 20) == nil, "\(number)")
    }
  }

  @Test func `a quote of the header that is never closed isn't taken for other lines' ends`() {
    for end in ["\n", "\r\n"] {
      let error = #expect(throws: IngestionError.self) {
        try Self.cases(Array("case,\"manager,opened\(end)1,m,x\(end)".utf8))
      }
      #expect(
        error?.description.contains("in.csv:1: column 2 of the header has a quote that is never closed") == true,
        "\(error?.description ?? "")")
    }
  }

  @Test func `a header longer than the first look`() throws {
    let columns = (0..<150_000).map { "extra\($0)" }.joined(separator: ",")
    let values = [String](repeating: "", count: 150_000).joined(separator: ",")
    let text = "\(columns),timestamp,kind,manager,partner,case\n\(values),2026-01-05,request,m,p,c\n"
    #expect(text.utf8.count > 1 << 20)
    let header = try prepare(.bytes(Array(text.utf8), name: "in.csv"), options: ReadingFixture.options()).layout.header
    #expect(header.count == 150_005)
  }

  @Test func `bytes of another encoding`() {
    for start in [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]] {
      let error = #expect(throws: IngestionError.self) { try Self.cases(start) }
      #expect(error?.description.contains("UTF-16") == true)
    }
    let latin = Array("timestamp,kind,manager,Stra".utf8) + [0xDF] + Array("e\n".utf8)
    let error = #expect(throws: IngestionError.self) { try Self.cases(latin) }
    #expect(error?.description.contains("column 4 of the header isn't UTF-8") == true)
  }

  @Test func `too many refused rows: reasons, places and cures`() throws {
    let text = Self.header + "2026-01-05,respnse,m,p,c\n2026-01-05,request,m,p,d\n2026-01-05,request,m,p,\n"
    let error = #expect(throws: IngestionError.self) {
      try ingest([.bytes(Array(text.utf8), name: "dir/in.csv")], options: ReadingFixture.options())
    }
    #expect(error?.kind == .unusable)
    let message = error?.description ?? ""
    for words in [
      "2 of 3 rows (66.7 %)", "--max-bad", "(1 %)", "unknown kind 1 (in.csv:2: kind 'respnse', nearest 'response')",
      "missing case 1",
      "nearest 'response'",
    ] { #expect(message.contains(words), "\(message)") }
    let result = try ingest(
      [.bytes(Array(text.utf8), name: "in.csv")], options: ReadingFixture.options { $0.maximumBadShare = 0.7 })
    #expect(result.ledger.rejects.refusedRows == 2)
    #expect(result.ledger.rowCount == 1 && result.refusal == nil)
    // Kept for a report on them, with what would have been thrown.
    let kept = try ingest(
      [.bytes(Array(text.utf8), name: "dir/in.csv")], options: ReadingFixture.options { $0.keepsRefused = true })
    #expect(kept.refusal == error && kept.ledger.rowCount == 1 && kept.ledger.rejects.refusedRows == 2)
    // Rows that are left out are no bad rows, but something must remain.
    let own = Self.header + "2026-01-05,request,x,x,c\n"
    let nothing = #expect(throws: IngestionError.self) {
      try ingest([.bytes(Array(own.utf8), name: "in.csv")], options: ReadingFixture.options())
    }
    #expect(nothing?.description.contains("none of 1 rows can be used: self request 1") == true)
  }

  @Test(arguments: [
    ("29/2/2016 01:16", ["d/m/Y H:M"]), ("3/4/2026", ["d/m/Y", "m/d/Y"]), ("05-Jan-26 9:00 AM", ["d-b-y I:M p"]),
    ("2026/01/05 10:00:00", ["Y/m/d H:M:S"]), ("soon", []),
  ])
  func `times that a profile could read are answered with its format`(_ time: String, _ formats: [String]) {
    let text = "case,manager,opened\n1,m,\(time)\n"
    let error = #expect(throws: IngestionError.self) {
      try ingest([.bytes(Array(text.utf8), name: "in.csv")], options: ReadingFixture.options())
    }
    let sentence = formats.map { "[\"\($0)\"]" }.joined(separator: " or ")
    #expect(
      error?.description.contains("time-formats = \(sentence) reads") == !formats.isEmpty, "\(error?.description ?? "")"
    )
  }

  @Test func `one input twice is refused`() {
    let bytes = Self.log(3)
    let error = #expect(throws: IngestionError.self) {
      try ingest([.bytes(bytes, name: "a.csv"), .bytes(bytes, name: "b.csv")], options: ReadingFixture.options())
    }
    // There is no ledger here.
    #expect(error?.description.hasPrefix("b.csv: this input was read before, from 'a.csv' (SHA-256 ") == true)
  }

  @Test func `refused rows are written in full, in order, whatever the threads`() throws {
    let folder = try TemporaryFolder()
    var text = Self.header
    for number in 0..<500 {
      text += "2026-01-05,request,m,p,c\(number)\n"
      if number % 10 == 3 { text += "2026-01-05,request,\"m, \"\"\(number)\"\"\",,c\(number)\n" }
    }
    var written: [[UInt8]] = []
    for threads in [1, 3] {
      let path = folder.path + "/rejects\(threads).csv"
      _ = try ingest(
        [.bytes(Array(text.utf8), name: "in.csv"), .bytes(Array((text + Self.header).utf8), name: "second.csv")],
        options: ReadingFixture.options {
          $0.threads = threads
          $0.chunkBytes = 300
          $0.maximumBadShare = 1
          $0.rejectsFile = path
        })
      written.append(try FileBytes.read(path))
    }
    #expect(written[0] == written[1])
    let lines = String(decoding: written[0], as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 102)
    #expect(lines[0] == "file,line,reason,found,row")
    #expect(lines[1] == #"in.csv,6,missingPartner,kind 'request',"2026-01-05,request,""m, """"3"""""",,c3""#)
    #expect(lines[101] == "second.csv,552,unknownKind,kind 'kind',\"timestamp,kind,manager,partner,case\"")
    let error = #expect(throws: IngestionError.self) {
      try ingest(
        [.bytes(Array(text.utf8), name: "in.csv")],
        options: ReadingFixture.options { $0.rejectsFile = folder.path + "/none/rejects.csv" })
    }
    #expect(error?.kind == .output)
    // What a file of another kind holds stays.
    let (own, notes) = (folder.path + "/own.csv", folder.path + "/notes.txt")
    for path in [own, notes] { try FileBytes.write(Array(text.utf8), to: path) }
    for (path, kind) in [(own, IngestionError.Kind.usage), (notes, .outputExists)] {
      let error = #expect(throws: IngestionError.self) {
        try ingest([.path(own)], options: ReadingFixture.options { $0.rejectsFile = path })
      }
      #expect(error?.kind == kind, "\(error?.description ?? "")")
      #expect(try FileBytes.read(path) == Array(text.utf8))
    }
  }

  @Test func `progress goes up to the whole and counts rows`() throws {
    let seen = Seen()
    let bytes = Self.log(2000)
    _ = try ingest(
      [.bytes(bytes, name: "in.csv")], options: ReadingFixture.options { $0.chunkBytes = 1000 },
      progress: { seen.add($0) })
    let steps = seen.all
    #expect(steps.count > 10)
    #expect(steps.map(\.bytesDone) == steps.map(\.bytesDone).sorted())
    #expect(steps.last?.bytesDone == bytes.count)
    #expect(steps.last?.bytesTotal == bytes.count)
    #expect(steps.last.map { $0.rows > 1900 } == true)
  }
}
