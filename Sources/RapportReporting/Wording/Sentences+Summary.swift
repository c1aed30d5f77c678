import RapportIngestion
import RapportScoring

/// What a report begins with: what it rests on, and who may need attention.
extension Sentences {
  /// Which domains health rests on, what weights say of them, and which the input can't measure.
  public static func measured(_ basis: Basis) -> String {
    let all = basis.measuredDomains.count + basis.unmeasuredDomains.count
    guard !basis.measuredDomains.isEmpty else { return "The input can measure none of the \(all) domains of health." }
    let counted = basis.measuredDomains.filter { basis.options.domainWeights[$0] != 0 }
    let share = counted.count == all ? "all \(all)" : "\(counted.count) of \(all)"
    let rests =
      counted.isEmpty
      ? "Health rests on none of the \(all) domains."
      : "Health rests on \(share) domains: \(list(counted.map(Wording.domain)))."
    let sentences =
      [rests, weights(basis)].compactMap { $0 } + unmeasuredDomains(basis, so: ", so health says nothing about ")
    return sentences.joined(separator: " ")
  }

  /// What the weights that were given do to the domains that are measured; `nil` where they do nothing.
  private static func weights(_ basis: Basis) -> String? {
    let given = basis.measuredDomains.compactMap { name in
      basis.options.domainWeights[name].map { (domain: Wording.domain(name), weight: $0) }
    }
    let none = given.filter { $0.weight == 0 }.map(\.domain)
    let others = given.filter { $0.weight != 0 && $0.weight != 1 }.map { domain, weight in
      "\(domain) counts \(Figure.number(weight, digits: weight == weight.rounded() ? 0 : 2)) times"
    }
    let told = (none.isEmpty ? [] : ["\(list(none)) \(none.count == 1 ? "doesn't" : "don't") count"]) + others
    return told.isEmpty ? nil : "By the weights given \(told.joined(separator: "; "))."
  }

  /// Of which domains nothing was read, and of which too little.
  ///
  /// - Parameter consequence: what follows, as in `, so health says nothing about ` it.
  static func unmeasuredDomains(_ basis: Basis, so consequence: String? = nil) -> [String] {
    func told(_ opening: String, _ domains: [String]) -> String? {
      guard !domains.isEmpty else { return nil }
      let closing = consequence.map { $0 + (domains.count == 1 ? "it" : "them") } ?? ""
      return "\(opening) \(list(domains.map(Wording.domain)))\(closing)."
    }
    let thin = basis.unmeasuredThoughRead
    return [
      told("Nothing was read about", basis.unmeasuredDomains.filter { !thin.contains($0) }),
      told("Too little, or too recent, is what was read about", thin),
    ].compactMap { $0 }
  }

  /// How many managers lack a score in some domain that the input can measure; `nil` where none.
  static func lackingDomains(_ assessment: Assessment) -> String? {
    let scored = assessment.managers.filter { $0.health.estimate != nil }
    let lacking = scored.map { manager in
      assessment.basis.measuredDomains.filter { manager.domains[$0]?.estimate == nil }
    }.filter { !$0.isEmpty }
    let incomplete = scored.count { !assumed(of: $0, assessment.basis).isEmpty }
    guard incomplete > 0 || !lacking.isEmpty else { return nil }
    let domains = Set(lacking.joined())
    let which = domains.count == 1 ? Wording.domain(domains.first!) : "some domain"
    let all = max(incomplete, lacking.count)
    let part = lacking.count == all ? "" : "\(Figure.count(lacking.count)) of them "
    return
      "Of the \(Figure.count(scored.count, "manager")) with a score of health, \(Figure.count(all)) \(all == 1 ? "has" : "have") too "
      + "little evidence on some indicator" + (lacking.isEmpty ? "" : ", \(part)so little that \(which) has no score")
      + ": what is measured counts, and for what isn't points are assumed that are likely for them."
  }

  /// By when nearly all requests were opened, where at least a quarter of the time that is told of lies after that month;
  /// otherwise `nil`.
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
      let first = CivilDate(ofStamp: assessment.basis.firstEvent), let last = CivilDate(ofStamp: assessment.basis.asOf),
      let month = CivilDate(ofStamp: months[end].key + "-01")
    else { return nil }
    // Months themselves can't be counted: one that has just begun would count as a whole one.
    let (year, number, _) = month.components
    let since = last.dayNumber - CivilDate(year: year, month: number + 1, day: 1).dayNumber
    guard since > 0, 4 * since >= last.dayNumber - first.dayNumber else { return nil }
    return
      "\(Figure.percent(Double(sum) / Double(all))) of requests were opened by the end of \(Wording.month(months[end].key)): nearly all that this report says is "
      + "about that time, not about the months since."
  }

  /// Such a share of requests is nearly all of them.
  private static let nearlyAll = 0.95

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
    if assessment.ranking.rankability == nil || !assessment.ranking.tellsApart {
      return [
        Told(
          "Nobody stands out: the differences between managers are within what chance alone would give. "
            + "Read single managers' pages rather than the order.")
      ]
    }
    func likelihood(_ manager: ManagerAssessment) -> Int {
      Figure.wholePercent(manager.rank?.probabilityLowestTenth ?? 0)
    }
    let candidates = scored.filter(assessment.ranking.marks).sorted { a, b in
      // Those that read as equally likely differ by a draw or two; among them the lowest score comes first.
      let (x, y) = (likelihood(a), likelihood(b))
      let (low, high) = (by.score(of: a).estimate?.value ?? 100, by.score(of: b).estimate?.value ?? 100)
      return x != y ? x > y : low != high ? low < high : a.id < b.id
    }
    guard !candidates.isEmpty else {
      let isLikely = scored.contains { ($0.rank?.probabilityLowestTenth ?? 0) >= 0.5 }
      return [
        Told(
          (isLikely
            ? "Nobody is told apart from the others as standing \(assessment.ranking.atLowEnd). "
            : "For no manager is it more likely than not that their relationships stand \(assessment.ranking.atLowEnd). ")
            + "Read single managers' pages rather than the order.")
      ]
    }
    let isOfRequests = isOfHRAlone(assessment)
    var sentences = candidates.prefix(limit).map { manager in
      let score = by.score(of: manager)
      var text = "\(name) \(Figure.points(score)) (\(Figure.interval(score, of: Wording.counted(by)))"
      text +=
        "; \(evidence(manager, score, assumed: assumed(of: manager, assessment.basis).count, isOfRequests: isOfRequests))"
      text +=
        "), \(assessment.ranking.atLowEnd) with probability \(Figure.probability(manager.rank?.probabilityLowestTenth ?? 0))"
      if by == .health, let attribution = manager.attribution {
        text += lowering(attribution, assumed: assumed(of: manager, assessment.basis))
      }
      return Told(text + "." + (manager.left.map { " Left on \(Wording.day($0))." } ?? ""), of: manager.id)
    }
    if candidates.count > limit, let last = candidates.last?.rank?.probabilityLowestTenth {
      let left = candidates.count { $0.left != nil }
      let others = candidates.reduce(0) { $0 + 1 - ($1.rank?.probabilityLowestTenth ?? 0) }
      sentences.append(
        Told(
          "And \(Figure.count(candidates.count - limit)) more, down to \(Figure.probability(last)): \(elsewhere). Of all "
            + "\(Figure.count(candidates.count)) about \(Figure.number(others, digits: 0)) are expected to stand higher after all."
            + (left == 0 ? "" : " \(Figure.count(left)) of them \(left == 1 ? "has" : "have") left.")))
    }
    return sentences
  }

  /// How much a manager's score rests on, and what it lacks: where all of it is told by requests, how many there are.
  ///
  /// - Parameter assumed: indicators without enough evidence.
  private static func evidence(_ manager: ManagerAssessment, _ score: Score, assumed: Int, isOfRequests: Bool) -> String
  {
    (isOfRequests
      ? Figure.count(manager.months.reduce(0) { $0 + $1.requests }, "request")
      : "evidence \(Figure.number(score.estimate?.effectiveN ?? 0, digits: 0))")
      + (assumed == 0 ? "" : ", too little on \(Figure.count(assumed, "indicator"))")
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

  /// The two measured indicators that lower a score most, and what is assumed where that lowers it more than the second.
  ///
  /// - Parameter names: the indicators whose points are assumed.
  private static func lowering(_ attribution: Attribution, assumed names: [String]) -> String {
    let lowering = attribution.contributions.filter { $0.points < -0.5 }.sorted { $0.points < $1.points }
    let named = lowering.filter { $0.indicator != Attribution.notMeasured }.prefix(2).map {
      Wording.indicator($0.indicator)
    }
    let place = lowering.firstIndex { $0.indicator == Attribution.notMeasured }
    guard let place, place < 2 else { return named.isEmpty ? "" : "; lowered most by \(list(named))" }
    let most = named.isEmpty ? "" : "; of what is measured, lowered most by \(list(named))"
    let which = names.isEmpty ? "" : " on \(names.count > 2 ? "\(names.count) indicators" : list(names))"
    let below = -attribution.contributions.reduce(0) { $0 + $1.points }
    return most + "; of the \(Figure.number(below, digits: 1)) points below the reference of "
      + "\(Figure.number(attribution.reference, digits: 1)), \(Figure.number(-lowering[place].points, digits: 1)) come of points assumed for "
      + "want of evidence\(which)"
  }
}

extension CivilDate {
  /// The day of a stamp such as `2026-06-30T23:00:00Z` or `2026-06-30`, as it is written there.
  fileprivate init?(ofStamp stamp: String) {
    let parts = stamp.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]) else { return nil }
    self.init(year: parts[0], month: parts[1], day: parts[2])
  }
}
