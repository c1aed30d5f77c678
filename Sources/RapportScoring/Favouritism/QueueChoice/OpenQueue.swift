import RapportIngestion

/// What lies open before one partner, carried from moment to moment.
///
/// Whatever comes in, ends, pauses or goes on is entered once, so that a look at a queue costs what is looked at, however
/// long it is. Requests are items, numbered in the order of entry; an item's age is its place in the order in which requests
/// were made. Queues are ages, ascending: the oldest first.
struct OpenQueue {
  let spells: [RequestSpell]
  /// Each item's unit and age, and each age's item.
  private let units: [Int32]
  let ages: [Int32]
  let items: [Int32]
  /// Items in the order in which they end.
  let endings: [Int32]

  /// Everything open, and that of each topic and each priority, by code + 1.
  private(set) var all: [Int32] = []
  private(set) var ofTopic: [[Int32]]
  private(set) var ofPriority: [[Int32]]
  /// Everything open in the order of entry, as items; empty unless that is asked for.
  private(set) var byEntry: [Int32] = []
  /// Everything open that has a target, the earliest first, as places in the order of targets; empty unless that is asked for.
  private(set) var byTarget: [Int32] = []
  private let keepsEntries: Bool
  /// Each item's place in the order of targets, −1 without one; empty unless asked for. And each place's item.
  private let targetPlaces: [Int32]
  private let targetItems: [Int32]
  /// That of each topic and priority that occur together, and which of them an item has.
  private var ofKind: [[Int32]]
  private let kinds: [Int32]

  /// When items pause (+1) and go on (−1), on the working clock.
  private let turns: [(clock: Int64, item: Int32, pauses: Int32)]
  /// How many have come in, have ended, and have taken their turn.
  private var entered = 0
  private var ended = 0
  private var turned = 0
  /// By item: whether it is in the queue, whether it has ended, and pauses that hold it.
  private var isIn: [Bool]
  private var hasEnded: [Bool]
  private var pauses: [Int32]

  /// Sets so far in which requests of two units stood.
  private var mixedSets = 0
  /// By unit: such sets with a request of its own, open requests, and such sets before the first of these. What is still
  /// open is counted once it is closed.
  private(set) var setsOfUnit: [Int]
  private var openOfUnit: [Int]
  private var setsBeforeUnit: [Int]
  private var unitsOpen = 0
  /// By item: whether it stood in such a set, and such sets before it came in.
  private(set) var stood: [Bool]
  private var setsBefore: [Int]

  /// - Parameters:
  ///   - spells: in the order of entry
  ///   - units: of each
  ///   - pauses: the partner's, by request and start
  ///   - flags: what is asked of queues, and so which orders are kept
  init(
    _ spells: [RequestSpell], units: [Int32], unitCount: Int, pauses: ArraySlice<RequestPause>,
    flags: [QueueColumns.Flag] = []
  ) {
    (self.spells, self.units) = (spells, units)
    keepsEntries = flags.contains(.longestHere)
    var (places, byTarget) = ([Int32](), [Int32]())
    if flags.contains(.earliestTarget) {
      byTarget = spells.indices.filter { spells[$0].due.isPresent }
        .sorted { (spells[$0].due, $0) < (spells[$1].due, $1) }.map { Int32($0) }
      places = [Int32](repeating: -1, count: spells.count)
      for (place, item) in byTarget.enumerated() { places[Int(item)] = Int32(place) }
    }
    (targetPlaces, targetItems) = (places, byTarget)
    func ordered(by moment: (RequestSpell) -> Instant) -> [Int32] {
      spells.enumerated().map { (moment($1), $1.request, Int32($0)) }.sorted(by: <).map(\.2)
    }
    items = ordered { $0.opened }
    endings = ordered { $0.ended }
    var ages = items
    for (age, item) in items.enumerated() { ages[Int(item)] = Int32(age) }
    self.ages = ages
    let topics = spells.reduce(1) { max($0, Int($1.topic) + 2) }
    let priorities = spells.reduce(1) { max($0, Int($1.priority) + 2) }
    ofTopic = Array(repeating: [], count: topics)
    ofPriority = Array(repeating: [], count: priorities)
    var kindNumbers: [UInt64: Int32] = [:]
    kinds = spells.map { spell in
      let key = UInt64(UInt32(bitPattern: spell.topic)) << 32 | UInt64(UInt32(bitPattern: spell.priority))
      if let known = kindNumbers[key] { return known }
      let number = Int32(kindNumbers.count)
      kindNumbers[key] = number
      return number
    }
    ofKind = Array(repeating: [], count: kindNumbers.count)
    turns = Self.turns(spells, pauses)
    (isIn, hasEnded, stood) = (spells.map { _ in false }, spells.map { _ in false }, spells.map { _ in false })
    (self.pauses, setsBefore) = (spells.map { _ in 0 }, spells.map { _ in 0 })
    let zeros = [Int](repeating: 0, count: unitCount)
    (setsOfUnit, openOfUnit, setsBeforeUnit) = (zeros, zeros, zeros)
  }

  private static func turns(
    _ spells: [RequestSpell], _ pauses: ArraySlice<RequestPause>
  ) -> [(clock: Int64, item: Int32, pauses: Int32)] {
    var result: [(clock: Int64, item: Int32, pauses: Int32)] = []
    for (item, spell) in spells.enumerated() where spell.pausedSeconds > 0 {
      var (low, high) = (pauses.startIndex, pauses.endIndex)
      while low < high {
        let middle = (low + high) / 2
        if pauses[middle].request < spell.request { low = middle + 1 } else { high = middle }
      }
      for pause in pauses[low...].prefix(while: { $0.request == spell.request }) where pause.startClock < pause.endClock
      {
        result.append((pause.startClock, Int32(item), 1))
        result.append((pause.endClock, Int32(item), -1))
      }
    }
    return result.sorted { ($0.clock, $0.item, $0.pauses) < ($1.clock, $1.item, $1.pauses) }
  }

  /// Carries the queue on to a moment, which must not be before the last. What is picked then is there in any case.
  mutating func move(to moment: Moment, picking picked: Int) {
    while entered < spells.count, moment.hasBegun(spells[entered]) {
      entered += 1
      place(entered - 1)
    }
    while ended < spells.count, moment.hasEnded(spells[Int(endings[ended])]) {
      end(Int(endings[ended]))
      ended += 1
    }
    while turned < turns.count, turns[turned].clock <= moment.clock {
      let item = Int(turns[turned].item)
      pauses[item] += turns[turned].pauses
      place(item)
      turned += 1
    }
    if !isIn[picked] { add(picked) }
  }

  /// Counts everything open as a set. Whether requests of two units stand in it.
  mutating func countSet() -> Bool {
    if unitsOpen > 1 { mixedSets += 1 }
    return unitsOpen > 1
  }

  /// Takes an item out for good.
  mutating func end(_ item: Int) {
    hasEnded[item] = true
    place(item)
  }

  /// Takes everything out.
  mutating func close() {
    for age in all.reversed() { remove(Int(items[Int(age)])) }
  }

  /// The earliest target of what is open; `nil` where nothing has one.
  var earliestTarget: Instant? { byTarget.first.map { spells[Int(targetItems[Int($0)])].due } }

  /// The age of an open request with the earliest target; `nil` where nothing has one.
  var earliestTargetAge: Int32? { byTarget.first.map { ages[Int(targetItems[Int($0)])] } }

  /// Older open requests of the item's topic and priority.
  func olderAlike(_ item: Int) -> ArraySlice<Int32> {
    let alike = ofKind[Int(kinds[item])]
    return alike[..<Self.position(ages[item], alike)]
  }

  /// Where an age stands in a queue, or would.
  static func position(_ age: Int32, _ queue: [Int32]) -> Int {
    var (low, high) = (0, queue.count)
    while low < high {
      let middle = (low + high) / 2
      if queue[middle] < age { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Puts an item where it belongs: in the queue or not.
  private mutating func place(_ item: Int) {
    let belongs = item < entered && !hasEnded[item] && pauses[item] == 0
    if belongs != isIn[item] { if belongs { add(item) } else { remove(item) } }
  }

  private mutating func add(_ item: Int) {
    isIn[item] = true
    forEachQueue(of: item) { $0.insert($1, at: Self.position($1, $0)) }
    let unit = Int(units[item])
    setsBefore[item] = mixedSets
    if openOfUnit[unit] == 0 {
      unitsOpen += 1
      setsBeforeUnit[unit] = mixedSets
    }
    openOfUnit[unit] += 1
  }

  private mutating func remove(_ item: Int) {
    isIn[item] = false
    forEachQueue(of: item) { $0.remove(at: Self.position($1, $0)) }
    let unit = Int(units[item])
    if mixedSets > setsBefore[item] { stood[item] = true }
    openOfUnit[unit] -= 1
    if openOfUnit[unit] == 0 {
      unitsOpen -= 1
      setsOfUnit[unit] += mixedSets - setsBeforeUnit[unit]
    }
  }

  private mutating func forEachQueue(of item: Int, _ change: (inout [Int32], Int32) -> Void) {
    change(&all, ages[item])
    change(&ofTopic[Int(spells[item].topic) + 1], ages[item])
    change(&ofPriority[Int(spells[item].priority) + 1], ages[item])
    change(&ofKind[Int(kinds[item])], ages[item])
    if keepsEntries { change(&byEntry, Int32(item)) }
    if !targetPlaces.isEmpty && targetPlaces[item] >= 0 { change(&byTarget, targetPlaces[item]) }
  }
}
