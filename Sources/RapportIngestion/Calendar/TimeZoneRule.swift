/// The rule at the end of a time zone file, for the years after its table: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: POSIX.1-2017, Base Definitions, §8.3, `TZ`; with the hours from −167 to 167 of RFC 9636.
struct TimeZoneRule: Equatable {
  /// A day of every year, and a time on it.
  struct Date: Equatable {
    enum Day: Equatable {
      /// 1–365; 29 February is never counted.
      case julian(Int)
      /// 0–365, 29 February counted.
      case ordinal(Int)
      /// Weekday 0 = Sunday of week 1–5 (5 = last) of month 1–12.
      case weekday(month: Int, week: Int, weekday: Int)
    }
    var day: Day
    /// Seconds after midnight, local time before the change.
    var seconds: Int

    /// Local seconds since 1970 of this date in a year.
    func localSeconds(in year: Int) -> Int {
      let date: CivilDate
      switch day {
      case .julian(let number):
        // After February, the days of a leap year stand one later.
        let isLeap = CivilDate.days(inMonth: 2, of: year) == 29
        date = CivilDate(year: year, month: 1, day: number + (isLeap && number >= 60 ? 1 : 0))
      case .ordinal(let number):
        date = CivilDate(year: year, month: 1, day: number + 1)
      case .weekday(let month, let week, let weekday):
        let first = CivilDate(year: year, month: month, day: 1)
        // CivilDate counts from Monday, the rule from Sunday.
        let wanted = (weekday + 6) % 7
        var day = 1 + (wanted - first.weekday + 7) % 7 + (week - 1) * 7
        if day > CivilDate.days(inMonth: month, of: year) { day -= 7 }
        date = CivilDate(year: year, month: month, day: day)
      }
      return date.dayNumber * 86_400 + seconds
    }
  }

  /// Standard time, in seconds ahead of UTC.
  var offset: Int
  /// Summer time's offset, beginning and end, where there is one.
  var summer: (offset: Int, start: Date, end: Date)?

  static func == (a: TimeZoneRule, b: TimeZoneRule) -> Bool {
    a.offset == b.offset && a.summer?.offset == b.summer?.offset && a.summer?.start == b.summer?.start
      && a.summer?.end == b.summer?.end
  }

  /// The changes of a year, ascending.
  func changes(in year: Int) -> [(instant: Int, offset: Int)] {
    guard let summer else { return [] }
    let start = (instant: summer.start.localSeconds(in: year) - offset, offset: summer.offset)
    let end = (instant: summer.end.localSeconds(in: year) - summer.offset, offset: offset)
    return start.instant < end.instant ? [start, end] : [end, start]
  }

  /// Reads a rule; `nil` when it isn't one.
  init?(_ text: some Sequence<UInt8>) {
    var reader = Reader(bytes: Array(text))
    guard reader.name(), let west = reader.time() else { return nil }
    offset = -west
    guard !reader.isAtEnd else { return }
    guard reader.name() else { return nil }
    var summerOffset = offset + 3600
    if reader.peek != UInt8(ascii: ",") {
      guard let west = reader.time() else { return nil }
      summerOffset = -west
    }
    guard reader.take(","), let start = reader.date(), reader.take(","), let end = reader.date(), reader.isAtEnd else {
      return nil
    }
    summer = (summerOffset, start, end)
  }

  private struct Reader {
    var bytes: [UInt8]
    var position = 0
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard peek == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    /// Letters, or anything between `<` and `>`.
    mutating func name() -> Bool {
      let start = position
      if take("<") {
        while let byte = peek, byte != UInt8(ascii: ">") { position += 1 }
        return take(">")
      }
      while let byte = peek, (byte | 0x20) >= UInt8(ascii: "a"), (byte | 0x20) <= UInt8(ascii: "z") { position += 1 }
      return position > start
    }

    mutating func number() -> Int? {
      let start = position
      var value = 0
      while let byte = peek, byte >= 48, byte <= 57, position < start + 4 {
        value = value * 10 + Int(byte) - 48
        position += 1
      }
      return position > start ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int? {
      let isNegative = take("-")
      if !isNegative { _ = take("+") }
      guard let hours = number() else { return nil }
      var seconds = hours * 3600
      if take(":") {
        guard let minutes = number() else { return nil }
        seconds += minutes * 60
        if take(":") {
          guard let rest = number() else { return nil }
          seconds += rest
        }
      }
      return isNegative ? -seconds : seconds
    }

    mutating func date() -> Date? {
      let day: Date.Day
      if take("J") {
        guard let number = number() else { return nil }
        day = .julian(number)
      } else if take("M") {
        guard let month = number(), (1...12).contains(month), take("."), let week = number(), (1...5).contains(week),
          take("."), let weekday = number(), (0...6).contains(weekday)
        else { return nil }
        day = .weekday(month: month, week: week, weekday: weekday)
      } else {
        guard let number = number() else { return nil }
        day = .ordinal(number)
      }
      var seconds = 7200
      if take("/") {
        guard let time = time() else { return nil }
        seconds = time
      }
      return Date(day: day, seconds: seconds)
    }
  }
}
