import Synchronization

/// An event without a case on its way to a ledger, codes as those of ``SharedNames``: 48 bytes.
struct OpenContact {
  var fingerprint: Fingerprint
  var instant: Instant
  var manager: UInt32
  var partner: UInt32
  /// The request that it is about: 1 + its code; 0 where it is about none.
  var escalated: UInt32
  var thousandths: Int32
  /// Position + 1 in ``OpenContacts/dues``; 0 where it has none. Due times are few, so that most need no room for one.
  var due: UInt32 = 0
  var kind: EventKind
  var actor: Party?
  var isProtected: Bool
  var isKnownByRow: Bool

  /// The row of a ledger.
  @inline(__always)
  func row(_ dues: [Instant], parties: UInt32) -> ContactRow {
    ContactRow(
      fingerprint: fingerprint, instant: instant, due: due == 0 ? .absent : dues[Int(due) - 1], parties: parties,
      thousandths: thousandths, kind: kind, actor: actor, isProtected: isProtected,
      isKnownByRow: isKnownByRow)
  }
}

/// All events without a case that are being read, by shard: in blocks that a thread fills by itself and then gives away,
/// so that none is copied. Shards share rooms in groups, which are freed when all of a group have been used.
final class OpenContacts: @unchecked Sendable {
  /// Events of one shard, in the room of ``room(blocks:group:)``.
  struct Block: @unchecked Sendable {
    var start: UnsafeMutablePointer<OpenContact>
    var count: Int
  }

  /// Events that a block has room for.
  static let blockRows = 64
  static let shardsPerGroup = 64

  private struct Group {
    var rooms: [(start: UnsafeMutablePointer<OpenContact>, count: Int)] = []
    /// Shards that have not been used.
    var unused = shardsPerGroup

    mutating func free() {
      for room in rooms { LargePages.free(room.start, room.count) }
      rooms = []
    }
  }

  private struct State: @unchecked Sendable {
    /// By shard.
    var blocks: [[Block]]
    var groups: [Group]
    var dues: [Instant] = []
  }

  private let state: Mutex<State>

  /// - Parameter shardCount: a multiple of ``shardsPerGroup``.
  init(shardCount: Int) {
    state = Mutex(
      State(
        blocks: [[Block]](repeating: [], count: shardCount),
        groups: [Group](repeating: Group(), count: shardCount / Self.shardsPerGroup)))
  }

  deinit { state.withLock { for group in $0.groups.indices { $0.groups[group].free() } } }

  /// Room for so many blocks of shards of a group, for one thread.
  func room(blocks: Int, group: Int) -> UnsafeMutablePointer<OpenContact> {
    let count = blocks * Self.blockRows
    nonisolated(unsafe) let room = LargePages.allocate(count, of: OpenContact.self)
    state.withLock { $0.groups[group].rooms.append((room, count)) }
    return room
  }

  /// Takes over a block of a shard.
  func add(_ block: Block, toShard shard: Int) { state.withLock { $0.blocks[shard].append(block) } }

  /// Keeps a due time.
  ///
  /// - Returns: its position + 1.
  func keep(due: Instant) -> UInt32 {
    state.withLock { state in
      state.dues.append(due)
      return UInt32(state.dues.count)
    }
  }

  // MARK: When nobody adds any more

  /// By shard, how many there are.
  var counts: [Int] { state.withLock { $0.blocks.map { $0.reduce(0) { $0 + $1.count } } } }

  var dues: [Instant] { state.withLock { $0.dues } }

  /// Calls `body` with the blocks of a shard, which is not to be used afterwards.
  func use(_ shard: Int, _ body: (Block) -> Void) {
    for block in state.withLock({ $0.blocks[shard] }) { body(block) }
    let group = shard / Self.shardsPerGroup
    state.withLock { state in
      state.blocks[shard] = []
      state.groups[group].unused -= 1
      if state.groups[group].unused == 0 { state.groups[group].free() }
    }
  }
}
