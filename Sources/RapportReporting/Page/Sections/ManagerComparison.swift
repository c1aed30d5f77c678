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
  /// Whether there is no trust of both directions, but of one alone.
  private let trustIsOfOneDirection: Bool
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
    trust = TrustField(assessment)
    trustIsOfOneDirection = assessment.hasTrustOfOneDirection
    healths = assessment.managers.compactMap { $0.health.estimate?.value }.sorted()
    var values: [String: [Double]] = [:]
    for manager in assessment.managers {
      for (name, score, _) in Self.scores(manager, trustIsOfOneDirection: trustIsOfOneDirection) {
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

  /// A manager's scores in the order in which they are shown, each with what managers can be ranked by where it is that.
  func scores(_ manager: ManagerAssessment) -> [(name: String, score: Score, ranked: RankedScore?)] {
    Self.scores(manager, trustIsOfOneDirection: trustIsOfOneDirection)
  }

  private static func scores(
    _ manager: ManagerAssessment, trustIsOfOneDirection: Bool
  ) -> [(name: String, score: Score, ranked: RankedScore?)] {
    typealias Named = (name: String, score: Score, ranked: RankedScore?)
    let health: [Named] = [("health", manager.health, .health)]
    let both: [Named] = trustIsOfOneDirection ? [] : [("trust, both directions", manager.trust, .trust)]
    let single: RankedScore? = trustIsOfOneDirection ? .trust : nil
    let others: [Named] = [
      ("trust in the partners", manager.trustInPartner, single),
      ("trust in the manager", manager.trustInManager, single),
      ("consistency", manager.consistency, .consistency),
    ]
    let domains = Wording.domains.compactMap { domain -> Named? in
      guard domain != "consistency", let score = manager.domains[domain] else { return nil }
      return (Wording.domain(domain), score, RankedScore(rawValue: domain))
    }
    return health + both + others + domains
  }
}
