import Glibc
import Synchronization

/// What is being written aside and has no name of its own yet, so that a run that is told to end leaves none of it behind.
///
/// Such files and folders are made, named and removed under one lock. Whoever ends the run keeps it: what has its name by then stays, and
/// nothing gets one any more.
package enum AsideFiles {
  private static let paths = Mutex<Set<String>>([])

  /// Makes a file or folder aside.
  ///
  /// - Parameter make: gives an error number, or 0.
  /// - Returns: what `make` gives.
  static func begin(_ path: String, _ make: () -> Int32) -> Int32 {
    paths.withLock { paths in
      let failure = make()
      if failure == 0 { paths.insert(path) }
      return failure
    }
  }

  /// Gives it its name, or removes it.
  static func end(_ path: String, _ body: () -> Void) {
    paths.withLock { paths in
      body()
      paths.remove(path)
    }
  }

  /// Counts files that `body` makes among those aside, and removes them after it.
  package static func hold<Result, Failure: Error>(
    _ paths: [String], _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    for path in paths { _ = begin(path) { 0 } }
    defer { for path in paths { end(path) { unlink(path) } } }
    return try body()
  }

  /// Removes all that is aside.
  ///
  /// - Parameter finally: ends the process, before anybody writes on.
  package static func removeAll(_ finally: () -> Void) {
    paths.withLock { paths in
      for path in paths where unlink(path) != 0 && errno == EISDIR {
        // Whoever fills a folder may just have made another file in it.
        for _ in 0..<100 where !WholeFolder.remove(path) {}
      }
      finally()
    }
  }

  /// Removes what runs that were killed left beside a place: such as `NAME.partial-PID` of a process that isn't there any more.
  ///
  /// - Parameters:
  ///   - mark: what stands between the place's name and the process's number.
  ///   - names: what a folder may hold; one that holds anything else is left alone. `nil`: files are looked for.
  package static func removeLeftBehind(of place: String, mark: String = ".partial-", names: Set<String>? = nil) {
    let slash = place.lastIndex(of: "/")
    let folder = slash.map { $0 == place.startIndex ? "/" : String(place[..<$0]) } ?? "."
    let start = place[(slash.map { place.index(after: $0) } ?? place.startIndex)...] + mark
    for name in WholeFolder.names(in: folder) where name.hasPrefix(start) {
      guard let process = pid_t(name.dropFirst(start.count)), process > 0, kill(process, 0) != 0, errno == ESRCH
      else { continue }
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      // Another machine or container, to which the number means another process, has it locked while it writes.
      var status = stat()
      guard fstat(descriptor, &status) == 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
      switch (status.st_mode & S_IFMT, names) {
      case (S_IFREG, nil): unlink(path)
      case (S_IFDIR, let names?) where names.isSuperset(of: WholeFolder.names(in: path)): WholeFolder.remove(path)
      default: break
      }
    }
  }
}
