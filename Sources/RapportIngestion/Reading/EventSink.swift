/// What readers hand rows to. Each worker thread owns one, so that an implementation needs no lock.
public protocol EventSink {
  /// Takes one row of an event log. Its byte slices are valid only during the call.
  mutating func add(_ event: RawEvent)
  /// Takes one row of a case table. Its byte slices are valid only during the call.
  mutating func add(_ request: RawCase)
}
