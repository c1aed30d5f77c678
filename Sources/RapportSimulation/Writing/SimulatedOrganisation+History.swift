import RapportIngestion

extension SimulatedOrganisation {
  /// What the log says, read from memory as it would be from the files that ``write(to:)`` writes; without dirty rows.
  ///
  /// - Parameters: `threads`: they can't change a number.
  /// - Throws: `IngestionError` where the organisation's time zone isn't known.
  /// - Complexity: O(n log n) in events; the log's text is held while it is read, 100 bytes an event
  public func history(threads: Int = 1) throws(IngestionError) -> History {
    let settings = organisation.settings
    let zone = try TimeZoneRules(named: settings.timeZone)
    // Whatever is played ends before the calendar does, so nothing lies in the future.
    let runStart = Instant(milliseconds: Int64(organisation.playedDays.upperBound.dayNumber + 800) * 86_400_000)
    var reading = ReadingOptions(runStart: runStart, threads: threads)
    reading.timeZone = zone
    let read = try ingest([.bytes(Array(eventsCSV().utf8), name: "events.csv")], options: reading)
    var options = HistoryOptions(runStart: runStart)
    options.calendars = [SimulatedOrganisation.calendarName: workingCalendar]
    options.rosters = [
      try Roster(Table(reading: .bytes(Array(managersRoster.utf8), name: "managers.csv")), timeZone: zone),
      try Roster(Table(reading: .bytes(Array(partnersRoster.utf8), name: "partners.csv")), timeZone: zone),
    ]
    options.inputs = read.statistics.inputs.map(\.name)
    options.repeatedCases = read.repeatedCases
    options.threads = threads
    return try read.ledger.history(options)
  }

  /// The calendar that the roster of partners names.
  static let calendarName = "office"

  /// Monday to Friday, from the settings' hours, without holidays.
  var workingCalendar: CalendarDefinition {
    let settings = organisation.settings
    func hour(_ hour: Int) -> String { (hour < 10 ? "0" : "") + "\(hour):00" }
    let hours = ["\(hour(settings.dayStartsHour))-\(hour(settings.dayEndsHour))"]
    let days = organisation.playedDays.lowerBound.dayNumber..<organisation.days.upperBound.dayNumber
    return CalendarDefinition(
      timezone: settings.timeZone,
      hours: Dictionary(uniqueKeysWithValues: ["mon", "tue", "wed", "thu", "fri"].map { ($0, hours) }),
      holidays: days.map { CivilDate(dayNumber: $0) }.filter { Organisation.isHoliday($0) }.map(\.text))
  }
}
