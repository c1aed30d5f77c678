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

  /// Writes a file aside and renames it: all or nothing.
  ///
  /// - Throws: ``IngestionError`` of kind `output` with the system's reason; nothing is left behind.
  static func write(_ bytes: [UInt8], to path: String) throws(IngestionError) {
    let aside = "\(path).\(getpid()).tmp"
    func failure(_ code: Int32) -> IngestionError {
      unlink(aside)
      return IngestionError(.output, "\(path): writing failed (\(String(cString: strerror(code))))")
    }
    let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(errno) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        let code = errno
        close(descriptor)
        throw failure(code)
      }
      written += count
    }
    guard close(descriptor) == 0, rename(aside, path) == 0 else { throw failure(errno) }
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
