import RapportScoring

/// What a reader can narrow and sort the list of managers by: attributes of the roster, partners, scores.
///
/// Values have numbers, so that a manager's entry names them in few characters.
struct ManagerChoices {
  /// A manager's values, as text for the entry's attributes.
  struct Keys {
    /// Numbers of the values that hold, each between blanks.
    var choices: String
    /// Empty where there is no score.
    var health: String
    var lowest: String
    var requests: String
  }

  /// An attribute with more values than this is no choice but a list.
  private static let mostValues = 200

  private var groups: [(key: String, title: String, values: [String])] = []
  private var numbers: [String: [String: Int]] = [:]
  private let requests: [String: Int]
  private let lowestFirst: String

  init(_ assessment: Assessment) {
    var values: [String: Set<String>] = [:]
    for manager in assessment.managers {
      for (name, value) in manager.attributes where !value.isEmpty { values[name, default: []].insert(value) }
    }
    var next = 1
    // An attribute may be called partner too.
    let named = values.sorted { $0.key < $1.key }.map { (key: "attribute \($0.key)", title: $0.key, values: $0.value) }
    let partners = Set(assessment.managers.flatMap(\.partners))
    for group in named + [(key: "partner", title: "partner", values: partners)]
    where group.values.count > 1 && group.values.count <= Self.mostValues
      || group.key == "partner" && partners.count > 1
    {
      let sorted = group.values.sorted()
      groups.append((group.key, group.title, sorted))
      for value in sorted {
        numbers[group.key, default: [:]][value] = next
        next += 1
      }
    }
    var requests: [String: Int] = [:]
    for pair in assessment.pairs { requests[pair.manager, default: 0] += pair.requests }
    self.requests = requests
    lowestFirst = assessment.ranking.likeliestLowFirst
  }

  func keys(_ manager: ManagerAssessment) -> Keys {
    let own = manager.attributes.compactMap { numbers["attribute \($0.key)"]?[$0.value] }
    let partners = Set(manager.partners).compactMap { numbers["partner"]?[$0] }
    return Keys(
      choices: (own + partners).sorted().map { " \($0) " }.joined(),
      health: manager.health.estimate.map { Figure.plain($0.value) } ?? "",
      lowest: manager.rank.map { Figure.plain($0.probabilityLowestTenth) } ?? "",
      requests: String(requests[manager.id] ?? 0))
  }

  /// What the template reads: a list of values for each attribute, and for partners, and the name of the order that begins with whom
  /// the summary names.
  var context: [String: Any] {
    [
      "lowestFirst": lowestFirst,
      "groups": groups.enumerated().map { i, group in
        [
          "number": i, "title": group.title,
          "values": group.values.map { value in
            ["number": numbers[group.key]?[value] ?? 0, "value": value] as [String: Any]
          },
        ] as [String: Any]
      },
    ]
  }
}
