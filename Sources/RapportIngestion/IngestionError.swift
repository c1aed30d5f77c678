/// Why input can't be used, with the place and the cure.
public struct IngestionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure, which decides the tool's exit code.
  public enum Kind: Sendable, Equatable {
    /// Readable but unusable: no usable event, too many refused rows, contradictory columns. Exit code 65.
    case unusable
    /// Missing, unreadable or empty input, a folder without event files. Exit code 66.
    case noInput
    /// Writing failed. Exit code 74.
    case output
    /// Something else's file stands where one is to be written. Exit code 73.
    case outputExists
    /// A profile, mapping, calendar or other setting is wrong. Exit code 78.
    case configuration
    /// An option that doesn't fit the input. Exit code 64.
    case usage
  }
  public var kind: Kind
  /// One line: file, line, column, what was found, what was expected, the nearest valid word.
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
