/// A side of a working relationship; health is a weighted geometric mean over these (METHODS.md §2, §9).
public enum Domain: String, Codable, Sendable, CaseIterable, Comparable {
  case responsiveness, consistency, followThrough, communication, conflict, alignment, recognition, development, voice

  /// Its name for people.
  public var words: String { self == .followThrough ? "follow-through" : rawValue }

  /// Its place in the order of METHODS.md §2, from 0.
  public var index: Int { Self.allCases.firstIndex(of: self)! }
  /// In the order of METHODS.md §2.
  public static func < (a: Domain, b: Domain) -> Bool { a.index < b.index }
}
