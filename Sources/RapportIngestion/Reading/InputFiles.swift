import Glibc

/// Paths, globs and folders to files.
enum InputFiles {
  /// Endings of event files; each may be followed by `.gz` or `.zst`.
  static let endings = [".csv", ".tsv", ".ndjson", ".jsonl"]

  /// Endings of event files that are packed in a way that isn't read, and the name of each.
  static let foreignPackings = [
    ".bz2": "bzip2", ".xz": "xz", ".lzma": "lzma", ".zip": "zip", ".7z": "7-Zip", ".rar": "RAR", ".lz4": "lz4",
    ".br": "Brotli", ".z": "compress",
  ]

  /// Every input in the order in which it will be read: as given; folders and globs in byte order.
  ///
  /// - Parameter passedOver: files that aren't meant where they only lie in a folder or match a glob.
  /// - Throws: ``IngestionError`` of kind `noInput`: no such file, a glob that matches nothing, a folder without event
  ///   files, an event file that can't be reached, such as a link that leads nowhere; `unusable`: a folder with event files that are
  ///   packed in a way that isn't read.
  static func resolve(_ sources: [InputSource], passingOver passedOver: [String] = []) throws(IngestionError)
    -> [InputSource]
  {
    let others = Set(passedOver.compactMap { FileIdentity($0) })
    guard !sources.isEmpty else {
      throw IngestionError(.noInput, "no input: name files, folders, globs, or - for standard input")
    }
    var resolved: [InputSource] = []
    for source in sources {
      guard case .path(let path) = source else {
        resolved.append(source)
        continue
      }
      resolved += try files(path, passingOver: others).map { .path($0) }
    }
    return resolved
  }

  private static func files(_ path: String, passingOver others: Set<FileIdentity>) throws(IngestionError) -> [String] {
    func isMeant(_ path: String) -> Bool { FileIdentity(path).map { !others.contains($0) } ?? true }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
      var found: [String] = []
      try search(path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path, depth: 0, into: &found)
      found = found.filter(isMeant)
      guard !found.isEmpty else {
        throw IngestionError(
          .noInput,
          "\(path): the folder holds no event files; their names end in \(endings.joined(separator: ", ")), "
            + "each also with .gz or .zst")
      }
      return found
    }
    let code = errno
    guard path.contains(where: { "*?[".contains($0) }) else { throw FileBytes.unreadable(path, code) }
    var matches = glob_t()
    defer { globfree(&matches) }
    guard glob(path, 0, nil, &matches) == 0 else {
      throw IngestionError(.noInput, "\(path): no file matches the pattern; check the folder and the ending")
    }
    var found: [String] = []
    for index in 0..<Int(matches.gl_pathc) {
      guard let match = matches.gl_pathv[index] else { continue }
      let name = String(cString: match)
      var status = stat()
      guard stat(name, &status) == 0 else { throw unreachable(name, errno) }
      // A folder that matches along with files isn't meant.
      if status.st_mode & S_IFMT != S_IFDIR, isMeant(name) { found.append(name) }
    }
    guard !found.isEmpty else {
      throw IngestionError(
        .noInput, "\(path): only folders match the pattern, or files given as rosters; name files, or one folder")
    }
    return sortedByBytes(found)
  }

  /// Files below a folder with a known ending; hidden ones are passed over.
  private static func search(_ folder: String, depth: Int, into found: inout [String]) throws(IngestionError) {
    guard depth < 32 else { return }
    guard let directory = opendir(folder) else { throw FileBytes.unreadable(folder, errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    for name in sortedByBytes(names) {
      let path = "\(folder)/\(name)"
      var status = stat()
      guard stat(path, &status) == 0 else {
        let code = errno
        if isEventFile(name) || foreignPacking(of: name) != nil { throw unreachable(path, code) }
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        try search(path, depth: depth + 1, into: &found)
      } else if isEventFile(name) {
        found.append(path)
      } else if let packing = foreignPacking(of: name) {
        throw IngestionError(
          .unusable,
          "\(path): events packed by \(packing), which isn't read; pack them by gzip or zstd, or take the file out of the folder"
        )
      }
    }
  }

  /// The error of a file that a folder or a glob has and that can't be reached.
  private static func unreachable(_ path: String, _ code: Int32) -> IngestionError {
    var status = stat()
    guard code == ENOENT, lstat(path, &status) == 0 else { return FileBytes.unreadable(path, code) }
    return IngestionError(.noInput, "\(path): a link to a file that isn't there; mend the link or remove it")
  }

  /// What packed an event file, by its name, where that isn't read; otherwise `nil`.
  static func foreignPacking(of name: String) -> String? {
    let lower = name.lowercased()
    guard let dot = lower.lastIndex(of: "."), endings.contains(where: { lower[..<dot].hasSuffix($0) }) else {
      return nil
    }
    return foreignPackings[String(lower[dot...])]
  }

  static func isEventFile(_ name: String) -> Bool {
    let lower = name.lowercased()
    let plain = [".gz", ".zst"].first { lower.hasSuffix($0) }.map { String(lower.dropLast($0.count)) } ?? lower
    return endings.contains { plain.hasSuffix($0) }
  }

  private static func sortedByBytes(_ names: [String]) -> [String] {
    names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
