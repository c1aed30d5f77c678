/// What readers hand rows to. Each worker thread owns one, so that an implementation needs no lock.
public protocol EventSink {
  /// Takes one row of an event log. Its byte slices are valid only during the call.
  mutating func add(_ event: RawEvent)
  /// Takes one row of a case table. Its byte slices are valid only during the call.
  mutating func add(_ request: RawCase)
}

/// A sink that may take rows of the usual shape as they stand.
protocol ChunkSink: EventSink {
  /// Prepares for a record that is soon to be taken.
  func prefetch(_ record: PlainRecord, _ layout: PlainLayout)
  /// Takes a row of the usual shape with which nothing is wrong; `false` for any other, and then nothing has happened.
  mutating func take(
    _ record: PlainRecord, _ layout: PlainLayout, times: inout TimeParser, runStart: Instant,
    ratings: ClosedRange<Int32>
  ) -> Bool
}

extension ChunkSink {
  func prefetch(_ record: PlainRecord, _ layout: PlainLayout) {}

  mutating func take(
    _ record: PlainRecord, _ layout: PlainLayout, times: inout TimeParser, runStart: Instant,
    ratings: ClosedRange<Int32>
  ) -> Bool { false }
}
