/// A working calendar as it is written down: `[calendar.NAME]` in `rapport.toml`.
public struct CalendarDefinition: Codable, Sendable, Equatable {
  /// The zone in which its hours are meant.
  public var timezone: String
  /// By day (`mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`), ranges such as `09:00-17:00`; a day without is off.
  public var hours: [String: [String]]
  /// Dates such as `2026-12-25` without working hours.
  public var holidays: [String]

  public init(timezone: String, hours: [String: [String]], holidays: [String] = []) {
    self.timezone = timezone
    self.hours = hours
    self.holidays = holidays
  }

  /// Checks zone, days, hours and holidays.
  ///
  /// - Parameter name: as in `[calendar.NAME]`, for messages.
  /// - Throws: what laying it out as a ``WorkingCalendar`` would throw.
  public func validate(named name: String) throws(IngestionError) { _ = try read(named: name) }

  enum CodingKeys: String, CodingKey { case timezone, hours, holidays }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    timezone = try container.decode(String.self, forKey: .timezone)
    hours = try container.decode([String: [String]].self, forKey: .hours)
    holidays = try container.decodeIfPresent([String].self, forKey: .holidays) ?? []
  }
}
