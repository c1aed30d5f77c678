/// Two pieces of work, at the same time where there are threads for it.
///
/// Neither may depend on what the other does; then the results can't depend on the number of threads.
public func concurrently<First: Sendable, Second: Sendable>(
  threads: Int, _ first: @Sendable () -> First, _ second: @Sendable () -> Second
) -> (First, Second) {
  let both = parallelMap(count: 2, threads: threads) { i -> (First?, Second?) in
    i == 0 ? (first(), nil) : (nil, second())
  }
  return (both[0].0!, both[1].1!)
}
