import Glibc

/// Bytes that stay where they are while anything refers to them, with readable bytes behind their end.
///
/// Scanners may read up to ``padding`` bytes too far, so that they need no special case at the end.
final class TextRegion: @unchecked Sendable {
  /// Bytes that are readable behind the end.
  static let padding = 64

  /// Written only before the region is shared.
  private(set) var bytes: UnsafeMutableRawBufferPointer
  private let release: (UnsafeMutableRawBufferPointer) -> Void

  /// Room for `capacity` bytes.
  init(capacity: Int) {
    bytes = .allocate(byteCount: capacity + Self.padding, alignment: 64)
    bytes.baseAddress!.advanced(by: capacity).initializeMemory(as: UInt8.self, repeating: 0, count: Self.padding)
    release = { $0.deallocate() }
    bytes = UnsafeMutableRawBufferPointer(start: bytes.baseAddress, count: capacity)
  }

  /// A copy of bytes.
  convenience init(copying source: some Collection<UInt8>) {
    self.init(capacity: source.count)
    bytes.copyBytes(from: source)
  }

  /// A file's bytes in memory, read when they are looked at.
  ///
  /// A file whose size is a multiple of the page size would end where nothing is readable, so that an empty page is
  /// laid behind it first.
  init?(mapping descriptor: Int32, count: Int) {
    let room = count + Self.padding
    guard count > 0, let base = mmap(nil, room, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED
    else {
      return nil
    }
    guard mmap(base, count, PROT_READ, MAP_PRIVATE | MAP_FIXED, descriptor, 0) != MAP_FAILED else {
      munmap(base, room)
      return nil
    }
    madvise(base, count, MADV_SEQUENTIAL)
    bytes = UnsafeMutableRawBufferPointer(start: base, count: count)
    release = { munmap($0.baseAddress, $0.count + Self.padding) }
  }

  deinit { release(bytes) }
}
