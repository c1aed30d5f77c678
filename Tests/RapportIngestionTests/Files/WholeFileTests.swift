import Glibc
import Testing

@testable import RapportIngestion

@Suite struct WholeFileTests {
  /// The permissions of a file or folder.
  static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
  }

  private static func write(_ text: String, to path: String, then failure: Int32 = 0) -> Int32 {
    WholeFile.write(to: path) { descriptor in
      #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
      return failure
    }
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try FileBytes.read(path), as: UTF8.self)
  }

  @Test func `a link stays one, also where it leads to nothing yet`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("old".utf8), to: "shared/file")
    let (link, dangling) = (folder.path + "/link", folder.path + "/dangling")
    #expect(symlink("shared/file", link) == 0 && symlink("shared/new", dangling) == 0)
    for (path, name) in [(link, "file"), (dangling, "new")] {
      #expect(Self.write("new", to: path) == 0)
      var status = stat()
      #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(try Self.text(folder.path + "/shared/" + name) == "new")
    }
  }

  @Test func `who may read what is replaced may read what replaces it, and nobody else meanwhile`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    for mode: mode_t in [0o600, 0o640, 0o400, 0o664] {
      try folder.write([], to: "file")
      #expect(chmod(path, mode) == 0)
      let failure = WholeFile.write(to: path) { descriptor in
        var status = stat()
        #expect(fstat(descriptor, &status) == 0 && status.st_mode & 0o7777 == 0o600)
        return 0
      }
      #expect(failure == 0 && Self.mode(path) == mode)
    }
  }

  @Test(arguments: [(0o640, 0o600), (0o664, 0o644), (0o2770, 0o700), (0o604, 0o644), (0o755, 0o755)])
  func `what one group may do, another may not, unless everybody may`(mode: Int, other: Int) {
    var status = stat()
    status.st_mode = S_IFREG | mode_t(mode)
    #expect(FileAccess(status).mode(isSameGroup: true) == mode_t(mode))
    #expect(FileAccess(status).mode(isSameGroup: false) == mode_t(other))
  }

  @Test func `a new file is as the process makes files`() throws {
    let folder = try TemporaryFolder()
    let plain = open(folder.path + "/plain", O_WRONLY | O_CREAT, 0o666)
    #expect(plain >= 0 && close(plain) == 0)
    #expect(Self.write("x", to: folder.path + "/file") == 0)
    #expect(Self.mode(folder.path + "/file") == Self.mode(folder.path + "/plain"))
  }

  @Test func `what fails leaves what was there and nothing else`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("old".utf8), to: "file")
    #expect(Self.write("new", to: path, then: ENOSPC) == ENOSPC)
    #expect(try Self.text(path) == "old")
    #expect(Self.write("new", to: folder.path + "/none/file") == ENOENT)
    #expect(Self.write("new", to: folder.path) == EISDIR)
    #expect(access(path + ".partial-\(getpid())", F_OK) != 0)
  }

  @Test func `a device is written to`() throws {
    #expect(Self.write("text", to: "/dev/null") == 0)
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #expect(WholeFile.write(to: "/dev/full") { Glibc.write($0, "x", 1) < 0 ? errno : 0 } == ENOSPC)
  }
}
