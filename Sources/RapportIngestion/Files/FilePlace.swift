import Glibc

/// Where files are, or would be.
package enum FilePlace {
  /// The path without links and detours, also of what isn't there yet: a link that leads nowhere leads to where it would be made.
  package static func of(_ path: String) -> String { of(path, links: 40) }

  /// Why nothing can be given a name at a place, whatever stands there; `nil` where nothing is known against it.
  ///
  /// - Parameter makesFolders: whether folders around it that aren't there will be made.
  package static func obstacle(at path: String, makesFolders: Bool = false) -> String? {
    var folder = parent(of: of(path))
    while makesFolders, folder != "/", folder != ".", access(folder, F_OK) != 0, errno == ENOENT {
      folder = parent(of: folder)
    }
    var status = stat()
    guard stat(folder, &status) == 0 else {
      let code = errno
      return code == ENOENT ? "there is no folder \(folder)" : "\(folder): \(String(cString: strerror(code)))"
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return "\(folder) is no folder" }
    return access(folder, W_OK | X_OK) == 0 ? nil : "\(folder): \(String(cString: strerror(errno)))"
  }

  /// The folder that holds a place without links and detours.
  private static func parent(of place: String) -> String {
    guard let slash = place.lastIndex(of: "/") else { return "." }
    return slash == place.startIndex ? "/" : String(place[..<slash])
  }

  /// - Parameter links: so many that lead nowhere are followed, as many as the system follows: some lead to themselves.
  private static func of(_ path: String, links: Int) -> String {
    if let place = realpath(path, nil) {
      defer { free(place) }
      return String(cString: place)
    }
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    // A working folder that was removed has no place.
    if path == "." || path == "/" { return String(path) }
    let slash = path.lastIndex(of: "/")
    let name = path[(slash.map { path.index(after: $0) } ?? path.startIndex)...]
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    if links > 0, let target = destination(of: String(path)) {
      return of(target.hasPrefix("/") ? target : "\(folder)/\(target)", links: links - 1)
    }
    let parent = of(folder, links: links)
    switch name {
    case "", ".": return parent
    case "..": return parent == "." ? parent : self.parent(of: parent)
    default: return parent.hasSuffix("/") ? "\(parent)\(name)" : "\(parent)/\(name)"
    }
  }

  /// Where a symbolic link says that it leads.
  private static func destination(of link: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = buffer.withUnsafeMutableBytes {
      readlink(link, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return length > 0 ? String(decoding: buffer[..<length], as: UTF8.self) : nil
  }
}
