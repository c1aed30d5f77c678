/// What a partner does, as the column `function` of a roster says.
public enum PartnerFunction: String, Sendable, CaseIterable {
  /// Human resources.
  case humanResources = "hr"
  /// Learning and development.
  case learningAndDevelopment = "ld"

  /// Reads a function, in small letters or capitals, with blanks, hyphens and dots or without: `hr` or `Human Resources`, `ld`, `L&D` or
  /// `Learning & Development`, and the like; `nil` where it is another.
  public init?(_ text: String) {
    let letters = DataQuality.folded(text).replacing("&", with: "and").filter { $0.isLetter }
    switch letters {
    case "hr", "humanresources", "humanresource", "people", "peopleandculture", "hrbp", "hrpartner",
      "hrbusinesspartner":
      self = .humanResources
    case "ld", "landd", "learning", "learninganddevelopment", "learningdevelopment",
      "traininganddevelopment":
      self = .learningAndDevelopment
    default: return nil
    }
  }
}

extension History {
  /// Each partner's function as the roster tells it; `nil` where no roster has the column. Of other words than
  /// ``PartnerFunction/init(_:)`` reads nothing is known.
  public var partnerFunctions: [PartnerFunction?]? {
    partnerAttributes["function"]?.map { $0.flatMap { PartnerFunction($0) } }
  }
}

extension DataQuality {
  /// Partners whose function is none that is understood.
  mutating func observeFunctions(_ history: History) {
    guard let words = history.partnerAttributes["function"] else { return }
    var counts: [String: Int] = [:]
    for word in words.compactMap({ $0 }) where PartnerFunction(word) == nil { counts[word, default: 0] += 1 }
    let most = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    observe(
      "unknownFunction", counts.values.reduce(0, +),
      "Partners whose function in a roster is neither hr nor ld, or written in a way that isn't known; their trainings count as "
        + "nobody's of L&D. Write hr or ld.",
      examples: most.prefix(Rejects.placesKept).map {
        Example("function '\($0.key)': \($0.value) \($0.value == 1 ? "partner" : "partners")")
      })
  }
}
