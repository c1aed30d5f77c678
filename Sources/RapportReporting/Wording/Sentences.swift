import RapportIngestion
import RapportScoring

/// What an assessment says, in neutral sentences that the terminal and the page share.
public enum Sentences {
  /// Which domains the input can measure.
  public static func measured(_ basis: Basis) -> String {
    let measured = basis.measuredDomains.count
    let all = measured + basis.unmeasuredDomains.count
    guard measured > 0 else { return "The input can measure none of the \(all) domains of health." }
    let names = list(basis.measuredDomains.map(Wording.domain))
    if basis.unmeasuredDomains.isEmpty { return "Health rests on all \(all) domains: \(names)." }
    return "Health rests on \(measured) of \(all) domains: \(names). The input holds nothing about "
      + "\(list(basis.unmeasuredDomains.map(Wording.domain))), so health says nothing about "
      + "\(basis.unmeasuredDomains.count == 1 ? "it" : "them")."
  }

  /// Indicators that nobody is measured on, since the input lacks what would speak against them.
  static func unmeasured(_ basis: Basis) -> [String] {
    basis.unmeasuredIndicators.map { key in
      key == Indicator.resolvedForGood.rawValue
        ? "\(Wording.indicator(key)): the input holds no reopening" : "\(Wording.indicator(key)): not in the input"
    }
  }

  /// What the contribution is that carries no indicator's name; empty where there is none.
  static func assumed(_ attribution: Attribution) -> String {
    guard attribution.named.count < attribution.contributions.count else { return "" }
    return "“\(Wording.indicator(Attribution.notMeasured))” is what indicators add all together that have too little "
      + "evidence here: their points are assumed from what is known of others, so none of them is named."
  }

  /// A sentence, and the manager whose name it begins with; `nil` where it is of several, or of none.
  public struct Told: Sendable, Equatable {
    public var manager: String?
    public var sentence: String

    init(_ sentence: String, of manager: String? = nil) {
      self.sentence = manager.map { "\($0): \(sentence)" } ?? sentence
      self.manager = manager
    }
  }

  /// Who may need attention, most certain first, and how sure that is.
  public static func attention(_ assessment: Assessment, limit: Int = 5) -> [Told] {
    let by = assessment.ranking.by
    let name = Wording.domain(by.rawValue)
    let scored = assessment.managers.filter { by.score(of: $0).estimate != nil }
    guard !scored.isEmpty else {
      return [Told("No manager has enough evidence for a score of \(name) yet; the counts stand with each manager.")]
    }
    guard scored.count > 2 else {
      return [
        Told(
          "With \(Figure.count(scored.count, "manager")) who \(scored.count == 1 ? "has" : "have") a score of \(name) "
            + "nobody can stand out.")
      ]
    }
    if assessment.ranking.rankability == nil || !assessment.ranking.isOrdinal && assessment.ranking.tiers.count < 2 {
      return [
        Told(
          "Nobody stands out: the differences between managers are within what chance alone would give. "
            + "Read single managers' pages rather than the order.")
      ]
    }
    let candidates = scored.filter { ($0.rank?.probabilityLowestTenth ?? 0) >= 0.5 }.sorted { a, b in
      let (x, y) = (a.rank?.probabilityLowestTenth ?? 0, b.rank?.probabilityLowestTenth ?? 0)
      // Many may be as good as certain; among them the lowest score comes first.
      let (low, high) = (by.score(of: a).estimate?.value ?? 100, by.score(of: b).estimate?.value ?? 100)
      return x != y ? x > y : low != high ? low < high : a.id < b.id
    }
    guard !candidates.isEmpty else {
      return [
        Told(
          "For no manager is it more likely than not that their relationships stand in the lowest tenth. "
            + "Read single managers' pages rather than the order.")
      ]
    }
    var sentences = candidates.prefix(limit).map { manager in
      let score = by.score(of: manager)
      var text = "\(name) \(Figure.points(score)) (\(Figure.interval(score))), "
      text += "in the lowest tenth with probability \(Figure.probability(manager.rank?.probabilityLowestTenth ?? 0))"
      if by == .health, let lowering = manager.attribution?.named.filter({ $0.points < -0.5 }).prefix(2),
        !lowering.isEmpty
      {
        text += "; lowered most by \(list(lowering.map { Wording.indicator($0.indicator) }))"
      }
      return Told(text + ".", of: manager.id)
    }
    if candidates.count > limit {
      sentences.append(Told("And \(Figure.count(candidates.count - limit)) more; see the ranking."))
    }
    return sentences
  }

  /// Findings on response times, with what they rest on.
  public static func favouritism(
    _ findings: FavouritismFindings, limit: Int = 5, elsewhere: String = "`rapport favouritism` lists them"
  ) -> [String] {
    let signals = findings.signals
    let named: [FavouritismVerdict] =
      findings.pairs.map(\.verdict) + findings.partners.map(\.verdict) + findings.managers.map(\.verdict)
      + findings.groups.map(\.verdict)
    var sentences = named.contains(.signal) ? [questions] : []
    sentences.append(verdicts(findings))
    if let caveat = findings.caveat { sentences.append(caveat) }
    sentences += signals.prefix(limit).map(statement)
    if signals.count > limit {
      sentences.append("And \(Figure.count(signals.count - limit)) more; \(elsewhere).")
    }
    sentences += findings.partners.filter { $0.verdict == .signal }.prefix(limit).map(\.statement)
    sentences += findings.managers.filter { $0.verdict == .signal }.prefix(limit).map(\.statement)
    sentences += findings.groups.filter { $0.verdict == .signal }.prefix(limit).map(\.statement)
    return sentences
  }

  /// A pair's finding, and what waits say where that is something else.
  static func statement(_ pair: PairFinding) -> String {
    ([pair.statement] + [disagreement(pair)].compactMap { $0 }).joined(separator: " ")
  }

  /// How many pairs there are, how many of them can be judged, how many of these have which verdict, and why the others
  /// have none: too few requests, or a partner whose order of picks can't be told.
  static func verdicts(_ findings: FavouritismFindings) -> String {
    let pairs = findings.pairs
    guard !pairs.isEmpty else { return "No pair has a request that can be compared." }
    let judged = pairs.count { $0.sValue != nil }
    let needed = "\(FavouritismFindings.fewestForVerdict) requests in queues with others' that a verdict needs"
    let isOfChoices = pairs.contains { $0.choices != nil }
    let untold = untold(pairs)
    guard judged > 0 || !isOfChoices else {
      return untold == nil
        ? "Of \(Figure.count(pairs.count, "pair")) none has the \(needed)."
        : "Of \(Figure.count(pairs.count, "pair")) none can be judged.\(others(pairs, untold: untold))"
    }
    let signals = pairs.count { $0.verdict == .signal }
    let none = pairs.count { $0.verdict == .noMaterialDifference }
    let isPart = isOfChoices && judged < pairs.count
    let unknown = (isPart ? judged : pairs.count) - signals - none
    var text = "Of \(Figure.count(pairs.count)) pairs, "
    if isPart {
      text +=
        untold == nil
        ? "\(Figure.count(judged)) \(judged == 1 ? "has" : "have") the \(needed); of these, "
        : "\(Figure.count(judged)) can be judged, with the \(needed); of these, "
    }
    text += signals == 0 ? "none is a signal" : signals == 1 ? "1 is a signal" : "\(Figure.count(signals)) are signals"
    text += " worth looking into, \(none == 0 ? "none" : Figure.count(none)) "
    text += "show\(none <= 1 ? "s" : "") no material difference, and for "
    text += "\(Figure.count(unknown)) the evidence is insufficient."
    return isPart ? text + others(pairs, untold: untold) : text
  }

  /// Pairs with requests enough whose partner's order of picks can't be told, and the reasons; `nil` where there is none.
  private static func untold(_ pairs: [PairFinding]) -> (count: Int, reasons: String)? {
    let reasons: [(obstacle: ChoiceObstacle, words: String)] = [
      (.resolution, "times too coarse"), (.noQueue, "no queue of several"), (.notConverged, "no fit"),
    ]
    // A pair with too few requests lacks those, whatever else stands in the way.
    let counts = reasons.map { reason in
      pairs.count {
        $0.sValue == nil && $0.obstacle == reason.obstacle && $0.requests >= FavouritismFindings.fewestForVerdict
      }
    }
    let told = zip(reasons, counts).filter { $0.1 > 0 }.map { "\($0.0.words): \(Figure.count($0.1))" }
    return told.isEmpty ? nil : (counts.reduce(0, +), told.joined(separator: ", "))
  }

  /// What is said of the pairs that can't be judged.
  private static func others(_ pairs: [PairFinding], untold: (count: Int, reasons: String)?) -> String {
    let rest = pairs.count { $0.sValue == nil }
    guard let untold else { return " The other \(Figure.count(rest)) have too few to say." }
    let few = rest - untold.count
    let order = "the order of picks can't be told (\(untold.reasons))."
    return few == 0
      ? " For \(rest == pairs.count ? "all" : "the other") \(Figure.count(rest)) \(order)"
      : " Of \(rest == pairs.count ? "them" : "the other \(Figure.count(rest))"), \(Figure.count(few)) "
        + "\(few == 1 ? "has" : "have") fewer than \(FavouritismFindings.fewestForVerdict) requests in "
        + "queues with others', and for \(Figure.count(untold.count)) \(order)"
  }

  /// How to read a ratio and a signal.
  public static let readingRatios =
    "A ratio above 1 means answered more readily than comparable requests, below 1 less readily. A signal is something to "
    + "look into, not a judgement of a person: there may be a reason that the data don't hold. " + readingOne

  /// Why an interval may end at exactly 1.
  static let readingOne =
    "An interval that ends at exactly 1.00 leaves it open whether there is any difference at all."

  /// Whether a pair's interval ends at exactly 1.
  static func endsAtOne(_ pair: PairFinding) -> Bool { pair.low == 1 || pair.high == 1 }

  /// Why figures of a manager's whole period differ from bare counts and from those of a month.
  static let readingPeers =
    "These are estimates for the whole period, drawn towards what is usual where there is little evidence; bare counts and "
    + "single months differ from them."

  /// What trends are about, beside the figures of the whole period.
  static let readingTrends = "Levels of single months, not of the whole period as above."

  /// An interval as wide as that is shown without width.
  private static let noWidth = 0.1

  /// Why a score's interval has hardly any width; `nil` where each has some, or where nothing that it is made of stands at
  /// an end of its scale.
  ///
  /// - Parameters:
  ///   - scores: those that are shown and made of indicators, by domain, or `health`.
  ///   - indicators: what they are made of.
  static func scaleEnds(_ scores: [String: Score], _ indicators: [String: IndicatorScore]) -> String? {
    let narrow = scores.filter { $0.value.estimate.map { $0.high - $0.low < noWidth } ?? false }.keys
    func isOwn(_ key: String) -> Bool {
      narrow.contains("health") || narrow.contains(Indicator(rawValue: key)?.domain.rawValue ?? "")
    }
    func named(_ isAtEnd: (Estimate) -> Bool) -> [String] {
      Wording.indicatorOrder.filter { isOwn($0) && indicators[$0]?.points.estimate.map(isAtEnd) ?? false }
        .map(Wording.indicator)
    }
    let lowest = named { $0.high < 1 + noWidth }
    let highest = named { $0.low > 100 - noWidth }
    let ends = [(lowest, "lowest"), (highest, "highest")].filter { !$0.0.isEmpty }
      .map { "\(list($0.0)) at the \($0.1)" }
    guard !ends.isEmpty else { return nil }
    return
      "At an end of their scales: \(ends.joined(separator: "; ")). Points go no further there, so an interval without "
      + "width means “at the end or beyond”, not that the score is known exactly."
  }

  /// Whose scores have no width, and why; `nil` where none.
  static func scaleEnds(_ assessment: Assessment, ofManagers: Bool = true, ofPartners: Bool = true) -> String? {
    let scores: [RankedScore] = [.health, .consistency]
    let by = assessment.ranking.by
    // Trust isn't made of indicators on scales.
    let ofManager =
      !ofManagers
      ? []
      : (scores.contains(by) || by == .trust ? scores : scores + [by]).map { name in
        ("manager", name, assessment.managers.map { name.score(of: $0) })
      }
    let ofPartner =
      !ofPartners
      ? []
      : [
        ("partner", RankedScore.health, assessment.partners.map(\.health)),
        ("partner", .consistency, assessment.partners.map(\.consistency)),
      ]
    let counts = (ofManager + ofPartner).map { whose, name, scores in
      (whose, name, count: scores.count { $0.estimate.map { $0.high - $0.low < noWidth } ?? false })
    }
    let told = counts.filter { $0.count > 0 }.map { whose, name, count in
      "\(Figure.count(count)) \(whose)\(count == 1 ? "'s" : "s'") \(Wording.domain(name.rawValue))"
    }
    guard !told.isEmpty else { return nil }
    let isOne = counts.reduce(0) { $0 + $1.count } == 1
    return
      "The interval\(isOne ? "" : "s") of \(list(told)) \(isOne ? "has" : "have") hardly any width: what the score is made "
      + "of lies at an end of its scale (1 or 100 points), where points go no further. That means “at the end or beyond”, "
      + "not that the score is known exactly."
  }

  /// What isn't known of a manager or a pair, and why.
  ///
  /// - Parameter indicators: those that could be measured.
  static func unknown(_ indicators: [String: IndicatorScore], health: Score, basis: Basis) -> [String] {
    var told: [String] = []
    if case .insufficient(let n, let needed) = health {
      told.append("health: \(n) of the \(needed) indicators that it needs are measured")
    }
    told += Wording.indicatorOrder.compactMap { key in
      guard let indicator = indicators[key], indicator.score.estimate == nil else { return nil }
      return "\(Wording.indicator(key)): \(Figure.interval(indicator.score))"
    }
    return told + unmeasured(basis)
  }

  /// Where a finding can be followed to the choices behind it.
  static let followingFindings =
    "`rapport explain` with --manager and --partner shows the queues that a pair's finding rests on."

  /// How many choices the queue-choice model rests on.
  public static func choices(_ summary: ChoiceSummary) -> String {
    var text =
      "\(Figure.count(summary.choices)) of \(Figure.count(summary.replies, "reply", "replies")) were picked from queues in "
      + "which several managers' requests stood, with \(Figure.count(summary.partners, "partner"))"
    if !summary.obstacles.isEmpty {
      let reasons = ChoiceObstacle.allCases.compactMap { obstacle in
        summary.obstacles[obstacle.rawValue].map { count -> String in
          let reason =
            switch obstacle {
            case .resolution: "times too coarse"
            case .noQueue: "no queue of several"
            case .noChoice: "no choice"
            case .notConverged: "no fit"
            }
          return "\(Figure.count(count)) \(reason)"
        }
      }
      text += " (not told of others: \(reasons.joined(separator: ", ")))"
    }
    return text + "."
  }

  /// What was and what could not be held equal; empty where nothing is known of either.
  public static func adjusted(_ adjusted: [String], _ notAdjusted: [String]) -> String {
    var sentences: [String] = []
    if !adjusted.isEmpty { sentences.append("Held equal: \(list(adjusted)).") }
    if !notAdjusted.isEmpty { sentences.append("What the log can't tell: \(list(notAdjusted)).") }
    return sentences.joined(separator: " ")
  }

  /// Every estimator's ratio of a pair, the one that the finding rests on first.
  public static func estimators(_ pair: PairFinding) -> [(name: String, ratio: RatioInterval)] {
    let own = RatioInterval(ratio: pair.ratio, low: pair.low, high: pair.high)
    let isChoice = pair.method == "choice"
    var rows = [
      (isChoice ? "queue choices, shrunken" : "waits, shrunken", own),
      (isChoice ? "queue choices, plain" : "waits, plain", pair.estimate),
    ]
    if isChoice, let timing = pair.timing { rows.append(("waits (timing model), shrunken", timing)) }
    if let difference = pair.timingDifference {
      rows.append(("waits (timing model), against the partner's other pairs", difference))
    }
    if let cox = pair.cox { rows.append(("waits (Cox model)", cox)) }
    return rows
  }

  /// What a pair's finding rests on, and how much it would take to explain it away.
  public static func evidence(_ pair: PairFinding) -> [String] {
    var sentences: [String] = []
    if let choices = pair.choices, let overtakes = pair.overtakes, let overtaken = pair.overtaken {
      sentences.append(
        "\(Figure.count(pair.requests, "request")) stood in queues with other managers'; "
          + "\(Figure.count(choices)) \(choices == 1 ? "was" : "were") picked out of such queues.")
      sentences.append(
        "Older requests of others, of the same topic and priority, that it overtook: \(Figure.count(overtakes)); times that "
          + "it was itself overtaken by such younger ones: \(Figure.count(overtaken)).")
    } else {
      sentences.append(
        "\(Figure.count(pair.requests, "request")), \(Figure.count(pair.answered)) of them answered; nothing is known of "
          + "what they were picked before.")
    }
    // Of waits alone a rate of false signs would lend a direction to what has no verdict.
    let sign =
      pair.choices == nil
      ? ""
      : "Probability that the direction is not as stated, or that there is no difference: "
        + "\(Figure.percent(pair.localFalseSignRate)).\(endsAtOne(pair) ? " " + readingOne : "") "
    sentences.append(
      sign + "The smallest ratio that this much evidence would show is \(Figure.ratio(pair.minimumDetectableRatio)).")
    sentences.append(
      "An unmeasured reason would have to go with both the manager and the order of answers by a ratio of "
        + "\(Figure.factor(pair.eValue)) each to explain the ratio of \(Figure.ratio(pair.ratio)) away, of "
        + "\(Figure.factor(pair.eValueOfLimit)) to bring the nearer end of its interval to 1.")
    if let disagreement = disagreement(pair) { sentences.append(disagreement) }
    return sentences
  }

  /// Where waits, by the timing model and the Cox model, say something else than what was picked; `nil` where they don't, and
  /// where the finding's own statement says it.
  static func disagreement(_ pair: PairFinding) -> String? {
    guard pair.method == "choice" else { return nil }
    typealias Model = (name: String, ratio: RatioInterval)
    let models: [Model] = [("timing model", pair.timing), ("Cox model", pair.cox)].compactMap { name, ratio in
      ratio.map { (name, $0) }
    }
    func told(_ models: [Model]) -> String {
      models.map { "\($0.name) \(Figure.ratio($0.ratio.ratio)), \(Figure.limits($0.ratio.low, $0.ratio.high))" }
        .joined(separator: "; ")
    }
    func isClear(_ ratio: RatioInterval) -> Bool { ratio.low > 1 || ratio.high < 1 }
    let clear = models.filter { isClear($0.ratio) }
    let opposite = clear.filter { ($0.ratio.ratio > 1) != (pair.ratio > 1) }
    if pair.verdict == .signal {
      // The statement of a signal says so itself.
      guard opposite.isEmpty, !models.isEmpty else { return nil }
      if clear.isEmpty {
        return
          "By waits no difference shows (\(told(models))): what was picked first needn't have waited much less; look "
          + "at both."
      }
      if let cox = pair.cox, pair.ratio > 1 ? cox.high < pair.low : cox.low > pair.high {
        return "By waits the difference is much smaller (\(told(models))); look at both."
      }
      return nil
    }
    // Waits aren't held against the queue, so one model alone, or two that disagree, say nothing beside an open finding.
    guard models.count == 2, clear.count == 2,
      (models[0].ratio.ratio > 1) == (models[1].ratio.ratio > 1),
      models.contains(where: { max($0.ratio.ratio, 1 / $0.ratio.ratio) >= RatioInterval.material })
    else { return nil }
    return "By waits it looks answered \(models[0].ratio.ratio > 1 ? "sooner" : "later") (\(told(models))), "
      + (pair.verdict == .noMaterialDifference
        ? "which the order of picks doesn't bear out" : "of which the order of picks tells too little")
      + ": waits also tell how long the work takes."
  }

  /// Whether one number is justified.
  public static func factors(_ study: FactorStudy) -> String {
    study.answer.isEmpty ? (study.reason ?? "") : study.answer
  }

  /// Why an indicator isn't in the factor study; a reason may name another by its key.
  static func leftOut(_ indicator: FactorStudy.LeftOut) -> String {
    let reason = indicator.reason.split(separator: " ").map {
      Wording.indicatorOrder.contains(String($0)) ? Wording.indicator(String($0)) : String($0)
    }
    return "\(Wording.indicator(indicator.indicator)): \(reason.joined(separator: " "))"
  }

  /// Whether the factors of the first half of the period are those of the second; empty without a study.
  public static func congruence(_ study: FactorStudy) -> String {
    guard study.status == .estimated, study.factors > 0 else { return "" }
    if let reason = study.congruenceReason {
      return "Whether factors stay the same over time can't be said: \(reason)."
    }
    guard study.congruencePeriods.count == 2 else { return "" }
    let told = zip(study.congruence, study.likeness).enumerated().map { j, factor -> String in
      let word =
        switch factor.1 {
        case .same: "the same"
        case .similar: "similar"
        case .different: "different"
        }
      return "factor \(j + 1) is \(word) (\(Figure.number(factor.0, digits: 2)))"
    }
    var doubt = ""
    if !study.likeness.allSatisfy({ $0 == .same }) {
      func figures(_ values: [Double]) -> String { list(values.map { Figure.number($0, digits: 2) }) }
      let splits = study.congruenceSplits
      let isMany = splits >= FactorStudySettings.randomSplits
      let lowest = isMany ? "one in twenty to no more than" : "the lowest of them to"
      doubt =
        study.congruenceByChanceLow.count == study.congruence.count
        ? " \(Figure.count(splits, "split")) of the months into halves at random agree to \(figures(study.congruenceByChance)), "
          + "\(lowest) \(figures(study.congruenceByChanceLow)): of a factor that is more like itself than that, a difference "
          + "can't be told from chance."
        : " Halves of the events differ by chance too, the more the fewer managers there are "
          + "(\(Figure.count(study.observations)) here)."
    }
    return "From \(study.congruencePeriods[0]) alone and from \(study.congruencePeriods[1]) alone, \(list(told)): "
      + "Tucker's congruence, the same from 0.95 on, similar from 0.85 on.\(doubt)"
  }

  /// What each side did, of an indicator that both take part in; `nil` where its evidence doesn't tell them apart.
  public static func sides(_ key: String, _ indicator: IndicatorScore) -> String? {
    guard indicator.score.estimate != nil else { return nil }
    func count(_ name: String) -> String? { indicator.evidence[name].map { Figure.number($0, digits: 0) } }
    func rating(of side: String, _ subject: String) -> String? {
      guard let mean = indicator.evidence["ratingOf\(side)"], let n = indicator.evidence["ratingsOf\(side)"] else {
        return nil
      }
      return "\(subject) rated \(Figure.number(mean, digits: 1)) on average (\(Figure.count(Int(n), "rating")))"
    }
    let title = Wording.indicator(key)
    switch key {
    case "surveyScore":
      switch (rating(of: "HR", "HR is"), rating(of: "Manager", "the manager is")) {
      case (let hr?, let manager?): return "\(title): \(hr), \(manager); each side counts half."
      case (let hr?, nil): return "\(title): \(hr); of the manager there is no rating, so the score is HR's."
      case (nil, let manager?): return "\(title): \(manager); of HR there is no rating, so the score is the manager's."
      case (nil, nil): return nil
      }
    case "promisesKeptOnTime", "goalsMetOnTime":
      guard let kept = count("keptByHR"), let due = count("dueByHR"), let managerKept = count("keptByManager"),
        let managerDue = count("dueByManager")
      else { return nil }
      return "\(title): HR \(kept) of \(due), the manager \(managerKept) of \(managerDue)."
    case "creditGiven":
      guard let hr = count("fromHR"), let manager = count("fromManager") else { return nil }
      return "\(title): given \(hr) times by HR, \(manager) by the manager."
    case "initiativeBalance":
      guard let manager = count("byManager"), let all = count("initiated") else { return nil }
      return "\(title): \(manager) of \(all) first steps by the manager."
    default: return nil
    }
  }

  /// What was read and what was refused.
  public static func quality(_ quality: DataQuality, limit: Int = 4) -> [String] {
    // Rows that were left out, and rows that lost an impossible time alone, are told by `rapport check`.
    let rejected = quality.refused
    let refused = quality.rowsRefused
    var sentences: [String] = []
    if refused == 0 {
      sentences.append("\(Figure.count(quality.rowsRead, "row")) read, none refused.")
    } else {
      let reasons = rejected.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      sentences.append(
        "\(Figure.count(quality.rowsRead, "row")) read, \(Figure.count(refused)) refused "
          + "(\(Figure.percent(Double(refused) / Double(max(1, quality.rowsRead))))): "
          + reasons.prefix(limit).map { "\(Wording.words($0.key)) \(Figure.count($0.value))" }.joined(separator: ", ")
          + (reasons.count > limit ? ", …" : "") + ".")
    }
    if quality.duplicates > 0 {
      let rows = Figure.count(quality.duplicates, "duplicate row was", "duplicate rows were")
      sentences.append("\(rows) merged.")
    }
    let observations = quality.observations.filter { $0.value.count > 0 }
      .sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    if !observations.isEmpty {
      sentences.append(
        "Odd but used: "
          + observations.prefix(limit).map { "\(Wording.words($0.key)) \(Figure.count($0.value.count))" }
          .joined(separator: ", ") + (observations.count > limit ? ", …" : "") + " (`rapport check` tells more).")
    }
    return sentences
  }

  /// `a, b and c`.
  public static func list(_ items: [String]) -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
  }
}
