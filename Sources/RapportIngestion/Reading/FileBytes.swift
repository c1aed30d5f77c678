import Glibc

/// Whole files as arrays of bytes, for the small ones: rosters, tables, time zones.
public enum FileBytes {
  /// Reads a file.
  ///
  /// - Throws: ``IngestionError`` of kind `noInput` with the system's reason.
  public static func read(_ path: String) throws(IngestionError) -> [UInt8] { try read(path, upTo: .max) }

  /// Likewise its first bytes, at most so many.
  static func read(_ path: String, upTo limit: Int) throws(IngestionError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &block, min(block.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: block[..<count])
    }
  }

  /// Writes a file as ``WholeFile`` does: all or nothing.
  ///
  /// - Throws: ``IngestionError`` of kind `output` with the system's reason; nothing is left behind.
  static func write(_ bytes: [UInt8], to path: String) throws(IngestionError) {
    let failure = WholeFile.write(to: path) { descriptor in
      var written = 0
      while written < bytes.count {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { return errno }
        written += count
      }
      return 0
    }
    guard failure == 0 else {
      throw IngestionError(.output, "\(path): writing failed (\(String(cString: strerror(failure))))")
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
