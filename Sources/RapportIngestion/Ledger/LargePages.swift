import Glibc

/// Memory that is looked into at random: on large pages where the system has them, so that it isn't the finding of pages
/// that takes the time.
enum LargePages {
  private static let size = 1 << 21
  /// From here on memory comes as large pages; less would waste most of one.
  private static let threshold = 1 << 20

  /// Room for elements, to be freed with `free`. What isn't touched costs nothing.
  static func allocate<Element>(_ count: Int, of _: Element.Type) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    let isLarge = bytes >= threshold
    var room: UnsafeMutableRawPointer?
    guard posix_memalign(&room, isLarge ? size : 64, bytes) == 0, let room else { fatalError("out of memory") }
    if isLarge { madvise(room, (bytes + size - 1) / size * size, MADV_HUGEPAGE) }
    return room.bindMemory(to: Element.self, capacity: count)
  }

  /// Asks for large pages in memory that is about to be written for the first time.
  static func advise<Element>(_ buffer: UnsafeMutableBufferPointer<Element>) {
    guard let start = buffer.baseAddress else { return }
    let first = (UInt(bitPattern: start) + UInt(size) - 1) / UInt(size) * UInt(size)
    let end = (UInt(bitPattern: start) + UInt(buffer.count * MemoryLayout<Element>.stride)) / UInt(size) * UInt(size)
    if end > first { madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE) }
  }
}
