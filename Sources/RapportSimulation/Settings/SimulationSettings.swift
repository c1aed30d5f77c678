/// Everything that decides a simulated organisation; the same settings give the same bytes.
public struct SimulationSettings: Codable, Sendable, Equatable {
  /// Line managers.
  public var managers = 100
  /// HR and L&D partners.
  public var partners = 10
  /// The share of partners who work in learning and development; at least one in HR remains.
  public var learningShare = 0.3
  /// Partners that each manager works with: a home HR partner, an L&D partner, then further HR partners.
  public var partnersPerManager = 3
  /// Calendar months of data.
  public var months = 12
  public var seed: UInt64 = 1
  /// Requests that a manager makes in a month, on average.
  public var requestsPerMonth = 6.0
  /// Multiplies the rate of every kind but the managers' requests.
  public var activity = 1.0
  /// About how many events to make: the numbers of managers and partners are scaled to reach it, their ratio kept.
  public var events: Int?
  /// Which behaviours take place; all unless listed.
  public var behaviours = Behaviour.allCases

  /// Standard deviation of the latent traits; 0 plants no difference between managers or pairs.
  public var traitSpread = 1.0
  /// Multiplies `traitSpread` for a domain, by the domain's name as in `responsiveness`.
  public var domainSpreads: [String: Double] = [:]
  /// The share of manager–partner pairs whose requests are picked more readily.
  public var favouredShare = 0.05
  /// How many times the odds of being picked next a favoured pair has; below 1 it is passed over.
  public var favouredFactor = 2.5
  /// The share of managers whose traits rise or fall over time.
  public var trendShare = 0.2
  /// Change from the first day to the last, in standard deviations of the traits (`traitSpread`), up or down.
  public var trendSize = 1.0
  /// Differences in how readily groups of managers are answered.
  public var groupDifferences: [GroupDifference] = []
  /// How differently managers' requests are composed (topic, priority, channel, time of day and month): standard
  /// deviation of the log shares.
  public var confounding = 0.6
  /// How differently many requests managers make: standard deviation of the log numbers; half the confounding unless given.
  public var volumeSpread: Double?
  /// The share of a manager's dealings that go to the home partner.
  public var homeShare = 0.5

  /// How partners choose what to work on next.
  public var discipline = QueueDiscipline.choice
  /// Spread of a request's own log odds of being picked, from what no log tells.
  public var requestLuck = 0.7
  /// The share of partners' working time that requests take.
  public var utilisation = 0.75
  /// Absences (leave, illness) of a manager or partner in a month, about a working week each.
  public var absencesPerMonth = 0.12
  /// The share of managers who join, and who leave, during the period.
  public var turnover = 0.08
  /// Local hours at which work begins and ends, Monday to Friday.
  public var dayStartsHour = 9
  public var dayEndsHour = 17
  /// Rows added that no reader should accept, as a share of the clean ones.
  public var dirtyShare = 0.0
  /// Rows entered more than a day late, as a share of check-ins and commitments.
  public var lateEntryShare = 0.03

  /// The first day as `2024-07-01`; unless given, as many months before 2025-07-01 as there are.
  public var startDate: String?
  /// The organisation's time zone; times are written as its wall clock shows them.
  public var timeZone = "Europe/London"
  /// Requests per manager in the long reference run that tells the true waits; 0 leaves those truths out.
  public var referenceRequests = 1500

  public init() {}

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, into target: inout Value) throws {
      if let value = try values.decodeIfPresent(Value.self, forKey: key) { target = value }
    }
    func readNumber(_ key: CodingKeys, into target: inout Double) throws {
      if let number = try values.decodeIfPresent(WrittenNumber.self, forKey: key) { target = number.value }
    }
    try read(.managers, into: &managers)
    try read(.partners, into: &partners)
    try readNumber(.learningShare, into: &learningShare)
    try read(.partnersPerManager, into: &partnersPerManager)
    try read(.months, into: &months)
    try read(.seed, into: &seed)
    try readNumber(.requestsPerMonth, into: &requestsPerMonth)
    try readNumber(.activity, into: &activity)
    events = try values.decodeIfPresent(Int.self, forKey: .events)
    try read(.behaviours, into: &behaviours)
    try readNumber(.traitSpread, into: &traitSpread)
    if let numbers = try values.decodeIfPresent([String: WrittenNumber].self, forKey: .domainSpreads) {
      domainSpreads = numbers.mapValues(\.value)
    }
    try readNumber(.favouredShare, into: &favouredShare)
    try readNumber(.favouredFactor, into: &favouredFactor)
    try readNumber(.trendShare, into: &trendShare)
    try readNumber(.trendSize, into: &trendSize)
    try read(.groupDifferences, into: &groupDifferences)
    try readNumber(.confounding, into: &confounding)
    volumeSpread = try values.decodeIfPresent(WrittenNumber.self, forKey: .volumeSpread)?.value
    try readNumber(.homeShare, into: &homeShare)
    try read(.discipline, into: &discipline)
    try readNumber(.requestLuck, into: &requestLuck)
    try readNumber(.utilisation, into: &utilisation)
    try readNumber(.absencesPerMonth, into: &absencesPerMonth)
    try readNumber(.turnover, into: &turnover)
    try read(.dayStartsHour, into: &dayStartsHour)
    try read(.dayEndsHour, into: &dayEndsHour)
    try readNumber(.dirtyShare, into: &dirtyShare)
    try readNumber(.lateEntryShare, into: &lateEntryShare)
    startDate = try values.decodeIfPresent(String.self, forKey: .startDate)
    try read(.timeZone, into: &timeZone)
    try read(.referenceRequests, into: &referenceRequests)
  }
}

/// Managers with one value of a roster attribute are picked more or less readily than others.
public struct GroupDifference: Codable, Sendable, Equatable {
  /// As in `location`.
  public var attribute: String
  /// As in `remote`.
  public var value: String
  /// How many times the odds of being picked next; below 1 they are passed over.
  public var factor: Double

  public init(attribute: String, value: String, factor: Double) {
    self.attribute = attribute
    self.value = value
    self.factor = factor
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    attribute = try values.decode(String.self, forKey: .attribute)
    value = try values.decode(String.self, forKey: .value)
    factor = try values.decode(WrittenNumber.self, forKey: .factor).value
  }
}

/// A number as it may be written: TOML keeps 21 and 21.0 apart; whoever writes 21 means the number.
private struct WrittenNumber: Decodable {
  let value: Double

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      value = try container.decode(Double.self)
    } catch DecodingError.typeMismatch {
      value = Double(try container.decode(Int.self))
    }
  }
}

/// How a partner chooses among the open requests.
public enum QueueDiscipline: String, Codable, Sendable, CaseIterable {
  /// By chance, with odds that rise with waiting, priority, lateness and how the pair gets on.
  case choice
  case firstInFirstOut
  /// The highest priority, then the oldest.
  case strictPriority
  /// The topic that takes least time, then the oldest.
  case shortestJobFirst
  /// The same topic as the last one while there are any, then the oldest.
  case batching
  /// Each partner by one of the above in turn.
  case mixed
}

/// A kind of interaction that the simulation plays out, with all events that belong to it.
public enum Behaviour: String, Codable, Sendable, CaseIterable {
  case requests, partnerRequests, escalations, checkIns, commitments, feedback, surveys, recognition, decisions,
    conflicts, goals, objections, training, concerns, absences
}
