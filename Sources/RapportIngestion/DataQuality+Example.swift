extension DataQuality {
  /// One place where something was found, as in `input 1, line 12: kind 'respnse'`, or a case: `request 'R-7'`.
  public struct Example: Sendable, Equatable {
    /// The number of the input, see ``InputNames``; `nil` where the example is no row.
    public var input: Int?
    /// The line on which the row begins; 0 where the example is no row.
    public var line: Int
    /// What was found there; may be empty for rows.
    public var found: String

    /// An example that isn't a row.
    public init(_ found: String) { (input, line, self.found) = (nil, 0, found) }

    /// A row.
    public init(input: Int, line: Int, found: String = "") {
      (self.input, self.line, self.found) = (input, line, found)
    }

    /// A row's place among numbered inputs.
    init(_ place: Rejects.Place, _ reason: RejectReason, _ names: InputNames) {
      self.init(input: names.number(of: place.file) ?? 0, line: place.line, found: place.found(as: reason))
    }

    /// As a person reads it who sees the inputs: `events.csv:12: kind 'respnse'`.
    public func text(_ names: InputNames) -> String {
      guard let input, let name = names.name(of: input) else { return description }
      return Rejects.Place(file: name, line: line).description + suffix
    }

    private var suffix: String { found.isEmpty ? "" : ": \(found)" }
  }
}

extension DataQuality.Example: CustomStringConvertible {
  public var description: String { input.map { "input \($0), line \(line)\(suffix)" } ?? found }
}

/// In files an example is its description.
extension DataQuality.Example: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    let place = text.prefix { $0 != ":" }.split(separator: ",", omittingEmptySubsequences: false)
    if place.count == 2, place[0].hasPrefix("input "), place[1].hasPrefix(" line "),
      let input = Int(place[0].dropFirst(6)), let line = Int(place[1].dropFirst(6))
    {
      self.init(input: input, line: line, found: String(text.drop { $0 != ":" }.dropFirst(2)))
    } else {
      self.init(text)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
