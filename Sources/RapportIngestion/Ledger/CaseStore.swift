import CScanning
import Glibc
import Synchronization

/// All cases that are being read, in shards by their keys' hashes, for all threads.
///
/// A thread gathers events by shard and gives each shard many at once, under the shard's lock:
/// so that a case is one row whoever reads its events, and nothing is merged in the end. Hashes order cases in a ledger,
/// and a shard is a range of hashes: sorted one by one, shards are the whole in order (``finish(_:threads:)``).
final class CaseStore: @unchecked Sendable {
  /// Leading bits of hashes that tell the shard.
  static let shardBits = 4
  static let shardCount = 1 << shardBits

  /// The same for events without a case: so many that a shard's lie in a processor's own cache while they are sorted.
  static let contactShardBits = 8
  static let contactShardCount = 1 << contactShardBits
  static let familyCount = CaseFamily.allCases.count

  let names = SharedNames()
  let timeZone: TimeZoneRules
  /// By shard and family.
  private let shards: UnsafeMutablePointer<CaseShard>
  private let locks: UnsafeMutablePointer<pthread_mutex_t>
  /// By shard of ``shard(of:)-(Fingerprint)``.
  let contacts = OpenContacts(shardCount: contactShardCount)

  /// - Parameter timeZone: the report's, which cuts months; the ledger keeps it.
  init(timeZone: TimeZoneRules) {
    self.timeZone = timeZone
    shards = .allocate(capacity: Self.shardCount * Self.familyCount)
    locks = .allocate(capacity: Self.shardCount)
    for shard in 0..<Self.shardCount {
      for family in CaseFamily.allCases {
        (families(of: shard) + Int(family.rawValue)).initialize(to: CaseShard(family))
      }
      (locks + shard).initialize(to: pthread_mutex_t())
      pthread_mutex_init(locks + shard, nil)
    }
  }

  deinit {
    for shard in 0..<Self.shardCount {
      for family in 0..<Self.familyCount { families(of: shard)[family].deallocate() }
      pthread_mutex_destroy(locks + shard)
    }
    shards.deinitialize(count: Self.shardCount * Self.familyCount)
    shards.deallocate()
    locks.deallocate()
  }

  /// The cases of a shard, by family.
  @inline(__always)
  func families(of shard: Int) -> UnsafeMutablePointer<CaseShard> { shards + shard &* Self.familyCount }

  /// The shard of a hash.
  @inline(__always) static func shard(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash &>> UInt64(64 - shardBits))
  }

  /// The shard of an event without a case.
  @inline(__always) static func shard(of fingerprint: Fingerprint) -> Int {
    Int(truncatingIfNeeded: fingerprint.high &>> UInt64(64 - contactShardBits))
  }

  /// How many events ahead the index is asked for, and the row.
  private static let placeAhead = 32
  private static let rowAhead = 12

  /// Adds events of one shard.
  ///
  /// - Parameter batchKeys: the bytes of the events' long keys.
  func add(_ events: UnsafeBufferPointer<CaseEvent>, batchKeys: UnsafePointer<UInt8>, toShard shard: Int) {
    pthread_mutex_lock(locks + shard)
    defer { pthread_mutex_unlock(locks + shard) }
    let families = families(of: shard)
    let (first, count) = (events.baseAddress!, events.count)
    for index in 0..<min(Self.placeAhead, count) {
      families[Int(first[index].family.rawValue)].prefetchPlace(first[index].hash)
    }
    for index in 0..<min(Self.rowAhead, count) {
      families[Int(first[index].family.rawValue)].prefetchRow(first[index].hash)
    }
    for index in 0..<count {
      if index &+ Self.placeAhead < count {
        let event = first + (index &+ Self.placeAhead)
        families[Int(event.pointee.family.rawValue)].prefetchPlace(event.pointee.hash)
      }
      if index &+ Self.rowAhead < count {
        let event = first + (index &+ Self.rowAhead)
        families[Int(event.pointee.family.rawValue)].prefetchRow(event.pointee.hash)
      }
      let event = first + index
      families[Int(event.pointee.family.rawValue)].add(event.pointee, batchKeys: batchKeys, names: names)
    }
  }
}
