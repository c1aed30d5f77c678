import Dispatch
import Synchronization

/// The results of `body` for 0 ..< `count`, in that order, computed by up to `threads` threads at once.
///
/// Threads take the next index as they come free; each result has its own place, so threads can't change anything.
func parallelMap<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  if threads <= 1 || count <= 1 { return (0..<count).map(body) }
  let next = Atomic<Int>(0)
  return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let base = buffer.baseAddress!
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { return }
        (base + index).initialize(to: body(index))
      }
    }
    initialized = count
  }
}
