/// Why the engine can't do what was asked, beyond what reading and scoring report themselves.
public struct RapportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure, which decides the tool's exit code.
  public enum Kind: Sendable, Equatable {
    /// An option or argument that can't be honoured. Exit code 64.
    case usage
    /// A configuration or profile file is wrong. Exit code 78.
    case configuration
    /// The output folder exists and was not written by rapport. Exit code 73.
    case outputExists
    /// Writing failed. Exit code 74.
    case output
    /// A defect of the engine. Exit code 70.
    case defect
  }
  public var kind: Kind
  /// One line with place and cure.
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
