/// What was read and how long each step of it took: for progress, `--verbose` and the manifest, never for results.
public struct ReadingStatistics: Sendable, Equatable, Codable {
  /// One input, as the manifest and the ledger's memory name it.
  public struct Input: Sendable, Equatable, Codable {
    /// As it was given: path, `-`, or a name.
    public var name: String
    /// Bytes as stored, compressed or not.
    public var bytes: Int
    /// SHA-256 of the bytes as stored, in hexadecimal.
    public var sha256: String
    /// Rows read from it, refused ones included.
    public var rows: Int
    /// One input as it was read.
    public init(name: String, bytes: Int, sha256: String, rows: Int) {
      self.name = name
      self.bytes = bytes
      self.sha256 = sha256
      self.rows = rows
    }
  }

  /// In the order in which they were read.
  public var inputs: [Input] = []
  /// Bytes of text, after decompression.
  public var textBytes = 0
  /// Rows read, refused ones included; empty lines aren't rows. After ``ingest(_:options:progress:)`` without those that no count
  /// tells (``DataQuality/confidential``).
  public var rows = 0
  /// Times that had an offset (Unix times included).
  public var timesWithOffset = 0
  /// Times that had none, and so are in the report's zone.
  public var timesWithoutOffset = 0
  /// Seconds of processor time by step, summed over threads: `open`, `cut` (with decompression), `parse`, `hash`,
  /// `finish`, `merge`.
  public var seconds: [String: Double] = [:]
  /// Nothing read.
  public init() {}

  /// Which inputs have a header and no rows, as exports of a quiet day do, and those of a filter that lets nothing pass; `nil` where
  /// none has.
  public var emptyNote: String? {
    let empty = inputs.filter { $0.rows == 0 }.map { $0.name == "-" ? "standard input" : $0.name }
    guard !empty.isEmpty else { return nil }
    let rest = empty.count - Rejects.placesKept
    return empty.prefix(Rejects.placesKept).joined(separator: ", ") + (rest > 0 ? " and \(rest.grouped) more" : "")
      + ": a header but no rows."
  }
}

/// How far reading has come, for a progress line.
public struct ReadingProgress: Sendable {
  /// Bytes as stored that have been read.
  public var bytesDone: Int
  /// How many there are; `nil` where a stream doesn't tell.
  public var bytesTotal: Int?
  /// Rows read, refused ones included.
  public var rows: Int
}
