/// The rows of a ledger that several threads write at once, each shard where it belongs; arrays they become afterwards.
struct LedgerRoom: @unchecked Sendable {
  /// Where each shard begins, and where the last one ends.
  struct Starts: Sendable {
    private let places: [Int]

    init(_ counts: [Int]) {
      var places = [0]
      for count in counts { places.append(places[places.count - 1] + count) }
      self.places = places
    }

    var end: Int { places[places.count - 1] }

    subscript(shard: Int) -> Range<Int> { places[shard]..<places[shard + 1] }
  }

  /// The table of one family.
  struct Table {
    let rows: UnsafeMutableBufferPointer<CaseRow>
    let keys: UnsafeMutableBufferPointer<UInt8>
    let rowStarts: Starts
    let keyStarts: Starts
  }

  let tables: [Table]
  let contacts: UnsafeMutableBufferPointer<ContactRow>
  private(set) var contactStarts: Starts

  init(tables: [Table], contacts: UnsafeMutableBufferPointer<ContactRow>, contactCounts: [Int]) {
    self.tables = tables
    self.contacts = contacts
    contactStarts = Starts(contactCounts)
  }

  /// Moves contacts together where a shard has kept fewer than there was room for.
  mutating func closeGaps(_ kept: [Int]) {
    let closed = Starts(kept)
    guard closed.end < contactStarts.end, let base = contacts.baseAddress else { return }
    for shard in kept.indices {
      let (from, to) = (contactStarts[shard].lowerBound, closed[shard].lowerBound)
      if from > to { (base + to).update(from: base + from, count: kept[shard]) }
    }
    contactStarts = closed
  }
}
