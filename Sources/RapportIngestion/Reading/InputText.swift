import CScanning
import Glibc

/// One input, opened: its text, and the bytes as they are stored.
final class InputText {
  /// As it was given.
  let name: String
  /// The bytes as stored, where they are all in reach; `nil` where they pass.
  let stored: TextRegion?
  /// The bytes as stored, where they pass once.
  let passing: DescriptorStream?
  /// Whether its text is what is stored.
  let isPlain: Bool
  let source: ChunkCutter.Source
  private let position: RegionStream?

  /// Opens an input.
  ///
  /// - Parameter passesOnce: whether it is read from beginning to end, and hashed on the way: a file then comes in blocks
  ///   instead of being in reach, so that every byte is looked at while it is near.
  /// - Throws: ``IngestionError`` of kind `noInput` when it can't be read or is empty.
  init(_ input: InputSource, passesOnce: Bool = false) throws(IngestionError) {
    var region: TextRegion?
    var stream: DescriptorStream?
    switch input {
    case .standardInput:
      name = "-"
      stream = DescriptorStream(descriptor: STDIN_FILENO, name: "standard input", closes: false)
    case .bytes(let bytes, let name):
      self.name = name
      region = TextRegion(copying: bytes)
    case .path(let path):
      name = path
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileBytes.unreadable(path, errno) }
      var status = stat()
      fstat(descriptor, &status)
      if status.st_mode & S_IFMT == S_IFREG, !passesOnce {
        defer { close(descriptor) }
        guard status.st_size > 0 else { throw Self.empty(path) }
        guard let mapped = TextRegion(mapping: descriptor, count: Int(status.st_size)) else {
          throw FileBytes.unreadable(path, errno)
        }
        region = mapped
      } else {
        stream = DescriptorStream(descriptor: descriptor, name: path, closes: true)
      }
    }
    stored = region
    passing = stream
    if let region {
      let compression = Compression(magic: region.bytes.prefix(4))
      isPlain = compression == .none
      if isPlain {
        position = nil
        source = .region(region)
      } else {
        let bytes = RegionStream(region)
        position = bytes
        source = .stream(compression.unpacked(bytes, name: name))
      }
      if region.bytes.isEmpty { throw Self.empty(name) }
    } else {
      position = nil
      var start = [UInt8](repeating: 0, count: 4)
      // `stream` is there when `region` isn't.
      let passing = stream!
      let count = try Self.read(passing, into: &start)
      if count == 0 { throw Self.empty(name) }
      let whole = PrefixedStream(Array(start.prefix(count)), then: passing)
      let compression = Compression(magic: start.prefix(count))
      isPlain = compression == .none
      // Text is hashed as its chunks are read (``PassingHash``).
      passing.isHashed = !isPlain
      source = .stream(compression.unpacked(whole, name: name))
    }
  }

  /// Bytes as stored that have been read from it so far, where its text comes in a stream.
  var bytesRead: Int { position?.position ?? passing?.byteCount ?? 0 }

  private static func read(_ stream: any ByteStream, into bytes: inout [UInt8]) throws(IngestionError) -> Int {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    defer { room.deallocate() }
    let count = try stream.read(into: room)
    bytes = Array(room[..<count])
    return count
  }

  static func empty(_ name: String) -> IngestionError {
    IngestionError(.noInput, "\(name == "-" ? "standard input" : name): there is nothing in it (0 bytes)")
  }
}
