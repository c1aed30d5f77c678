import Glibc

/// A file that is written aside and renamed, so that it is the old one or the new one, and never a part of either.
package enum WholeFile {
  /// Writes a file, or replaces one: where links lead, and for those who may read what stands there.
  ///
  /// What is no plain file, such as a device or a pipe, is written to as it is.
  ///
  /// - Parameters:
  ///   - replaces: whether a file may stand there; where not, and one does in the end, the error is `EEXIST`.
  ///   - fill: writes everything, and gives the error number, or 0.
  /// - Returns: the error number, or 0; unless it is 0, nothing has changed.
  package static func write(
    to path: String, replaces: Bool = true, _ fill: (_ descriptor: Int32) -> Int32
  ) -> Int32 {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, !replaces { return EEXIST }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      return descriptor < 0 ? errno : finish(descriptor, fill(descriptor))
    }
    let place = FilePlace.of(path)
    let aside = "\(place).partial-\(getpid())"
    AsideFiles.removeLeftBehind(of: place)
    var descriptor: Int32 = -1
    let refusal = AsideFiles.begin(aside) {
      unlink(aside)
      // For nobody else before it is for those who may read what it replaces.
      descriptor = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? 0o600 : 0o666)
      return descriptor >= 0 ? 0 : errno
    }
    guard refusal == 0 else { return refusal }
    // Tells that somebody writes; where the file system knows no locks, the process's number does.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    var failure = finish(descriptor, fill(descriptor))
    AsideFiles.end(aside) {
      if failure == 0 {
        if exists { FileAccess(status).give(to: aside) }
        failure = put(aside, place, replaces: replaces)
      }
      if failure != 0 { unlink(aside) }
    }
    return failure
  }

  /// Why a file couldn't be written, as far as that is known before; `nil` where nothing is known against it, as of what stands there and
  /// is no plain file.
  package static func obstacle(at path: String) -> String? {
    var status = stat()
    let isOther = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
    return isOther ? nil : FilePlace.obstacle(at: path)
  }

  /// Gives a file its name.
  private static func put(_ aside: String, _ place: String, replaces: Bool) -> Int32 {
    if !replaces {
      // A second name is given only where there is none yet, whoever else gives one at the same moment.
      if link(aside, place) == 0 {
        unlink(aside)
        return 0
      }
      // A file system may know no second names.
      if errno == EEXIST || access(place, F_OK) == 0 { return EEXIST }
    }
    return rename(aside, place) == 0 ? 0 : errno
  }

  /// Closes a file; a full disk shows here at the latest.
  private static func finish(_ descriptor: Int32, _ failure: Int32) -> Int32 {
    var failure = failure
    // What can't be told to reach a disk needn't.
    if failure == 0, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    return failure
  }
}
