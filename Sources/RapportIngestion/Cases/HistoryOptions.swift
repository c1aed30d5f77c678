/// As of when, and by whose clocks, a ledger's history is told: what ``Ledger/history(_:)`` takes.
public struct HistoryOptions: Sendable {
  /// The moment as of which everything is told; `nil` for the last event not after `runStart`.
  public var asOf: Instant?
  /// When the run began.
  public var runStart: Instant
  /// Working calendars by name.
  public var calendars: [String: CalendarDefinition] = [:]
  /// The calendar of partners whose roster names none; `nil`: every hour is working time.
  public var defaultCalendar: String?
  /// Any number, of managers and of partners.
  public var rosters: [Roster] = []
  /// Cases answered by one partner within one minute that count as bulk closing.
  public var bulkClosingCases = 5
  /// Names of the inputs that were read, so that examples can number them all.
  public var inputs: [String] = []
  /// Rows refused because their case number is another request's too, as ``IngestionResult/repeatedCases`` tells them.
  public var repeatedCases: [Rejects.Place] = []
  /// Whether a ledger without a usable event gives an empty history, for a report on quality, and no error.
  public var keepsEmpty = false
  /// Worker threads; they can't change a number.
  public var threads = 1

  public init(runStart: Instant) { self.runStart = runStart }
}
