import RapportScoring

extension Sentences {
  /// What stands above ``move(_:times:)``: it is arithmetic, no advice.
  static let movesHeading = "Where a change would move the score most (not a target; ratings left out)"

  /// How much of health one indicator holds back: what it would be where the best quarter of the others begins.
  static func move(_ move: Explanation.Move, times: TimeWords) -> String {
    func value(_ value: Double) -> String { Wording.value(value, of: move.indicator, times: times) }
    func points(_ value: Double) -> String {
      let figure = Figure.number(value, digits: 0)
      return "\(figure) point\(figure == "1" ? "" : "s")"
    }
    return
      "\(Wording.indicator(move.indicator)) (\(Wording.whose(move.direction, of: move.indicator))): estimated \(value(move.from)), "
      + "\(points(move.points)). The best quarter of the others begins at \(points(move.toPoints)) (of values, at "
      + "\(value(move.to))): with these health would be about \(Figure.number(move.gain, digits: 1)) points higher, "
      + "everything else unchanged."
  }

  /// Practices by whose they are: what this manager and comparable ones do together with HR, and what HR does for them.
  static func practices(_ practices: [Practice]) -> [(heading: String, sentences: [String])] {
    [("What comparable managers do", false), ("What HR does for comparable managers", true)].compactMap {
      heading, isHR in
      let own = practices.filter { $0.isOfHR == isHR }
      return own.isEmpty ? nil : (heading, own.map(practice))
    }
  }

  /// `9 of 12 managers who work with the same partners have 30 minutes or more one to one in half of the months or more; here it
  /// was 4 of 12 months.`: what others do, to encourage rather than to police.
  public static func practice(_ practice: Practice) -> String {
    guard let words = practiceWords[practice.indicator] else {
      preconditionFailure("no words for the practice \(practice.indicator)")
    }
    let others = practice.comparable == .samePartners ? "managers who work with the same partners" : "other managers"
    let level = words.levels(practice.level)
    let here = "\(number(practice.count)) \(words.total(practice.total))"
    if practice.isReached {
      let reaching = practice.peersReaching == 0 ? "none" : Figure.count(practice.peersReaching)
      let title = Wording.indicator(practice.indicator)
      return "\(title.prefix(1).uppercased() + title.dropFirst()): here \(here); \(reaching) of "
        + "\(Figure.count(practice.peers)) \(others) \(words.does) \(level)."
    }
    return
      "\(Figure.count(practice.peersReaching)) of \(Figure.count(practice.peers)) \(others) \(words.does) \(level); "
      + "here it was \(here)."
  }

  private static func number(_ value: Double) -> String { Figure.number(value, digits: 0) }

  /// How a practice is told: what others do, how often that is, and out of what.
  private struct PracticeWords: Sendable {
    var does: String
    var levels: @Sendable (Double) -> String
    var total: @Sendable (Double) -> String = { "of \(Sentences.number($0))" }
  }

  private static let practiceWords: [String: PracticeWords] = [
    "regularity": PracticeWords(does: "have a check-in", levels: ofMonths, total: { "of \(number($0)) months" }),
    "oneToOneTime": PracticeWords(
      does: "have 30 minutes or more one to one", levels: ofMonths, total: { "of \(number($0)) months" }),
    "promisesKeptOnTime": PracticeWords(does: "see promises kept on time", levels: ofTimes),
    "answeredWithinTarget": PracticeWords(does: "get answers within the target", levels: ofTimes),
    "loopClosure": PracticeWords(does: "see feedback followed up within 60 days", levels: ofTimes),
    "jointDecisions": PracticeWords(does: "make decisions together with their partner", levels: ofTimes),
    "goalsMetOnTime": PracticeWords(does: "see goals met on time", levels: ofTimes),
    "alternativesOffered": PracticeWords(does: "hear an alternative with an objection", levels: ofTimes),
    "developmentActions": PracticeWords(
      does: "have training or another development action", levels: ofQuarters,
      total: { "in \(number($0 / 30.4375)) months" }),
  ]

  @Sendable private static func ofMonths(_ level: Double) -> String {
    switch level {
    case 0.8...: "in five of six months or more"
    case 0.6...: "in two of three months or more"
    default: "in half of the months or more"
    }
  }

  @Sendable private static func ofTimes(_ level: Double) -> String {
    switch level {
    case 0.9...: "nine times in ten or more"
    case 0.75...: "three times in four or more"
    default: "half of the time or more"
    }
  }

  @Sendable private static func ofQuarters(_ level: Double) -> String {
    switch level {
    case 2...: "twice a quarter or more"
    case 1...: "once a quarter or more"
    default: "once in two quarters or more"
    }
  }
}
