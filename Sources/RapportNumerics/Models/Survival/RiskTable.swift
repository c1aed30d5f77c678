/// How many are at risk, end and drop out at each time: what every estimate of survival is computed from.
///
/// A subject is at risk from just after its entry up to its exit, (entry, exit]. At equal times events come before
/// censorings, so a subject censored at t is at risk at t.
public struct RiskTable: Sendable, Equatable {
  /// The distinct exit times, ascending.
  public let times: [Double]
  /// How many are at risk at each time.
  public let atRisk: [Int]
  /// How many events there are at each time.
  public let events: [Int]
  /// How many are censored at each time.
  public let censored: [Int]

  /// Counts subjects.
  ///
  /// - Parameters:
  ///   - exits: finite.
  ///   - isEvent: whether the exit is the event; otherwise it is censored there.
  ///   - entries: when each came under observation (left truncation), before its exit; `nil`: at the start.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined times or an exit that isn't after its entry.
  /// - Complexity: O(n log n)
  public init(times exits: [Double], events isEvent: [Bool], entries: [Double]? = nil) throws(NumericsError) {
    precondition(exits.count == isEvent.count, "\(exits.count) times and \(isEvent.count) events")
    precondition(entries == nil || entries?.count == exits.count, "\(entries?.count ?? 0) entries for \(exits.count)")
    for (index, time) in exits.enumerated() {
      guard time.isFinite else { throw .invalidInput("time \(index) is \(time), expected a finite number") }
      if let entry = entries?[index], !(entry < time) {
        throw .invalidInput("subject \(index) enters at \(entry) and leaves at \(time); it has to enter before")
      }
    }
    self.init(Array(zip(exits, isEvent)), sortedEntries: entries?.sorted())
  }

  /// Counts subjects that are all at risk from the start.
  ///
  /// - Parameter exits: when each leaves, finite, and whether that is the event; otherwise it is censored there.
  /// - Complexity: O(n log n)
  public init(_ exits: [(time: Double, isEvent: Bool)]) {
    precondition(exits.allSatisfy { $0.time.isFinite }, "times must be finite numbers")
    self.init(exits, sortedEntries: nil)
  }

  /// Counts subjects that are all at risk from the start and stand in order.
  ///
  /// - Parameters:
  ///   - happened: when those leave whose exit is the event, finite and ascending.
  ///   - left: when the others do, who are censored there.
  /// - Complexity: O(n)
  public init(sortedEvents happened: [Double], sortedOthers left: [Double]) {
    self.init(happened, left, sortedEntries: nil)
  }

  private init(_ exits: [(time: Double, isEvent: Bool)], sortedEntries: [Double]?) {
    // Events and others apart: numbers alone sort several times as fast as pairs.
    var (happened, left) = ([Double](), [Double]())
    happened.reserveCapacity(exits.count)
    for exit in exits { if exit.isEvent { happened.append(exit.time) } else { left.append(exit.time) } }
    happened.sortByRadix()
    left.sortByRadix()
    self.init(happened, left, sortedEntries: sortedEntries)
  }

  private init(_ happened: [Double], _ left: [Double], sortedEntries: [Double]?) {
    let count = happened.count + left.count
    var distinct: [Double] = []
    var ended: [Int] = []
    var dropped: [Int] = []
    distinct.reserveCapacity(count)
    ended.reserveCapacity(count)
    dropped.reserveCapacity(count)
    var (i, j) = (0, 0)
    while i < happened.count || j < left.count {
      let time = min(i < happened.count ? happened[i] : .infinity, j < left.count ? left[j] : .infinity)
      let (firstEvent, firstOther) = (i, j)
      while i < happened.count && happened[i] == time { i += 1 }
      while j < left.count && left[j] == time { j += 1 }
      distinct.append(time)
      ended.append(i - firstEvent)
      dropped.append(j - firstOther)
    }
    var risk: [Int] = []
    risk.reserveCapacity(distinct.count)
    var gone = 0
    var entered = sortedEntries == nil ? count : 0
    for (index, time) in distinct.enumerated() {
      if let sortedEntries {
        while entered < sortedEntries.count && sortedEntries[entered] < time { entered += 1 }
      }
      risk.append(entered - gone)
      gone += ended[index] + dropped[index]
    }
    self.times = distinct
    atRisk = risk
    events = ended
    censored = dropped
  }

  /// All subjects.
  public var subjectCount: Int { events.reduce(0, +) + censored.reduce(0, +) }

  /// All events.
  public var eventCount: Int { events.reduce(0, +) }
}
