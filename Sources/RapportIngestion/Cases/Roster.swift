/// Who the managers, or the partners, are: attributes, dates, calendars. Several may describe one person, each in columns of its own.
public struct Roster: Sendable, Equatable {
  /// One person.
  public struct Entry: Sendable, Equatable {
    /// As in the events, in Unicode's composed form (NFC) as all names are.
    public var id: String
    /// First and last moment in the role; absent where the roster is silent.
    public var from: Instant = .absent
    public var until: Instant = .absent
    /// The name of a calendar in the configuration.
    public var calendar: String?
    /// Any other column that has a value for this person, by its name.
    public var attributes: [String: String] = [:]
    public init(id: String) { self.id = id.composed }

    /// The last moment in the role: `until` is the first one after it, a day's end being the next day's beginning.
    var lastMoment: Instant? { until.ifPresent.map { Instant(milliseconds: $0.milliseconds - 1) } }
  }

  /// Whether it describes managers or partners.
  public var party: Party
  /// In the order of the file. Of rows with one `id` the first counts.
  public var entries: [Entry]
  /// What messages call it; the file's name as it was given.
  public var name = ""

  public init(party: Party, entries: [Entry]) {
    self.party = party
    self.entries = entries
  }
}
