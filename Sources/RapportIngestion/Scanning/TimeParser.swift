/// Times from bytes, by arithmetic: no string, no formatter.
///
/// Reads the profile's formats, then ISO 8601 (a date; or date and time to the minute, second or fraction; `T` or a
/// space; offset, `Z` or none), then Unix seconds, which from 10¹¹ on are milliseconds. `24:00` is the next day's
/// midnight and second 60 the next minute's first, as ISO 8601 and leap seconds have it.
struct TimeParser {
  typealias Bytes = UnsafeRawBufferPointer

  private let formats: [TimeFormat]
  private let zone: TimeZoneRules
  private let isOfEvents: Bool
  // The local times around the last one, which mean one offset: rows of one export are mostly close in time.
  private var spanOffset = 0
  private var spanStart = Int.max
  private var spanEnd = Int.min
  /// Which of the formats read the last time, if any did.
  private var usedFormat: Int?
  /// How many times had an offset (Unix times included) and how many none.
  private(set) var withOffset = 0
  private(set) var withoutOffset = 0
  /// A date that was read in the plain form, as it stands, and its first local second.
  private struct PlainDate {
    var start = UInt64.max
    var end = UInt16.max
    var seconds = 0
  }
  /// The last of them by day of the month.
  private var dates = InlineArray<64, PlainDate>(repeating: PlainDate())

  /// Numbers closer to 1970 than so many seconds, three years, aren't taken for an event's Unix time: spreadsheets number
  /// days so, and what was meant isn't known.
  static let leastUnixSeconds: Int64 = 100_000_000

  /// - Parameters:
  ///   - zone: of times without offset
  ///   - isOfEvents: whether what is read are moments of events, none of which lies before 1970. Databases and spreadsheets write
  ///     dates such as 0001-01-01 and 1900-01-01 where they have none, and one of them would make a log of centuries.
  init(formats: [TimeFormat] = [], zone: TimeZoneRules, isOfEvents: Bool = false) {
    self.formats = formats
    self.zone = zone
    self.isOfEvents = isOfEvents
  }

  /// The instant that bytes name; `nil` when they name none. There are at least 8 readable bytes behind them.
  mutating func instant(_ bytes: Bytes) -> Instant? {
    guard let instant = anyInstant(bytes) else { return nil }
    return isOfEvents && instant.milliseconds < 0 ? nil : instant
  }

  /// The moment that is over when what bytes name is over: a date alone lasts until the next day begins in the zone, whatever
  /// clocks do in between; any other time is over at once. `nil` as for ``instant(_:)``, and likewise counted.
  mutating func end(_ bytes: Bytes) -> (instant: Instant, isDay: Bool)? {
    guard let start = instant(bytes) else { return nil }
    let isDay: Bool
    if let format = usedFormat {
      isDay = !formats[format].tellsClock
      // A date with an offset, by the clocks of which no day is known to be longer than another.
      if isDay, formats[format].tellsOffset { return (Instant(milliseconds: start.milliseconds + 86_400_000), true) }
    } else {
      // No number has a hyphen there.
      isDay = bytes.count == 10 && bytes[4] == UInt8(ascii: "-")
    }
    guard isDay else { return (start, false) }
    // The offset is the one by which the date was just read.
    let date = Int(start.milliseconds / 1000) + spanOffset
    let before = tally
    defer { tally = before }
    return (atLocal(date + 86_400, 0), true)
  }

  /// Until when something is due by what bytes say. Who says "by Friday", or "away until Friday", means all of Friday: a date
  /// alone is due until the last moment of its day, so that its month is that day's, and an absence ends when the next begins.
  mutating func due(_ bytes: Bytes, of kind: EventKind) -> Instant? {
    guard let (end, isDay) = end(bytes) else { return nil }
    return isDay && kind != .absence ? Instant(milliseconds: end.milliseconds - 1) : end
  }

  /// Whether bytes name a moment that is none of an event's because it lies before 1970.
  mutating func isBeforeEvents(_ bytes: Bytes) -> Bool {
    let before = tally
    defer { tally = before }
    return isOfEvents && anyInstant(bytes).map { $0.milliseconds < 0 } ?? false
  }

  private mutating func anyInstant(_ bytes: Bytes) -> Instant? {
    usedFormat = nil
    for place in formats.indices {
      if let instant = read(bytes, by: formats[place]) {
        usedFormat = place
        return instant
      }
    }
    if let instant = isoInstant(bytes) { return instant }
    return unixInstant(bytes)
  }

  /// ``withOffset`` and ``withoutOffset``, to be put back where a row turns out to be read another way.
  var tally: (Int, Int) {
    get { (withOffset, withoutOffset) }
    set { (withOffset, withoutOffset) = newValue }
  }

  // MARK: The plain form

  /// The instant of `YYYY-MM-DDThh:mm:ss`, alone or before `Z`, eight bytes at a time; `nil` for every other form.
  ///
  /// A log tells many events of few days, so that dates are kept as they stand. Only for parsers without formats.
  @inline(__always)
  mutating func plainInstant(_ bytes: UnsafeRawPointer, count: Int) -> Instant? {
    guard count == 19 || count == 20 else { return nil }
    let separator = bytes.load(fromByteOffset: 10, as: UInt8.self)
    guard separator == UInt8(ascii: "T") || separator == UInt8(ascii: " ") else { return nil }
    // Each byte's digit, and nothing for a colon; what is neither shows in the highest bits.
    let clock = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 11, as: UInt64.self)) ^ 0x3030_3A30_303A_3030
    guard ((clock &+ 0x7676_7F76_767F_7676) | clock) & 0x8080_8080_8080_8080 == 0 else { return nil }
    let hour = (clock & 15) &* 10 &+ (clock &>> 8 & 15)
    let minute = (clock &>> 24 & 15) &* 10 &+ (clock &>> 32 & 15)
    let second = (clock &>> 48 & 15) &* 10 &+ (clock &>> 56)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let (start, end) = (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self))
    let day = Int(truncatingIfNeeded: (end & 3) &<< 4 | (end &>> 8 & 15))
    if dates[day].start != start || dates[day].end != end {
      guard readDate(UnsafeRawBufferPointer(start: bytes, count: 10), day) else { return nil }
    }
    let local = dates[day].seconds &+ Int(truncatingIfNeeded: hour &* 3600 &+ minute &* 60 &+ second)
    if count == 19 { return atLocal(local, 0) }
    guard bytes.load(fromByteOffset: 19, as: UInt8.self) | 0x20 == UInt8(ascii: "z") else { return nil }
    withOffset &+= 1
    return Instant(milliseconds: Int64(local) &* 1000)
  }

  @inline(never)
  private mutating func readDate(_ bytes: Bytes, _ day: Int) -> Bool {
    var parser = TimeParser(zone: .utc)
    guard let instant = parser.isoInstant(bytes), !isOfEvents || instant.milliseconds >= 0 else { return false }
    dates[day] = PlainDate(
      start: bytes.loadUnaligned(as: UInt64.self), end: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self),
      seconds: Int(instant.milliseconds / 1000))
    return true
  }

  // MARK: ISO 8601

  @inline(__always)
  private mutating func isoInstant(_ bytes: Bytes) -> Instant? {
    let count = bytes.count
    guard count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let century = Self.twoDigits(bytes, 0), let yearOfCentury = Self.twoDigits(bytes, 2),
      let month = Self.twoDigits(bytes, 5), let day = Self.twoDigits(bytes, 8)
    else { return nil }
    let year = century * 100 + yearOfCentury
    guard month >= 1, month <= 12, day >= 1, day <= 28 || day <= CivilDate.days(inMonth: month, of: year) else {
      return nil
    }
    var local = CivilDate(year: year, month: month, day: day).dayNumber * 86_400
    if count == 10 { return atLocal(local, 0) }
    let separator = bytes[10]
    guard
      separator == UInt8(ascii: "T") || separator == UInt8(ascii: " ") || separator == UInt8(ascii: "t"),
      count >= 16, bytes[13] == UInt8(ascii: ":"), let hour = Self.twoDigits(bytes, 11),
      let minute = Self.twoDigits(bytes, 14), minute < 60
    else { return nil }
    var second = 0
    var milliseconds = 0
    var position = 16
    if position < count, bytes[position] == UInt8(ascii: ":") {
      guard count >= 19, let value = Self.twoDigits(bytes, 17), value <= 60 else { return nil }
      second = value
      position = 19
      if position < count, bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: ",") {
        guard let (value, end) = Self.fraction(bytes, position + 1) else { return nil }
        milliseconds = value
        position = end
      }
    }
    guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && milliseconds == 0) else { return nil }
    local += hour * 3600 + minute * 60 + second
    if position == count { return atLocal(local, milliseconds) }
    if bytes[position] == UInt8(ascii: " ") { position += 1 }
    guard let (offset, end) = Self.offset(bytes, position), end == count else { return nil }
    withOffset += 1
    return Instant(milliseconds: Int64(local - offset) * 1000 + Int64(milliseconds))
  }

  /// Two decimal digits at a position that exists.
  @inline(__always)
  private static func twoDigits(_ bytes: Bytes, _ position: Int) -> Int? {
    let tens = bytes[position] &- 48
    let ones = bytes[position + 1] &- 48
    return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
  }

  /// Milliseconds of the digits of a fraction, and the position behind them; digits beyond the third are dropped.
  private static func fraction(_ bytes: Bytes, _ start: Int) -> (Int, Int)? {
    var position = start
    var value = 0
    var scale = 100
    while position < bytes.count, bytes[position] &- 48 <= 9 {
      value += Int(bytes[position] &- 48) * scale
      scale /= 10
      position += 1
    }
    return position > start ? (value, position) : nil
  }

  /// Seconds of `Z`, `±hh`, `±hhmm`, `±hh:mm`, and the position behind it.
  private static func offset(_ bytes: Bytes, _ start: Int) -> (Int, Int)? {
    guard start < bytes.count else { return nil }
    let sign = bytes[start]
    if sign | 0x20 == UInt8(ascii: "z") { return (0, start + 1) }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), start + 3 <= bytes.count,
      let hours = twoDigits(bytes, start + 1), hours <= 18
    else { return nil }
    var position = start + 3
    var seconds = hours * 3600
    if position < bytes.count {
      if bytes[position] == UInt8(ascii: ":") { position += 1 }
      guard position + 2 <= bytes.count, let minutes = twoDigits(bytes, position), minutes < 60 else { return nil }
      seconds += minutes * 60
      position += 2
    }
    return (sign == UInt8(ascii: "-") ? -seconds : seconds, position)
  }

  @inline(__always)
  private mutating func atLocal(_ local: Int, _ milliseconds: Int) -> Instant {
    withoutOffset += 1
    if local < spanStart || local >= spanEnd {
      let span = zone.localSpan(at: local)
      spanOffset = span.offset
      spanStart = span.range.lowerBound
      spanEnd = span.range.upperBound
    }
    return Instant(milliseconds: Int64(local - spanOffset) * 1000 + Int64(milliseconds))
  }

  // MARK: Unix time

  private mutating func unixInstant(_ bytes: Bytes) -> Instant? {
    var position = 0
    let isNegative = bytes.count > 1 && bytes[0] == UInt8(ascii: "-")
    if isNegative { position = 1 }
    let start = position
    var value: Int64 = 0
    while position < bytes.count, bytes[position] &- 48 <= 9, position - start < 16 {
      value = value * 10 + Int64(bytes[position] &- 48)
      position += 1
    }
    guard position > start else { return nil }
    var milliseconds: Int64 = 0
    if position < bytes.count {
      guard bytes[position] == UInt8(ascii: "."), let (fraction, end) = Self.fraction(bytes, position + 1),
        end == bytes.count
      else { return nil }
      milliseconds = Int64(fraction)
    }
    if isOfEvents && (isNegative || value < Self.leastUnixSeconds) { return nil }
    // 10¹¹ seconds would be the year 5138.
    let total = value >= 100_000_000_000 ? value : value * 1000 + milliseconds
    withOffset += 1
    return Instant(milliseconds: isNegative ? -total : total)
  }

  // MARK: Formats

  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    .map { Array($0.utf8) }

  private mutating func read(_ bytes: Bytes, by format: TimeFormat) -> Instant? {
    var position = 0
    var (year, month, day, hour, minute, second, milliseconds) = (0, 0, 0, 0, 0, 0, 0)
    var isAfternoon: Bool?
    var offset: Int?
    /// One or two digits.
    func number() -> Int? {
      guard position < bytes.count, bytes[position] &- 48 <= 9 else { return nil }
      var value = Int(bytes[position] &- 48)
      position += 1
      if position < bytes.count, bytes[position] &- 48 <= 9 {
        value = value * 10 + Int(bytes[position] &- 48)
        position += 1
      }
      return value
    }
    for letter in format.pattern {
      switch letter {
      case UInt8(ascii: "Y"):
        guard position + 4 <= bytes.count, let century = Self.twoDigits(bytes, position),
          let rest = Self.twoDigits(bytes, position + 2)
        else { return nil }
        year = century * 100 + rest
        position += 4
      case UInt8(ascii: "y"):
        guard position + 2 <= bytes.count, let value = Self.twoDigits(bytes, position) else { return nil }
        year = 2000 + value
        position += 2
      case UInt8(ascii: "b"):
        guard position + 3 <= bytes.count else { return nil }
        let name = (0..<3).map { bytes[position + $0] | 0x20 }
        guard let index = Self.months.firstIndex(of: name) else { return nil }
        month = index + 1
        position += 3
      case UInt8(ascii: "m"), UInt8(ascii: "d"), UInt8(ascii: "H"), UInt8(ascii: "I"), UInt8(ascii: "M"),
        UInt8(ascii: "S"):
        guard let value = number() else { return nil }
        switch letter {
        case UInt8(ascii: "m"): month = value
        case UInt8(ascii: "d"): day = value
        case UInt8(ascii: "M"): minute = value
        case UInt8(ascii: "S"): second = value
        case UInt8(ascii: "I"):
          guard (1...12).contains(value) else { return nil }
          hour = value
        default: hour = value
        }
      case UInt8(ascii: "f"):
        guard let (value, end) = Self.fraction(bytes, position) else { return nil }
        milliseconds = value
        position = end
      case UInt8(ascii: "p"):
        guard position + 2 <= bytes.count, bytes[position + 1] | 0x20 == UInt8(ascii: "m") else { return nil }
        switch bytes[position] | 0x20 {
        case UInt8(ascii: "a"): isAfternoon = false
        case UInt8(ascii: "p"): isAfternoon = true
        default: return nil
        }
        position += 2
      case UInt8(ascii: "z"):
        guard let (seconds, end) = Self.offset(bytes, position) else { return nil }
        offset = seconds
        position = end
      default:
        guard position < bytes.count, bytes[position] == letter else { return nil }
        position += 1
      }
    }
    if let isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    guard position == bytes.count, (1...12).contains(month), day >= 1,
      day <= CivilDate.days(inMonth: month, of: year), hour < 24, minute < 60, second <= 60
    else { return nil }
    let local = CivilDate(year: year, month: month, day: day).dayNumber * 86_400 + hour * 3600 + minute * 60 + second
    guard let offset else { return atLocal(local, milliseconds) }
    withOffset += 1
    return Instant(milliseconds: Int64(local - offset) * 1000 + Int64(milliseconds))
  }
}
