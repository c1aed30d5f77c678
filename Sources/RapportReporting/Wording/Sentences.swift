/// What an assessment says, in neutral sentences that the terminal and the page share.
public enum Sentences {
  /// A sentence, and the manager whose name it begins with; `nil` where it is of several, or of none.
  public struct Told: Sendable, Equatable {
    public var manager: String?
    public var sentence: String

    init(_ sentence: String, of manager: String? = nil) {
      self.sentence = manager.map { "\($0): \(sentence)" } ?? sentence
      self.manager = manager
    }
  }

  /// `a, b and c`.
  public static func list(_ items: [String], _ conjunction: String = "and") -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " \(conjunction) " + items[items.count - 1]
  }
}
