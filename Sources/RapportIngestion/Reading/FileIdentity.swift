import Glibc

/// Which file a path or descriptor leads to, whatever its spelling.
struct FileIdentity: Hashable {
  private let device: dev_t
  private let node: ino_t

  /// `nil` where nothing is there.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, node) = (status.st_dev, status.st_ino)
  }

  /// `nil` for a descriptor that isn't open.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    (device, node) = (status.st_dev, status.st_ino)
  }
}
