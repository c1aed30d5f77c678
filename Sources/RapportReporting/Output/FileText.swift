/// The text of a file in pieces: a long one is never copied to become one string.
public struct FileText: Sendable {
  /// UTF-8, to be written one after the other.
  public private(set) var pieces: [[UInt8]] = []

  public init() {}

  /// A text of one piece.
  public init(_ text: String) { pieces = [Array(text.utf8)] }

  /// Adds a piece at the end.
  public mutating func append(_ piece: [UInt8]) {
    if !piece.isEmpty { pieces.append(piece) }
  }

  /// The whole as one string.
  public var string: String { String(decoding: pieces.joined(), as: UTF8.self) }
}
