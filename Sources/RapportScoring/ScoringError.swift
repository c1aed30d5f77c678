/// Why a history can't be assessed.
public struct ScoringError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was found, what was expected, and the cure.
  public var description: String
  /// An error with this message.
  public init(_ description: String) { self.description = description }
}
