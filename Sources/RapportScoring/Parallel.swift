import Dispatch

/// The results of `body` for 0 ..< count, in order, computed on `threads` threads.
///
/// Work is cut into blocks that don't depend on the number of threads; each unit must depend on its number alone.
func parallelMap<Result: Sendable>(
  _ count: Int, threads: Int, block: Int = 16, _ body: @Sendable (Int) -> Result
) -> [Result] {
  guard threads > 1, count > 1 else { return (0..<count).map(body) }
  return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let base = buffer.baseAddress!
    // As many workers as threads, each taking every `threads`-th block.
    let workers = min(threads, (count + block - 1) / block)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var start = worker * block
      while start < count {
        for i in start..<min(start + block, count) { (base + i).initialize(to: body(i)) }
        start += workers * block
      }
    }
    initialized = count
  }
}
