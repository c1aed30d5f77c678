import Glibc
import Testing

@testable import RapportIngestion

@Suite struct FilePlaceTests {
  @Test func `links and detours are gone, also of what isn't there`() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "real/file")
    let root = FilePlace.of(folder.path)
    for (link, target) in [
      ("linked", "real"), ("dangling", "real/new"), ("absolute", folder.path + "/linked/new"), ("further", "dangling"),
      ("loop", "loop"),
    ] { #expect(symlink(target, folder.path + "/" + link) == 0) }
    for (path, place) in [
      ("real/file", "real/file"), ("linked/file", "real/file"), ("real/../linked/./file", "real/file"),
      ("linked/", "real"), ("linked/none", "real/none"), ("none/", "none"), ("none/x/../y", "none/y"),
      ("none/./../real/file", "real/file"), ("dangling", "real/new"), ("absolute", "real/new"),
      ("further", "real/new"), ("loop", "loop"),
    ] { #expect(FilePlace.of(folder.path + "/" + path) == root + "/" + place, "\(path)") }
    #expect(FilePlace.of("/") == "/" && FilePlace.of("/none") == "/none" && FilePlace.of("/..") == "/")
    #expect(FilePlace.of("none") == FilePlace.of(".") + "/none" && FilePlace.of("") == FilePlace.of("."))
  }

  @Test func `where nothing can be made is known before`() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "real/file")
    #expect(symlink("real/new", folder.path + "/dangling") == 0)
    let root = FilePlace.of(folder.path)
    func obstacle(_ name: String, makesFolders: Bool = false) -> String? {
      FilePlace.obstacle(at: folder.path + "/" + name, makesFolders: makesFolders)
    }
    for name in ["new", "real/file", "real/new", "dangling", "real/../new/"] {
      #expect(obstacle(name) == nil, "\(name)")
    }
    #expect(obstacle("none/x/new") == "there is no folder \(root)/none/x")
    #expect(obstacle("none/x/new", makesFolders: true) == nil)
    #expect(obstacle("real/file/new") == "\(root)/real/file is no folder")
    #expect(obstacle("real/file/x/new", makesFolders: true) == "\(root)/real/file/x: Not a directory")
    #expect(FilePlace.obstacle(at: "/new") == (access("/", W_OK) == 0 ? nil : "/: Permission denied"))
    // Root may write anywhere.
    guard geteuid() != 0 else { return }
    #expect(chmod(folder.path + "/real", 0o500) == 0)
    #expect(obstacle("real/file") == "\(root)/real: Permission denied")
    #expect(chmod(folder.path + "/real", 0o700) == 0)
  }
}
