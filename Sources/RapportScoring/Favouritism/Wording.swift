import Glibc
import RapportIngestion

/// Findings in sentences; every number with its interval and count.
enum Wording {
  /// An identifier in a sentence full of numbers: "P01", but "Partner 11" where it holds no letter.
  static func named(_ noun: String, _ identifier: String) -> String {
    identifier.contains(where: \.isLetter) ? identifier : "\(noun) \(identifier)"
  }

  /// "2 partners", "1 partner".
  static func count(_ n: Int, _ noun: String) -> String { "\(n.grouped) \(noun)\(n == 1 ? "" : "s")" }

  /// A group of the timing model: "partner by topic".
  static func group(_ name: String) -> String { name.split(separator: ":").joined(separator: " by ") }

  /// What the levels of such a group are: "pairs".
  static func levels(of group: String) -> String {
    switch group {
    case "manager", "partner": group + "s"
    case "manager:partner": "pairs"
    case "pair:month": "months of a pair"
    default: "combinations"
    }
  }

  /// A clause as a sentence of its own.
  static func sentence(_ clause: String) -> String { "\(clause.prefix(1).uppercased())\(clause.dropFirst())." }

  /// Two digits after the point, one from 10 on; `more than 20` and `less than 0.05` beyond ``RatioInterval/told``.
  static func ratio(_ value: Double) -> String {
    if value > RatioInterval.told.upperBound { return "more than \(Int(RatioInterval.told.upperBound))" }
    if value < RatioInterval.told.lowerBound { return "less than \(RatioInterval.told.lowerBound)" }
    return decimal(value, digits: value >= 9.95 ? 1 : 2)
  }

  /// A number from 0 on with so many digits after the point.
  private static func decimal(_ value: Double, digits: Int) -> String {
    let text = String(Int((value * pow(10, Double(digits))).rounded()))
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return "\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }

  /// "90 % interval 1.21–1.80", "90 % interval 3.10 to more than 20", "90 % interval more than 20".
  static func interval(_ interval: RatioInterval, level: Double) -> String {
    let told = RatioInterval.told
    let name = "\(Int((level * 100).rounded())) % interval "
    // Of an interval that lies beyond what is told, no more is said than that.
    if interval.low > told.upperBound || interval.high < told.lowerBound { return name + ratio(interval.low) }
    let isTold = told.contains(interval.low) && told.contains(interval.high)
    return name + "\(ratio(interval.low))\(isTold ? "–" : " to ")\(ratio(interval.high))"
  }

  /// What one unit's verdict says.
  static func sentence(
    _ subject: String, _ judged: TreatmentFamily.Judged, than others: String, basis: String, interval level: Double
  ) -> String {
    switch judged.verdict {
    case .signal:
      return "\(subject) \(ratio(judged.shown.ratio))× as readily as \(others) "
        + "(\(interval(judged.shown, level: level)); \(basis)): worth looking into."
    case .noMaterialDifference:
      return "\(subject) \(immaterial(judged.estimate, than: others)) "
        + "(\(ratio(judged.estimate.ratio))×, \(interval(judged.estimate, level: level)); \(basis))."
    case .insufficientEvidence:
      return "Whether \(subject) sooner or later than \(others) can't be told "
        + "(\(ratio(judged.shown.ratio))×, \(interval(judged.shown, level: level)); \(basis))."
    }
  }

  /// "about as readily as others"; "less readily than others: a difference, but by less than a fifth" where the interval leaves out 1.
  private static func immaterial(_ told: RatioInterval, than others: String) -> String {
    guard told.excludesOne else { return "about as readily as \(others)" }
    // 1.25 is a quarter more than 1, and 1/1.25 a fifth less.
    return told.ratio > 1
      ? "more readily than \(others): a difference, but by less than a quarter"
      : "less readily than \(others): a difference, but by less than a fifth"
  }

  /// "picked in 34 of 60 choices, 57 %; with equal chances 16 % each time".
  static func picks(_ record: PickRecord) -> String {
    "picked in \(record.picks.grouped) of \(count(record.queues, "choice")), \(share(Double(record.picks), of: record.queues)); with equal "
      + "chances \(share(record.expected, of: record.queues)) each time"
  }

  /// A share in per cent, with a digit after the point below 10; 0 and 100 for none and all alone.
  private static func share(_ part: Double, of whole: Int) -> String {
    let percent = min(100, 100 * part / Double(max(1, whole)))
    if percent > 0 && percent < 0.05 { return "less than 0.1 %" }
    return (percent == 0 || percent >= 9.95 ? "\(Int(percent.rounded()))" : decimal(percent, digits: 1)) + " %"
  }

  /// Whom the pair passed over, or who passed it over.
  static func passedOver(_ pair: QueueChoices.Pair, isFavoured: Bool, comparableBy common: [String]) -> String {
    (isFavoured
      ? "older requests of others passed over \(count(pair.overtakes, "time"))"
      : "passed over \(count(pair.overtaken, "time")) for younger requests of others")
      + (common.isEmpty ? "" : ", of the same \(common.joined(separator: " and "))")
  }

  /// What is said of a pair whose queue choices can't be told.
  ///
  /// - Parameter shown: what waits say; `nil` where most of them are known by the day only.
  static func untold(
    _ subject: String, _ shown: RatioInterval?, obstacle: ChoiceObstacle, requests: Int, interval level: Double
  ) -> String {
    let reason =
      switch obstacle {
      case .resolution: "times are too coarse, or too many replies share a stamp, to tell what was picked before what"
      case .noQueue: "no two managers' requests were open at once"
      case .noChoice: "none of its requests stood in a queue with another manager's"
      case .notConverged: "the model of this partner's choices did not converge"
      }
    let told = "Whether \(subject) sooner or later than others can't be told: \(reason)"
    guard let shown else {
      return "\(told); \(mostlyDates), so waits don't tell it either (\(count(requests, "request")))."
    }
    return "\(told) (by waits alone \(ratio(shown.ratio))×, \(interval(shown, level: level)); "
      + "\(count(requests, "request")), timing model only)."
  }

  /// Why waits that are known by the day only aren't told.
  private static let mostlyDates = "most times are dates without a time of day"

  /// What is said of a manager of whom no figure is: too few pairs show what is usual, or most times are dates.
  static func untold(_ subject: String, than others: String, basis: String, isByDay: Bool) -> String {
    "Whether \(subject) sooner or later than \(others) can't be told"
      + (isByDay ? ": \(mostlyDates) (\(basis))." : " (\(basis)). \(tooFewForUsual)")
  }

  /// What a finding lacks that has too few requests for a verdict.
  static func lacking(requests: Int) -> String {
    "A verdict needs \(TreatmentFamily.fewestRequests) requests that stood in queues with others'; there "
      + "\(requests == 1 ? "is" : "are") \(requests)."
  }

  /// What a finding with insufficient evidence lacks.
  static func further(_ choices: Int) -> String {
    choices == 0
      ? "For a plain test of this pair alone there are choices enough to show a difference of 1.25×; the difference itself is too small or too uncertain."
      : "About \(rounded(choices).grouped) more \(choices == 1 ? "choice" : "choices") would show a difference of 1.25× by a plain test of this pair alone; a signal needs more."
  }

  /// What pairs lack that are too few to show what is usual.
  ///
  /// - Parameter pairs: how many have enough requests.
  static func unplaced(_ pairs: Int) -> String {
    "\(tooFewForUsual) There \(pairs == 1 ? "is" : "are") \(pairs)."
  }

  /// Why nothing is said against what is usual.
  static let tooFewForUsual =
    "What is usual shows in \(TreatmentFamily.smallestFamily) pairs with \(TreatmentFamily.fewestRequests) requests each in queues: of "
    + "fewer, one who is favoured makes the others look put last."

  /// Two managers of one partner: "M1 is picked 2.31× as readily as M2 (90 % interval 1.80–2.97)".
  static func difference(_ more: String, _ less: String, _ ratio: RatioInterval, interval level: Double) -> String {
    "\(named("Manager", more)) is picked \(Self.ratio(ratio.ratio))× as readily as \(named("Manager", less)) "
      + "(\(interval(ratio, level: level)))"
  }

  /// The clear ones of differences between two managers; empty where none is.
  static func differences(_ told: [String]) -> String {
    told.isEmpty ? "" : " Of two managers held against each other, beyond chance: \(told.joined(separator: ", "))."
  }

  /// What can't be told from the manager, or hardly.
  static func ownLevels(_ own: OwnLevels.Pair, manager: String, partner: String) -> String {
    let named = own.names.prefix(mostOwnLevels)
    let rest = own.names.count - named.count
    let last = rest > 0 ? "\(rest) more" : named.last ?? ""
    let before = rest > 0 ? Array(named) : Array(named.dropLast())
    let list = before.isEmpty ? last : "\(before.joined(separator: ", ")) and \(last)"
    let several = own.names.count > 1
    let what =
      switch own.category {
      case .topic: "of \(several ? "topics" : "topic") \(list)"
      case .priority: "of \(several ? "priorities" : "priority") \(list)"
      case .channel: "of \(several ? "channels" : "channel") \(list)"
      case .target, .escalation: list
      }
    let (all, others) =
      (own.share == 1 ? "all" : "nearly all", own.isExclusive ? "nobody else's are" : "hardly any of others are")
    let told =
      own.share == 1 && own.isExclusive
      ? "can't be told from choices there, however many"
      : "can hardly be told from choices there, even many times as many"
    return
      "At \(Self.named("Partner", partner)), \(all) of \(Self.named("Manager", manager))'s requests are \(what), and "
      + "\(others): whether it is the \(own.category.rawValue) or the manager \(told)."
  }

  /// So many of a pair's own levels are named.
  private static let mostOwnLevels = 3

  /// What a finding lacks whose estimate one request changes by more than its error.
  ///
  /// - Parameters: `plain`: the estimate itself, nothing shrunken; `ratio`: without that request
  static func restsOnOne(_ plain: Double, without ratio: Double) -> String {
    "One request changes the plain estimate, \(Self.ratio(plain))×, by more than its error: without it, it would be "
      + "\(Self.ratio(ratio))×."
  }

  /// Two digits of a number that isn't known better.
  private static func rounded(_ value: Int) -> Int {
    var unit = 1
    while value / unit >= 100 { unit *= 10 }
    return (value + unit / 2) / unit * unit
  }

  /// How unevenly waiting is shared out.
  static func inequality(_ finding: InequalityFinding) -> String {
    let half = finding.lorenz[finding.lorenz.count / 2].waiting
    var text =
      "The half of the requests whose managers wait least bears \(Int((100 * half).rounded())) % of the waiting, where 50 % would be even"
    text += " (Gini \(decimal(finding.gini, digits: 2))"
    if let chance = finding.giniByChance, let high = finding.giniByChanceHigh {
      text +=
        "; by chance alone about \(decimal(chance, digits: 2)), up to \(decimal(high, digits: 2)) in 19 of 20 cases"
    }
    return text + "; \(finding.managers.grouped) managers, \(finding.requests.grouped) requests)."
  }

  /// What is said of a signal that is clear only as one of several: the family's false signs are few, this one may be one.
  ///
  /// - Parameter endsAtOne: whether the interval that is shown ends at 1.
  static func unsure(_ localFalseSignRate: Double, endsAtOne: Bool) -> String {
    guard localFalseSignRate >= 0.05 else { return "" }
    return " By itself less sure: \(Int((100 * localFalseSignRate).rounded())) % that there is no such difference"
      + (endsAtOne ? ", so its interval reaches 1.00" : "")
      + ". It is listed because of all signals together few are expected to be wrong."
  }

  /// What waits say of a signal, with the figures of both models; `nil` where there are none.
  ///
  /// Of size the Cox model decides, whose ratio of rates can be held against odds of being picked. A ratio of times waited is smaller
  /// by its nature, since a wait also holds how long the work takes; where very long waits weigh much it may be far larger.
  ///
  /// - Parameter level: of the intervals.
  static func waits(
    beside choice: RatioInterval, timing: RatioInterval?, cox: RatioInterval?, interval level: Double
  ) -> String? {
    let models = [timing.map { ($0, "timing model") }, cox.map { ($0, "Cox model") }].compactMap { $0 }
    guard let decisive = cox ?? timing else { return nil }
    func isClear(_ other: RatioInterval) -> Bool { other.low > 1 || other.high < 1 }
    func doubt(_ other: RatioInterval) -> String {
      isClear(other) ? "" : ", \(interval(other, level: level)), which is not clear"
    }
    // A ratio of times waited is plainer the other way round.
    let told = [
      timing.map {
        let times = RatioInterval(ratio: 1 / $0.ratio, low: 1 / $0.high, high: 1 / $0.low)
        return "by the timing model answers take \(ratio(times.ratio))× as long\(doubt(times))"
      },
      cox.map { "by the Cox model they come \(ratio($0.ratio))× as readily\(doubt($0))" },
    ].compactMap { $0 }.joined(separator: "; ")
    // A tenth, since of a ratio next to 1 the side is nothing.
    func isOpposite(_ ratio: Double) -> Bool { choice.ratio > 1 ? ratio < 0.9 : ratio > 1 / 0.9 }
    if let clear = models.first(where: { isClear($0.0) && ($0.0.ratio > 1) != (choice.ratio > 1) }) {
      let by = models.allSatisfy { isOpposite($0.0.ratio) } ? "waits" : "waits in the \(clear.1)"
      return "By \(by) it looks the other way (\(told)): what was picked and how long it took differ."
    }
    if !isClear(decisive) {
      return models.contains { isClear($0.0) }
        ? "Of waits the models differ in how sure they are (\(told))."
        : "By waits no difference is clear (\(told)): the order of picks needn't change waits much."
    }
    func isSmaller(_ other: RatioInterval) -> Bool {
      choice.ratio > 1 ? other.high < choice.low : other.low > choice.high
    }
    guard let cox, isSmaller(cox) else { return "Waits point the same way (\(told))." }
    let by = timing.map { isClear($0) && isSmaller($0) } ?? true ? "waits" : "waits in the Cox model"
    return "By \(by) the difference is clear, but much smaller (\(told))."
  }

  /// What is said of a partner whose evenness can't be told.
  static func unevenness(_ partner: String, untold obstacle: ChoiceObstacle?) -> String {
    switch obstacle {
    case .resolution:
      "\(partner): times are too coarse, or too many replies share a stamp, to tell what was picked before what."
    case .noQueue: "\(partner): never two managers' requests open at once, so nothing to compare."
    case .notConverged: "\(partner): the model of this partner's choices did not converge."
    case .noChoice, nil:
      "\(partner): fewer than 3 managers with 5 requests in queues, too few to say how evenly they are answered."
    }
  }

  /// What a partner's evenness says.
  ///
  /// - Parameters: `told`: the median ratio; `apart`: the findings of pairs with managers who stand apart from the others;
  ///   `signals`: how many of the partner's pairs are signals, of a signal those of the others; `differences`: of a few managers, the
  ///   clear ones between two.
  static func evenness(
    _ partner: String, _ evenness: Evenness, _ told: RatioInterval, _ verdict: FavouritismVerdict,
    apart: [PairFinding] = [], signals: Int = 0, differences: [String] = [], managers: Int, interval level: Double
  ) -> String {
    // Managers with hardly a request each tell nothing of evenness.
    let rest = managers > evenness.count ? " of \(managers.grouped)" : ""
    let enough = managers > evenness.count ? " with enough requests in queues" : ""
    let figures = "\(interval(told, level: level)), \(evenness.count.grouped)\(rest) managers\(enough)"
    let ofOthers = "\(interval(told, level: level)), \((evenness.count - apart.count).grouped) managers\(enough)"
    let areSignals = "\(count(signals, "pair")) \(signals == 1 ? "is a signal" : "are signals")"
    let but = signals == 0 ? "" : " But \(areSignals)."
    let isFew = evenness.count < Evenness.fewestForTypical
    switch verdict {
    case .signal where isFew:
      let clear = differences.isEmpty ? "of any two the difference may be chance" : differences.joined(separator: ", ")
      return "\(partner) answers \(evenness.count)\(rest) managers\(enough) unevenly: \(clear); too few "
        + "managers to say what is typical of two, or which of two is treated as usual: worth looking into.\(but)"
    case .signal:
      guard !apart.isEmpty else {
        return
          "\(partner) answers managers unevenly, as if of any two one were typically picked \(ratio(told.ratio)) times as readily as the "
          + "other (\(figures); a few who are treated apart may look the same): worth looking into."
      }
      let each = apart.map {
        "\(named("Manager", $0.manager)) is picked \(ratio($0.ratio ?? 1))× as readily as others (\(count($0.requests, "request")) in "
          + "queues\($0.requests < TreatmentFamily.fewestRequests ? ", too few for a finding of its own" : ""))"
      }.joined(separator: ", ")
      let rest =
        told.excludesOne || signals > 0
        ? "Of any two of the others, one is typically picked \(ratio(told.ratio)) times as readily as the other (\(ofOthers)"
          + "\(signals == 0 ? "" : "; of theirs \(areSignals) too"))"
        : "The others may all be answered alike (of any two, one is picked \(ratio(told.ratio)) times as readily; \(ofOthers))"
      return
        "\(partner) treats \(apart.count == 1 ? "one manager" : "\(apart.count) managers") apart: \(each). \(rest): worth looking into."
    case .noMaterialDifference:
      // No median ratio is below 1, so only one above it leaves 1 out.
      return told.excludesOne
        ? "\(partner) answers managers not quite alike: of any two, one is typically picked more readily, but by less than a quarter "
          + "(\(ratio(told.ratio))×, \(figures)).\(but)"
        : "\(partner) answers \(signals == 0 ? "all managers about alike" : "managers about alike on the whole") (\(ratio(told.ratio))×, "
          + "\(figures)).\(but)"
    case .insufficientEvidence:
      guard evenness.couldShow else {
        return
          "How evenly \(partner) answers managers can't be told: with this many requests of \(evenness.count.grouped)\(rest) "
          + "managers, an unevenness of \(ratio(RatioInterval.material))× might not show.\(but)"
      }
      if isFew {
        return "How evenly \(partner) answers managers can't be told well: \(evenness.count)\(rest) managers\(enough) "
          + "are too few to say what is typical of two.\(but)"
      }
      return apart.isEmpty
        ? "How evenly \(partner) answers managers can't be told well (\(ratio(told.ratio))×, \(figures)).\(but)"
        : "How evenly \(partner) answers managers can't be told well (but for \(apart.count) who may stand apart \(ratio(told.ratio))×, "
          + "\(ofOthers)).\(but)"
    }
  }

  /// What a group's comparison says.
  static func group(_ finding: GroupFinding, basis: String, interval level: Double) -> String {
    let ratioInterval = RatioInterval(ratio: finding.ratio, low: finding.low, high: finding.high)
    let figures =
      "\(interval(ratioInterval, level: level))\(unadjusted(finding)), \(finding.managers.grouped) managers, "
      + "\(finding.requests.grouped) requests, \(basis)"
    let against = isAgainst(finding) ? " \(againstWaits(finding, basis: basis, interval: level))" : ""
    let subject = "managers with \(finding.attribute) \(finding.value)"
    let others = ratioInterval.excludesOne ? "others with comparable requests" : "others"
    switch finding.verdict {
    case .signal:
      return
        "\(subject.prefix(1).uppercased())\(subject.dropFirst()) are answered \(ratio(finding.ratio))× as readily as others with comparable requests (\(figures)): worth looking into.\(against)"
    case .noMaterialDifference:
      return
        "\(subject.prefix(1).uppercased())\(subject.dropFirst()) are answered \(immaterial(ratioInterval, than: others)) (\(ratio(finding.ratio))×, \(figures)).\(against)"
    case .insufficientEvidence:
      return
        "Whether \(subject) are answered sooner or later than others can't be told (\(ratio(finding.ratio))×, \(figures)).\(against)"
    }
  }
  /// Without a timing model nothing is known of waits.
  private static func isKnown(_ unadjusted: RatioInterval) -> Bool { unadjusted.low < unadjusted.high }

  private static func unadjusted(_ finding: GroupFinding) -> String {
    isKnown(finding.unadjusted) ? ", by waits without adjustment \(ratio(finding.unadjusted.ratio))×" : ""
  }

  /// Whether the ratio leaves out 1, and that of waits without adjustment does on the other side.
  private static func isAgainst(_ finding: GroupFinding) -> Bool {
    isKnown(finding.unadjusted) && finding.unadjusted.excludesOne
      && RatioInterval(ratio: finding.ratio, low: finding.low, high: finding.high).excludesOne
      && (finding.unadjusted.ratio > 1) != (finding.ratio > 1)
  }

  private static func againstWaits(_ finding: GroupFinding, basis: String, interval level: Double) -> String {
    let told = "\(ratio(finding.unadjusted.ratio))×, \(interval(finding.unadjusted, level: level))"
    return basis == "queue choices"
      ? "By waits without adjustment it looks the other way (\(told)): what was picked and how long it took differ."
      : "Without adjustment it looks the other way (\(told)): what is adjusted for differs between them and others."
  }
}
