import RapportIngestion
import RapportNumerics

/// The answer: everything that Rapport says about one input, as one plain value.
///
/// Every output (terminal, JSON, CSV, page) is a view of it, so they can't disagree. It holds no clock time, path,
/// thread count or speed; arrays are in a canonical order (identifiers in byte order).
public struct Assessment: Codable, Sendable, Equatable {
  /// The version of this format.
  public var format = "rapport-assessment/1"
  /// What was assessed, as of when, with which options.
  public var basis: Basis
  public var managers: [ManagerAssessment]
  public var pairs: [PairAssessment]
  public var partners: [PartnerAssessment]
  public var ranking: Ranking
  public var favouritism: FavouritismFindings
  public var factors: FactorStudy
  /// How indicators moved from month to month, and which rates changed.
  public var trends = Trends()
  /// Shares and rates of managers against what chance alone would give.
  public var funnels: [Funnel] = []
  /// The fixed goalposts that every indicator was scored with.
  public var goalposts: [Goalpost]
  public var dataQuality: DataQuality
  /// What a reader must know before trusting a number: fallbacks, boundaries, what could not be measured.
  public var notes: [String]
}

/// What was assessed and how.
public struct Basis: Codable, Sendable, Equatable {
  /// ISO 8601, in `timezone`.
  public var asOf: String
  public var firstEvent: String
  public var timezone: String
  public var workingCalendar: Bool
  /// Whether any time of a request or response tells seconds; where all are whole minutes nothing shorter is told.
  public var tellsSeconds = true
  /// "health from 2 of 9 domains": which of them the input can measure.
  public var measuredDomains: [String]
  public var unmeasuredDomains: [String]
  /// Those among ``unmeasuredDomains`` that events were read about: too few, or too recent ones.
  public var unmeasuredThoughRead: [String] = []
  /// Indicators that the input holds steps of, but nothing that could speak against them: resolutions without a single
  /// reopening. They are measured for nobody.
  public var unmeasuredIndicators: [String] = []
  /// What trust rests on.
  public var trust = TrustBasis()
  /// What requests are told apart by, so that those alike in it can be compared: `topic` and `priority`, as far as the input has
  /// several.
  public var comparableBy: [String]
  public var goalpostsVersion: String
  public var options: AssessmentOptions
}

/// What can be set about an assessment. Threads are not among them: they can't change a number.
public struct AssessmentOptions: Codable, Sendable, Equatable {
  /// The share that an interval covers.
  public var interval = 0.9
  public var seed: UInt64 = 1
  /// Follow-up limit L of the timing model, in days (METHODS.md §4, §14.5).
  public var followUpDays = 30.0
  /// Evidence of this age counts half (METHODS.md §7).
  public var halfLifeDays = 180.0
  /// How much more negative evidence weighs than positive.
  public var asymmetry = 1.0
  /// What ``Ranking`` orders by.
  public var rankBy = RankedScore.health
  /// Weight of each domain in health, by its name; 1 where absent.
  public var domainWeights: [String: Double] = [:]
  /// The end points of the survey scale; where neither is set, the one that ratings were read on (`History.surveyScale`), else 1
  /// to 5. An assessment's ``Basis`` has those that were used.
  public var surveyScaleLow: Double?
  public var surveyScaleHigh: Double?
  /// Joint posterior draws behind the intervals of composites.
  public var draws = 1000
  /// Samples of the timing model's variance tests; 0: no such tests, and approximate intervals of variances.
  public var bootstrap = 0
  /// How many threads work; not encoded, and 1 in an assessment's ``Basis``.
  public var threads = 1

  enum CodingKeys: String, CodingKey {
    case interval, seed, followUpDays, halfLifeDays, asymmetry, rankBy, domainWeights, surveyScaleLow,
      surveyScaleHigh, draws, bootstrap
  }
  public init() {}
}

/// A score that managers can be ranked by.
public enum RankedScore: String, Codable, Sendable, CaseIterable {
  case health, trust, consistency, responsiveness, followThrough, communication, conflict, alignment, recognition,
    development, voice
}

/// One manager.
public struct ManagerAssessment: Codable, Sendable, Equatable {
  public var id: String
  /// Roster attributes.
  public var attributes: [String: String]
  public var health: Score
  /// Both directions of trust together, and each apart: the manager's in the partners, and theirs in the manager.
  public var trust: Score
  public var trustInPartner: Score
  public var trustInManager: Score
  /// Trust in the partners less theirs in the manager, over the same partners: those of whom both are known, in both
  /// directions with the same weights. So it isn't trustInPartner − trustInManager where evidence lies differently.
  public var trustGap: Score
  public var consistency: Score
  /// By domain name, in camel case; measured ones only.
  public var domains: [String: Score]
  /// By indicator name, in camel case.
  public var indicators: [String: IndicatorScore]
  /// Health minus the reference, split over indicators; sums to the difference.
  public var attribution: Attribution?
  public var rank: Rank?
  /// The share of managers with a health score whose health is lower, 0–1; the manager itself and ties count half.
  public var healthPercentile: Double?
  /// Counts of evidence by month.
  public var months: [MonthEvidence]
  /// Partners' identifiers, by number of interactions.
  public var partners: [String]
  /// Rank by trust (1 = highest) if negative evidence weighed `1`, `2` and `3` times as much as positive; empty without
  /// a trust score.
  public var trustRankByAsymmetry: [String: Double]
  /// How long the manager's requests wait, beside comparable requests of others; `nil` where too few were answered.
  public var waits: WaitComparison? = nil
  /// The day, as in `2026-11-21`, on which the manager came into the role, and on which they left it, where the roster says so
  /// and it lies within the period.
  public var joined: String? = nil
  public var left: String? = nil
}

/// One indicator: in its own unit, and on the goalposts' scale.
///
/// In JSON the score's keys stand beside `points` and `evidence`; without an estimate there are no points.
public struct IndicatorScore: Sendable, Equatable {
  /// In the indicator's own unit: shares 0–1, waits in seconds, ratios.
  public var score: Score
  /// On 1–100 by the goalposts; without an estimate it is ``score``, which says why.
  public var points: Score
  /// Raw counts behind it, such as `kept` and `due`.
  public var evidence: [String: Double]
  /// What the unit's own evidence of this indicator says by itself, in the indicator's own unit: without what other units, or the
  /// unit's other indicators, say. For correlating and factoring, where ``score`` would bring its own correlations; `nil`
  /// wherever there is no estimate.
  public var ownValue: Double? = nil
}

extension IndicatorScore: Codable {
  enum CodingKeys: String, CodingKey { case points, evidence, ownValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    score = try Score(from: decoder)
    points = try container.decodeIfPresent(Score.self, forKey: .points) ?? score
    evidence = try container.decode([String: Double].self, forKey: .evidence)
    ownValue = try container.decodeIfPresent(Double.self, forKey: .ownValue)
  }

  public func encode(to encoder: any Encoder) throws {
    try score.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    if score.estimate != nil { try container.encode(points, forKey: .points) }
    try container.encode(evidence, forKey: .evidence)
    try container.encodeIfPresent(ownValue, forKey: .ownValue)
  }
}

/// Score minus reference, split into contributions of indicators (Aumann–Shapley on the composite).
public struct Attribution: Codable, Sendable, Equatable {
  public struct Contribution: Codable, Sendable, Equatable {
    public var indicator: String
    public var domain: String
    /// In points of health; negative lowers it.
    public var points: Double
    public init(indicator: String, domain: String, points: Double) {
      self.indicator = indicator
      self.domain = domain
      self.points = points
    }
  }
  /// Health of a manager whose indicators all stand at the reference.
  public var reference: Double
  /// What the reference is.
  public var referenceMeaning: String
  /// Those of indicators that are measured of the manager, largest first by size; last, where there are others, what they
  /// add all together, by the name of ``notMeasured``. They sum to health minus the reference.
  public var contributions: [Contribution]

  /// The name, as indicator and domain, of what indicators add that aren't measured of the manager: their points are
  /// assumed from what is known of others and of the manager's other indicators.
  public static let notMeasured = "notMeasured"

  /// The contributions of measured indicators.
  public var named: [Contribution] { contributions.filter { $0.indicator != Self.notMeasured } }
}

/// A place in the ranking and how sure it is.
public struct Rank: Codable, Sendable, Equatable {
  /// Posterior expected rank; 1 = highest.
  public var expected: Double
  /// Percentile of the expected rank, 0–100; higher is better.
  public var percentile: Double
  public var low: Double
  public var high: Double
  /// Of a place among the n/10 lowest, of at least one: among fewer than ten managers (``Ranking/hasTenths``) of the last place.
  public var probabilityLowestTenth: Double
  /// Of a place among the n/10 highest, likewise.
  public var probabilityHighestTenth: Double
  /// 1 = highest tier: above the middle, not told from it, or below it, of which there may be fewer.
  public var tier: Int
  /// With the ways to put health together beside what isn't known; `nil` where another score is ranked by.
  public var withMethod: RankWithMethod?
}

/// The ranking as a whole.
public struct Ranking: Codable, Sendable, Equatable {
  public struct Tier: Codable, Sendable, Equatable {
    public var tier: Int
    /// Which side of the middle its managers stand on, if either is told.
    public var side: Tiers.Side
    public var name: String
    public var managers: [String]
  }
  public var by: RankedScore
  /// Share of the variance between scores that is real; `nil` with fewer than 3 scored managers.
  public var rankability: Double?
  /// Whether an ordinal list is warranted (rankability at least 0.5).
  public var isOrdinal: Bool
  /// Managers with a score, highest first: by expected rank where ordinal, by tier and identifier otherwise.
  public var order: [String]
  public var tiers: [Tier]
  /// Why tiers, or why a list, in words.
  public var reason: String
  /// How far ranks hang on how health is put together; `nil` where another score is ranked by.
  public var method: MethodStudy?

  /// Whether there are managers enough for a tenth of them to be more than a word for the first or the last.
  public var hasTenths: Bool { order.count >= Tiers.unitsForTenths }

  /// Which side of the middle somebody stands on, if either is told.
  public func side(_ rank: Rank) -> Tiers.Side { tiers.first { $0.tier == rank.tier }?.side ?? .notTold }

  /// How far apart limits of ranks lie, in places: 1 where they are exact.
  public var limitStep: Double { PosteriorRanking.step(unitCount: order.count) }
}

/// Evidence of one calendar month.
public struct MonthEvidence: Codable, Sendable, Equatable {
  public var month: String
  public var requests: Int
  public var answered: Int
  /// Promises and goals that fell due in this month, or were done or let go in it if that was earlier; and those kept of them.
  public var promisesDue: Int
  public var promisesKept: Int
  public var checkIns: Int
  /// Whether the manager was in the role, and not away, for ``leastExposedDays`` or more of it. How many days isn't told: who was away
  /// for how long in which month is nobody's business here.
  public var exposed: Bool

  /// Days from which on a month is an exposed one.
  public static let leastExposedDays = 15
}

/// Requests that a partner asked of a manager, or of all managers: theirs to answer, and no part of the partner's own counts.
public struct RequestsOfManagers: Codable, Sendable, Equatable {
  public var requests: Int
  public var answered: Int
  public var open: Int
  public init(requests: Int = 0, answered: Int = 0, open: Int = 0) {
    (self.requests, self.answered, self.open) = (requests, answered, open)
  }
}

/// One manager–partner pair.
public struct PairAssessment: Codable, Sendable, Equatable {
  public var manager: String
  public var partner: String
  /// The manager's requests.
  public var requests: Int
  public var answered: Int
  public var open: Int
  /// The partner's.
  public var ofManagers = RequestsOfManagers()
  public var health: Score
  public var trustInPartner: Score
  public var trustInManager: Score
  public var trust: Score
  public var consistency: Score
  public var indicators: [String: IndicatorScore]
}

/// One HR or L&D partner.
public struct PartnerAssessment: Codable, Sendable, Equatable {
  /// Kaplan–Meier wait in working seconds.
  public struct Wait: Codable, Sendable, Equatable {
    /// `nil` where the curve doesn't come down to one half.
    public var median: Double?
    /// Its limits, where the curve's own cross one half, with errors √D times as wide as independent waits would have: waits of one month
    /// go together.
    public var low: Double?
    public var high: Double?
    /// Mean up to the follow-up limit; absent where more than a twentieth of it would be made up, since nobody was waited for so long.
    public var restrictedMean: Double?
    public init(median: Double? = nil, low: Double? = nil, high: Double? = nil, restrictedMean: Double? = nil) {
      self.median = median
      self.low = low
      self.high = high
      self.restrictedMean = restrictedMean
    }
  }
  public var id: String
  public var attributes: [String: String]
  /// Managers' requests, each once, by how it ended the last time that the partner held it.
  public var requests: Int
  public var answered: Int
  public var open: Int
  /// The partner's.
  public var ofManagers = RequestsOfManagers()
  public var withdrawn: Int
  public var reassigned: Int
  /// Share of working time within requests during which the clock was paused.
  public var pausedShare: Double?
  public var wait: Wait
  public var trust: Score
  public var health: Score
  public var consistency: Score
}

/// Two points of a scale: where an indicator's score is lowest and highest.
public struct Goalpost: Codable, Sendable, Equatable {
  public var indicator: String
  public var domain: String
  /// Whose behaviour it measures: `hr`, `manager` or `both`.
  public var direction: String
  /// `formative` or `reflective`.
  public var role: String
  public var unit: String
  /// The value that gets the lowest and the highest score, in the indicator's unit.
  public var lowest: Double
  public var highest: Double
  /// Whether the scale is linear in the logarithm.
  public var isLogarithmic: Bool
  public var reason: String
}
