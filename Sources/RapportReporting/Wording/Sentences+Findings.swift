import RapportScoring

/// Response-time findings and what they rest on.
extension Sentences {
  /// Findings on response times, with what they rest on.
  public static func favouritism(
    _ findings: FavouritismFindings, limit: Int = 5, elsewhere: String = "`rapport favouritism --format csv` lists all"
  ) -> [String] {
    let named: [FavouritismVerdict] =
      findings.pairs.map(\.verdict) + findings.partners.map(\.verdict) + findings.managers.map(\.verdict)
      + findings.groups.map(\.verdict)
    var sentences = named.contains(.signal) ? [questions] : []
    if findings.signals.contains(where: { $0.choices != nil }) { sentences += [readingOdds, readingWaits] }
    sentences += [verdicts(findings)] + [falseSigns(findings)].compactMap { $0 }
    if let caveat = findings.caveat { sentences.append(caveat) }
    func tell(_ statements: [String], _ noun: String) {
      sentences += statements.prefix(limit)
      guard statements.count > limit else { return }
      sentences.append("And \(Figure.count(statements.count - limit, "more \(noun)")); \(elsewhere).")
    }
    if max(findings.signals.count, findings.partnerSignals.count) > limit { sentences.append(readingLargest) }
    tell(findings.signals.map(\.statement), "pair")
    tell(findings.partnerSignals.map(\.statement), "partner")
    tell(findings.managerSignals.map(\.statement), "manager")
    tell(findings.groups.filter { $0.verdict == .signal }.map(\.statement), "group")
    return sentences
  }

  /// How many pairs there are, how many of them have enough for a verdict, how many of these have which verdict, and why the others
  /// have none: too few requests, or a partner whose order of picks can't be told.
  static func verdicts(_ findings: FavouritismFindings) -> String {
    let pairs = findings.pairs
    guard !pairs.isEmpty else { return "No pair has a request that can be compared." }
    let judged = pairs.count(where: \.isJudged)
    let needed = "\(FavouritismFindings.fewestForVerdict) requests in queues with others' that a verdict needs"
    let isOfChoices = pairs.contains { $0.choices != nil }
    let untold = untold(pairs)
    guard judged > 0 || !isOfChoices else {
      return untold == nil
        ? "Of \(Figure.count(pairs.count, "pair")) with waits that can be used none has the \(needed)."
        : "Of \(Figure.count(pairs.count, "pair")) with waits that can be used none can be judged.\(others(pairs, untold: untold))"
    }
    let isPart = isOfChoices && judged < pairs.count
    var text = "Of \(Figure.count(pairs.count, "pair")) with waits that can be used, "
    if isPart {
      text +=
        untold == nil
        ? "\(Figure.count(judged)) \(judged == 1 ? "has" : "have") the \(needed); of these, "
        : "\(Figure.count(judged)) \(judged == 1 ? "has" : "have") the \(needed), and an order of picks that can be told; of "
          + "these, "
    }
    text += counts(pairs.map(\.verdict), of: isPart ? judged : pairs.count)
    return isPart ? text + others(pairs, untold: untold) : text
  }

  /// How many managers the data tell of across partners, and what.
  static func verdicts(acrossPartners managers: [ManagerFinding]) -> String {
    guard managers.contains(where: { $0.verdict != .insufficientEvidence }) else {
      return
        "Of \(Figure.count(managers.count, "manager")) with requests in queues none can be judged across partners: the evidence is "
        + "insufficient."
    }
    return
      "Of \(Figure.count(managers.count, "manager")) with requests in queues, \(counts(managers.map(\.verdict), of: managers.count))"
  }

  /// How many of those that are judged have which verdict.
  private static func counts(_ verdicts: [FavouritismVerdict], of judged: Int) -> String {
    let signals = verdicts.count { $0 == .signal }
    let none = verdicts.count { $0 == .noMaterialDifference }
    return
      (signals == 0 ? "none is a signal" : signals == 1 ? "1 is a signal" : "\(Figure.count(signals)) are signals")
      + " worth looking into, \(Figure.count(none)) show\(none == 1 ? "s" : "") no material difference, and for "
      + "\(Figure.count(judged - signals - none)) the evidence is insufficient."
  }

  /// How many of the pairs that are signals are expected to be none, by their own chances of that, or how likely the only one is;
  /// `nil` without signals.
  static func falseSigns(_ findings: FavouritismFindings) -> String? {
    let rates = findings.signals.compactMap(\.localFalseSignRate)
    guard !rates.isEmpty else { return nil }
    let more = findings.signals.count { ($0.ratio ?? 1) > 1 }
    guard rates.count > 1 else {
      return
        "The one signal, of a pair that is answered \(more == 1 ? "more" : "less") readily, is wrong about the direction, or no difference "
        + "at all, with probability \(Figure.chance(rates[0]))."
    }
    let directions =
      more == 0 || more == rates.count
      ? "\(rates.count == 2 ? "both" : "all") for \(more == 0 ? "less" : "more") readily answered"
      : "\(Figure.count(more)) for more and \(Figure.count(rates.count - more)) for less readily answered"
    let expected = rates.reduce(0, +)
    let told =
      expected < 1
      ? "fewer than 1 is" : expected < 1.5 ? "about 1 is" : "about \(Figure.number(expected, digits: 0)) are"
    return
      "Of these \(Figure.count(rates.count)) signals, \(directions), \(told) expected to be wrong about the direction, or no difference "
      + "at all."
  }

  /// Pairs with requests enough whose partner's order of picks can't be told, and the reasons; `nil` where there is none.
  private static func untold(_ pairs: [PairFinding]) -> (count: Int, reasons: String)? {
    let reasons: [(obstacle: ChoiceObstacle, words: String)] = [
      (.resolution, "times too coarse"), (.noQueue, "no queue of several"), (.notConverged, "no fit"),
    ]
    // A pair with too few requests lacks those, whatever else stands in the way.
    let counts = reasons.map { reason in
      pairs.count { $0.obstacle == reason.obstacle && $0.requests >= FavouritismFindings.fewestForVerdict }
    }
    let told = zip(reasons, counts).filter { $0.1 > 0 }.map { "\($0.0.words): \(Figure.count($0.1))" }
    return told.isEmpty ? nil : (counts.reduce(0, +), told.joined(separator: ", "))
  }

  /// What is said of the pairs that can't be judged.
  private static func others(_ pairs: [PairFinding], untold: (count: Int, reasons: String)?) -> String {
    let rest = pairs.count { !$0.isJudged }
    guard let untold else { return " The other \(Figure.count(rest)) have too few to say." }
    let few = rest - untold.count
    let coarse = pairs.count { $0.obstacle == .resolution && $0.requests < FavouritismFindings.fewestForVerdict }
    let besides = coarse == 0 ? "" : " (the times of \(Figure.count(coarse)) of these are too coarse besides)"
    let order = "the order of picks can't be told (\(untold.reasons))."
    return few == 0
      ? " For \(rest == pairs.count ? "all" : "the other") \(Figure.count(rest)) \(order)"
      : " Of \(rest == pairs.count ? "them" : "the other \(Figure.count(rest))"), \(Figure.count(few)) "
        + "\(few == 1 ? "has" : "have") fewer than \(FavouritismFindings.fewestForVerdict) requests in "
        + "queues with others'\(besides), and for \(Figure.count(untold.count)) \(order)"
  }

  /// How to read a ratio and a signal.
  public static let readingRatios =
    "A ratio above 1 means answered more readily than comparable requests, below 1 less readily. \(readingOdds) "
    + "\(readingSignals) A signal is something to look into, not a judgement of a person: there may be a reason that the data don't "
    + "hold. \(readingWaits) \(readingOne)"

  /// What makes a pair a signal, which its interval alone doesn't.
  static let readingSignals =
    "A pair is a signal where its ratio is at least \(Figure.ratio(RatioInterval.material)), or at most "
    + "\(Figure.ratio(1 / RatioInterval.material)), its own chance of another direction, or of no difference, is below "
    + "\(Figure.percent(FavouritismFindings.largestOwnRate)), and the mean of that chance over it and all surer pairs (the "
    + "s-value) is below \(Figure.percent(FavouritismFindings.largestRate)). So of two pairs whose intervals both reach 1.00 one "
    + "may be a signal and the other none."

  /// What makes a group a signal, which its interval alone doesn't.
  static let readingGroups =
    "A group is a signal where its ratio rests on queue choices and is at least \(Figure.ratio(RatioInterval.material)), or at most "
    + "\(Figure.ratio(1 / RatioInterval.material)), and its q-value is below \(Figure.percent(FavouritismFindings.largestRate)). Of many "
    + "groups some stand apart by chance, so an interval may leave out 1.00 without a signal."

  /// What a ratio of queue choices is of, and what it isn't.
  static let readingOdds =
    "From queue choices a ratio is one of the odds of being picked next, not of how many more picks there are or how much shorter "
    + "waits: where most requests are picked soon in any case, a large ratio moves few picks. A choice is any pick that a partner made "
    + "while a request of the manager's stood open beside another's. A request that isn't picked stands in the next choice as well, so "
    + "there may be many more choices than requests. Equal chances: the mean chance, over the choices as they "
    + "were, that the manager's was next if everybody were treated alike. No total follows "
    + "from it: requests that are picked sooner stand in fewer choices."

  /// What waits are told by.
  static let readingWaits =
    "What waits say comes from two models: the timing model compares how long comparable requests waited, the Cox model how readily "
    + "they are answered at any moment."

  /// Why what is told first of much is too large.
  static let readingLargest =
    "What stands first of many is there partly by chance. Ratios are shrunken for that, their intervals allow for it only in part. "
    + "Take it for an order in which to look, not for how large the difference is."

  /// Why an interval may end at exactly 1.
  static let readingOne =
    "An interval that ends at exactly 1.00 leaves it open whether there is any difference at all."

  /// What it means that the interval of a signal goes on beyond 1.
  static let readingHeldOne =
    "An interval that holds 1.00, no difference, means that what was picked in the pair's queues alone wouldn't settle it: the "
    + "verdict hangs on the model, which also weighs how much pairs differ altogether."

  /// Whether a pair is a signal though its interval goes on beyond 1.
  static func holdsOne(_ pair: PairFinding) -> Bool {
    guard pair.verdict == .signal, let shown = pair.shown else { return false }
    return shown.low < 1 && shown.high > 1
  }

  /// Whether a pair's interval ends at exactly 1.
  static func endsAtOne(_ pair: PairFinding) -> Bool { pair.low == 1 || pair.high == 1 }

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

  /// Every estimator's ratio of a pair, the one that the finding rests on first; empty where none is told.
  public static func estimators(_ pair: PairFinding) -> [(name: String, ratio: RatioInterval)] {
    let isChoice = pair.method == "choice"
    var rows: [(name: String, ratio: RatioInterval)] = []
    if let shown = pair.shown { rows.append((isChoice ? "queue choices, shrunken" : "waits, shrunken", shown)) }
    if let plain = pair.estimate { rows.append((isChoice ? "queue choices, plain" : "waits, plain", plain)) }
    if isChoice, let timing = pair.timing { rows.append(("waits (timing model, above 1: shorter), shrunken", timing)) }
    if let difference = pair.timingDifference {
      rows.append(("waits (timing model), against the partner's other pairs", difference))
    }
    if let cox = pair.cox { rows.append(("waits (Cox model)", cox)) }
    return rows
  }

  /// `, of the same topic and priority`; empty where the input has neither.
  static func ofTheSame(_ common: [String]) -> String { common.isEmpty ? "" : ", of the same \(list(common))" }

  /// What a pair's finding rests on, and how much it would take to explain it away.
  ///
  /// - Parameter comparableBy: as in ``/RapportScoring/ChoiceSummary/comparableBy``.
  public static func evidence(_ pair: PairFinding, comparableBy: [String]) -> [String] {
    var sentences: [String] = []
    if let choices = pair.choices, let overtakes = pair.overtakes, let overtaken = pair.overtaken {
      sentences.append(
        "\(Figure.count(pair.requests, "request")) stood in queues with other managers'; "
          + "\(Figure.count(choices)) \(choices == 1 ? "was" : "were") picked out of such queues.")
      sentences.append(
        "Times that it overtook older requests of others\(ofTheSame(comparableBy)): \(Figure.count(overtakes)); times that it "
          + "was itself overtaken by such younger ones: \(Figure.count(overtaken)).")
    } else {
      sentences.append(
        "\(Figure.count(pair.requests, "request")), \(Figure.count(pair.answered)) of them answered; nothing is known of "
          + "what they were picked before.")
    }
    if let ratio = pair.ratioWithoutOneRequest, let plain = pair.estimate {
      sentences.append(
        "Without the one request that does most to make it stand out the plain ratio would be \(Figure.ratio(ratio)), instead of "
          + "\(Figure.ratio(plain.ratio)).")
    }
    // Of waits alone a rate of false signs would lend a direction to what has no verdict.
    let sign = (pair.choices == nil ? nil : pair.localFalseSignRate).map {
      "Probability that the direction is not as stated, or that there is no difference: \(Figure.chance($0))."
        + (endsAtOne(pair) ? " \(readingOne)" : holdsOne(pair) ? " \(readingHeldOne)" : "") + " "
    }
    if let detectable = pair.minimumDetectableRatio {
      sentences.append(
        (sign ?? "") + "With this much evidence a plain test of this pair alone would tell a true ratio of "
          + "\(Figure.ratio(detectable)), or of \(Figure.ratio(1 / detectable)), from 1 in four cases "
          + "out of five; a signal, which is judged among all pairs, needs more.")
    }
    if let ratio = pair.ratio, let eValue = pair.eValue, let ofLimit = pair.eValueOfLimit {
      sentences.append(
        "A reason that the data don't hold could explain this away altogether if it were \(Figure.factor(eValue)) times "
          + "as common among this manager's requests as among others', and itself made requests as many times as likely to be answered "
          + "\(ratio >= 1 ? "sooner" : "later"); if it is stronger in one of the two, less is enough in the other"
          // An interval that reaches 1 needs no reason to be brought there.
          + (ofLimit > 1
            ? ". To leave it open whether there is any difference, \(Figure.factor(ofLimit)) times would do (the E-values)."
            : " (the E-value)."))
    }
    if let disagreement = disagreement(pair) { sentences.append(disagreement) }
    return sentences
  }

  /// Where waits, by the timing model and the Cox model, both point one way and the order of picks tells no difference; `nil` elsewhere:
  /// of a signal the finding's own statement tells what waits say.
  static func disagreement(_ pair: PairFinding) -> String? {
    guard pair.method == "choice", pair.verdict != .signal, let timing = pair.timing, let cox = pair.cox else {
      return nil
    }
    func isClear(_ ratio: RatioInterval) -> Bool { ratio.low > 1 || ratio.high < 1 }
    // Waits aren't held against the queue, so one model alone, or two that disagree, say nothing beside an open finding.
    guard isClear(timing), isClear(cox), (timing.ratio > 1) == (cox.ratio > 1),
      [timing, cox].contains(where: { max($0.ratio, 1 / $0.ratio) >= RatioInterval.material })
    else { return nil }
    func told(_ ratio: RatioInterval) -> String {
      "\(Figure.ratio(ratio.ratio)), \(Figure.limits(ratio.low, ratio.high))"
    }
    return
      "By waits it looks answered \(timing.ratio > 1 ? "sooner" : "later") (timing model \(told(timing)); Cox model "
      + "\(told(cox))), "
      + (pair.verdict == .noMaterialDifference
        ? "which the order of picks doesn't bear out" : "of which the order of picks tells too little")
      + ": waits also tell how long the work takes."
  }
}
