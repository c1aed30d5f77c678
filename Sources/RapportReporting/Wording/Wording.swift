import RapportIngestion
import RapportScoring

/// The words that people read for the keys that programs read.
public enum Wording {
  /// A title for an indicator's key.
  public static func indicator(_ key: String) -> String { indicators[key]?.title ?? words(key) }

  /// What an indicator says, in a sentence for a reader who isn't a statistician.
  public static func meaning(_ key: String) -> String { indicators[key]?.meaning ?? "" }

  /// A title for a domain's key.
  public static func domain(_ key: String) -> String { Domain(rawValue: key)?.words ?? words(key) }

  /// What can speak for or against trust, in words.
  static func kind(_ kind: TrustKind) -> String {
    switch kind {
    case .promises: "promises kept"
    case .targets: "requests answered within target"
    case .settlements: "conflicts settled"
    case .feedback: "feedback followed up"
    case .recognition: "recognition"
    case .alternatives: "alternatives to what was objected to"
    case .decisions: "joint decisions"
    case .ratings: "named ratings"
    case .resolutions: "requests resolved for good"
    case .goals: "goals met"
    case .escalations: "escalations"
    }
  }

  /// The domains in the order in which they are shown.
  public static let domains = [
    "responsiveness", "consistency", "followThrough", "communication", "conflict", "alignment", "recognition",
    "development", "voice",
  ]

  /// The indicators in the order in which they are shown.
  public static let indicatorOrder = [
    "adjustedResponseRatio", "answeredWithinTarget", "typicalWait", "resolvedForGood", "predictability", "evenness",
    "regularity", "promisesKeptOnTime", "slippage", "initiativeBalance", "oneToOneTime", "loopClosure",
    "settlementTime", "escalationRate", "jointDecisions", "goalsMetOnTime", "alternativesOffered", "creditGiven",
    "developmentActions", "surveyScore",
  ]

  /// What trends follow, in the order in which it is shown: indicators, and `pairRegularity` in place of `regularity`.
  public static let trendOrder = indicatorOrder.map { $0 == "regularity" ? "pairRegularity" : $0 }

  /// Whether more of an indicator is better.
  static func isBetterHigher(_ key: String) -> Bool {
    guard let indicator = Indicator(rawValue: key) else { return true }
    let goalpost = Goalposts.goalpost(indicator)
    return goalpost.highest > goalpost.lowest
  }

  /// The heading above what was found in data and has this consequence.
  static func heading(_ consequence: DataQuality.Consequence) -> String {
    switch consequence {
    case .refused: "Refused"
    case .leftOut: "Left out"
    case .merged: "Merged"
    case .valueRemoved: "Used without a value"
    case .used: "Used, but worth a look"
    }
  }

  /// `first word` for `firstWord`.
  public static func words(_ key: String) -> String { KeyWords.words(key) }

  /// What a kind of event is called: `check-in cancelled` for `check_in_cancelled`.
  static func eventKind(_ key: String) -> String {
    key.replacing("check_in", with: "check-in").replacing("_", with: " ")
  }

  /// A value of an indicator in words, to the digits that a reader needs.
  ///
  /// - Parameter times: how the input's times are told.
  public static func value(_ value: Double, of indicator: String, times: TimeWords = TimeWords()) -> String {
    switch indicator {
    case "typicalWait": times.workingDuration(value)
    case "settlementTime": times.duration(value)
    case "slippage": "\(Figure.number(Figure.exponential(value), digits: 2)) × the promised time"
    case "adjustedResponseRatio": "\(Figure.ratio(value)) the time of comparable requests"
    case "predictability", "evenness": "within a factor of \(Figure.number(value, digits: 2))"
    case "escalationRate": "\(Figure.number(value, digits: 1)) per 100 requests"
    case "creditGiven": "\(Figure.number(value, digits: 1)) per 100 interactions"
    case "developmentActions": "\(Figure.number(value, digits: 1)) per quarter"
    case "surveyScore": Figure.number(value, digits: 1)
    case "initiativeBalance": Figure.number(value, digits: 2)
    default: Figure.percent(value)
    }
  }

  /// A value that is fixed, not measured, without zeros that would say how far it is known: `80 working h`.
  static func exact(_ value: Double, of indicator: String, times: TimeWords = TimeWords()) -> String {
    self.value(value, of: indicator, times: times).split(separator: " ").map { word in
      guard word.contains("."), Double(word) != nil else { return String(word) }
      let digits = word.reversed().drop { $0 == "0" }
      return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
    }.joined(separator: " ")
  }

  /// A value of an indicator in as few characters as a table has room for.
  ///
  /// - Parameter furtherDigits: how many more digits shares and rates are told with.
  public static func short(
    _ value: Double, of indicator: String, times: TimeWords = TimeWords(), furtherDigits: Int = 0
  ) -> String {
    switch indicator {
    case "typicalWait": times.workingDuration(value)
    case "settlementTime": times.duration(value)
    case "slippage": Figure.ratio(Figure.exponential(value))
    case "adjustedResponseRatio", "predictability", "evenness": Figure.ratio(value)
    case "escalationRate", "creditGiven", "developmentActions", "surveyScore":
      Figure.number(value, digits: 1 + furtherDigits)
    case "initiativeBalance": Figure.number(value, digits: 2)
    default:
      furtherDigits == 0 ? Figure.percent(value) : Figure.number(100 * value, digits: furtherDigits) + " %"
    }
  }

  /// A count or sum behind an indicator: `answered 108`, `median 1.8 h`.
  static func evidence(_ key: String, _ value: Double, of indicator: String, times: TimeWords = TimeWords()) -> String {
    let isTime = (indicator == "typicalWait" || indicator == "settlementTime") && value >= 0
    if isTime && (key.hasSuffix("edian") || key.hasSuffix("ean")) {
      let isWorking = indicator == "typicalWait"
      return "\(words(key)) \(isWorking ? times.workingDuration(value) : times.duration(value))"
    }
    let number = Figure.number(value, digits: value == value.rounded() ? 0 : 1)
    switch key {
    case "settled" where indicator == "settlementTime": return "settled at least once \(number)"
    case "reopened" where indicator == "settlementTime": return "reopened since \(number)"
    case "unsettled": return "unsettled at the end \(number)"
    case "checkIns": return "check-ins \(number)"
    case "monthsWithCheckIn": return "months with check-in \(number)"
    case "longestGapDays": return "longest gap between two check-ins \(number) days"
    case "daysSinceCheckIn": return "last check-in \(number) days before the end"
    default: return "\(words(key)) \(number)"
    }
  }

  /// What the evidence of a score is counted in: of trust what speaks for or against it, of all others the indicators measured.
  static func counted(_ score: RankedScore) -> String { score == .trust ? "pieces" : "indicators" }

  /// A score's interval, or why there is none: nothing of the kind was read, or too little.
  ///
  /// - Parameter direction: of a score of trust in one direction, what tells of that.
  static func interval(
    _ score: Score, of name: RankedScore, _ basis: Basis, in direction: KeyPath<TrustBasis, [TrustKind]>? = nil
  ) -> String {
    let isTold = isMeasured(name, basis) && direction.map { !basis.trust[keyPath: $0].isEmpty } ?? true
    if case .insufficient(n: 0, needed: _) = score, !isTold { return "not measured" }
    return Figure.interval(score, of: counted(name))
  }

  /// Whether the input holds anything that tells of a score.
  static func isMeasured(_ score: RankedScore, _ basis: Basis) -> Bool {
    switch score {
    case .trust: !basis.trust.isEmpty
    case .health: !basis.measuredDomains.isEmpty
    default: basis.measuredDomains.contains(score.rawValue)
    }
  }

  /// What the evidence of an indicator is counted in. Where nobody was answered, long waits of open requests tell.
  static func counted(_ key: String, _ indicator: IndicatorScore) -> String {
    if key == Indicator.typicalWait.rawValue, indicator.evidence["answered"] == 0 { return "requests" }
    return Indicator(rawValue: key)?.counted ?? "pieces"
  }

  /// `2.0 h to 3.5 h`; one of them where both read alike as a bound: `under 1 min`.
  static func range(_ low: String, _ high: String) -> String {
    low == high && low.hasPrefix("under") ? low : "\(low) to \(high)"
  }

  /// Seconds in the unit that reads best.
  public static func duration(_ seconds: Double) -> String {
    switch abs(seconds) {
    case ..<90: "\(Figure.number(seconds, digits: 0)) s"
    case ..<5400: "\(Figure.number(seconds / 60, digits: 0)) min"
    case ..<172_800: "\(Figure.number(seconds / 3600, digits: 1)) h"
    default: "\(Figure.number(seconds / 86_400, digits: 1)) days"
    }
  }

  private static let indicators: [String: (title: String, meaning: String)] = [
    "adjustedResponseRatio": (
      "adjusted response time", "How long answers take compared with comparable requests; lower is sooner."
    ),
    "answeredWithinTarget": ("answered within target", "Share of requests answered by the agreed time."),
    "typicalWait": (
      "typical wait",
      "Half of the requests are answered within this time, open ones included; in working hours where a calendar was given."
    ),
    "resolvedForGood": ("resolved for good", "Share of resolved requests that were not reopened within 30 days."),
    "predictability": ("predictability", "How far waits for comparable requests spread; a smaller factor is steadier."),
    "evenness": ("evenness", "How far waits here lie from those of the partner's other managers."),
    "pairRegularity": (
      "check-ins with each partner", "Share of months with at least one check-in, each partner's counted by itself."
    ),
    "regularity": ("regular check-ins", "Share of months with at least one check-in."),
    "promisesKeptOnTime": ("promises kept on time", "Share of commitments that were kept by their due date."),
    "slippage": ("slippage", "Actual over promised time of commitments, typically, open ones included."),
    "initiativeBalance": (
      "balance of initiative", "1 where both sides take the first step equally often, 0 where one side always does."
    ),
    "oneToOneTime": ("one-to-one time", "Share of months with at least 30 minutes of one-to-one time."),
    "loopClosure": ("feedback followed up", "Share of feedback that was followed up within 60 days."),
    "settlementTime": (
      "time to settle conflicts", "How long conflicts typically take to be settled, open ones included."
    ),
    "escalationRate": ("escalations", "Escalations outside protected channels."),
    "jointDecisions": ("joint decisions", "Share of decisions that were made together."),
    "goalsMetOnTime": ("goals met on time", "Share of shared goals that were met by their due date."),
    "alternativesOffered": ("alternatives offered", "Share of objections that came with an alternative."),
    "creditGiven": ("recognition", "Recognition given, in both directions."),
    "developmentActions": ("development actions", "Training and other development actions."),
    Attribution.notMeasured: (
      "not measured, assumed", "What indicators without enough evidence add, with points assumed from others'."
    ),
    "surveyScore": ("survey score", "Mean rating, drawn towards the average where few answered."),
  ]
}

extension Wording {
  /// `followThrough` as an option has it: `follow-through`.
  public static func spelled(_ key: String) -> String {
    key.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }
}
