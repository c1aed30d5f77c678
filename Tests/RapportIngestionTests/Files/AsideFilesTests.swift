import Foundation
import Glibc
import Testing

@testable import RapportIngestion

@Suite struct AsideFilesTests {
  /// The number of a process that isn't there any more.
  private static func deadProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  @Test func `what a killed run left beside a file goes, and nothing else`() throws {
    let folder = try TemporaryFolder()
    let dead = try Self.deadProcess()
    let (path, left) = (folder.path + "/file", folder.path + "/file.partial-\(dead)")
    // The first process is there, one writes under another's number, and the others are no such names.
    let others = ["file.partial-1", "file.partial-\(dead)x", "file.partial-", "other.partial-\(dead)"]
    for name in others + ["file.partial-\(dead)"] { try folder.write([], to: name) }
    #expect(mkdir(folder.path + "/file.partial-\(dead + 1)", 0o700) == 0)
    let writing = open(left, O_RDONLY)
    #expect(writing >= 0 && flock(writing, LOCK_EX) == 0)
    try FileBytes.write([1], to: path)
    #expect(access(left, F_OK) == 0)
    #expect(close(writing) == 0)
    try FileBytes.write([2], to: path)
    #expect(access(left, F_OK) != 0)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == (others + ["file", "file.partial-\(dead + 1)"]).sorted())
  }

  @Test func `what a killed run left beside a folder goes, unless it is somebody's only one`() throws {
    let scratch = try TemporaryFolder()
    let dead = try Self.deadProcess()
    let out = scratch.path + "/out"
    let (partial, old) = ("\(out).partial-\(dead)", "\(out).old-\(dead)")
    func write() throws {
      try WholeFolderTests.folder(out).write { try FileBytes.write(Array("ours/1".utf8), to: "\($0)/marker.json") }
    }
    try scratch.write([1], to: "out.partial-\(dead)/a.csv")
    try scratch.write([1], to: "out.old-\(dead)/a.csv")
    try write()
    #expect(access(partial, F_OK) != 0 && access(old, F_OK) == 0)
    try scratch.write([1], to: "out.partial-\(dead)/mine.txt")
    try write()
    #expect(access(partial + "/mine.txt", F_OK) == 0 && access(old, F_OK) != 0)
  }
}
