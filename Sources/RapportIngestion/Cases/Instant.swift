/// A moment in time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Milliseconds, because fractions of a second are dropped after subtraction, not before; whole numbers, because
/// sums and orders of them are exact.
public struct Instant: Hashable, Comparable, Sendable {
  /// Milliseconds since the epoch.
  public var milliseconds: Int64

  /// The moment `milliseconds` after the epoch.
  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  /// The moment `seconds` after the epoch.
  @inlinable public init(seconds: Int) { self.milliseconds = Int64(seconds) * 1000 }

  /// No moment: later than every other, so that the earliest of two moments is their minimum even where one is absent.
  public static let absent = Instant(milliseconds: .max)
  /// Whether there is a moment.
  @inlinable public var isPresent: Bool { milliseconds != .max }
  /// The moment, or `nil` where there is none.
  @inlinable public var ifPresent: Instant? { isPresent ? self : nil }

  /// Whole seconds from `start` to this moment, fractions dropped.
  @inlinable public func seconds(since start: Instant) -> Int { Int((milliseconds - start.milliseconds) / 1000) }

  /// The moment this many days of 24 hours later.
  @inlinable public func advanced(days: Int) -> Instant {
    Instant(milliseconds: milliseconds + Int64(days) * 86_400_000)
  }

  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
}
