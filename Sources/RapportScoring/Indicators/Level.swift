import RapportIngestion

/// Whom a table of evidence is about: managers, pairs or partners, each unit with a number from 0.
struct Level: Sendable {
  enum Kind: Sendable { case manager, pair, partner }

  let kind: Kind
  let count: Int
  let pairs: PairTable

  init(_ kind: Kind, pairs: PairTable) {
    self.kind = kind
    self.pairs = pairs
    switch kind {
    case .manager: count = pairs.managerCount
    case .pair: count = pairs.count
    case .partner: count = pairs.partnerCount
    }
  }

  /// The unit that a row naming this manager and partner is about; −1 where there is none.
  @inline(__always) func unit(_ manager: Int32, _ partner: Int32) -> Int {
    switch kind {
    case .manager: Int(manager)
    case .partner: Int(partner)
    case .pair: manager < 0 || partner < 0 ? -1 : pairs.position(manager: manager, partner: partner)
    }
  }

  /// Counts by unit, and by month at the level that is asked what parts of the months say: managers are (``SplitHalves``), while
  /// pairs are too many for tables that nobody reads.
  func counts(_ history: History) -> MonthSums<Int32> {
    MonthSums(unitCount: count, months: kind == .manager ? history.months : nil)
  }

  /// Until when contact with the unit could be expected: as of when, or earlier where the roster says that the manager or the
  /// partner left.
  func end(_ unit: Int, in history: History) -> Instant {
    func until(_ stays: [Stay], _ code: Int) -> Instant {
      stays.indices.contains(code) ? stays[code].until.ifPresent ?? history.asOf : history.asOf
    }
    let left: [Instant] =
      switch kind {
      case .manager: [until(history.managerStays, unit)]
      case .partner: [until(history.partnerStays, unit)]
      case .pair:
        [
          until(history.managerStays, Int(pairs.managers[unit])),
          until(history.partnerStays, Int(pairs.partners[unit])),
        ]
      }
    return left.reduce(history.asOf, min)
  }
}

/// The manager–partner pairs of a history, sorted by manager, then partner.
struct PairTable: Sendable {
  let managerCount: Int
  let partnerCount: Int
  let managers: [Int32]
  let partners: [Int32]
  /// Pairs of manager m stand at `starts[m] ..< starts[m + 1]`.
  let starts: [Int]
  /// Exposed days by month of each pair; empty where the history gives none.
  let days: [[UInt8]]

  var count: Int { managers.count }

  /// Every pair that the exposure or any row names.
  init(_ history: History) {
    managerCount = history.managers.count
    partnerCount = history.partners.count
    var keys = Set<UInt64>()
    func add(_ manager: Int32, _ partner: Int32) {
      if manager >= 0 && partner >= 0 { keys.insert(UInt64(manager) << 32 | UInt64(partner)) }
    }
    for pair in history.exposure.pairs { add(pair.manager, pair.partner) }
    for row in history.spells { add(row.manager, row.partner) }
    for row in history.promises { add(row.manager, row.partner) }
    for row in history.feedback { add(row.manager, row.partner) }
    for row in history.conflicts { add(row.manager, row.partner) }
    for row in history.contacts { add(row.manager, row.partner) }
    let sorted = keys.sorted()
    managers = sorted.map { Int32($0 >> 32) }
    partners = sorted.map { Int32($0 & 0xffff_ffff) }
    var starts = [Int](repeating: 0, count: managerCount + 1)
    for manager in managers { starts[Int(manager) + 1] += 1 }
    for m in 0..<managerCount { starts[m + 1] += starts[m] }
    self.starts = starts
    var exposed: [UInt64: [UInt8]] = [:]
    for pair in history.exposure.pairs {
      exposed[UInt64(pair.manager) << 32 | UInt64(pair.partner)] = pair.daysByMonth
    }
    days = sorted.map { exposed[$0] ?? [] }
  }

  /// Where the pair stands; −1 where there is none.
  func position(manager: Int32, partner: Int32) -> Int {
    var low = starts[Int(manager)]
    var high = starts[Int(manager) + 1]
    while low < high {
      let middle = (low + high) / 2
      if partners[middle] < partner { low = middle + 1 } else { high = middle }
    }
    return low < starts[Int(manager) + 1] && partners[low] == partner ? low : -1
  }
}
