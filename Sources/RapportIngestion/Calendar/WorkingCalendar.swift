/// Moments to working seconds: the open intervals of one partner's time, with the time worked before each.
///
///     W(t) = Σ length of intervals that end by t + the part of the interval around t that has passed
///     working seconds from a to b = ⌊(W(b) − W(a)) / 1000⌋        W in milliseconds
///
/// Hours are local, so that a day on which clocks change has its true length. What arrives outside of an interval
/// starts to count at the next opening, without a rule of its own. Source: METHODS.md §1.
public struct WorkingCalendar: Sendable, Equatable {
  /// Openings and closings in milliseconds, ascending and apart from each other.
  private var starts: [Int64]
  private var ends: [Int64]
  /// Working milliseconds before each opening.
  private var before: [Int64]
  /// Whether every hour is working time.
  public let isAlwaysOpen: Bool

  /// Every hour of every day.
  public static let always = WorkingCalendar(isAlwaysOpen: true, intervals: [])

  private init(isAlwaysOpen: Bool, intervals: [(start: Int64, end: Int64)]) {
    self.isAlwaysOpen = isAlwaysOpen
    starts = intervals.map(\.start)
    ends = intervals.map(\.end)
    before = []
    before.reserveCapacity(intervals.count)
    var total: Int64 = 0
    for interval in intervals {
      before.append(total)
      total += interval.end - interval.start
    }
  }

  /// The calendar of a definition over a range of days; outside of them nobody works.
  ///
  /// - Parameters:
  ///   - name: as in `[calendar.NAME]`, for messages.
  ///   - days: local days that are laid out.
  /// - Throws: ``IngestionError`` of kind `configuration`: an unknown zone or day, a range that can't be read, that runs
  ///   over midnight or into another, a holiday that isn't a date, no hours at all.
  /// - Complexity: O(days)
  public init(_ definition: CalendarDefinition, named name: String, days: ClosedRange<CivilDate>)
    throws(IngestionError)
  {
    let (zone, hours, holidays) = try definition.read(named: name)
    var intervals: [(start: Int64, end: Int64)] = []
    for dayNumber in days.lowerBound.dayNumber...days.upperBound.dayNumber {
      let day = CivilDate(dayNumber: dayNumber)
      if holidays.contains(day) { continue }
      for range in hours[day.weekday] {
        let start = Int64(zone.instant(localSeconds: dayNumber * 86_400 + range.lowerBound)) * 1000
        let end = Int64(zone.instant(localSeconds: dayNumber * 86_400 + range.upperBound)) * 1000
        // A range within the hour that clocks skip is empty, and where zones change their date one may come early.
        guard end > start, start >= intervals.last?.end ?? .min else { continue }
        if let last = intervals.last, last.end == start {
          intervals[intervals.count - 1].end = end
        } else {
          intervals.append((start, end))
        }
      }
    }
    self.init(isAlwaysOpen: false, intervals: intervals)
  }

  /// The same calendar without the time from `start` to `end` of each absence.
  ///
  /// - Parameter absences: in any order, overlapping or not.
  /// - Parameter horizon: the time that a calendar of every hour is laid out over.
  public func without(_ absences: [Range<Instant>], horizon: Range<Instant>) -> WorkingCalendar {
    let gaps = absences.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
    if gaps.isEmpty { return self }
    let open: [(start: Int64, end: Int64)] =
      isAlwaysOpen
      ? [(horizon.lowerBound.milliseconds, horizon.upperBound.milliseconds)]
      : starts.indices.map { (starts[$0], ends[$0]) }
    var result: [(start: Int64, end: Int64)] = []
    var next = 0
    for interval in open {
      var start = interval.start
      while next < gaps.count, gaps[next].upperBound.milliseconds <= start { next += 1 }
      var gap = next
      while gap < gaps.count, gaps[gap].lowerBound.milliseconds < interval.end {
        if gaps[gap].lowerBound.milliseconds > start { result.append((start, gaps[gap].lowerBound.milliseconds)) }
        start = max(start, gaps[gap].upperBound.milliseconds)
        gap += 1
      }
      if start < interval.end { result.append((start, interval.end)) }
    }
    return WorkingCalendar(isAlwaysOpen: false, intervals: result)
  }

  /// Working milliseconds up to `instant`, from an origin of its own.
  func workedMilliseconds(at instant: Instant) -> Int64 {
    if isAlwaysOpen { return instant.milliseconds }
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= instant.milliseconds { low = middle + 1 } else { high = middle }
    }
    if low == 0 { return 0 }
    return before[low - 1] + min(instant.milliseconds, ends[low - 1]) - starts[low - 1]
  }

  /// Working seconds from `start` to `end`, fractions dropped; 0 when `end` isn't after `start`.
  ///
  /// - Complexity: O(log intervals)
  public func workingSeconds(from start: Instant, to end: Instant) -> Int {
    guard end > start else { return 0 }
    return Int((workedMilliseconds(at: end) - workedMilliseconds(at: start)) / 1000)
  }

  /// When work goes on: `instant` itself within working time, else the next opening; `nil` behind the last.
  public func opening(notBefore instant: Instant) -> Instant? {
    if isAlwaysOpen { return instant }
    var low = 0
    var high = ends.count
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= instant.milliseconds { low = middle + 1 } else { high = middle }
    }
    guard low < starts.count else { return nil }
    return Instant(milliseconds: max(starts[low], instant.milliseconds))
  }
}
