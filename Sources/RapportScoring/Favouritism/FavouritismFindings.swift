/// Who is answered sooner or later than comparable others, at the levels of pairs, partners, managers and groups.
///
/// Every ratio points the same way: above 1 means answered more readily (sooner) than comparable requests. A finding is
/// a signal to look into, not a judgement of a person. Arrays are in the order of identifiers.
///
/// Source: METHODS.md §6.
public struct FavouritismFindings: Codable, Sendable, Equatable {
  /// What the findings rest on, in words: `queue choices`, or `timing model only` where the order of replies isn't known.
  public var basis = "timing model only"
  /// Pairs that can be compared with another pair of the same partner.
  public var pairs: [PairFinding] = []
  /// Partners: how evenly each answers different managers.
  public var partners: [PartnerFinding] = []
  /// Managers: how they are answered across all partners.
  public var managers: [ManagerFinding] = []
  /// Groups of managers by roster attribute.
  public var groups: [GroupFinding] = []
  /// How unevenly waiting is shared out among all managers; absent where there is no timing model.
  public var evenness: InequalityFinding?
  /// The queue-choice model as a whole; absent where no partner's choices can be told.
  public var choice: ChoiceSummary?
  /// The timing model as a whole; absent where it could not be fitted.
  public var timing: TimingSummary?
  /// What weakens every finding, in words that stand wherever findings do: many requests stay unanswered, or only the last
  /// partner of each is known. Absent where nothing does.
  public var caveat: String?
  /// What else a reader must know before trusting a finding.
  public var notes: [String] = []

  /// No findings at all.
  public init() {}

  /// Fewest requests that stood in queues with others' for a verdict.
  public static let fewestForVerdict = 20

  /// What a signal's s-value has to be below.
  public static let largestRate = TreatmentFamily.largestRate

  /// The share that those intervals cover on which verdicts rest, whatever share is asked for to be shown.
  public static let verdictLevel = 0.9

  /// The pairs that have enough for a verdict. The rest would be names without a statement.
  public var judgedPairs: [PairFinding] { pairs.filter(\.isJudged) }

  /// The pairs that are signals, the surest first.
  public var signals: [PairFinding] {
    pairs.filter { $0.verdict == .signal }.sorted { a, b in
      let (x, y) = (a.sValue ?? 1, b.sValue ?? 1)
      return x != y ? x < y : (a.manager, a.partner) < (b.manager, b.partner)
    }
  }

  /// The partners that are signals: those first who treat managers apart, whose ratio is the others' only, then the least even.
  public var partnerSignals: [PartnerFinding] {
    partners.filter { $0.verdict == .signal }.sorted { a, b in
      if a.apart.isEmpty != b.apart.isEmpty { return b.apart.isEmpty }
      let (x, y) = (a.medianRatio ?? 1, b.medianRatio ?? 1)
      return x != y ? x > y : a.partner < b.partner
    }
  }

  /// The managers that are signals across partners, those first whose interval lies farthest from 1.
  public var managerSignals: [ManagerFinding] {
    managers.filter { $0.verdict == .signal }.sorted { a, b in
      func reach(_ finding: ManagerFinding) -> Double { max(finding.low ?? 1, 1 / (finding.high ?? 1)) }
      let (x, y) = (reach(a), reach(b))
      return x != y ? x > y : a.manager < b.manager
    }
  }
}

/// What the evidence allows to say.
public enum FavouritismVerdict: String, Codable, Sendable, CaseIterable {
  /// Different from the usual, beyond chance and by a size that matters: worth looking into.
  case signal
  /// The plain 90 % interval lies inside 0.8 to 1.25 (``FavouritismFindings/verdictLevel``, whatever level is shown).
  case noMaterialDifference
  /// Neither.
  case insufficientEvidence
}

/// A ratio with its interval; above 1 = answered more readily.
public struct RatioInterval: Codable, Sendable, Equatable {
  /// Ratios that texts, tables for people and pages tell by their digits. Beyond, how far is an extrapolation of the
  /// model's normal tail, so they say `more than 20` or `less than 0.05`; JSON and CSV hold the number.
  public static let told = 0.05...20.0
  /// A ratio that matters: from here on, or from one over it down.
  public static let material = 1.25
  /// The point estimate.
  public var ratio: Double
  /// The lower end of the interval.
  public var low: Double
  /// The upper end of the interval.
  public var high: Double
  /// A ratio with its interval.
  public init(ratio: Double, low: Double, high: Double) {
    self.ratio = ratio
    self.low = low
    self.high = high
  }

  /// Whether the interval leaves out 1, to the two digits that it is told with.
  public var excludesOne: Bool { (100 * low).rounded() > 100 || (100 * high).rounded() < 100 }
}

/// How one partner answers one manager, compared with comparable requests of the partner's other managers.
public struct PairFinding: Codable, Sendable, Equatable {
  public var manager: String
  public var partner: String
  /// The shrunken ratio, whatever the verdict, with the smallest interval that holds both its posterior's and the plain one. Always
  /// there with queue choices; absent, as all figures of waits, where choices can't be told and most times are dates.
  public var ratio: Double?
  public var low: Double?
  public var high: Double?
  /// Probability that the sign of the effect is not as stated, or that there is no effect, 0–1; absent where `ratio` is, and where too
  /// few pairs show what is usual.
  public var localFalseSignRate: Double?
  /// Average false sign rate of this and every clearer pair of the family; absent outside the family (fewer than 20 requests), and
  /// where too few pairs show what is usual.
  public var sValue: Double?
  /// Informative queue choices behind `ratio`; absent while `method` is `timing`.
  public var choices: Int?
  /// Those choices beside what equal chances in these queues come to; absent while `method` is `timing`.
  public var record: PickRecord?
  /// How often older requests of others were passed over that are comparable (``ChoiceSummary/comparableBy``), one request at each
  /// pick; absent while `method` is `timing`.
  public var overtakes: Int?
  /// How often the pair's own requests were passed over by younger ones of others, likewise.
  public var overtaken: Int?
  public var verdict: FavouritismVerdict
  /// What `ratio` rests on: `timing` or `choice`.
  public var method: String
  /// The estimate that is not shrunken, with its plain interval; absent where `ratio` is. Where too few pairs show what is usual, the
  /// interval holds the ratio to whoever may be the usual one.
  public var estimate: RatioInterval?
  /// The timing model's shrunken effect; absent where it has none, and where most times are dates.
  public var timing: RatioInterval?
  /// The timing model's effect against the average of the partner's other pairs, with the interval of that difference;
  /// absent where there is no other pair, and where most times are dates.
  public var timingDifference: RatioInterval?
  /// The Cox model's effect; absent until that model is fitted, and where most times are dates.
  public var cox: RatioInterval?
  /// Requests of the pair in the model, and how many of them were answered within the follow-up limit.
  public var requests: Int
  public var answered: Int
  /// How strongly an unmeasured cause would have to go with both manager and wait to explain `ratio`, and its limit nearest to 1;
  /// absent where `localFalseSignRate` is.
  public var eValue: Double?
  public var eValueOfLimit: Double?
  /// The smallest ratio that a plain test of this pair alone, at 5 %, would show with 80 % power; a signal needs more. Absent where
  /// `localFalseSignRate` is.
  public var minimumDetectableRatio: Double?
  /// How many more choices like these would show a ratio of 1.25 likewise; on pairs with insufficient evidence whose
  /// choices can be told. Absent where no number would: fewer than five pairs have enough requests to show what is usual, or
  /// nearly all the manager asks of the partner is of topics, priorities or channels that nobody else asks, or alone has no target or is
  /// escalated.
  public var furtherChoices: Int?
  /// What was and could not be adjusted for; on signals only, since it is the same for all pairs (``TimingSummary``).
  public var adjustedFor: [String]
  public var notAdjustedFor: [String]
  /// The ratio, not shrunken, without the one request of the pair that does most to make it stand out; absent where it doesn't
  /// stand out or too few pairs show what is usual, and while `method` is `timing`.
  public var ratioWithoutOneRequest: Double?
  /// The ratio, not shrunken, if every request is taken to have been picked when its reply was sent: how much rests on the
  /// instant of choice. Absent for very large inputs, where too few pairs show what is usual, and while `method` is `timing`.
  public var ratioAtReply: Double?
  /// Why queue choices say nothing of this pair; absent where they do.
  public var obstacle: ChoiceObstacle?
  /// The finding in one sentence.
  public var statement: String

  /// `ratio` with its interval.
  public var shown: RatioInterval? {
    guard let ratio, let low, let high else { return nil }
    return RatioInterval(ratio: ratio, low: low, high: high)
  }

  /// Whether the pair itself has enough for a verdict: choices, and the requests in queues with others' that it needs.
  public var isJudged: Bool { choices != nil && requests >= FavouritismFindings.fewestForVerdict }
}

/// How evenly one partner answers different managers.
public struct PartnerFinding: Codable, Sendable, Equatable {
  public var partner: String
  /// Managers with at least one request in the model.
  public var managers: Int
  public var requests: Int
  /// Median ratio between the slower and the faster of two of this partner's managers, with what all partners show of it taken
  /// in: drawn to the usual, since what stands first of many is there partly by chance. Where managers stand ``apart``, or may
  /// without a signal, that of the others. Of no material difference the plain exp(0.6745 √2 σ_p), on which that verdict rests.
  /// Absent below 3 managers, and of 3 or 4 but of no material difference: nothing is typical of so few.
  public var medianRatio: Double?
  /// Its interval; of insufficient evidence, and beside managers who stand apart, the smallest that also holds the plain one.
  public var low: Double?
  public var high: Double?
  /// Of a signal: the managers whom the partner treats apart from the others; empty where ``medianRatio`` is everybody's.
  public var apart: [String] = []
  /// Whether with so much evidence an unevenness that matters would most likely tell itself from even treatment; absent where
  /// `medianRatio` is.
  public var couldShow: Bool?
  /// Chance of an unevenness this large if the partner treated every manager alike.
  public var pValue: Double?
  /// False discovery rate over all partners (Benjamini & Hochberg).
  public var qValue: Double?
  /// Inequality of adjusted waiting between this partner's managers, and the Gini that chance alone would give
  /// (``InequalityFinding``); absent where fewer than three managers have 5 requests in the timing model.
  public var gini: Double?
  public var giniByChance: Double?
  public var theil: Double?
  public var verdict: FavouritismVerdict
  /// How many of this partner's pairs are signals.
  public var signals: Int
  public var statement: String

  /// Whether the interval of ``medianRatio`` may be shown. With so little evidence that an unevenness that matters would not
  /// show, an interval near 1 would read as evenness.
  public var isShown: Bool { medianRatio != nil && (verdict == .signal || couldShow ?? true) }
}

/// How one manager is answered across all partners.
public struct ManagerFinding: Codable, Sendable, Equatable {
  public var manager: String
  public var partners: Int
  public var requests: Int
  /// The shrunken ratio of the manager's effect, with the smallest interval that holds both its posterior's and the plain one.
  /// It and all that follows from it are absent where too few pairs show what is usual, and, without queue choices, where most of the
  /// manager's times are dates.
  public var ratio: Double?
  public var low: Double?
  public var high: Double?
  /// The estimate that is not shrunken, with its plain interval.
  public var estimate: RatioInterval?
  public var localFalseSignRate: Double?
  public var sValue: Double?
  public var verdict: FavouritismVerdict
  /// Set where the manager has one partner only, so that the two can't be told apart.
  public var note: String?
  public var statement: String
}

/// How one group of managers is answered compared with other managers of the same partners.
public struct GroupFinding: Codable, Sendable, Equatable {
  /// The roster's column and its value.
  public var attribute: String
  public var value: String
  public var managers: Int
  public var requests: Int
  /// Ratio against the other managers of the same partners, from queue choices or, where the order of replies isn't known,
  /// from the timing model, and then no signal; interval by bootstrap over managers.
  public var ratio: Double
  public var low: Double
  public var high: Double
  /// The same without adjustment.
  public var unadjusted: RatioInterval
  /// Share answered within target here divided by that elsewhere, without adjustment; interval by the same samples of managers.
  /// Absent where fewer than five managers on either side, or requests of theirs, have a target that has passed, and where samples
  /// in which nothing is within target leave no interval.
  public var withinTargetRatio: RatioInterval?
  public var pValue: Double
  public var qValue: Double
  public var verdict: FavouritismVerdict
  public var statement: String
}

/// A test of a variance against zero.
public struct VarianceFinding: Codable, Sendable, Equatable {
  /// Fall of the deviance.
  public var statistic: Double
  /// By the mixture of χ² that holds at a boundary.
  public var pValue: Double
  /// By samples drawn without the variance, and how many counted; `nil` where more than a few failed.
  public var bootstrapPValue: Double?
  public var samples: Int
  /// How many samples had a fit that didn't converge, and count for nothing.
  public var failedSamples: Int
}

/// The timing model in numbers.
public struct TimingSummary: Codable, Sendable, Equatable {
  /// A variance component of log working time.
  public struct Component: Codable, Sendable, Equatable {
    public var group: String
    public var variance: Double
    /// Share of the variance that the model doesn't explain by the request itself.
    public var share: Double
    /// The ends of its interval: profile likelihood where tests were asked for; otherwise from the curvature at the optimum
    /// (approximate), and absent for the residual.
    public var low: Double?
    public var high: Double?
    /// Whether it could be zero; for managers and pairs, where tests were asked for.
    public var test: VarianceFinding?

    /// The group as a reader calls it: `partner by topic`.
    public var words: String { Wording.group(group) }
  }
  /// An adjusted difference between categories.
  public struct Coefficient: Codable, Sendable, Equatable {
    public var name: String
    public var estimate: Double
    public var standardError: Double
  }
  /// Requests in the model, and how many of them were answered within the follow-up limit.
  public var requests: Int
  public var answered: Int
  /// Share of all requests from managers that are not in the model, and why, by reason.
  public var leftOutShare: Double
  public var leftOut: [String: Int]
  public var followUpDays: Double
  /// The same limit in working seconds.
  public var limitSeconds: Double
  public var components: [Component]
  public var coefficients: [Coefficient]
  /// Share of the variance explained by who is asking: manager and pair.
  public var shareByWhoIsAsking: Double
  /// Residual standard deviation of log working time.
  public var residualStandardDeviation: Double
  /// What makes requests comparable in this model, in words.
  public var adjustedFor: [String]
  /// Rare levels that were pooled as `(other)`, by category.
  public var pooledLevels: [String: Int]
  /// Search record and boundaries, in sentences.
  public var notes: [String]
}

/// The queue-choice model in numbers.
public struct ChoiceSummary: Codable, Sendable, Equatable {
  /// A queue so long is what `oldest` and `newest` by themselves speak of.
  public static let usualLength = 10.0

  /// What one column does to the log odds of being picked next.
  public struct Coefficient: Codable, Sendable, Equatable {
    public var name: String
    /// β, over all partners, with its standard error.
    public var estimate: Double
    public var standardError: Double
    /// The standard deviation of partners' own coefficients around it.
    public var deviationOfPartners: Double
  }
  /// Picks from queues of two or more requests, and replies in all; to what one manager asked at one moment, replies at one moment are one.
  public var choices: Int
  public var replies: Int
  /// Open requests at a choice, on average over all picks from queues of two or more; sampled queues count as sampled.
  public var meanQueue: Double
  /// Partners whose choices can be told, and the others by reason.
  public var partners: Int
  public var obstacles: [String: Int]
  /// Empty where it can't be told what partners have in common: fewer than three with 30 picks each.
  public var coefficients: [Coefficient]
  /// The share of pairs that don't differ at all; absent where too few pairs show it.
  public var nullShare: Double?
  /// Picks from queues so long that open requests were sampled.
  public var sampledChoices: Int
  /// The level that a category's other levels are compared with, by category.
  public var references: [String: String]
  /// Whether there is a working calendar; without one every hour is a working hour.
  public var workingCalendar: Bool
  /// What requests that were passed over have in common with the one that was picked, besides the partner: `topic` and
  /// `priority`, as far as the input has several.
  public var comparableBy: [String]
  /// What was and could not be held equal, in words.
  public var adjustedFor: [String]
  public var notAdjustedFor: [String]
  /// Rare levels that were pooled as `(other)`, by category.
  public var pooledLevels: [String: Int]
}
