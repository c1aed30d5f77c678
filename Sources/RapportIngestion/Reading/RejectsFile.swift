import Glibc

/// The rows that couldn't be used, in full, as a CSV file.
///
/// Columns: file, line, reason, what was found, and the row as it stood. Ordered by input and line.
package enum RejectsFile {
  private static let header = "file,line,reason,found,row\n"

  /// Finds out before any row is read whether the file may be written: it replaces nothing but another of its kind.
  ///
  /// - Throws: ``IngestionError``: `usage` where the run reads the file itself, or writes something else to it; `outputExists` where
  ///   something else stands there.
  static func check(_ inputs: [InputSource], options: ReadingOptions) throws(IngestionError) {
    guard let path = options.rejectsFile else { return }
    try check(path, besides: options.written)
    var status = stat()
    // What isn't there is in nobody's way.
    guard stat(path, &status) == 0 else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw IngestionError(.outputExists, "--rejects \(path): is a folder; name a file")
    }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    // /dev/null has room for everything; a terminal, a pipe or a socket is one stream.
    let isDevice = status.st_mode & S_IFMT == S_IFCHR
    let target = FileIdentity(path)
    for (descriptor, name) in [(STDOUT_FILENO, "standard output"), (STDERR_FILENO, "standard error")]
    where FileIdentity(descriptor: descriptor) == target && (!isDevice || isatty(descriptor) == 1) {
      let harm = isFile ? "which would be lost" : "and both would be one stream"
      throw IngestionError(
        .usage, "--rejects \(path) is where this run's \(name) goes, \(harm); name another file")
    }
    guard !isDevice else { return }
    for (name, identity) in try filesRead(inputs, options: options) where identity == target {
      throw IngestionError(
        .usage, "--rejects \(path) is \(name), which this run reads and would then replace; name another file")
    }
    // What is written to other pipes is in nobody's way.
    guard isFile, status.st_size > 0,
      try !FileBytes.read(path, upTo: header.utf8.count).elementsEqual(header.utf8)
    else { return }
    throw IngestionError(
      .outputExists,
      "--rejects \(path): exists and holds no refused rows of rapport's; choose another name or remove it")
  }

  /// Whether it is a file, and apart from others that the run writes, whatever their spelling, and whether or not they are there.
  ///
  /// - Throws: ``IngestionError`` of kind `usage` where it is `-`, one of them, or lies in one.
  package static func check(_ path: String, besides written: [String]) throws(IngestionError) {
    // Where `-` is standard output elsewhere, a file of that name is nobody's wish.
    if path == "-" {
      throw IngestionError(
        .usage, "--rejects -: standard output is for the result; name a file (./- where it is to be called so)")
    }
    let place = FilePlace.of(path)
    for other in written {
      let otherPlace = FilePlace.of(other)
      if place == otherPlace || otherPlace.hasPrefix(place + "/") {
        throw IngestionError(.usage, "--rejects \(path): this run writes \(other) there; name another file")
      }
      if place.hasPrefix(otherPlace + "/") {
        throw IngestionError(
          .usage, "--rejects \(path): lies in \(other), which this run writes as a whole; name a file outside of it")
      }
    }
  }

  /// What the run reads, by the names that the user knows.
  private static func filesRead(
    _ inputs: [InputSource], options: ReadingOptions
  ) throws(IngestionError) -> [(name: String, identity: FileIdentity?)] {
    let sources = try inputs.isEmpty ? [] : InputFiles.resolve(inputs, passingOver: options.passedOver)
    return sources.map { source in
      switch source {
      case .path(let path): (path, FileIdentity(path))
      case .standardInput: ("standard input", FileIdentity(descriptor: STDIN_FILENO))
      case .bytes(_, let name): (name, nil)
      }
    } + (options.passedOver + options.alsoRead).map { ($0, FileIdentity($0)) }
  }

  static func write<Sink>(_ outcome: ReadingOutcome<Sink>, options: ReadingOptions) throws(IngestionError) {
    guard let path = options.rejectsFile else { return }
    var text = Array(header.utf8)
    for row in outcome.refusedRows {
      append(outcome.statistics.inputs[row.input].name.utf8, to: &text)
      text.append(contentsOf: ",\(row.line),\(row.reason.rawValue),".utf8)
      append(row.found.utf8, to: &text)
      text.append(UInt8(ascii: ","))
      append(row.text, to: &text)
      text.append(10)
    }
    try FileBytes.write(text, to: path)
  }

  /// A field, in quotes where it needs them.
  private static func append(_ field: some Collection<UInt8>, to text: inout [UInt8]) {
    let special: Set<UInt8> = [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13]
    guard field.contains(where: { special.contains($0) }) else {
      text.append(contentsOf: field)
      return
    }
    text.append(UInt8(ascii: "\""))
    for byte in field {
      if byte == UInt8(ascii: "\"") { text.append(byte) }
      text.append(byte)
    }
    text.append(UInt8(ascii: "\""))
  }
}
