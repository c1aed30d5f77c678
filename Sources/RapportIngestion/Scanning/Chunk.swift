import CScanning

/// Whole records of one input, for one thread.
struct Chunk: @unchecked Sendable {
  /// Keeps the bytes alive.
  let owner: TextRegion
  let bytes: UnsafeRawBufferPointer
  /// Of a stream, what was read of it for this chunk: one chunk's behind another's are the whole stream, header included.
  let fresh: UnsafeRawBufferPointer
  /// The number of the line on which it begins.
  let firstLine: Int
  /// Line feeds in it, quoted ones included.
  let lineFeeds: Int
  /// What is anywhere in the text that it was cut from, or may be: no more than that can be in it.
  let survey: rapport_survey
  /// Whether nothing else is in the bytes' region, so that it can be used again.
  let isAlone: Bool
}
