import Dispatch

/// The same function for many indices at once.
enum Parallel {
  /// The results in the order of the indices, whatever the order in which they are computed.
  static func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    if count == 1 { return [body(0)] }
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let base = buffer.baseAddress
      DispatchQueue.concurrentPerform(iterations: count) { index in (base! + index).initialize(to: body(index)) }
      initialized = count
    }
  }
}
