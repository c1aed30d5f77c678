/// A time zone as a table of transitions.
public struct TimeZoneRules: Sendable, Equatable {
  /// Its name, as in `Europe/London`.
  public let name: String

  /// Coordinated universal time.
  public static let utc = TimeZoneRules(name: "UTC")

  private init(name: String) { self.name = name }
}
