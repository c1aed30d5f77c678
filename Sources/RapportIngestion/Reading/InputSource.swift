/// Where events come from.
public enum InputSource: Sendable, Hashable {
  /// A file, a glob such as `exports/*.csv.gz`, or a folder, which is searched for event files in sorted order.
  case path(String)
  /// Standard input, plain or compressed.
  case standardInput
  /// Bytes in memory, under a name for messages; plain or compressed.
  case bytes([UInt8], name: String)

  /// A command's argument: `-` is standard input, anything else a path.
  public init(argument: String) { self = argument == "-" ? .standardInput : .path(argument) }
}
