import RapportScoring

/// How times of an input are told: in hours or working hours, and no finer than its stamps.
public struct TimeWords: Sendable {
  /// Whether a working calendar was given, so that hours are working hours.
  var onCalendar = true
  /// Whether stamps tell seconds; otherwise nothing below a minute is told apart.
  var tellsSeconds = true

  public init() {}

  public init(_ basis: Basis) { (onCalendar, tellsSeconds) = (basis.workingCalendar, basis.tellsSeconds) }

  /// Seconds in the unit that reads best.
  func duration(_ seconds: Double) -> String {
    guard tellsSeconds || abs(seconds) >= 90 else { return abs(seconds) < 60 ? "under 1 min" : "1 min" }
    return Wording.duration(seconds)
  }

  /// As ``duration(_:)``, but never in days: a working day isn't 24 hours. Without a calendar every hour is a working hour,
  /// and they are called hours.
  func workingDuration(_ seconds: Double) -> String {
    guard abs(seconds) >= 5400 else { return duration(seconds) }
    return "\(Figure.number(seconds / 3600, digits: seconds < 360_000 ? 1 : 0)) \(Self.hours(onCalendar))"
  }

  /// What hours on a calendar, or without one, are called.
  static func hours(_ onCalendar: Bool) -> String { onCalendar ? "working h" : "h" }
}
