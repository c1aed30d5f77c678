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
}
