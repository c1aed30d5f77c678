import Glibc
import Synchronization
import Testing

@testable import RapportIngestion

@Suite struct FileLockTests {
  /// How often somebody waited.
  private final class Waits: Sendable {
    private let number = Mutex(0)
    var count: Int { number.withLock { $0 } }
    func add() { number.withLock { $0 += 1 } }
  }

  // Each reads a number, waits, and puts the next one in its place as a new file: without the lock some would read the same.
  @Test func `of several who replace a file each sees what the one before left`() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("0".utf8), to: "count")
    let waits = Waits()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          FileLock.hold(on: path, waiting: { waits.add() }) { _ in
            guard let bytes = try? FileBytes.read(path), let count = Int(String(decoding: bytes, as: UTF8.self)) else {
              return
            }
            usleep(2000)
            let next = "\(count + 1)"
            _ = WholeFile.write(to: path) { write($0, next, next.utf8.count) == next.utf8.count ? 0 : EIO }
          }
        }
      }
    }
    #expect(String(decoding: try FileBytes.read(path), as: UTF8.self) == "8")
    #expect(waits.count <= 8)
  }

  @Test func `where no plain file stands nothing is locked, and errors pass`() throws {
    let folder = try TemporaryFolder()
    #expect(FileLock.hold(on: folder.path + "/none") { $0 } == false)
    #expect(FileLock.hold(on: folder.path) { $0 } == false && FileLock.hold(on: "/dev/null") { $0 } == false)
    let path = try folder.write([], to: "file")
    #expect(throws: CancellationError.self) { try FileLock.hold(on: path) { _ in throw CancellationError() } }
    // It is free again, also for those who may only read.
    chmod(path, 0o400)
    #expect(FileLock.hold(on: path, waiting: { Issue.record("it is free") }) { $0 })
    #expect(FileLock.isPlainFile(path) && !FileLock.isPlainFile(folder.path) && !FileLock.isPlainFile("/dev/null"))
  }

  @Test func `a file that mustn't be there is made once`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/new"
    func create(_ text: String) -> Int32 {
      WholeFile.write(to: path, replaces: false) { write($0, text, text.utf8.count) == text.utf8.count ? 0 : EIO }
    }
    // Somebody else makes it while this one is written.
    let late = WholeFile.write(to: path, replaces: false) { descriptor in
      #expect(create("first") == 0)
      return write(descriptor, "late", 4) == 4 ? 0 : EIO
    }
    #expect(late == EEXIST && create("second") == EEXIST)
    #expect(String(decoding: try FileBytes.read(path), as: UTF8.self) == "first")
  }
}
