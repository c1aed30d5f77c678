import Glibc

/// Who may read a file or folder, and write to it: what replaces one is for nobody else.
struct FileAccess {
  private let owner: uid_t
  private let group: gid_t
  private let mode: mode_t

  init(_ status: stat) {
    (owner, group, mode) = (status.st_uid, status.st_gid, status.st_mode & 0o7777)
  }

  /// `nil` where nothing is there.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Lets the same people at another file, as far as its owner may say so.
  ///
  /// - Parameter extra: what its owner may do besides.
  func give(to path: String, extra: mode_t = 0) {
    // Who may not give files away keeps them.
    let isSameGroup = chown(path, owner, group) == 0 || chown(path, .max, group) == 0
    chmod(path, mode(isSameGroup: isSameGroup) | extra)
  }

  /// The permissions that say the same; another group may do what everybody may.
  func mode(isSameGroup: Bool) -> mode_t { isSameGroup ? mode : mode & ~0o2070 | (mode & 0o007) << 3 }
}
