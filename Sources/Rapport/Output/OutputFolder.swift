import Glibc

/// A folder of results: written aside and renamed, so that it is there as a whole or not at all.
///
/// The marker of a folder that rapport wrote is its `manifest.json`, which begins with ``marker``. Such a folder is
/// replaced, unless it holds anything besides `ReportFiles.names`; any other is refused.
public struct OutputFolder: Sendable {
  /// What the first lines of a `manifest.json` hold.
  public static let marker = "\"format\": \"rapport-manifest/"

  private let folder: WholeFolder

  public var path: String { folder.path }

  public init(_ path: String) {
    folder = WholeFolder(
      path, names: Set(ReportFiles.names), marker: ("manifest.json", Self.marker), writer: "rapport")
  }

  /// Finds out before any work whether the folder may be written.
  ///
  /// - Throws: kind `outputExists` where something stands there that rapport didn't write.
  public func check() throws(RapportError) {
    do throws(IngestionError) { try folder.check() } catch { throw Self.told(error) }
  }

  /// Writes the files and puts the folder in its place, replacing an earlier one of rapport's, for those who may read that.
  ///
  /// - Throws: kind `outputExists` as ``check()``; kind `output` where writing fails, and then nothing is left behind.
  public func write(_ files: [(name: String, text: String)]) throws(RapportError) {
    do {
      try write(files.map { file in (file.name, { FileText(file.text) }) })
    } catch let error as RapportError {
      throw error
    } catch {
      throw RapportError(.defect, "\(error)")
    }
  }

  /// Likewise, each file made when its turn comes.
  ///
  /// - Throws: what making a file throws, and as above; then nothing is left behind.
  public func write(_ files: [ReportFiles.File]) throws {
    do {
      try folder.write { aside in
        for file in files {
          try TextFile.write(file.make(), to: "\(aside)/\(file.name)", shownAs: "\(path)/\(file.name)")
        }
      }
    } catch let error as IngestionError {
      throw Self.told(error)
    }
  }

  private static func told(_ error: IngestionError) -> RapportError {
    RapportError(error.kind == .outputExists ? .outputExists : .output, error.description)
  }

  static var reason: String { String(cString: strerror(errno)) }
}

/// Writes text to a file or descriptor, each byte accounted for.
public enum TextFile {
  /// Creates or replaces a file.
  ///
  /// - Parameters:
  ///   - name: what the file is called in messages, where that isn't its path.
  ///   - mode: who may read and write a file that is created, as far as the process's mask lets them.
  /// - Throws: kind `output`; a full disk shows here, at the latest when the file is closed.
  public static func write(
    _ text: FileText, to path: String, shownAs name: String? = nil, mode: UInt32 = 0o666
  ) throws(RapportError) {
    let name = name ?? path
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw RapportError(.output, "\(name): can't be written: \(OutputFolder.reason)") }
    var failure: Int32 = write(text, to: descriptor)
    if failure == 0, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure != 0 {
      throw RapportError(.output, "\(name): writing failed: \(String(cString: strerror(failure)))")
    }
  }

  /// The text of a file.
  ///
  /// - Parameter kind: that of the error thrown where it can't be read.
  public static func read(_ path: String, as kind: RapportError.Kind) throws(RapportError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RapportError(kind, "\(path): can't be read: \(OutputFolder.reason)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 { throw RapportError(kind, "\(path): can't be read: \(OutputFolder.reason)") }
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RapportError(kind, "\(path): is not UTF-8 text")
    }
    return text
  }

  /// Creates or replaces a file with this text.
  public static func write(_ text: String, to path: String) throws(RapportError) { try write(FileText(text), to: path) }

  /// Writes everything to an open descriptor, and gives the error number, or 0.
  public static func write(_ text: FileText, to descriptor: Int32) -> Int32 {
    for piece in text.pieces {
      let failure = write(piece, to: descriptor)
      if failure != 0 { return failure }
    }
    return 0
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if written < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
      return 0
    }
  }
}
