/// The SHA-256 of an input whose text comes in a stream as it is stored: each chunk's new bytes are hashed by the thread that reads the
/// chunk, outside of the queue's lock, in the order in which chunks were cut.
final class PassingHash: @unchecked Sendable {
  private let turns = Turns()
  /// Whoever has the turn.
  private var digest = SHA256Digest()

  /// Hashes what was read for a chunk; chunks are numbered from 0 on.
  func update(_ chunk: Chunk, number: Int) { turns.take(number) { digest.update(chunk.fresh) } }

  /// Of everything, when all chunks have been hashed.
  var hexadecimal: String { digest.hexadecimal() }
}
