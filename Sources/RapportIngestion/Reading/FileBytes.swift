import Glibc

/// Whole files as arrays of bytes, for the small ones: rosters, tables, time zones.
public enum FileBytes {
  /// Reads a file.
  ///
  /// - Throws: ``IngestionError`` of kind `noInput` with the system's reason.
  public static func read(_ path: String) throws(IngestionError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }

  /// The error of a file that can't be opened or read.
  static func unreadable(_ path: String, _ code: Int32) -> IngestionError {
    let reason = String(cString: strerror(code))
    return switch code {
    case ENOENT: IngestionError(.noInput, "\(path): there is no such file; check the spelling and the folder")
    case EACCES: IngestionError(.noInput, "\(path): not readable (\(reason)); ask for read permission")
    default: IngestionError(.noInput, "\(path): can't be read (\(reason))")
    }
  }
}
