import RapportIngestion

/// A side of a working relationship; health is a weighted geometric mean over these (METHODS.md §2, §9).
public enum Domain: String, Codable, Sendable, CaseIterable, Comparable {
  case responsiveness, consistency, followThrough, communication, conflict, alignment, recognition, development, voice

  /// Its name for people.
  public var words: String { self == .followThrough ? "follow-through" : rawValue }

  /// The kinds of events each of which alone begins what an indicator of it tells: where none was read, and the domain isn't measured,
  /// nothing was read about it.
  ///
  /// Requests and recognitions aren't among communication's. They tell who begins contacts (``Indicator/initiativeBalance``), which is
  /// measured wherever both sides do; where one side alone does, as in a service desk's export, they tell nothing of it.
  var kinds: Set<EventKind> {
    switch self {
    case .responsiveness: [.request]
    case .consistency: [.request, .checkIn]
    case .followThrough: [.commitment]
    case .communication: [.checkIn, .feedback]
    case .conflict: [.conflict, .escalation]
    case .alignment: [.decision, .goal, .objection]
    case .recognition: [.recognition]
    case .development: [.training]
    case .voice: [.survey]
    }
  }

  /// Its place in the order of METHODS.md §2, from 0.
  public var index: Int { Self.allCases.firstIndex(of: self)! }
  /// In the order of METHODS.md §2.
  public static func < (a: Domain, b: Domain) -> Bool { a.index < b.index }
}
