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
    return "Health rests on \(measured) of \(all) domains: \(names). Nothing was read about "
      + "\(list(basis.unmeasuredDomains.map(Wording.domain))), so health says nothing about "
      + "\(basis.unmeasuredDomains.count == 1 ? "it" : "them")."
  }

  /// How many managers lack a score in some domain that the input can measure; `nil` where none.
  static func lackingDomains(_ assessment: Assessment) -> String? {
    let scored = assessment.managers.filter { $0.health.estimate != nil }
    let lacking = scored.count { manager in
      assessment.basis.measuredDomains.contains { manager.domains[$0]?.estimate == nil }
    }
    guard lacking > 0 else { return nil }
    return "Of the \(Figure.count(scored.count, "manager")) with a score of health, \(Figure.count(lacking)) "
      + "\(lacking == 1 ? "lacks" : "lack") evidence for a score of some of these domains; what is likely for them stands in its place."
  }

  /// Trust in the partners less theirs in the manager, beside what is usual.
  ///
  /// - Parameter median: over all managers, in points; `nil` where it isn't known.
  static func trustGap(_ gap: Estimate, median: Double?) -> String {
    func points(_ value: Double) -> String { Figure.number(value, digits: 0) }
    return
      "Trust in the partners less their trust in the manager, over the partners of whom both are known: \(points(gap.value)) points "
      + "(\(points(gap.low)) to \(points(gap.high)))"
      + (median.map { "; the median of all managers is \(points($0))" } ?? "")
      + ". The two rest on different kinds of evidence, so what is usual needn't be 0: only how far a manager is from it tells anything."
  }

  /// By when nearly all requests were opened, where that is long before the end; otherwise `nil`.
  static func oldEvidence(_ assessment: Assessment) -> String? {
    var requests: [String: Int] = [:]
    for manager in assessment.managers {
      for month in manager.months { requests[month.month, default: 0] += month.requests }
    }
    let months = requests.sorted { $0.key < $1.key }
    let all = months.reduce(0) { $0 + $1.value }
    var sum = 0
    guard all > 0,
      let end = months.firstIndex(where: {
        sum += $0.value; return Double(sum) >= nearlyAll * Double(all)
      }),
      4 * (end + 1) <= 3 * months.count
    else { return nil }
    return
      "\(Figure.percent(Double(sum) / Double(all))) of requests were opened by \(Wording.month(months[end].key)): what this report says is "
      + "about that time, not about the months since."
  }

  /// Such a share of requests is nearly all of them.
  private static let nearlyAll = 0.95

  /// What trust rests on, side by side; `nil` where nothing speaks for or against either.
  static func trust(_ basis: TrustBasis) -> String? {
    func told(_ kinds: [TrustKind]) -> String {
      let facets = TrustFacet.allCases.compactMap { facet -> String? in
        let own = kinds.filter { $0.facet == facet }.map(Wording.kind)
        return own.isEmpty ? nil : "\(facet) (\(own.joined(separator: ", ")))"
      }
      let missing = TrustFacet.allCases.filter { facet in !kinds.contains { $0.facet == facet } }.map { "\($0)" }
      return list(facets) + (missing.isEmpty ? "" : "; nothing was read that tells of \(list(missing, "or"))")
    }
    guard !basis.isEmpty else { return nil }
    return [("partners", basis.inPartner), ("managers", basis.inManager)].map { who, kinds in
      kinds.isEmpty ? "Nothing was read that tells of trust in \(who)." : "Trust in \(who) rests on \(told(kinds))."
    }.joined(separator: " ")
      + ((basis.inPartner + basis.inManager).contains(.ratings) ? " Anonymous ratings are no part of it." : "")
  }

  /// Sides of which a facet isn't measured; `nil` where none, and where nothing tells of trust at all.
  static func trustLacks(_ basis: TrustBasis) -> String? {
    guard !basis.isEmpty else { return nil }
    let lacks = [("partners", basis.inPartner), ("managers", basis.inManager)].compactMap { who, kinds -> String? in
      let missing = TrustFacet.allCases.filter { facet in !kinds.contains { $0.facet == facet } }
      return missing.isEmpty ? nil : "of \(who)' \(list(missing.map { "\($0)" }, "or"))"
    }
    return lacks.isEmpty ? nil : "Trust doesn't rest on everything: nothing was read that tells \(list(lacks, "or"))."
  }

  /// Indicators that nobody is measured on, since the input lacks what would speak against them.
  static func unmeasured(_ basis: Basis) -> [String] {
    basis.unmeasuredIndicators.map { key in
      "\(Wording.indicator(key)): \(key == Indicator.resolvedForGood.rawValue ? "no reopening" : "nothing of it") was read"
    }
  }

  /// What the contribution is that carries no indicator's name; empty where there is none.
  static func assumed(_ manager: ManagerAssessment, _ basis: Basis) -> String {
    guard let attribution = manager.attribution, attribution.named.count < attribution.contributions.count else {
      return ""
    }
    let names = assumed(of: manager, basis)
    return "“\(Wording.indicator(Attribution.notMeasured))” is what indicators add all together that have too little "
      + "evidence here\(names.isEmpty ? "" : " (\(list(names)))"): their points are assumed, by what others have and what its own "
      + "other indicators say. More evidence may move them either way."
  }

  /// Indicators that the input can measure and this manager lacks the evidence for, whose points health assumes.
  private static func assumed(of manager: ManagerAssessment, _ basis: Basis) -> [String] {
    Wording.indicatorOrder.filter { key in
      guard let indicator = manager.indicators[key] else { return false }
      return indicator.score.estimate == nil && !basis.unmeasuredIndicators.contains(key)
    }.map(Wording.indicator)
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
  ///
  /// - Parameter elsewhere: where all of them are.
  public static func attention(
    _ assessment: Assessment, limit: Int = 5, elsewhere: String = "`rapport rank` lists every manager"
  ) -> [Told] {
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
      var text = "\(name) \(Figure.points(score)) (\(Figure.interval(score, of: Wording.counted(by)))), "
      text += "in the lowest tenth with probability \(Figure.probability(manager.rank?.probabilityLowestTenth ?? 0))"
      if by == .health,
        let lowering = manager.attribution.map({ lowering($0, assumed: assumed(of: manager, assessment.basis)) }),
        !lowering.isEmpty
      {
        text += "; lowered most by \(list(lowering))"
      }
      return Told(text + ".", of: manager.id)
    }
    if candidates.count > limit, let last = candidates.last?.rank?.probabilityLowestTenth {
      let others = candidates.reduce(0) { $0 + 1 - ($1.rank?.probabilityLowestTenth ?? 0) }
      sentences.append(
        Told(
          "And \(Figure.count(candidates.count - limit)) more, down to \(Figure.probability(last)): \(elsewhere). Of all "
            + "\(Figure.count(candidates.count)) about \(Figure.number(others, digits: 0)) are expected to stand higher after all."
        ))
    }
    return sentences
  }

  /// Managers of a tier, the likeliest in the highest tenth first and the likeliest in the lowest last.
  static func likeliestHighFirst(_ managers: [String], _ byID: [String: ManagerAssessment]) -> [String] {
    managers.sorted { a, b in (lean(byID[a]), a) < (lean(byID[b]), b) }
  }

  /// Managers of a tier, those first who are likeliest at an end.
  static func likeliest(_ managers: [String], _ byID: [String: ManagerAssessment]) -> [String] {
    managers.sorted { a, b in (-abs(lean(byID[a])), a) < (-abs(lean(byID[b])), b) }
  }

  /// From −1, in the highest tenth for certain, to 1, in the lowest.
  private static func lean(_ manager: ManagerAssessment?) -> Double {
    manager?.rank.map { $0.probabilityLowestTenth - $0.probabilityHighestTenth } ?? 0
  }

  /// The two indicators that lower a score most, and what is assumed where it lowers it more than either.
  ///
  /// - Parameter names: the indicators whose points are assumed.
  private static func lowering(_ attribution: Attribution, assumed names: [String]) -> [String] {
    let lowering = attribution.contributions.filter { $0.points < -0.5 }.sorted { $0.points < $1.points }
    let named = lowering.filter { $0.indicator != Attribution.notMeasured }.prefix(2)
    guard let assumed = lowering.firstIndex(where: { $0.indicator == Attribution.notMeasured }), assumed < 2 else {
      return named.map { Wording.indicator($0.indicator) }
    }
    return lowering.prefix(named.count + 1).map {
      $0.indicator == Attribution.notMeasured
        ? "points assumed for want of evidence" + ((1...2).contains(names.count) ? " on \(list(names))" : "")
        : Wording.indicator($0.indicator)
    }
  }

  /// Why figures of a manager's whole period differ from bare counts and from those of a month.
  static let readingPeers =
    "These are estimates for the whole period, drawn towards what is usual where there is little evidence; bare counts and "
    + "single months differ from them. Points are means over all values that the evidence leaves possible, not the points of "
    + "the value that is shown."

  /// What trends are about, beside the figures of the whole period.
  static let readingTrends =
    "Levels of single months, not of the whole period as above; check-ins are followed partner by partner here, so that their share is "
    + "lower, and adjusted response times stand in the month in which the days to answer in were over. Nothing is drawn towards what is "
    + "usual at the end, so a level may lie outside the interval of the period."

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

  /// So many points from an end of a scale are next to it.
  private static let nextToEnd = 5.0

  /// Indicators on which half of the managers or more stand at one end of the scale or next to it, so that points hardly tell them apart;
  /// `nil` where none.
  static func crowdedEnds(_ assessment: Assessment) -> String? {
    let ends = [
      (name: "lowest", isAt: { (value: Double) in value <= 1 + nextToEnd }), ("highest", { $0 >= 100 - nextToEnd }),
    ]
    // Of trust no indicator tells anything; of a domain its own do.
    let by = assessment.ranking.by
    let told = Wording.indicatorOrder.filter { key in
      by == .health || Indicator(rawValue: key)?.domain.rawValue == by.rawValue
    }.flatMap { key -> [String] in
      let points = assessment.managers.compactMap { $0.indicators[key]?.points.estimate?.value }
      return ends.compactMap { name, isAt in
        let count = points.count(where: isAt)
        guard points.count > 2, 2 * count >= points.count else { return nil }
        return "\(Wording.indicator(key)) (\(Figure.count(count)) of \(Figure.count(points.count)) near the \(name))"
      }
    }
    guard !told.isEmpty else { return nil }
    return
      "Half of the managers or more stand at or next to an end (within \(Figure.number(nextToEnd, digits: 0)) points) of the "
      + "scale of \(list(told)): the scale doesn't fit this log there, so its points hardly tell those managers apart. Read the "
      + "indicator\(told.count == 1 ? "'s" : "s'") values."
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
    func isNarrow(_ score: Score) -> Bool { score.estimate.map { $0.high - $0.low < noWidth } ?? false }
    let counts = (ofManager + ofPartner).map { whose, name, scores in
      (whose, name, count: scores.count(where: isNarrow))
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
      + (ofManagers && assessment.managers.count { isNarrow(by.score(of: $0)) } > 1
        ? " Managers at the same end share the places there, so none of them is in the lowest or highest tenth for certain."
        : "")
  }

  /// What isn't known of a manager or a pair, and why.
  ///
  /// - Parameters:
  ///   - indicators: those that could be measured.
  ///   - domains: by name, those whose score is shown elsewhere.
  static func unknown(
    _ indicators: [String: IndicatorScore], health: Score, domains: [String: Score], basis: Basis
  ) -> [String] {
    var told: [String] = []
    if case .insufficient(let n, let needed) = health {
      told.append("health: \(n) of the \(needed) indicators that it needs \(n == 1 ? "is" : "are") measured")
    }
    told += Wording.domains.compactMap { domain in
      guard case .insufficient(let n, let needed)? = domains[domain] else { return nil }
      guard n > 0 else {
        // Of a domain of which nothing was read that is said once for all its indicators.
        return basis.measuredDomains.contains(domain)
          ? "\(Wording.domain(domain)): none of its indicators is measured; it needs \(needed)"
          : nil
      }
      let own = Wording.indicatorOrder.filter {
        Indicator(rawValue: $0)?.domain.rawValue == domain && indicators[$0]?.score.estimate != nil
      }
      let inHealth = health.estimate == nil ? "" : ", which \(n == 1 ? "counts" : "count") in health all the same"
      return
        "\(Wording.domain(domain)): \(n) of the \(needed) indicators that it needs \(n == 1 ? "is" : "are") measured "
        + "(\(list(own.map(Wording.indicator)))\(inHealth))"
    }
    told += Wording.indicatorOrder.compactMap { key in
      guard let indicator = indicators[key], indicator.score.estimate == nil else { return nil }
      return "\(Wording.indicator(key)): \(Figure.interval(indicator.score, of: Wording.counted(key, indicator)))"
    }
    return told + unmeasured(basis)
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
      guard let mean = indicator.evidence["ratingOf\(side)"], let n = indicator.evidence["ratingsOf\(side)"],
        let counted = indicator.evidence["countedOf\(side)"]
      else { return nil }
      let ratings = Figure.count(Int(n), "rating")
      return "\(subject) rated \(Figure.number(mean, digits: 1)) on average (\(ratings)"
        + (counted < n ? ", counted as \(Figure.count(Int(counted))): those within a pair are averaged)" : ")")
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
      func kept(_ side: String, _ subject: String) -> String? {
        guard let kept = count("keptBy\(side)"), let due = count("dueBy\(side)") else { return nil }
        return due == "0" ? "\(subject) had none due" : "\(subject) \(kept) of \(due)"
      }
      guard let hr = kept("HR", "HR"), let manager = kept("Manager", "the manager") else { return nil }
      return "\(title): \(hr), \(manager)."
    case "creditGiven":
      guard let hr = indicator.evidence["fromHR"], let manager = indicator.evidence["fromManager"],
        let counted = indicator.evidence["recognitions"]
      else { return nil }
      return "\(title): given \(Figure.count(Int(hr), "time")) by HR, \(Figure.count(Int(manager))) by the manager"
        + (counted < hr + manager
          ? "; \(Figure.count(Int(counted))) count, since a week in which both sides of a pair give it counts once."
          : ".")
    case "initiativeBalance":
      guard let manager = count("byManager"), let all = count("initiated") else { return nil }
      return "\(title): \(manager) of \(all) first steps by the manager."
    default: return nil
    }
  }

  /// What was read, what of it was used, and what wasn't.
  public static func quality(_ quality: DataQuality, limit: Int = 4) -> [String] {
    // Rows that lost an impossible time alone are told by `rapport check`.
    let told: [(consequence: DataQuality.Consequence, opening: String)] = [
      (.refused, "Refused"), (.leftOut, "Left out"), (.used, "Odd but used"),
    ]
    return [rows(quality)]
      + told.compactMap { consequence, opening in
        let found = quality.findings(consequence)
        guard !found.isEmpty else { return nil }
        return "\(opening): "
          + found.prefix(limit).map { "\(Wording.words($0.name)) \(Figure.count($0.finding.count))" }
          .joined(separator: ", ") + (found.count > limit ? ", …" : "")
          + (consequence == .used ? " (`rapport check` tells more)." : ".")
      }
  }

  /// What leaves no trace in anybody's figures though it was read; `nil` where nothing of the kind may have been.
  static func protected(_ quality: DataQuality) -> String? {
    guard quality.holds(.escalation) || quality.holds(.concern) else { return nil }
    return
      "Concerns, and escalations through protected channels, are counted among the events that were read and leave no trace in "
      + "anybody's figures."
  }

  /// What makes a row a duplicate; `nil` where none was merged.
  static func duplicates(_ quality: DataQuality) -> String? {
    guard quality.duplicates > 0 else { return nil }
    return
      "A duplicate repeats another row's case, kind, people and time to the second, or its id; of what has no case two alike in the "
      + "same second are taken for one."
  }

  /// Which ratings aren't used though they were read; `nil` without surveys.
  static func anonymous(_ quality: DataQuality) -> String? {
    guard quality.holds(.survey) else { return nil }
    return
      "Anonymous ratings of a manager count where there are at least \(Voice.leastRespondents) within \(Voice.waveDays) days. "
      + "Fewer are set aside, though they are among the surveys that were read, and how many isn't told, so that nobody can be "
      + "recognised."
  }

  /// What became of requests. Of what nothing was read, no number is known, not even 0.
  static func requests(_ quality: DataQuality) -> String {
    let requests = quality.requests
    let undated = quality.rejections[RejectReason.respondedBeforeOpened.rawValue]?.count ?? 0
    return "\(Figure.count(requests.total, "request")): \(Figure.count(requests.answered)) answered, "
      + "\(Figure.count(requests.open)) open"
      + (undated == 0
        ? ""
        : " (\(Figure.count(undated, "answer")) dated before \(undated == 1 ? "its" : "their") request \(undated == 1 ? "doesn\'t" : "don\'t") count)")
      + (quality.holds(.withdraw)
        ? ", \(Figure.count(requests.withdrawn)) withdrawn." : "; no withdrawal was read.")
  }

  /// Columns that are named before the rest is counted.
  private static let mostColumns = 20

  /// Which columns of the input weren't read, so that what they hold isn't known; `nil` where none.
  static func unread(_ quality: DataQuality) -> String? {
    let columns = quality.ignoredColumns
    guard !columns.isEmpty else { return nil }
    let rest = columns.count - mostColumns
    let named =
      columns.prefix(mostColumns).joined(separator: ", ") + (rest > 0 ? " and \(Figure.count(rest)) more" : "")
    return
      "Columns of the input that weren't read: \(named). What they may hold, such as targets, withdrawals, reopenings or "
      + "passing on, isn't known here. Whoever makes this report can name times of targets and withdrawals with --map (due=…, "
      + "withdrawn=…) where a column holds them; reopenings and passing on are read as events only, each a row of its own."
  }

  /// What became of every row that was read, and of every event in those that weren't refused.
  static func rows(_ quality: DataQuality) -> String {
    let rows = "\(Figure.count(quality.rowsRead, "row")) read"
    guard quality.rowsRead > 0 else { return rows + "." }
    let share = Double(quality.rowsRefused) / Double(max(1, quality.rowsRead))
    let apart = [
      (quality.rowsRefused, "\(Figure.count(quality.rowsRefused)) refused (\(Figure.percent(share)))"),
      (quality.rowsLeftOut, "\(Figure.count(quality.rowsLeftOut)) left out"),
      (quality.duplicates, Figure.count(quality.duplicates, "duplicate merged", "duplicates merged")),
    ].filter { $0.0 > 0 }.map(\.1)
    let events = Figure.count(quality.eventsUsed + quality.eventsLeftOut, "event")
    return
      (apart.isEmpty
      ? "\(rows), none refused. They hold \(events)" : "\(rows): \(list(apart)). The others hold \(events)")
      + (quality.eventsLeftOut == 0
        ? ", all used."
        : ": \(Figure.count(quality.eventsUsed)) used, \(Figure.count(quality.eventsLeftOut)) left out.")
  }

  /// `a, b and c`.
  public static func list(_ items: [String], _ conjunction: String = "and") -> String {
    guard items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " \(conjunction) " + items[items.count - 1]
  }
}

extension DataQuality {
  /// Whether any event of this kind was read.
  func holds(_ kind: EventKind) -> Bool { (kinds[kind.rawValue] ?? 0) > 0 }
}
