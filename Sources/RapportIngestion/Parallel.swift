import Dispatch
import Synchronization

/// The same function for many indices at once.
enum Parallel {
  /// The results in the order of the indices, whatever the order in which they are computed.
  ///
  /// Each of up to `threads` threads takes the next index as it comes free, and each result has its own place; so
  /// threads can't change anything.
  ///
  /// - Parameter threads: at most this many work at once; `nil` for one per index.
  static func map<Result: Sendable>(
    _ count: Int, threads: Int? = nil, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    let workers = min(threads ?? count, count)
    if workers <= 1 { return (0..<count).map(body) }
    let next = Atomic<Int>(0)
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let base = buffer.baseAddress!
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if index >= count { return }
          (base + index).initialize(to: body(index))
        }
      }
      initialized = count
    }
  }
}
