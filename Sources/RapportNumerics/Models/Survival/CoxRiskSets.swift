/// Who is at risk when: rows in the order in which a sweep backwards in time meets them.
///
/// Within a stratum, step 0 is the last time with an event, step 1 the one before, and so on. A row is at risk at the
/// steps `first ..< last`; rows at risk at no step tell nothing and are left out. Places are sorted by `first`, events
/// after the others, so that the events of step s are the last of those that join at s. All indices of steps, places
/// and removals are global.
struct CoxRiskSets: Sendable {
  /// One stratum's share of every list.
  struct Stratum: Sendable {
    let code: Int32
    let places: Range<Int>
    let steps: Range<Int>
    let removals: Range<Int>
    /// Σ over steps of the places at risk.
    let totalAtRisk: Int
  }

  /// The row of each place.
  private(set) var rows: [Int32] = []
  /// How much each place counts.
  private(set) var weights: [Double] = []
  /// The known part of each place's log hazard.
  private(set) var offsets: [Double] = []
  /// The step at which each place joins, and the step from which it is gone.
  private(set) var first: [Int32] = []
  private(set) var last: [Int32] = []
  /// Places that leave before their stratum's last step, by the step at which they are gone.
  private(set) var removals: [Int32] = []
  /// By step: its time; its events are `eventStart ..< eventEnd`; removals up to `removalEnd` are gone.
  private(set) var times: [Double] = []
  private(set) var eventStart: [Int32] = []
  private(set) var eventEnd: [Int32] = []
  private(set) var removalEnd: [Int32] = []
  /// Strata with events, by code.
  private(set) var strata: [Stratum] = []
  /// The position in `strata` of each row's stratum; −1 where it has no event.
  private(set) var stratumOfRow: [Int32]
  /// Runs of strata that are worked through as one unit, independent of the number of threads.
  private(set) var blocks: [Range<Int>] = []
  /// Rows that count.
  let observations: Int
  /// Events among them.
  let events: Int

  /// How many places a block holds at least, unless it is the last one.
  static let blockSize = 4096

  /// Sorts the rows.
  ///
  /// - Throws: what ``SurvivalData`` finds wrong with itself.
  /// - Complexity: O(n log n)
  init(_ data: SurvivalData) throws(NumericsError) {
    try data.check()
    let (byStratum, starts, codes) = Self.group(data)
    observations = byStratum.count
    events = byStratum.reduce(0) { $0 + (data.events[Int($1)] ? 1 : 0) }
    stratumOfRow = [Int32](repeating: -1, count: data.count)
    rows.reserveCapacity(byStratum.count)
    weights.reserveCapacity(byStratum.count)
    offsets.reserveCapacity(byStratum.count)
    first.reserveCapacity(byStratum.count)
    last.reserveCapacity(byStratum.count)
    for index in codes.indices {
      append(data, byStratum[starts[index]..<starts[index + 1]], code: codes[index])
    }
    var begin = 0
    for index in strata.indices
    where index == strata.count - 1
      || strata[index].places.upperBound - strata[begin].places.lowerBound >= Self.blockSize
    {
      blocks.append(begin..<(index + 1))
      begin = index + 1
    }
  }

  /// Rows that count, by stratum; where each stratum begins; its code.
  private static func group(_ data: SurvivalData) -> (rows: [Int32], starts: [Int], codes: [Int32]) {
    let counted = (0..<Int32(data.count)).filter { data.weight(Int($0)) > 0 }
    guard let strata = data.strata else { return (counted, [0, counted.count], [0]) }
    let codes = Set(counted.lazy.map { strata[Int($0)] }).sorted()
    let positions = Dictionary(uniqueKeysWithValues: codes.enumerated().map { ($1, $0) })
    var starts = [Int](repeating: 0, count: codes.count + 1)
    let position = counted.map { positions[strata[Int($0)]]! }
    for index in position { starts[index + 1] += 1 }
    for index in codes.indices { starts[index + 1] += starts[index] }
    var next = starts
    var rows = counted
    for (row, index) in zip(counted, position) {
      rows[next[index]] = row
      next[index] += 1
    }
    return (rows, starts, codes)
  }

  /// Adds one stratum, unless it has no event.
  private mutating func append(_ data: SurvivalData, _ members: ArraySlice<Int32>, code: Int32) {
    var eventTimes = members.compactMap { data.events[Int($0)] ? data.exits[Int($0)] : nil }
    guard !eventTimes.isEmpty else { return }
    eventTimes.sort(by: >)
    let firstStep = times.count
    var distinct = 0
    for time in eventTimes where distinct == 0 || time != eventTimes[distinct - 1] {
      eventTimes[distinct] = time
      distinct += 1
    }
    eventTimes.removeSubrange(distinct...)
    /// The first step whose time isn't after t.
    func step(_ t: Double) -> Int {
      var (low, high) = (0, distinct)
      while low < high {
        let middle = (low + high) / 2
        if eventTimes[middle] > t { low = middle + 1 } else { high = middle }
      }
      return low
    }

    // Counting sort by the step of joining, events after the others.
    let joins = members.map { row -> Int in
      let first = step(data.exits[Int(row)])
      let last = data.entries.map { step($0[Int(row)]) } ?? distinct
      return first < last ? 2 * first + (data.events[Int(row)] ? 1 : 0) : -1
    }
    var counts = [Int](repeating: 0, count: 2 * distinct + 1)
    for key in joins where key >= 0 { counts[key + 1] += 1 }
    for key in 0..<(2 * distinct) { counts[key + 1] += counts[key] }
    let firstPlace = rows.count
    let placeCount = counts[2 * distinct]
    var next = counts
    var sorted = [Int32](repeating: 0, count: placeCount)
    for (row, key) in zip(members, joins) {
      stratumOfRow[Int(row)] = Int32(strata.count)
      if key < 0 { continue }
      sorted[next[key]] = row
      next[key] += 1
    }
    rows.append(contentsOf: sorted)
    times.append(contentsOf: eventTimes)
    for s in 0..<distinct {
      eventStart.append(Int32(firstPlace + counts[2 * s + 1]))
      eventEnd.append(Int32(firstPlace + counts[2 * s + 2]))
    }
    // Counting sort of the places that leave early, by the step of leaving.
    var leaving = [Int](repeating: 0, count: distinct + 1)
    var total = 0
    for row in sorted {
      weights.append(data.weight(Int(row)))
      offsets.append(data.offsets?[Int(row)] ?? 0)
      let (from, to) = (step(data.exits[Int(row)]), data.entries.map { step($0[Int(row)]) } ?? distinct)
      first.append(Int32(firstStep + from))
      last.append(Int32(firstStep + to))
      total += to - from
      if to < distinct { leaving[to + 1] += 1 }
    }
    for s in 0..<distinct { leaving[s + 1] += leaving[s] }
    let firstRemoval = removals.count
    // Entry s of `leaving` counts the places that leave before step s; those of step s come next.
    for s in 0..<distinct { removalEnd.append(Int32(firstRemoval + leaving[s + 1])) }
    removals.append(contentsOf: repeatElement(0, count: leaving[distinct]))
    for place in firstPlace..<(firstPlace + placeCount) {
      let to = Int(last[place]) - firstStep
      if to == distinct { continue }
      removals[firstRemoval + leaving[to]] = Int32(place)
      leaving[to] += 1
    }
    strata.append(
      Stratum(
        code: code, places: firstPlace..<rows.count, steps: firstStep..<times.count,
        removals: firstRemoval..<removals.count, totalAtRisk: total))
  }
}
