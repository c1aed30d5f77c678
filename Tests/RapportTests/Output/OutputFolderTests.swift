import Foundation
import Rapport
import RapportTestSupport
import Testing

@Suite struct OutputFolderTests {
  let marker = "{\n  \"format\": \"rapport-manifest/1\"\n}\n"

  @Test func `writes all files, and replaces what it wrote`() throws {
    let scratch = try Scratch()
    let folder = OutputFolder(scratch["out"].path + "/")
    try folder.write([("pairs.csv", "one"), ("trends.csv", "x"), ("manifest.json", marker)])
    try folder.write([("pairs.csv", "two"), ("manifest.json", marker)])
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch["out"].path).sorted()
    #expect(names == ["manifest.json", "pairs.csv"])
    #expect(try String(contentsOf: scratch["out"].appendingPathComponent("pairs.csv"), encoding: .utf8) == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path) == ["out"])
  }

  @Test func `an earlier result's permissions stay`() throws {
    let scratch = try Scratch()
    let folder = OutputFolder(scratch["out"].path)
    func mode() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: scratch["out"].path)[.posixPermissions] as? Int
    }
    try folder.write([("pairs.csv", "one"), ("manifest.json", marker)])
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: scratch["out"].path)
    try folder.write([("pairs.csv", "two"), ("manifest.json", marker)])
    #expect(try mode() == 0o700)
    #expect(try String(contentsOf: scratch["out/pairs.csv"], encoding: .utf8) == "two")
  }

  @Test func `what somebody put into an earlier result stays there`() throws {
    let scratch = try Scratch()
    let folder = OutputFolder(scratch["out"].path)
    try folder.write([("pairs.csv", "one"), ("manifest.json", marker)])
    func refused() throws -> String {
      let error = #expect(throws: RapportError.self) {
        try folder.write([("pairs.csv", "two"), ("manifest.json", marker)])
      }
      #expect(error?.kind == .outputExists && #expect(throws: RapportError.self) { try folder.check() } == error)
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path) == ["out"])
      #expect(try String(contentsOf: scratch["out/pairs.csv"], encoding: .utf8) == "one")
      return error?.description ?? ""
    }
    try FileManager.default.createDirectory(at: scratch["out/sub"], withIntermediateDirectories: true)
    try scratch.write("out/sub/f", "mine")
    #expect(try refused().contains("holds sub, which rapport didn't write"))
    try scratch.write("out/notes.txt", "mine")
    #expect(try refused().contains("holds notes.txt and 1 other, which rapport didn't write"))
    #expect(try String(contentsOf: scratch["out/notes.txt"], encoding: .utf8) == "mine")
    #expect(try String(contentsOf: scratch["out/sub/f"], encoding: .utf8) == "mine")
  }

  @Test func `a link to a folder is followed`() throws {
    let scratch = try Scratch()
    let link = scratch["link"].path
    try OutputFolder(scratch["out"].path).write([("pairs.csv", "one"), ("manifest.json", marker)])
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch["out"].path)
    try OutputFolder(link).write([("pairs.csv", "two"), ("manifest.json", marker)])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == scratch["out"].path)
    #expect(try String(contentsOf: scratch["out/pairs.csv"], encoding: .utf8) == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).sorted() == ["link", "out"])
    try FileManager.default.removeItem(at: scratch["out"])
    let error = #expect(throws: RapportError.self) { try OutputFolder(link).check() }
    #expect(error?.kind == .outputExists && error?.description.contains("a symbolic link that leads nowhere") == true)
  }

  @Test func `refuses a folder or file that isn't rapport's`() throws {
    let scratch = try Scratch()
    try FileManager.default.createDirectory(at: scratch["theirs"], withIntermediateDirectories: true)
    try scratch.write("theirs/notes.txt", "mine")
    try scratch.write("file", "mine")
    for name in ["theirs", "file"] {
      let error = #expect(throws: RapportError.self) {
        try OutputFolder(scratch[name].path).write([("manifest.json", marker)])
      }
      #expect(error?.kind == .outputExists)
    }
    #expect(try String(contentsOf: scratch["theirs/notes.txt"], encoding: .utf8) == "mine")
  }

  @Test func `leaves nothing behind when writing fails`() throws {
    let scratch = try Scratch()
    let error = #expect(throws: RapportError.self) {
      try OutputFolder(scratch["out"].path).write([("a.txt", "one"), ("no/such/folder.txt", "x")])
    }
    #expect(error?.kind == .output)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty)
    let missing = #expect(throws: RapportError.self) {
      try OutputFolder(scratch["no/out"].path).write([("a.txt", "one")])
    }
    #expect(missing?.kind == .output)
  }

  @Test func `a full device is told`() throws {
    let error = #expect(throws: RapportError.self) { try TextFile.write("text", to: "/dev/full") }
    #expect(error?.kind == .output)
    #expect(error?.description.contains("/dev/full") == true)
  }

  @Test func `text that is none is told`() throws {
    let scratch = try Scratch()
    try Data([0xFF, 0xFE]).write(to: scratch["binary"])
    #expect(throws: RapportError(.configuration, "\(scratch["binary"].path): is not UTF-8 text")) {
      try TextFile.read(scratch["binary"].path, as: .configuration)
    }
    #expect(throws: RapportError.self) { try TextFile.read(scratch["absent"].path, as: .configuration) }
  }
}
