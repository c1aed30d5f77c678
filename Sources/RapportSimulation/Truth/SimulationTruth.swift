/// What is true of a simulated organisation: the values that an estimator with endless data would find.
///
/// Written as `truth.json` beside the log. Names of indicators are those of an assessment's.
public struct SimulationTruth: Codable, Sendable, Equatable {
  /// The version of this format.
  public var format = "rapport-truth/1"
  /// What each field means, for whoever reads the file alone.
  public var meaning = SimulationTruth.meanings
  /// What made it; numbers of managers and partners as scaled.
  public var settings: SimulationSettings
  public var managers: [ManagerTruth]
  /// By manager, then partner.
  public var pairs: [PairTruth]
  public var partners: [PartnerTruth]
  /// Clean rows by kind.
  public var events: [String: Int] = [:]
  /// Rows added that no reader should accept, by what is wrong with them.
  public var dirtyRows: [String: Int] = [:]

  /// What is true of one manager.
  public struct ManagerTruth: Codable, Sendable, Equatable {
    public var id: String
    public var general: Double
    public var trend: Double
    public var indicators: [String: Double]
    /// The composite of `indicators` on scoring's goalposts, 1–100; filled in by whoever knows them.
    public var health: Double?
  }

  /// What is true of one manager–partner pair.
  public struct PairTruth: Codable, Sendable, Equatable {
    public var manager: String
    public var partner: String
    public var planted: Double
    public var choiceRatio: Double
    public var timingRatio: Double?
  }

  /// What is true of one partner.
  public struct PartnerTruth: Codable, Sendable, Equatable {
    public var id: String
    public var discipline: QueueDiscipline
    public var medianWait: Double?
  }

  static let meanings = [
    "managers[].general": "What the manager's traits have in common, in standard deviations of a trait at spread 1.",
    "managers[].trend": "Change of every trait from the first day to the last, in the same unit; indicators are told "
      + "for the middle of the period.",
    "managers[].indicators": "Long-run values in the indicators' units. Shares, rates, ratings and settlement follow "
      + "from parameters by formula. typicalWait, answeredWithinTarget, adjustedResponseRatio, predictability and "
      + "evenness emerge from queues: they are those of a long reference run with the same people and rules.",
    "managers[].health": "The composite of the indicators on the goalposts of the version that wrote this file.",
    "pairs[].planted": "Planted factor on the odds of being picked next; 1 where nothing was planted.",
    "pairs[].choiceRatio": "Odds of being picked next, given equal requests, relative to the partner's pairs' "
      + "geometric mean: planted factor, group difference and traits together. Only the discipline 'choice' obeys it.",
    "pairs[].timingRatio": "Working time to answer in the reference run relative to comparable requests of the "
      + "partner's others; above 1 is slower.",
    "partners[].medianWait": "Median working seconds to answer in the reference run.",
    "dirtyRows": "Rows added to the log that no reader should accept, by reason.",
  ]
}
