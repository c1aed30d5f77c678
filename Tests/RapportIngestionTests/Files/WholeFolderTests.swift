import Glibc
import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct WholeFolderTests {
  static func folder(_ path: String, mayBeEmpty: Bool = false) -> WholeFolder {
    WholeFolder(
      path, names: ["a.csv", "b.csv", "marker.json"], marker: ("marker.json", "ours/1"), writer: "the test",
      mayBeEmpty: mayBeEmpty)
  }

  private static func fill(_ folder: String) throws {
    for (name, text) in [("a.csv", "new"), ("marker.json", "ours/1")] {
      try FileBytes.write(Array(text.utf8), to: "\(folder)/\(name)")
    }
  }

  @Test func `who may read an earlier folder and its files may read the new ones`() throws {
    let scratch = try TemporaryFolder()
    let (out, file) = (scratch.path + "/out", scratch.path + "/out/a.csv")
    try Self.folder(out).write(Self.fill)
    #expect(chmod(out, 0o2750) == 0 && chmod(file, 0o600) == 0)
    try Self.folder(out).write { aside in
      try Self.fill(aside)
      #expect(WholeFileTests.mode(aside) == 0o2750)
    }
    #expect(WholeFileTests.mode(out) == 0o2750 && WholeFileTests.mode(file) == 0o600)
    // Its owner may have kept himself from changing it.
    #expect(chmod(out, 0o500) == 0)
    try Self.folder(out).write(Self.fill)
    #expect(WholeFileTests.mode(out) == 0o500)
    #expect(access(out + ".old-\(getpid())", F_OK) != 0 && access(out + ".partial-\(getpid())", F_OK) != 0)
  }

  @Test func `an empty folder is taken where it may be, with its permissions`() throws {
    let scratch = try TemporaryFolder()
    let out = scratch.path + "/out"
    #expect(mkdir(out, 0o700) == 0)
    let error = #expect(throws: IngestionError.self) { try Self.folder(out).check() }
    #expect(error?.kind == .outputExists && error?.description.contains("not written by the test") == true)
    try Self.folder(out, mayBeEmpty: true).write(Self.fill)
    #expect(WholeFileTests.mode(out) == 0o700)
  }

  @Test func `an earlier folder stands where putting the new one in place fails`() throws {
    let scratch = try TemporaryFolder()
    let out = scratch.path + "/out"
    try Self.folder(out).write(Self.fill)
    // The new one goes away.
    let gone = #expect(throws: IngestionError.self) {
      try Self.folder(out).write { aside in #expect(rmdir(aside) == 0) }
    }
    #expect(gone?.kind == .output && gone?.description.contains("can't be put in place") == true)
    // Somebody puts something into the earlier one meanwhile.
    let taken = #expect(throws: IngestionError.self) {
      try Self.folder(out).write { aside in
        try Self.fill(aside)
        try FileBytes.write(Array("mine".utf8), to: out + "/mine.txt")
      }
    }
    #expect(taken?.kind == .outputExists && taken?.description.contains("holds mine.txt") == true)
    #expect(try FileBytes.read(out + "/mine.txt") == Array("mine".utf8))
    #expect(try FileBytes.read(out + "/a.csv") == Array("new".utf8))
    #expect(access(out + ".old-\(getpid())", F_OK) != 0 && access(out + ".partial-\(getpid())", F_OK) != 0)
  }
}
