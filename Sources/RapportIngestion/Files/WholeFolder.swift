import Glibc

/// A folder that is written aside and renamed, so that it is there as a whole or not at all.
///
/// One that an earlier run wrote is replaced, unless it holds anything that such a run doesn't write; any other is left alone.
package struct WholeFolder: Sendable {
  package let path: String
  /// All files that are ever written into such a folder.
  private let names: Set<String>
  /// Which of them tells who wrote the folder, and what its beginning holds then.
  private let marker: (file: String, text: String)
  /// Who writes, in messages.
  private let writer: String
  /// Whether a folder may be there that holds nothing.
  private let mayBeEmpty: Bool
  /// Whether folders around it that aren't there will be made before it is written.
  private let makesFolders: Bool

  package init(
    _ path: String, names: Set<String>, marker: (file: String, text: String), writer: String, mayBeEmpty: Bool = false,
    makesFolders: Bool = false
  ) {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    (self.path, self.names, self.marker, self.writer) = (path, names, marker, writer)
    (self.mayBeEmpty, self.makesFolders) = (mayBeEmpty, makesFolders)
  }

  /// Finds out before any work whether the folder may be written.
  ///
  /// - Throws: kind `outputExists` where something stands there that the writer didn't write; kind `output` where that can't be known, or
  ///   nothing can be made there.
  package func check() throws(IngestionError) {
    try checkWhatStandsThere()
    if let obstacle = FilePlace.obstacle(at: path, makesFolders: makesFolders) {
      throw IngestionError(.output, "\(path): the folder can't be made: \(obstacle)")
    }
  }

  private func checkWhatStandsThere() throws(IngestionError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      // What lies in the way is told with what else keeps a folder from being made.
      if code == ENOTDIR || code == ENOENT && lstat(path, &status) != 0 { return }
      if code == ENOENT {
        throw IngestionError(
          .outputExists, "\(path): a symbolic link that leads nowhere; choose another --output or remove it")
      }
      throw IngestionError(.output, "\(path): can't be looked at: \(String(cString: strerror(code)))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw IngestionError(.outputExists, "\(path): exists and is not a folder; choose another --output")
    }
    let held = Self.names(in: path)
    if mayBeEmpty, held.isEmpty, access(path, R_OK) == 0 { return }
    guard Self.start(of: "\(path)/\(marker.file)").contains(marker.text) else {
      throw IngestionError(
        .outputExists, "\(path): exists and was not written by \(writer); choose another --output or remove it")
    }
    let foreign = held.filter { !names.contains($0) }.sorted()
    if let first = foreign.first {
      let others = foreign.count - 1
      let more = others == 0 ? "" : " and \(others.grouped) \(others == 1 ? "other" : "others")"
      throw IngestionError(
        .outputExists,
        "\(path): holds \(first)\(more), which \(writer) didn't write and would remove; move what is yours, or choose "
          + "another --output")
    }
  }

  /// Writes the folder and puts it in its place, replacing an earlier one, for those who may read that.
  ///
  /// - Parameter fill: makes the files in the folder that it is given.
  /// - Throws: as ``check()``; kind `output` where writing fails; what `fill` throws. Then nothing is left behind, and an earlier
  ///   folder stands as it stood.
  package func write(_ fill: (_ folder: String) throws -> Void) throws {
    try check()
    let place = FilePlace.of(path)
    let aside = "\(place).partial-\(getpid())"
    AsideFiles.removeLeftBehind(of: place, names: names)
    // One that was replaced; where none has taken its place yet, it is the only one.
    if Glibc.access(place, F_OK) == 0 { AsideFiles.removeLeftBehind(of: place, mark: ".old-", names: names) }
    let access = FileAccess(of: place)
    let refusal = AsideFiles.begin(aside) {
      Self.remove(aside)
      return mkdir(aside, access == nil ? 0o777 : 0o700) == 0 ? 0 : errno
    }
    guard refusal == 0 else {
      throw IngestionError(.output, "\(path): the folder can't be made: \(String(cString: strerror(refusal)))")
    }
    // Tells that somebody writes; where the file system knows no locks, the process's number does.
    let lock = open(aside, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if lock >= 0 { _ = flock(lock, LOCK_EX | LOCK_NB) }
    defer { if lock >= 0 { close(lock) } }
    do {
      // From now on, because files are for a folder's group where its mode says so.
      access?.give(to: aside, extra: S_IRWXU)
      try fill(aside)
      for name in Self.names(in: aside) { FileAccess(of: "\(place)/\(name)")?.give(to: "\(aside)/\(name)") }
      access?.give(to: aside)
    } catch {
      AsideFiles.end(aside) { Self.remove(aside) }
      throw error
    }
    var failure: IngestionError?
    AsideFiles.end(aside) {
      do throws(IngestionError) {
        try putInPlace(aside, place)
      } catch {
        Self.remove(aside)
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func putInPlace(_ aside: String, _ place: String) throws(IngestionError) {
    if rename(aside, place) == 0 { return }
    guard errno == ENOTEMPTY || errno == EEXIST else {
      throw IngestionError(.output, "\(path): can't be put in place: \(Self.reason)")
    }
    // Somebody may have put something there in the meantime.
    try checkWhatStandsThere()
    // An earlier result stands there: it goes only once the new one has its name.
    let old = "\(place).old-\(getpid())"
    guard rename(place, old) == 0 else {
      throw IngestionError(.output, "\(path): can't be replaced: \(Self.reason)")
    }
    guard rename(aside, place) == 0 else {
      let reason = Self.reason
      _ = rename(old, place)
      throw IngestionError(.output, "\(path): can't be put in place: \(reason)")
    }
    Self.remove(old)
  }

  /// Removes a folder of plain files; absence is fine, and what is no folder stays.
  ///
  /// - Returns: whether no such folder is there any more.
  @discardableResult
  static func remove(_ folder: String) -> Bool {
    var status = stat()
    guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return true }
    // Its owner may have been kept from changing it.
    chmod(folder, S_IRWXU)
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    return rmdir(folder) == 0
  }

  /// What a folder holds, in no order; nothing where there is none.
  static func names(in folder: String) -> [String] {
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
    guard let bytes = try? FileBytes.read(file, upTo: 1 << 20) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
