import Dispatch

/// Pieces 0 ..< count of something, in order, made on so many threads.
///
/// - Throws: what making a piece throws; of several the first piece's.
func parallelPieces<Piece: Sendable, Failure: Error>(
  count: Int, threads: Int, _ make: @Sendable (Int) throws(Failure) -> Piece
) throws(Failure) -> [Piece] {
  let results = [Result<Piece, Failure>](unsafeUninitializedCapacity: count) { buffer, initialized in
    // Each iteration fills its own place.
    nonisolated(unsafe) let base = buffer.baseAddress
    @Sendable func fill(_ i: Int) {
      let result: Result<Piece, Failure>
      do throws(Failure) { result = .success(try make(i)) } catch { result = .failure(error) }
      base.map { ($0 + i).initialize(to: result) }
    }
    if threads > 1 {
      DispatchQueue.concurrentPerform(iterations: count, execute: fill)
    } else {
      for i in 0..<count { fill(i) }
    }
    initialized = count
  }
  var pieces: [Piece] = []
  pieces.reserveCapacity(count)
  for result in results { pieces.append(try result.get()) }
  return pieces
}
