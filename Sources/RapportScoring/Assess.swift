import RapportIngestion

/// Why a history can't be assessed.
public struct ScoringError: Error, Sendable, Equatable, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}
