import RapportScoring

extension ManagerAssessment {
  /// Whether trust is shown in either direction.
  var hasTrust: Bool { [trust, trustInPartner, trustInManager].contains { $0.estimate != nil } }
}

/// What every manager's part of the page is compared with, made once for all of them.
struct ManagerComparison: Sendable {
  let field: PeerField
  let practices: Practices
  /// The median of all managers' scores, by the name that the page gives them.
  let medians: [String: Double]
  /// The median gap in trust, in points.
  let medianGap: Double?
  /// All managers' health, ascending.
  private let healths: [Double]
  /// How many managers are told as better and as worse.
  let directions: String?
  let trust: TrustField
  /// How to read a manager's pairs.
  let readingPairs: String

  init(_ assessment: Assessment) {
    field = PeerField(assessment.managers.map(\.indicators))
    practices = Practices(assessment.managers)
    readingPairs = Sentences.readingPairs(assessment)
    directions = Sentences.directions(assessment.trends)
    trust = TrustField(assessment.managers)
    healths = assessment.managers.compactMap { $0.health.estimate?.value }.sorted()
    var values: [String: [Double]] = [:]
    for manager in assessment.managers {
      for (name, score) in Self.scores(manager) {
        if let value = score.estimate?.value { values[name, default: []].append(value) }
      }
    }
    // Of one or two others there would be no median but they themselves.
    medians = values.compactMapValues(Self.median)
    medianGap = Self.median(assessment.managers.compactMap { $0.trustGap.estimate?.value })
  }

  private static let fewestForMedian = 5

  private static func median(_ values: [Double]) -> Double? {
    guard values.count >= fewestForMedian else { return nil }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// How many other managers have a health score, and how many of them a lower one; `nil` without a score, or without others.
  func standing(ofHealth health: Score) -> (below: Int, others: Int)? {
    guard let own = health.estimate?.value, healths.count > 1 else { return nil }
    return (PeerField.place(healths) { $0 < own }, healths.count - 1)
  }

  /// A manager's scores in the order in which they are shown.
  static func scores(_ manager: ManagerAssessment) -> [(name: String, score: Score)] {
    [
      ("health", manager.health), ("trust, both directions", manager.trust),
      ("trust in the partners", manager.trustInPartner), ("trust in the manager", manager.trustInManager),
      ("consistency", manager.consistency),
    ]
      + Wording.domains.compactMap { domain in
        domain == "consistency" ? nil : manager.domains[domain].map { (Wording.domain(domain), $0) }
      }
  }
}
