import Foundation
import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct LedgerFileTests {
  static func temporaryPath() -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("rapport-ledger-\(getpid())-\(UInt64.random(in: 0 ... .max))").path
  }

  @Test func `comes back as it was written`() throws {
    var ledger = LedgerTests.merged(LedgerTests.parts(3, seed: 4))
    try ledger.remember(input: "00ff", named: "events.csv")
    let path = Self.temporaryPath()
    defer { unlink(path) }
    try ledger.write(to: path)
    let loaded = try Ledger(contentsOf: path)
    #expect(loaded == ledger)
    #expect(loaded.isLoaded && !ledger.isLoaded)
    // Once more over the old file.
    try ledger.write(to: path)
    #expect(try Ledger(contentsOf: path) == ledger)
  }

  @Test func `a link to a shared ledger stays one, and the ledger its readers'`() throws {
    let (path, link) = (Self.temporaryPath(), Self.temporaryPath())
    defer {
      unlink(path)
      unlink(link)
    }
    try Ledger.empty.write(to: path)
    #expect(chmod(path, 0o600) == 0 && symlink(path, link) == 0)
    let ledger = LedgerTests.merged(LedgerTests.parts(1, seed: 5))
    try ledger.write(to: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    #expect(try Ledger(contentsOf: path) == ledger)
    #expect(WholeFileTests.mode(path) == 0o600)
  }

  @Test func `the file doesn't depend on threads`() throws {
    var text = "timestamp,kind,manager,partner,case\n"
    // More rows than a thread packs at once.
    for number in 0..<70_000 {
      text +=
        "2026-01-05T09:00:0\(number % 10),\(number % 2 == 0 ? "request" : "recognition"),m\(number % 7),p,c\(number)\n"
    }
    let ledger = try ingest([.bytes(Array(text.utf8), name: "in.csv")], options: ReadingFixture.options()).ledger
    let bytes = ledger.fileBytes()
    #expect(ledger.fileBytes(threads: 2) == bytes && ledger.fileBytes(threads: 5) == bytes)
    #expect(try Ledger(fileBytes: bytes, path: "x") == ledger)
  }

  @Test func `an empty ledger comes back too`() throws {
    #expect(try Ledger(fileBytes: Ledger.empty.fileBytes(), path: "empty") == .empty)
  }

  @Test func `january's and february's together are the ledger of both`() throws {
    let parts = LedgerTests.parts(2, seed: 7)
    let path = Self.temporaryPath()
    defer { unlink(path) }
    try parts[0].write(to: path)
    var saved = try Ledger(contentsOf: path)
    try saved.add(parts[1])
    #expect(saved == LedgerTests.merged(parts))
  }

  @Test func `every damaged byte is noticed`() {
    let bytes = LedgerTests.merged(LedgerTests.parts(1, seed: 3)).fileBytes()
    for index in stride(from: 0, to: bytes.count, by: 37) {
      var damaged = bytes
      damaged[index] ^= 0x20
      #expect(throws: IngestionError.self) { try Ledger(fileBytes: damaged, path: "x") }
    }
    for length in stride(from: 0, to: bytes.count, by: 101) {
      #expect(throws: IngestionError.self) { try Ledger(fileBytes: Array(bytes[..<length]), path: "x") }
    }
    #expect(throws: IngestionError.self) { try Ledger(fileBytes: bytes + [0], path: "x") }
  }

  @Test func `says what is wrong`() throws {
    func failure(_ bytes: [UInt8]) -> IngestionError? {
      #expect(throws: IngestionError.self) { try Ledger(fileBytes: bytes, path: "old.ledger") }
    }
    let bytes = Ledger.empty.fileBytes()
    #expect(failure(Array("timestamp,kind".utf8))?.kind == .unusable)
    var newer = bytes
    newer[8] = 9
    #expect(failure(newer)?.description.contains("version 9") == true)
    // Until version 5 the same id of different kinds was one event: what such a ledger holds isn't known by the same key.
    var older = bytes
    older[8] = 5
    #expect(failure(older)?.kind == .unusable)
    #expect(failure(older)?.description.contains("version 5, and this program reads version 6; ingest") == true)
    var damaged = bytes
    damaged[40] ^= 1
    #expect(failure(damaged)?.kind == .noInput)
    #expect(failure(damaged)?.description.contains("checksum of section 1") == true)
    let missing = #expect(throws: IngestionError.self) { try Ledger(contentsOf: "/nowhere/x.ledger") }
    #expect(missing?.kind == .noInput)
    let folder = try TemporaryFolder()
    let path = try folder.write([], to: "x.ledger")
    let empty = #expect(throws: IngestionError.self) { try Ledger(contentsOf: path) }
    #expect(empty?.kind == .noInput && empty?.description == "\(path): there is nothing in it (0 bytes)")
    let unwritable = #expect(throws: IngestionError.self) { try Ledger.empty.write(to: "/nowhere/x.ledger") }
    #expect(unwritable?.kind == .output)
  }
}
