/// Rows that couldn't be used, counted by reason, with the first few places of each.
public struct Rejects: Mergeable, Equatable, Codable {
  /// Where it was found.
  public struct Place: Hashable, Comparable, Sendable, Codable {
    /// The file's name without its folder; `standard input` for that.
    public var file: String
    /// The line on which the row begins; the header is line 1.
    public var line: Int
    /// The column and what stands in it, shortened: `kind 'respnse'`; may be empty.
    public var found: String

    /// A place; see the properties.
    public init(file: String, line: Int, found: String = "") {
      self.file = file
      self.line = line
      self.found = found
    }

    /// By file, then line, then what was found.
    public static func < (a: Place, b: Place) -> Bool {
      // Byte order, so that no locale and no normalisation plays a part.
      if a.file != b.file { return a.file.utf8.lexicographicallyPrecedes(b.file.utf8) }
      if a.line != b.line { return a.line < b.line }
      return a.found.utf8.lexicographicallyPrecedes(b.found.utf8)
    }

    /// As in `events.csv:12`.
    public var description: String { "\(file):\(line)" }

    /// The place with what was found, and the nearest kind where it isn't one: `events.csv:12: kind 'respnse', nearest
    /// 'response'`.
    public func told(as reason: RejectReason) -> String {
      found.isEmpty ? description : "\(description): \(found(as: reason))"
    }

    /// What was found, and the nearest kind where it isn't one.
    func found(as reason: RejectReason) -> String {
      guard reason == .unknownKind, let quoted,
        let kind = NearestWord.nearest(to: quoted, among: EventKind.allCases.map(\.rawValue))
      else {
        return found
      }
      return "\(found), nearest '\(kind)'"
    }

    /// The text between the quotes of ``found``.
    var quoted: String? {
      guard let quote = found.firstIndex(of: "'"), found.hasSuffix("'"), quote < found.index(before: found.endIndex)
      else {
        return nil
      }
      return String(found[found.index(after: quote)...].dropLast())
    }
  }

  /// One reason's rows.
  public struct Entry: Equatable, Sendable, Codable {
    /// How many.
    public var count = 0
    /// The first of them, by file and line.
    public var places: [Place] = []

    mutating func merge(_ other: Entry) {
      count += other.count
      places = Array((places + other.places).sorted().prefix(Rejects.placesKept))
    }
  }

  /// How many places of each reason are kept.
  public static let placesKept = 5

  /// By reason; reasons that never occurred are absent.
  public private(set) var entries: [RejectReason: Entry] = [:]

  /// No row refused.
  public static let empty = Rejects()
  /// No row refused.
  public init() {}

  /// Adds the counts and keeps the first places of both.
  public mutating func merge(_ other: Rejects) {
    for (reason, entry) in other.entries { entries[reason, default: Entry()].merge(entry) }
  }

  /// Counts one row, or one value, at a place.
  public mutating func add(_ reason: RejectReason, at place: Place) {
    entries[reason, default: Entry()].merge(Entry(count: 1, places: [place]))
  }

  /// Counts `count` rows whose places aren't known.
  public mutating func add(_ reason: RejectReason, count: Int) {
    guard count > 0 else { return }
    entries[reason, default: Entry()].merge(Entry(count: count, places: []))
  }

  /// How often a reason occurred.
  public func count(of reason: RejectReason) -> Int { entries[reason]?.count ?? 0 }

  /// Rows that couldn't be used: what `--max-bad` is about.
  public var refusedRows: Int { total(.refused) }
  /// Rows that were left out for what they say.
  public var leftOutRows: Int { total(.leftOut) }

  private func total(_ consequence: DataQuality.Consequence) -> Int {
    entries.reduce(0) { $0 + ($1.key.consequence == consequence ? $1.value.count : 0) }
  }

  /// Reasons with their entries, most frequent first, ties in the order of ``RejectReason``.
  public var byFrequency: [(reason: RejectReason, entry: Entry)] {
    let ordered = RejectReason.allCases.compactMap { reason in entries[reason].map { (reason: reason, entry: $0) } }
    return ordered.enumerated().sorted { ($1.element.entry.count, $0.offset) < ($0.element.entry.count, $1.offset) }
      .map(\.element)
  }
}
