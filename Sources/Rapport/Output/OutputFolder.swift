import Glibc

/// A folder of results: written aside and renamed, so that it is there as a whole or not at all.
///
/// The marker of a folder that rapport wrote is its `manifest.json`, which begins with ``marker``. Such a folder is
/// replaced, unless it holds anything besides `ReportFiles.names`; any other is refused.
public struct OutputFolder: Sendable {
  /// What the first lines of a `manifest.json` hold.
  public static let marker = "\"format\": \"rapport-manifest/"

  public let path: String

  public init(_ path: String) {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    self.path = path
  }

  /// Where the folder is: what a symbolic link leads to, else the path itself.
  private var place: String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Finds out before any work whether the folder may be written.
  ///
  /// - Throws: kind `outputExists` where something stands there that rapport didn't write.
  public func check() throws(RapportError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      if code == ENOENT, lstat(path, &status) != 0 { return }
      if code == ENOENT {
        throw RapportError(
          .outputExists, "\(path): a symbolic link that leads nowhere; choose another --output or remove it")
      }
      throw RapportError(.output, "\(path): can't be looked at: \(String(cString: strerror(code)))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw RapportError(.outputExists, "\(path): exists and is not a folder; choose another --output")
    }
    guard Self.start(of: "\(path)/manifest.json").contains(Self.marker) else {
      throw RapportError(
        .outputExists, "\(path): exists and was not written by rapport; choose another --output or remove it")
    }
    let foreign = Self.names(in: path).filter { !ReportFiles.names.contains($0) }.sorted()
    if let first = foreign.first {
      let others = foreign.count == 1 ? "" : " and \(Figure.count(foreign.count - 1, "other"))"
      throw RapportError(
        .outputExists,
        "\(path): holds \(first)\(others), which rapport didn't write and would remove; move what is yours, or choose "
          + "another --output")
    }
  }

  /// Writes the files and puts the folder in its place, replacing an earlier one of rapport's.
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
    try check()
    let place = place
    let aside = "\(place).partial-\(getpid())"
    Self.remove(aside)
    guard mkdir(aside, 0o777) == 0 else {
      throw RapportError(.output, "\(path): the folder can't be made: \(Self.reason)")
    }
    do {
      for file in files {
        try TextFile.write(file.make(), to: "\(aside)/\(file.name)", shownAs: "\(path)/\(file.name)")
      }
      try putInPlace(aside, place)
    } catch {
      Self.remove(aside)
      throw error
    }
  }

  private func putInPlace(_ aside: String, _ place: String) throws(RapportError) {
    if rename(aside, place) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else {
      throw RapportError(.output, "\(path): can't be put in place: \(Self.reason)")
    }
    // Somebody may have put something there in the meantime.
    try check()
    // An earlier result stands there: it goes only once the new one has its name.
    let old = "\(place).old-\(getpid())"
    guard rename(place, old) == 0 else {
      throw RapportError(.output, "\(path): can't be replaced: \(Self.reason)")
    }
    guard rename(aside, place) == 0 else {
      let reason = Self.reason
      _ = rename(old, place)
      throw RapportError(.output, "\(path): can't be put in place: \(reason)")
    }
    Self.remove(old)
  }

  /// Removes a folder of plain files; absence is fine.
  private static func remove(_ folder: String) {
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// What a folder holds, in no order; nothing where there is none.
  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private static func start(of file: String) -> String {
    let descriptor = open(file, O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
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
