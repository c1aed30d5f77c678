/// Why an organisation can't be simulated or written.
public struct SimulationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure, which decides the tool's exit code.
  public enum Kind: Sendable, Equatable {
    /// A setting is out of range or contradicts another. Exit code 64.
    case settings
    /// The folder exists and isn't, or isn't only, what rapport simulate wrote. Exit code 73.
    case folderTaken
    /// Writing failed. Exit code 74.
    case output
  }
  public var kind: Kind
  /// What was found, what was expected, and the cure.
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
