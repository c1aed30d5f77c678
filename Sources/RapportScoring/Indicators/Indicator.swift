import RapportIngestion

/// Something that can be measured about a relationship; the raw value is its key in every output (METHODS.md §2).
public enum Indicator: String, Codable, Sendable, CaseIterable, Comparable {
  case adjustedResponseRatio, answeredWithinTarget, typicalWait, resolvedForGood
  case predictability, evenness, regularity
  case promisesKeptOnTime, slippage
  case initiativeBalance, oneToOneTime, loopClosure
  case settlementTime, escalationRate
  case jointDecisions, goalsMetOnTime, alternativesOffered
  case creditGiven
  case developmentActions
  case surveyScore

  /// Whose behaviour an indicator measures.
  public enum Direction: String, Codable, Sendable { case hr, manager, both }
  /// Whether it is part of what health is, or a symptom of something latent.
  public enum Role: String, Codable, Sendable { case formative, reflective }

  /// Its place in the order of METHODS.md §2, from 0.
  public var index: Int { Int(Self.positions[self]!) }
  /// In the order of METHODS.md §2.
  public static func < (a: Indicator, b: Indicator) -> Bool { a.index < b.index }
  private static let positions = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })

  /// Whether it is counted: a share of cases, or events per exposure, so that chance alone has limits (``Funnel``).
  public var isShareOrRate: Bool {
    switch self {
    case .answeredWithinTarget, .resolvedForGood, .regularity, .promisesKeptOnTime, .oneToOneTime, .loopClosure,
      .escalationRate, .jointDecisions, .goalsMetOnTime, .alternativesOffered, .creditGiven, .developmentActions:
      true
    case .adjustedResponseRatio, .typicalWait, .predictability, .evenness, .slippage, .initiativeBalance,
      .settlementTime,
      .surveyScore:
      false
    }
  }

  /// The domain whose score it enters.
  public var domain: Domain {
    switch self {
    case .adjustedResponseRatio, .answeredWithinTarget, .typicalWait, .resolvedForGood: .responsiveness
    case .predictability, .evenness, .regularity: .consistency
    case .promisesKeptOnTime, .slippage: .followThrough
    case .initiativeBalance, .oneToOneTime, .loopClosure: .communication
    case .settlementTime, .escalationRate: .conflict
    case .jointDecisions, .goalsMetOnTime, .alternativesOffered: .alignment
    case .creditGiven: .recognition
    case .developmentActions: .development
    case .surveyScore: .voice
    }
  }

  /// Its key in words, for notes.
  var words: String { KeyWords.words(rawValue) }

  /// Whose behaviour it measures.
  public var direction: Direction {
    switch self {
    case .adjustedResponseRatio, .answeredWithinTarget, .typicalWait, .resolvedForGood, .predictability, .evenness,
      .escalationRate, .alternativesOffered, .developmentActions:
      .hr
    default: .both
    }
  }

  /// Ratings and escalations are symptoms; everything else is what health is made of.
  public var role: Role {
    switch self {
    case .surveyScore, .escalationRate: .reflective
    default: .formative
    }
  }

  /// What its value is counted in.
  public var unit: String {
    switch self {
    case .adjustedResponseRatio: "ratio to comparable requests"
    case .typicalWait: "working seconds"
    case .predictability: "factor"
    case .evenness: "factor from the partner's other pairs"
    case .slippage: "log of actual over promised lead time"
    case .initiativeBalance: "balance 0–1"
    case .settlementTime: "seconds"
    case .escalationRate: "per 100 requests"
    case .creditGiven: "per 100 interactions"
    case .developmentActions: "per exposed quarter"
    case .surveyScore: "mean on the survey scale"
    case .regularity, .oneToOneTime: "share of exposed months"
    default: "share"
    }
  }

  /// The values that it can have, beyond which no goalpost makes sense; survey scores on 1–5.
  var possible: ClosedRange<Double> {
    switch self {
    case .adjustedResponseRatio, .typicalWait, .settlementTime: Double.leastNormalMagnitude...Double.infinity
    case .predictability, .evenness: 1...Double.infinity
    case .slippage: -Double.infinity...Double.infinity
    case .escalationRate, .creditGiven, .developmentActions: 0...Double.infinity
    case .answeredWithinTarget, .resolvedForGood, .regularity, .promisesKeptOnTime, .initiativeBalance, .oneToOneTime,
      .loopClosure, .jointDecisions, .goalsMetOnTime, .alternativesOffered:
      0...1
    case .surveyScore: 1...5
    }
  }

  /// What its evidence is counted in, in the plural.
  public var counted: String {
    switch self {
    case .adjustedResponseRatio, .evenness: "comparable requests"
    case .answeredWithinTarget: "requests with a target"
    case .typicalWait, .predictability: "answered requests"
    case .resolvedForGood: "requests resolved 30 days ago or earlier"
    case .regularity, .oneToOneTime, .developmentActions: "months of contact"
    case .promisesKeptOnTime, .slippage: "promises due"
    case .initiativeBalance: "first steps"
    case .loopClosure: "pieces of feedback \(Feedback.closingDays) days old or older"
    case .settlementTime: "conflicts"
    case .escalationRate: "requests"
    case .jointDecisions: "decisions"
    case .goalsMetOnTime: "goals due"
    case .alternativesOffered: "objections"
    case .creditGiven: "interactions"
    case .surveyScore: "ratings"
    }
  }

  /// How much evidence it takes before a value is shown, in what ``counted`` names. Small, because shrinkage and intervals
  /// carry the doubt; below it nearly all of a value would be the prior.
  public var needed: Int {
    switch self {
    case .adjustedResponseRatio, .answeredWithinTarget, .typicalWait, .resolvedForGood, .initiativeBalance: 5
    case .evenness: 5
    case .predictability: 10
    case .regularity, .oneToOneTime, .developmentActions: 3
    case .promisesKeptOnTime, .slippage, .goalsMetOnTime, .jointDecisions, .alternativesOffered, .loopClosure: 3
    case .settlementTime: 2
    case .escalationRate, .creditGiven: 10
    case .surveyScore: 1
    }
  }
}
