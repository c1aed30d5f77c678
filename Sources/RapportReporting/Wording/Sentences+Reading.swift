import RapportIngestion
import RapportScoring

extension Sentences {
  /// What scores and intervals are, and what they aren't.
  ///
  /// - Parameters:
  ///   - interval: the share that intervals are meant to cover.
  ///   - managers: how many have a score of health; of a handful its intervals and those of predictability are too narrow (Validity.md).
  static func readingScores(interval: Double, managers: Int) -> String {
    let isHandful = managers < fewestForCoverage
    let held =
      isHandful
      ? "With so few managers those of health and of predictability are too narrow: in tests on simulated organisations intervals of 90 % "
        + "held health in 79 to 86 % of cases with two to five managers and in 87 % with eight, predictability in 76 to 86 % with two to "
        + "six."
      : "In tests on simulated organisations intervals of 90 % for health did so in "
        + "89 to 92 %, and those of most indicators in 91 to 94 % with 40 managers and in 84 to 93 % with 5,000."
    return
      "Points run from 1 to 100 on fixed scales, the same for everybody and in every report, and so do health and the domains that "
      + "are made of them; trust runs from 0 to 100. Where a manager has little "
      + "evidence, the score leans on what is likely for this manager: what is usual among all, moved by its own other indicators. Intervals are "
      + "meant to hold the true value in \(Figure.percent(interval)) of cases. \(held) Those of typical wait and of "
      + "answers within the target are too narrow: they held what is true in the long run in \(isHandful ? "76 to 90" : "77 to 91") % of cases, and more seldom where "
      + "queues had an unusual year, which moves everybody's waits together. Where intervals overlap widely, the order is not known. Where the evidence is too little, there is no "
      + "score, and the page says what is missing."
  }

  /// From so many managers on intervals of health hold what they should.
  private static let fewestForCoverage = 10

  /// Why points aren't those of the values that stand beside them.
  static let readingGoalposts =
    "Points are means over all values that the evidence leaves possible, so they needn't be those that this table gives to the "
    + "estimate: where much is open, a value at an end of the scale still has points of those inside."

  /// Why figures of a manager's whole period differ from bare counts and from those of a month.
  static let readingPeers =
    "These are estimates for the whole period, drawn where there is little evidence towards what is likely for this manager: what is "
    + "usual among all, moved by its own other indicators. So one may lie farther from the others than the bare count does, and single "
    + "months differ from it. Points are means over all values that the evidence leaves possible, not the points of "
    + "the value that is shown."

  /// What trends are about, beside the figures of the whole period.
  static let readingTrends =
    "Levels of single months, not of the whole period as above; check-ins are followed partner by partner here, so that their share is "
    + "lower, and adjusted response times stand in the month in which the days to answer in were over. Nothing is drawn towards what is "
    + "usual at the end, so a level may lie outside the interval of the period. “Better” and “worse” compare the last "
    + "month with the named one alone, six months earlier or the first: that needn't last, and where partners were busier or had less to do "
    + "it needn't be anybody's doing; of many managers some differ so by chance."

  /// What a low score is about, and what weakens it.
  static func readingAttention(_ assessment: Assessment) -> String {
    let own = measured(assessment)
    let whose = Set(assessment.goalposts.filter { own.contains($0.indicator) }.map(\.direction))
    let about =
      isOfHRAlone(assessment)
      ? "A low score says how this manager is served: all that this input measures is what HR does."
      : "A low score describes how HR and this manager work together"
        + (whose.contains("hr") ? "; part of it is what HR does alone." : ".")
    let isRated = own.contains(Indicator.surveyScore.rawValue)
    let rating = "It is no rating of the manager\(isRated ? ", though ratings of both sides are in it" : "")."
    let listed = attention(assessment).count { $0.manager != nil }
    let ranking = assessment.ranking
    let always =
      ranking.hasTenths
      ? "A lowest tenth there always is" : "Of \(Figure.count(ranking.order.count)) one is always last"
    let order =
      "Listed are those more likely than not \(ranking.atLowEnd), the likeliest first, of equally likely ones the lowest score. "
      + "\(always), and not being listed clears nobody."
      + (isOfHRAlone(assessment)
        ? ""
        : " Evidence adds up what the measured indicators rest on.")
    // One name needs no word on the order, but one on what it means to be last of a few.
    let reading =
      listed > 1 ? order : listed == 1 && !ranking.hasTenths ? "\(always), whatever the scores." : nil
    return
      ([about, rating] + [reading, unanswered(assessment.dataQuality.requests)].compactMap { $0 })
      .joined(separator: " ")
  }

  /// Indicators that some manager has a value on.
  private static func measured(_ assessment: Assessment) -> Set<String> {
    Set(assessment.managers.lazy.flatMap(\.indicators).filter { $0.value.points.estimate != nil }.map(\.key))
  }

  /// Whether all that is measured is what HR does.
  static func isOfHRAlone(_ assessment: Assessment) -> Bool {
    let own = measured(assessment)
    return Set(assessment.goalposts.filter { own.contains($0.indicator) }.map(\.direction)) == ["hr"]
  }

  /// What many requests without an answer do to scores; `nil` where there are few.
  private static func unanswered(_ requests: DataQuality.Requests) -> String? {
    let share = Double(requests.open) / Double(max(1, requests.total))
    guard share > FavouritismFindings.mostUnanswered else { return nil }
    return
      "\(Figure.percent(share)) of requests (\(Figure.count(requests.open)) of \(Figure.count(requests.total))) have no answer, "
      + "and count as still waiting: whoever sends much that needs no answer scores low."
  }

  /// What stands before every name in findings.
  static let questions =
    "These are questions, not accusations: look at the requests before anybody is spoken to."

  /// What interval the verdicts go by that name no material difference, at whatever level one stands; `nil` where none does.
  static func readingVerdicts(_ findings: FavouritismFindings) -> String? {
    readingVerdicts(
      pairs: findings.pairs.map(\.verdict), managers: findings.managers.map(\.verdict),
      groups: findings.groups.map(\.verdict), partners: findings.partners.map(\.verdict))
  }

  /// The same for some levels only.
  static func readingVerdicts(
    pairs: [FavouritismVerdict] = [], managers: [FavouritismVerdict] = [], groups: [FavouritismVerdict] = [],
    partners: [FavouritismVerdict] = []
  ) -> String? {
    func isSaid(_ verdicts: [FavouritismVerdict]) -> Bool { verdicts.contains(.noMaterialDifference) }
    let shrunken = [isSaid(pairs) ? "pairs" : nil, isSaid(managers) ? "managers" : nil].compactMap { $0 }
    let intervals = [
      shrunken.isEmpty
        ? nil
        : "of \(list(shrunken)) that of their own data alone, before it is drawn towards what is usual (favouritism.csv has it as the "
          + "estimate, at the level that is shown)",
      isSaid(groups) ? "of groups that of the adjusted ratio" : nil,
      isSaid(partners) ? "of partners that of the median ratio, given requests enough to show more" : nil,
    ].compactMap { $0 }
    guard !intervals.isEmpty else { return nil }
    return
      "“No material difference” is said where the 90 % interval lies between \(Figure.ratio(1 / RatioInterval.material)) and "
      + "\(Figure.ratio(RatioInterval.material)): \(intervals.joined(separator: "; ")). Where the interval that is shown leaves out 1.00, "
      + "there is a difference, but one too small to matter: less readily by less than a fifth, or more readily by less than a quarter."
  }

  /// What the order of managers by health isn't, where the factor study doesn't support one number; otherwise `nil`.
  static func orderDoubt(_ assessment: Assessment) -> String? {
    guard assessment.ranking.by == .health, assessment.factors.support == .no else { return nil }
    return
      "One underlying health is not supported by the factor study: the health number that this goes by is an agreed sum, "
      + "not a trait. Read the domains."
  }

  /// ` by trust` where managers are ranked by trust; empty where by health, as anybody expects.
  static func ranked(_ assessment: Assessment) -> String {
    assessment.ranking.by == .health ? "" : " by \(Wording.domain(assessment.ranking.by.rawValue))"
  }

  /// Why the others' median of an indicator differs from that of comparable requests, and why counts of requests differ.
  ///
  /// - Parameter followUpDays: the timing model's limit.
  static func readingComparable(followUpDays: Double) -> String {
    "Others are all other managers, each counted once; comparable requests, as under Waits, are those of the same partners' "
      + "other managers alone. Counts of requests differ: Waits leave out those that no other manager's are comparable with, adjusted "
      + "response time and evenness those without a known partner or that hadn't had \(Figure.number(followUpDays, digits: 0)) days to be "
      + "answered in, predictability also those that took longer; all leave out requests that HR may have made of the manager, which "
      + "escalations count."
  }

  /// Which of the things that months count the input holds at all; of the others no count is known, not even 0.
  static func monthlyKinds(_ quality: DataQuality) -> (promises: Bool, checkIns: Bool) {
    (quality.holds(.commitment) || quality.holds(.goal), quality.holds(.checkIn))
  }

  /// In which month what counts.
  static func readingMonths(_ told: (promises: Bool, checkIns: Bool)) -> String {
    "Requests count in the month in which they were opened, any that HR made of the manager among them"
      + (told.promises ? "; promises and goals when they fell due, or were done if that was earlier." : ".")
  }

  /// Why a manager's pairs have more requests together than the manager.
  static func readingPairs(_ assessment: Assessment) -> String {
    // Unless that is read, each request counts with the one partner it names.
    (assessment.dataQuality.holds(.reassign)
      ? "A request that was passed on counts with each partner who held it. " : "")
      + comparing(assessment.managers)
  }

  /// So many partners are named beside what they lack.
  private static let mostLacking = 6

  /// Why pairs have no health, or no trust: a sentence for each that the input can measure and some pair lacks.
  static func withoutScores(_ pairs: [PairAssessment], basis: Basis) -> [String] {
    func sentence(_ name: RankedScore, _ counted: String, _ score: (PairAssessment) -> Score) -> String? {
      let lacking = pairs.compactMap { pair -> (partner: String, n: Int, needed: Int)? in
        guard case .insufficient(let n, let needed) = score(pair) else { return nil }
        return (pair.partner, n, needed)
      }
      guard Wording.isMeasured(name, basis), let needed = lacking.map(\.needed).max(), let most = lacking.map(\.n).max()
      else { return nil }
      if most == 0, lacking.count == pairs.count {
        return
          "No pair has a score of \(Wording.domain(name.rawValue)): that needs \(Figure.count(needed)) \(counted), and none has any."
      }
      let fewer =
        lacking.count > mostLacking
        ? "\(Figure.count(lacking.count, "pair")) have \(most == 0 ? "none" : "fewer, \(Figure.count(most)) at most")"
        : lacking.map { "\($0.partner): \(Figure.count($0.n))" }.joined(separator: ", ")
      return "A pair's \(Wording.domain(name.rawValue)) needs \(Figure.count(needed)) \(counted) (\(fewer))."
    }
    return [
      sentence(.health, "measured indicators", \.health),
      sentence(.trust, "pieces that speak for or against it", \.trust),
    ].compactMap { $0 }
  }

  /// Why scores of pairs and partners can't be held against managers'.
  static func comparing(_ managers: [ManagerAssessment]) -> String {
    let kinds = [
      (Indicator.regularity, "a check-in"), (.developmentActions, "a training"), (.oneToOneTime, "an hour together"),
    ]
    // Counts in months are split over partners; shares, waits and ratings aren't.
    let split = kinds.filter { kind, _ in
      managers.contains { $0.indicators[kind.rawValue]?.points.estimate != nil }
    }.map(\.1)
    let why =
      split.isEmpty
      ? "where there is little evidence each leans on what is usual among its own kind"
      : "\(list(split, "or")) counts for the one partner it was with, which lowers their scores"
    return
      "Compare pairs with pairs and partners with partners only: \(why), and a manager's health is no mean of the pairs'."
  }

  /// How many of the requests that were opened take no part in waits, and why; `nil` where all do, or they aren't known.
  static func withoutWaits(_ comparison: WaitComparison, opened: Int?) -> String? {
    guard let opened else { return nil }
    let others = opened - comparison.requests - comparison.leftOut
    guard others > 0 else { return nil }
    return
      "Of \(Figure.count(opened, "request")) \(Figure.count(others)) \(others == 1 ? "is" : "are") no part of these "
      + "waits: requests that HR made of the manager, or whose times can't be used."
  }

  /// The share of picks beside that of equal chances, all queues together; `nil` without queues.
  static func record(_ evidence: QueueEvidence, manager: String) -> String? {
    guard let record = evidence.record else { return nil }
    return
      "Where a request of \(manager) stood beside another's, one of \(manager) was \(record.statement). A request that isn't picked stands in the next choice "
      + "as well, so there may be more choices than requests. Those below are the most telling of them, not typical ones."
  }

  /// Up to where waits are followed: `30 days`, or on a calendar as many working hours as the model took for them.
  static func followUp(_ assessment: Assessment) -> String {
    guard assessment.basis.workingCalendar, let timing = assessment.favouritism.timing else {
      return "\(Figure.number(assessment.basis.options.followUpDays, digits: 0)) days"
    }
    return TimeWords(assessment.basis).workingDuration(timing.limitSeconds)
  }

  /// What words mean that the page uses in its tables.
  static func words(_ assessment: Assessment) -> [String] {
    return [
      "Within a factor of 2: of predictability, waits of comparable requests typically lie between half and twice the usual one; of "
        + "evenness, the ratios with the manager's partners typically lie between half and twice those of the partners' other managers. "
        + "1 would be all alike.",
      "Picked: times that one of a pair's requests was picked out of a queue in which another manager's stood as well. Overtakes: older comparable "
        + "requests of others that were passed over when one of the pair's was picked, all such picks together; overtaken: the same the "
        + "other way round, its own passed over for younger ones.",
      "Shrunken: drawn towards what is usual, the more the less evidence there is. Plain: without that.",
      readingWaits,
      "False sign: the chance that a difference goes the other way, or that there is none. s-value and q-value: the share of false "
        + "findings to be expected among this one and all surer ones.",
      "Gini and Theil: how unevenly waiting is shared out, 0 where everybody waits alike. Median ratio: how many times as readily "
        + "one of any two managers is typically picked as the other, of those beside whom others stand apart.",
      "Restricted mean: the mean wait where each counts as \(followUp(assessment)) at most. Median, of waits: half are over by then, open requests "
        + "taken into account.",
      "Exposed months: those in which contact could be expected, in the role and not absent. Burstiness: −1 where all gaps between "
        + "check-ins are alike, 0 as by chance, towards 1 where they come in bursts.",
      "Rankability: the share of the variance between scores that evidence backs. "
        + (assessment.ranking.hasTenths
          ? "A lowest or highest tenth is one of those who have the score."
          : "What assessment.json and managers.csv call the lowest and the highest tenth is one manager each of so few: the last and the "
            + "first of those who have the score."),
    ]
  }

  /// What the roster says of a manager, for whom wants to know; `nil` where it says nothing.
  static func roster(_ manager: ManagerAssessment) -> String? {
    let attributes = manager.attributes.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
    let told =
      attributes.map { "\($0.key) \($0.value)" }
      + [manager.joined.map { "since \(Wording.day($0))" }, manager.left.map { "left on \(Wording.day($0))" }]
      .compactMap { $0 }
    guard !told.isEmpty else { return nil }
    return "In the roster: \(told.joined(separator: ", "))."
      + (manager.joined == nil && manager.left == nil ? "" : " Contact is expected in that time only.")
  }
}

extension Sentences {
  /// What stands in place of pairs where none has enough for a verdict.
  static let noPairJudged = "No pair has enough for a verdict, so none is drawn or listed."

  /// How many partners nothing can be said of; `nil` where something can be said of each.
  static func partnersUncompared(_ findings: FavouritismFindings) -> String? {
    let rest = findings.partners.count - findings.comparedPartners.count
    guard rest > 0 else { return nil }
    let who =
      rest < findings.partners.count
      ? "Of \(Figure.count(rest, "other")) not even that can be told"
      : "Of \(rest == 1 ? "the one partner" : "all \(Figure.count(rest)) partners") nothing can be told"
    return "\(who): too few managers with requests enough, or the order of picks isn't known."
  }
}

extension Sentences {
  /// That partners asked managers too, beside counts of managers' requests; `nil` where they didn't.
  static func requestsOfManagers(_ asked: [RequestsOfManagers]) -> String? {
    let all = asked.reduce(0) { $0 + $1.requests }
    guard all > 0 else { return nil }
    return "Requests are those that managers made; \(Figure.count(all)) that partners made of managers "
      + "\(all == 1 ? "isn't" : "aren't") among them."
  }
}

extension FavouritismFindings {
  /// The partners of whom anything is known but the number of requests.
  var comparedPartners: [PartnerFinding] {
    partners.filter { $0.pValue != nil || $0.medianRatio != nil || $0.gini != nil }
  }
}

extension Wording {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// `30 June 2025` of `2025-06-30T22:04:04+01:00`: the day where it was.
  static func day(_ stamp: String) -> String {
    let parts = stamp.prefix(10).split(separator: "-")
    guard parts.count == 3, let month = Int(parts[1]), months.indices.contains(month - 1), let day = Int(parts[2])
    else {
      return stamp
    }
    return "\(day) \(months[month - 1]) \(parts[0])"
  }

  /// `May 2016` of `2016-05`.
  static func month(_ key: String) -> String {
    let parts = key.split(separator: "-")
    guard parts.count == 2, let month = Int(parts[1]), months.indices.contains(month - 1) else { return key }
    return "\(months[month - 1]) \(parts[0])"
  }

  /// Whose behaviour an indicator measures, in words: `what HR does`.
  static func whose(_ direction: String, of indicator: String) -> String {
    // Managers escalate, and what is told by it is how HR answered before.
    if indicator == Indicator.escalationRate.rawValue { return "raised by the manager, about what HR does" }
    return switch direction {
    case "hr": "what HR does"
    case "manager": "what the manager does"
    default: "what HR and the manager do"
    }
  }

  /// A value and the limits that it lies beyond, with as many digits as it takes to tell them apart.
  static func apart(_ value: Double, _ low: Double, _ high: Double, of indicator: String) -> [String] {
    let values = [value, low, high]
    let nearest = value < low ? 1 : 2
    for digits in 0...3 {
      let texts = values.map { short($0, of: indicator, furtherDigits: digits) }
      if value == values[nearest] || texts[0] != texts[nearest] { return texts }
    }
    return values.map { short($0, of: indicator) }
  }
}
