/// What is wrong with a calendar's definition.
public struct CalendarProblem: Error, Equatable, Sendable {
  /// The key below `[calendar.NAME]` that it is about, such as `hours`, `mon`; empty where it is about the whole.
  public let key: [String]
  /// What was found, and the cure.
  public let words: String
}

extension CalendarDefinition {
  /// What is wrong first: an unknown zone or day, a range that can't be read, that runs over midnight or into another, a holiday that
  /// isn't a date, no hours at all; `nil` where nothing is.
  public var problem: CalendarProblem? {
    do throws(CalendarProblem) {
      _ = try read()
      return nil
    } catch {
      return error
    }
  }

  /// Its zone, hours by weekday in seconds of the local day, ascending, and holidays.
  ///
  /// - Parameter name: as in `[calendar.NAME]`, for messages.
  /// - Throws: ``IngestionError`` of kind `configuration` with its ``problem``.
  func read(
    named name: String
  ) throws(IngestionError) -> (zone: TimeZoneRules, hours: [[Range<Int>]], holidays: Set<CivilDate>) {
    do throws(CalendarProblem) {
      return try read()
    } catch {
      let place = (["calendar", name] + error.key).joined(separator: ".")
      throw IngestionError(.configuration, "\(place): \(error.words)")
    }
  }

  private func read() throws(CalendarProblem) -> (
    zone: TimeZoneRules, hours: [[Range<Int>]], holidays: Set<CivilDate>
  ) {
    (try readZone(), try readHours(), try readHolidays())
  }

  private func readZone() throws(CalendarProblem) -> TimeZoneRules {
    do throws(IngestionError) {
      return try TimeZoneRules(named: timezone)
    } catch {
      throw CalendarProblem(key: ["timezone"], words: error.description)
    }
  }

  /// The names of days, Monday first.
  private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  private func readHours() throws(CalendarProblem) -> [[Range<Int>]] {
    var result = [[Range<Int>]](repeating: [], count: 7)
    for (day, texts) in hours.sorted(by: { $0.key < $1.key }) {
      let key = ["hours", day]
      guard let weekday = Self.dayNames.firstIndex(of: day) else {
        throw CalendarProblem(key: key, words: "'\(day)' isn't a day; use mon, tue, wed, thu, fri, sat or sun")
      }
      for text in texts { result[weekday].append(try Self.range(text, key: key)) }
      result[weekday].sort { $0.lowerBound < $1.lowerBound }
      for (first, second) in zip(result[weekday], result[weekday].dropFirst())
      where second.lowerBound < first.upperBound {
        throw CalendarProblem(key: key, words: "ranges overlap; let one end where the next begins")
      }
    }
    if result.allSatisfy(\.isEmpty) {
      throw CalendarProblem(key: [], words: "no working hours; add lines such as hours.mon = [\"09:00-17:00\"]")
    }
    return result
  }

  /// Seconds of a range such as `09:00-17:30`.
  private static func range(_ text: String, key: [String]) throws(CalendarProblem) -> Range<Int> {
    func seconds(_ time: Substring) -> Int? {
      let parts = time.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].utf8.count == 2, (1...2).contains(parts[0].utf8.count),
        parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }), let hour = Int(parts[0]),
        let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 24 * 60
      else { return nil }
      return hour * 3600 + minute * 60
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let start = seconds(parts[0]), let end = seconds(parts[1]) else {
      throw CalendarProblem(key: key, words: "'\(text)' isn't a range of hours; write it as 09:00-17:00")
    }
    guard start < end else {
      throw CalendarProblem(
        key: key,
        words: "'\(text)' ends before it begins; split hours over midnight: '\(parts[0])-24:00' here and "
          + "'00:00-\(parts[1])' on the next day")
    }
    return start..<end
  }

  private func readHolidays() throws(CalendarProblem) -> Set<CivilDate> {
    var result: Set<CivilDate> = []
    for text in holidays {
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
        let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month),
        (1...CivilDate.days(inMonth: month, of: year)).contains(day)
      else {
        throw CalendarProblem(key: ["holidays"], words: "'\(text)' isn't a date; write it as 2026-12-25")
      }
      result.insert(CivilDate(year: year, month: month, day: day))
    }
    return result
  }
}
