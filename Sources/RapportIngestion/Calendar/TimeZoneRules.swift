/// A time zone as a table of transitions: what a clock on the wall shows at any instant, and back.
///
/// The table is read from the system's `tzdata`. Where the file ends in a rule, the rule is laid out for 400 years;
/// the Gregorian calendar repeats after them, so that later times look up the same table.
public struct TimeZoneRules: Sendable, Equatable {
  /// Its name, as in `Europe/London`.
  public let name: String
  /// Offset from UTC in seconds before the first transition.
  let initialOffset: Int
  /// Instants (seconds since the epoch) at which the offset changes, ascending.
  let transitions: [Int]
  /// The offset from each transition on, in seconds.
  let offsets: [Int]
  /// Local times (seconds) from which on the offset after each transition is meant; ascending.
  let localStarts: [Int]
  /// Whether the last 400 years of the table repeat for ever.
  let repeats: Bool

  /// 400 Gregorian years in seconds: 146,097 days.
  static let cycle = 146_097 * 86_400

  /// Coordinated universal time.
  public static let utc = TimeZoneRules(name: "UTC", fixedOffset: 0)

  /// A zone that never changes, `fixedOffset` seconds ahead of UTC.
  public init(name: String, fixedOffset: Int) {
    self.init(name: name, initialOffset: fixedOffset, changes: [], repeats: false)
  }

  init(name: String, initialOffset: Int, changes: [(instant: Int, offset: Int)], repeats: Bool) {
    self.name = name
    self.initialOffset = initialOffset
    self.repeats = repeats
    transitions = changes.map(\.instant)
    offsets = changes.map(\.offset)
    // A local time in the gap or the overlap of a change from a to b belongs to a: b begins at instant + max(a, b).
    var starts: [Int] = []
    var before = initialOffset
    for change in changes {
      starts.append(max(change.instant + max(before, change.offset), starts.last ?? .min))
      before = change.offset
    }
    localStarts = starts
  }

  /// The zone of a name such as `Europe/London`, `UTC`, or `+02:00`.
  ///
  /// - Throws: ``IngestionError`` of kind `configuration` when the system knows no such zone, with the nearest name.
  public init(named name: String) throws(IngestionError) {
    if name == "UTC" || name == "Z" || name == "GMT" {
      self.init(name: "UTC", fixedOffset: 0)
    } else if let offset = Self.fixedOffset(name) {
      self.init(name: name, fixedOffset: offset)
    } else {
      self = try TimeZoneFile.read(name)
    }
  }

  /// Seconds of an offset such as `+02:00`, `-0330`, `+05`.
  private static func fixedOffset(_ text: String) -> Int? {
    guard let first = text.utf8.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") else { return nil }
    let digits = text.utf8.dropFirst().filter { $0 != UInt8(ascii: ":") }.map { Int($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }), digits.count == 2 || digits.count == 4 else { return nil }
    let hours = digits[0] * 10 + digits[1]
    let minutes = digits.count == 4 ? digits[2] * 10 + digits[3] : 0
    guard hours <= 14, minutes < 60 else { return nil }
    return (first == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  /// How far clocks are ahead of UTC at an instant, in seconds.
  ///
  /// - Parameter seconds: since 1970-01-01T00:00:00Z.
  /// - Complexity: O(log transitions)
  public func utcOffset(at seconds: Int) -> Int {
    let index = Self.countNotAfter(folded(seconds, last: transitions.last), in: transitions)
    return index == 0 ? initialOffset : offsets[index - 1]
  }

  /// How far clocks are ahead of UTC at an instant, in seconds.
  public func utcOffset(at instant: Instant) -> Int { utcOffset(at: Self.floorSeconds(instant)) }

  /// The instant at which clocks show a local time.
  ///
  /// A time that clocks show twice (they are put back) is the first of the two; one that they skip (they are put
  /// forward) is told with the offset before the change, so that 02:30 in the gap is what is then called 03:30.
  ///
  /// - Parameter localSeconds: seconds from 1970-01-01T00:00 to the local time, as if in UTC.
  /// - Returns: seconds since 1970-01-01T00:00:00Z.
  /// - Complexity: O(log transitions)
  public func instant(localSeconds: Int) -> Int { localSeconds - localSpan(at: localSeconds).offset }

  /// The offset meant by a local time, and the local times around it that mean the same one.
  func localSpan(at localSeconds: Int) -> (offset: Int, range: Range<Int>) {
    let foldedSeconds = folded(localSeconds, last: localStarts.last)
    let shift = localSeconds - foldedSeconds
    let index = Self.countNotAfter(foldedSeconds, in: localStarts)
    let offset = index == 0 ? initialOffset : offsets[index - 1]
    let lower = index == 0 ? (shift == 0 ? Int.min : localSeconds) : localStarts[index - 1] + shift
    let upper: Int
    if index < localStarts.count {
      upper = localStarts[index] + shift
    } else {
      upper = repeats ? localSeconds + 1 : Int.max
    }
    return (offset, lower..<max(upper, localSeconds + 1))
  }

  /// What clocks show: seconds from 1970-01-01T00:00 to the local time, as if in UTC.
  public func localSeconds(of instant: Instant) -> Int {
    let seconds = Self.floorSeconds(instant)
    return seconds + utcOffset(at: seconds)
  }

  /// The local date of an instant.
  public func date(of instant: Instant) -> CivilDate { Self.date(localSeconds: localSeconds(of: instant)) }

  /// The local calendar month of an instant.
  public func month(of instant: Instant) -> Month { date(of: instant).month }

  /// The local hour of the week: 0 = Monday 00:00–00:59 … 167.
  public func hourOfWeek(of instant: Instant) -> Int {
    let local = localSeconds(of: instant)
    let date = Self.date(localSeconds: local)
    return date.weekday * 24 + (local - date.dayNumber * 86_400) / 3_600
  }

  /// When a local day begins; where midnight is skipped, the first moment after it.
  public func start(of date: CivilDate) -> Instant { Instant(seconds: instant(localSeconds: date.dayNumber * 86_400)) }

  /// When a local calendar month begins.
  public func start(of month: Month) -> Instant {
    start(of: CivilDate(year: month.index / 12, month: month.index % 12 + 1, day: 1))
  }

  static func date(localSeconds: Int) -> CivilDate {
    CivilDate(dayNumber: (localSeconds >= 0 ? localSeconds : localSeconds - 86_399) / 86_400)
  }

  /// Whole seconds, rounded down also before 1970.
  private static func floorSeconds(_ instant: Instant) -> Int {
    let milliseconds = instant.milliseconds
    return Int((milliseconds >= 0 ? milliseconds : milliseconds - 999) / 1000)
  }

  /// A time beyond the table's end, moved back by whole cycles into the table's last 400 years.
  private func folded(_ seconds: Int, last: Int?) -> Int {
    guard repeats, let last, seconds >= last else { return seconds }
    return seconds - ((seconds - last) / Self.cycle + 1) * Self.cycle
  }

  /// How many of the ascending entries are not after `value`.
  private static func countNotAfter(_ value: Int, in sorted: [Int]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
