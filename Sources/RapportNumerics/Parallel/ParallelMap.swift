/// `transform` of 0 ..< count, in order, worked out on so many threads.
///
/// Each index is one unit of work and must depend on nothing but itself (give it a ``RandomStream`` of its own); then
/// the result can't depend on the number of threads. Whoever is free takes the next: units differ in cost, and a fixed share each would
/// leave one thread waiting for another. Maps within maps share their threads. An error is thrown from the smallest index that fails.
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
    // An index is taken once, so that no two write the same slot.
    nonisolated(unsafe) let slots = buffer
    ThreadTeam.shared.run(count: count, threads: workers) { index in
      do throws(Failure) {
        slots[index] = .success(try transform(index))
      } catch {
        slots[index] = .failure(error)
      }
    }
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  for result in results { values.append(try result!.get()) }
  return values
}
