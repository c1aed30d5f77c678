import Glibc

/// A lock on a file that is read, added to and replaced, so that of several runs that do so at once each adds to what the one before left.
///
/// It is the system's lock on the file itself (flock(2)): it holds for whoever asks for it too, leaves nothing behind, and ends with the
/// process at the latest. Whoever replaces the file puts another in its place, so that one who has waited for the lock of the old
/// one looks whether that still stands there.
package enum FileLock {
  /// Calls `body` while the file is locked.
  ///
  /// Where no plain file stands there nothing is locked, nor on a file system that knows no locks.
  ///
  /// - Parameters:
  ///   - waiting: called once, if somebody else has the lock.
  ///   - body: hears whether a plain file stood there; one that comes to stand there afterwards isn't locked.
  package static func hold<Result>(
    on path: String, waiting: () -> Void = {}, _ body: (_ isFound: Bool) throws -> Result
  ) rethrows -> Result {
    var hasWaited = false
    while true {
      let descriptor = openPlainFile(path)
      guard descriptor >= 0 else { return try body(false) }
      defer { close(descriptor) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        if !hasWaited { waiting() }
        hasWaited = true
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      }
      if stands(descriptor, at: path) { return try body(true) }
    }
  }

  /// Whether a plain file stands there.
  package static func isPlainFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Some file systems lock only what may be written to.
  private static func openPlainFile(_ path: String) -> Int32 {
    guard isPlainFile(path) else { return -1 }
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    return descriptor >= 0 ? descriptor : open(path, O_RDONLY | O_CLOEXEC)
  }

  private static func stands(_ descriptor: Int32, at path: String) -> Bool {
    var (mine, there) = (stat(), stat())
    return fstat(descriptor, &mine) == 0 && stat(path, &there) == 0
      && (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)
  }
}
