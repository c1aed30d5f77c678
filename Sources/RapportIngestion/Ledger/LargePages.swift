import Glibc

/// Memory that is looked into at random: on large pages where the system has them, so that it isn't the finding of pages
/// that takes the time.
enum LargePages {
  private static let size = 1 << 21
  /// From here on memory comes from the system.
  private static let threshold = 1 << 20
  /// From here on it comes as large pages; less would waste much of one.
  private static let largeThreshold = size / 8 * 7

  /// Room for elements, to be freed with ``free(_:_:)``. What isn't touched costs nothing.
  static func allocate<Element>(_ count: Int, of _: Element.Type) -> UnsafeMutablePointer<Element> {
    let bytes = count * MemoryLayout<Element>.stride
    guard isLarge(bytes) else { return .allocate(capacity: count) }
    // From the system and not from `malloc`, which keeps what is freed.
    let mapped = mmap(nil, bytes + 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { fatalError("out of memory") }
    // Large pages begin at multiples of their size; what lies before and behind goes back.
    let before = (size - Int(bitPattern: mapped) % size) % size
    let start = mapped + before
    if before > 0 { munmap(mapped, before) }
    munmap(start + whole(bytes), 2 * size - before - (whole(bytes) - bytes))
    if bytes >= largeThreshold { madvise(start, whole(bytes), MADV_HUGEPAGE) }
    return start.bindMemory(to: Element.self, capacity: count)
  }

  /// Frees room for so many elements.
  static func free<Element>(_ room: UnsafeMutablePointer<Element>, _ count: Int) {
    let bytes = count * MemoryLayout<Element>.stride
    if isLarge(bytes) { munmap(room, whole(bytes)) } else { room.deallocate() }
  }

  private static func isLarge(_ bytes: Int) -> Bool { bytes >= threshold }

  /// Bytes up to the next end of a large page, or of a small one of any system.
  private static func whole(_ bytes: Int) -> Int {
    let page = bytes >= largeThreshold ? size : 1 << 16
    return (bytes + page - 1) / page * page
  }

  /// Asks for large pages in memory that is about to be written for the first time.
  static func advise<Element>(_ buffer: UnsafeMutableBufferPointer<Element>) {
    guard let start = buffer.baseAddress else { return }
    let first = (UInt(bitPattern: start) + UInt(size) - 1) / UInt(size) * UInt(size)
    let end = (UInt(bitPattern: start) + UInt(buffer.count * MemoryLayout<Element>.stride)) / UInt(size) * UInt(size)
    if end > first { madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE) }
  }
}
