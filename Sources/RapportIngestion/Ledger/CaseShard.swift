import CScanning
import Glibc

/// The cases of one family whose keys' hashes begin with the same bits: an index over rows in the order of appearance.
///
/// A place of the index holds the row's number and, in the bits that numbers leave, some of the hash, so that a wrong row is
/// seldom looked at; whether a row is the right one is decided on the key itself. Rows of one time lie together, as do the events of one time in a
/// log; only the index is looked into at random, and the caller asks for its lines ahead (``prefetchPlace(_:)``).
struct CaseShard {
  /// Bits of the hash above, row + 1 below, which takes as many bits as places have numbers; 0 where free.
  private var places: UnsafeMutablePointer<UInt32>
  private var mask: Int
  /// The bits of a place that are the hash's.
  private var tagMask: UInt32
  private(set) var rows: UnsafeMutablePointer<OpenCase>
  private(set) var count = 0
  private var capacity: Int
  private(set) var steps: [CaseStep] = []
  /// The keys that don't fit into a row.
  private(set) var longKeys: [UInt8] = []
  /// The bytes of all keys.
  private(set) var keyBytes = 0
  private let seed: UInt64

  init(_ family: CaseFamily) {
    seed = UInt64(family.rawValue)
    // Rows grow fourfold to 1 MiB, which takes no large page.
    (mask, capacity) = (15, 16)
    tagMask = Self.tagMask(15)
    places = Self.freePlaces(16)
    rows = LargePages.allocate(16, of: OpenCase.self)
  }

  /// Rows that take 1 MiB.
  private static let smallRows = (1 << 20) / MemoryLayout<OpenCase>.stride

  /// Frees the index, when nothing is added any more.
  mutating func freeIndex() {
    LargePages.free(places, mask + 1)
    (places, mask, tagMask) = (Self.freePlaces(1), 0, Self.tagMask(0))
  }

  /// Frees the rows and the index.
  mutating func free() {
    freeIndex()
    LargePages.free(rows, capacity)
    (steps, longKeys) = ([], [])
    rows = LargePages.allocate(1, of: OpenCase.self)
    (count, capacity, keyBytes) = (0, 1, 0)
  }

  /// Frees everything; it must not be used afterwards.
  mutating func deallocate() {
    free()
    LargePages.free(places, mask + 1)
    LargePages.free(rows, capacity)
  }

  /// An index of free places.
  private static func freePlaces(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    let places = LargePages.allocate(count, of: UInt32.self)
    places.initialize(repeating: 0, count: count)
    return places
  }

  /// All bits but those that places have numbers of.
  private static func tagMask(_ mask: Int) -> UInt32 { ~UInt32(truncatingIfNeeded: mask) }

  /// The bits of a hash that a place shows: neither those that tell the place nor those that tell the shard.
  @inline(__always)
  private func tag(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash &>> 28) & tagMask }

  /// Asks for the line of the index where a key's place begins.
  @inline(__always)
  mutating func prefetchPlace(_ hash: UInt64) { rapport_prefetch(places + (Int(truncatingIfNeeded: hash) & mask)) }

  /// Asks for the row of a key, as far as its place tells.
  @inline(__always)
  mutating func prefetchRow(_ hash: UInt64) {
    let tag = tag(of: hash)
    var place = Int(truncatingIfNeeded: hash) & mask
    while places[place] != 0 {
      if places[place] & tagMask == tag {
        rapport_prefetch(rows + (Int(truncatingIfNeeded: places[place] & ~tagMask) &- 1))
        return
      }
      place = (place &+ 1) & mask
    }
  }

  /// Asks for a row.
  @inline(__always)
  func prefetch(row: Int) { rapport_prefetch(rows + row) }

  /// Adds an event.
  ///
  /// - Parameter batchKeys: the bytes of the batch's long keys.
  @inline(__always)
  mutating func add(_ event: CaseEvent, batchKeys: UnsafePointer<UInt8>, names: SharedNames) {
    let index = row(of: event.key, event.hash, batchKeys)
    let row = rows + index
    let number = UInt32(truncatingIfNeeded: index)
    row.pointee.see(manager: event.manager, names: names)
    let spilled: CaseStep?
    switch event.kind {
    case .request, .commitment, .feedback, .conflict, .goal:
      spilled = row.pointee.open(event, index: number, names: names)
    case .response, .fulfilment, .followUp, .settlement, .goalMet:
      spilled = row.pointee.answer(event, index: number, names: names)
    case .resolution, .release: spilled = row.pointee.close(event, index: number)
    default:
      spilled = CaseStep(
        row: number, person: event.kind == .reassign ? event.partner : CodeTuple.none, kind: event.kind,
        actor: event.actor, instant: event.instant, due: event.kind == .renegotiation ? event.due : .absent)
    }
    if let spilled { steps.append(spilled) }
  }

  @inline(__always)
  private mutating func row(of key: CompactKey, _ hash: UInt64, _ batchKeys: UnsafePointer<UInt8>) -> Int {
    let tag = tag(of: hash)
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let entry = places[place]
      if entry == 0 { break }
      if entry & tagMask == tag {
        let index = Int(truncatingIfNeeded: entry & ~tagMask) &- 1
        // Of two long keys equal words mean nothing: they are places, and in different bytes.
        if key.isLong ? holds(index, key, batchKeys) : rows[index].key == key { return index }
      }
      place = (place &+ 1) & mask
    }
    return insert(key, tag: tag, place: place, batchKeys)
  }

  /// Whether a row's key is a long one of a batch.
  @inline(never)
  private func holds(_ index: Int, _ key: CompactKey, _ batchKeys: UnsafePointer<UInt8>) -> Bool {
    let own = rows[index].key
    guard own.high == key.high else { return false }
    let count = Int(truncatingIfNeeded: key.high & ~CompactKey.longMark)
    return longKeys.withUnsafeBufferPointer {
      memcmp($0.baseAddress! + Int(own.low), batchKeys + Int(key.low), count) == 0
    }
  }

  @inline(never)
  private mutating func insert(_ key: CompactKey, tag: UInt32, place: Int, _ batchKeys: UnsafePointer<UInt8>) -> Int {
    if count == capacity {
      // Much room at once, and most where it comes as large pages: what isn't used of it costs nothing, what is moved does.
      let widerCapacity = capacity * (capacity == Self.smallRows ? 16 : 4)
      let wider = LargePages.allocate(widerCapacity, of: OpenCase.self)
      wider.moveInitialize(from: rows, count: count)
      LargePages.free(rows, capacity)
      (rows, capacity) = (wider, widerCapacity)
    }
    precondition(count < Int(UInt32.max) - 1, "a shard holds at most 4 billion cases")
    var kept = key
    if key.isLong {
      kept.low = UInt64(longKeys.count)
      let length = Int(truncatingIfNeeded: key.high & ~CompactKey.longMark)
      longKeys.append(contentsOf: UnsafeBufferPointer(start: batchKeys + Int(key.low), count: length))
    }
    (rows + count).initialize(to: OpenCase(key: kept))
    keyBytes += keyCount(of: count)
    count += 1
    places[place] = tag | UInt32(truncatingIfNeeded: count)
    if count * 4 > (mask + 1) * 3 { grow() }
    return count - 1
  }

  private mutating func grow() {
    LargePages.free(places, mask + 1)
    // Four times as many, because every row must be looked at to place it anew.
    mask = 4 * mask + 3
    (places, tagMask) = (Self.freePlaces(mask + 1), Self.tagMask(mask))
    for index in 0..<count {
      let hash = hash(of: index)
      var place = Int(truncatingIfNeeded: hash) & mask
      while places[place] != 0 { place = (place + 1) & mask }
      places[place] = tag(of: hash) | UInt32(truncatingIfNeeded: index + 1)
    }
  }

  /// The hash of a row's key.
  @inline(__always)
  func hash(of index: Int) -> UInt64 {
    let key = rows[index].key
    return key.isLong ? withKey(of: index) { StableHash.of($0, seed: seed) } : StableHash.of(key, seed: seed)
  }

  /// How many bytes a row's key has.
  @inline(__always)
  func keyCount(of index: Int) -> Int {
    let key = rows[index].key
    return key.isLong ? Int(truncatingIfNeeded: key.high & ~CompactKey.longMark) : key.count
  }

  /// The bytes of a row's key.
  @inline(__always)
  func withKey<R>(of index: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    let key = rows[index].key
    guard key.isLong else { return key.withBytes(body) }
    let start = Int(key.low)
    return longKeys.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<start + keyCount(of: index)])) }
  }

  /// The rows in canonical order: by hash, then key.
  func canonicalOrder(sharedBits: Int) -> [UniformOrder.Entry] {
    var order = UniformOrder.sorted(count, sharedBits: sharedBits) { hash(of: $0) }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, order[end].hash == order[start].hash { end += 1 }
      if end - start > 1 {
        order[start..<end].sort { a, b in
          withKey(of: Int(a.index)) { x in withKey(of: Int(b.index)) { y in Identifiers.compare(x, y) < 0 } }
        }
      }
      start = end
    }
    return order
  }
}
