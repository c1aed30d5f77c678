import Dispatch

/// `transform` of 0 ..< count, in order, worked out on so many threads.
///
/// Each index is one unit of work and must depend on nothing but itself (give it a ``RandomStream`` of its own); then
/// the result can't depend on the number of threads. An error is thrown from the smallest index that fails.
public func parallelMap<Value: Sendable, Failure: Error>(
  count: Int, threads: Int, _ transform: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  let workers = max(1, min(threads, count))
  if workers == 1 {
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count { values.append(try transform(index)) }
    return values
  }
  var results = [Result<Value, Failure>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // Each worker writes every `workers`-th slot: no two write the same.
    nonisolated(unsafe) let slots = buffer
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: count, by: workers) {
        do throws(Failure) {
          slots[index] = .success(try transform(index))
        } catch {
          slots[index] = .failure(error)
        }
      }
    }
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  for result in results { values.append(try result!.get()) }
  return values
}
