import CScanning

/// Cuts one input's text into chunks of whole records, in order.
///
/// A quoted line feed ends no record, and whether a line feed is quoted depends on all the text before it: so cutting is
/// done in one pass by one thread at a time, at the speed of memory, while the other threads parse. Whoever needs the
/// next chunk cuts it, and for compressed input unpacks it.
final class ChunkCutter {
  enum Source {
    /// All the text is there.
    case region(TextRegion)
    /// It comes block by block.
    case stream(any ByteStream)
  }

  private let name: String
  private let source: Source
  private let chunkBytes: Int
  private let maximumRecordBytes: Int
  /// `nil`: every line feed ends a record.
  private let delimiter: UInt8?
  private var state = rapport_scan_state(in_quotes: 0, pending_quote: 0, at_start: 1)
  /// What was met since the last cut, and before it in the same block.
  private var survey = rapport_survey(lines: 0, has_quotes: 0, has_high: 0)
  /// In a region, where the next chunk begins.
  private var position: Int
  /// Of a stream, bytes that were read and belong to the next chunk; scanned up to `scanned` already.
  private var carried: [UInt8] = []
  private var skip: Int
  private var line: Int
  private var isAtEnd = false

  /// - Parameters:
  ///   - skip: bytes to leave out at the beginning: byte order mark and header.
  ///   - firstLine: the number of the line after them.
  init(
    _ source: Source, name: String, delimiter: UInt8?, skip: Int, firstLine: Int, chunkBytes: Int,
    maximumRecordBytes: Int
  ) {
    self.source = source
    self.name = name
    self.delimiter = delimiter
    self.chunkBytes = max(64, chunkBytes)
    self.maximumRecordBytes = maximumRecordBytes
    self.skip = skip
    position = skip
    line = firstLine
  }

  /// The next chunk, or `nil` at the end. The last of a stream may have no text: only what was left out.
  ///
  /// - Parameter used: room that nobody looks into any more, for a stream's bytes.
  /// - Throws: ``IngestionError`` when the source can't be read or a record is longer than the limit.
  func next(reusing used: TextRegion? = nil) throws(IngestionError) -> Chunk? {
    switch source {
    case .region(let region): try nextOfRegion(region)
    case .stream(let stream): try nextOfStream(stream, used)
    }
  }

  private func cut(_ bytes: UnsafeRawBufferPointer) -> rapport_cut {
    guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return rapport_cut() }
    let found = rapport_survey_text(base, bytes.count, .best)
    survey.has_quotes |= found.has_quotes
    survey.has_high |= found.has_high
    guard let delimiter else { return rapport_find_plain_cut(base, bytes.count, found.lines, 10, &state) }
    if found.has_quotes == 0, state.in_quotes == 0, state.pending_quote == 0 {
      return rapport_find_plain_cut(base, bytes.count, found.lines, delimiter, &state)
    }
    return rapport_find_cut(base, bytes.count, delimiter, &state)
  }

  private func nextOfRegion(_ region: TextRegion) throws(IngestionError) -> Chunk? {
    let start = position
    let all = UnsafeRawBufferPointer(region.bytes)
    guard start < all.count else { return nil }
    var scanned = start
    var lines = 0
    while true {
      let block = min(chunkBytes, all.count - scanned)
      // The state is that at `scanned`; after a cut it is begun anew, because a record begins there.
      let found = cut(UnsafeRawBufferPointer(rebasing: all[scanned..<(scanned + block)]))
      if found.records_end > 0 && scanned + block < all.count {
        let end = scanned + found.records_end
        return finish(region, all, start..<end, lines: lines + found.lines_at_end)
      }
      scanned += block
      lines += found.lines
      if scanned == all.count { return finish(region, all, start..<scanned, lines: lines) }
      try checkLength(scanned - start)
    }
  }

  private func finish(
    _ region: TextRegion, _ all: UnsafeRawBufferPointer, _ range: Range<Int>, fresh: Range<Int>? = nil, lines: Int
  ) -> Chunk {
    let isAlone = if case .stream = source { true } else { false }
    let chunk = Chunk(
      owner: region, bytes: UnsafeRawBufferPointer(rebasing: all[range]),
      fresh: UnsafeRawBufferPointer(rebasing: all[fresh ?? 0..<0]), firstLine: line, lineFeeds: lines, survey: survey,
      isAlone: isAlone)
    survey = rapport_survey(lines: 0, has_quotes: 0, has_high: 0)
    position = range.upperBound
    line += lines
    state = rapport_scan_state(in_quotes: 0, pending_quote: 0, at_start: 1)
    return chunk
  }

  private func nextOfStream(_ stream: any ByteStream, _ used: TextRegion?) throws(IngestionError) -> Chunk? {
    if isAtEnd { return nil }
    var region: TextRegion
    if let used, used.bytes.count >= carried.count + chunkBytes / 2 {
      region = used
    } else {
      // With room for what other chunks may carry over, so that it can serve them too.
      region = TextRegion(capacity: carried.count + chunkBytes + chunkBytes / 2)
    }
    region.bytes.copyBytes(from: carried)
    let known = carried.count
    var filled = known
    carried = []
    var start = 0
    var scanned = 0
    var lines = 0
    while true {
      let end = min(region.bytes.count, filled + chunkBytes)
      let room = UnsafeMutableRawBufferPointer(rebasing: region.bytes[filled..<end])
      let count = try stream.read(into: room)
      filled += count
      if skip > 0 {
        // Header and mark: in a stream's first block or two, so that nothing else is before them.
        let dropped = min(skip, filled - start)
        start += dropped
        scanned = start
        skip -= dropped
      }
      let found = cut(UnsafeRawBufferPointer(rebasing: region.bytes[scanned..<filled]))
      if count == 0 {
        isAtEnd = true
        guard filled > 0 else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: region.bytes[..<filled])
        return finish(region, text, start..<filled, fresh: known..<filled, lines: lines + found.lines)
      }
      if found.records_end > 0 {
        let end = scanned + found.records_end
        carried = Array(region.bytes[end..<filled])
        let all = UnsafeRawBufferPointer(rebasing: region.bytes[..<filled])
        return finish(region, all, start..<end, fresh: known..<filled, lines: lines + found.lines_at_end)
      }
      scanned = filled
      lines += found.lines
      try checkLength(filled - start)
      if filled == region.bytes.count {
        let wider = TextRegion(capacity: filled * 2)
        wider.bytes.copyMemory(from: UnsafeRawBufferPointer(region.bytes))
        region = wider
      }
    }
  }

  private func checkLength(_ count: Int) throws(IngestionError) {
    guard count > maximumRecordBytes else { return }
    throw Self.endless(name: name, line: line, delimiter: delimiter, maximumRecordBytes)
  }

  /// The error of a record that is longer than the limit.
  ///
  /// - Parameter delimiter: `nil`: every line feed ends a record.
  static func endless(name: String, line: Int, delimiter: UInt8?, _ maximumRecordBytes: Int) -> IngestionError {
    let cure =
      delimiter == nil ? "one JSON object per line is expected" : "a quote that was never closed is the usual cause"
    return IngestionError(
      .unusable, "\(name):\(line): a record of more than \(maximumRecordBytes >> 20) MiB begins here; \(cure)")
  }
}
