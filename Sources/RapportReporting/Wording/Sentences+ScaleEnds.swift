import RapportScoring

/// What scores and indicators at an end of their scale mean.
extension Sentences {
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
    var isLow = false
    let told = Wording.indicatorOrder.filter { key in
      by == .health || Indicator(rawValue: key)?.domain.rawValue == by.rawValue
    }.flatMap { key -> [String] in
      let points = assessment.managers.compactMap { $0.indicators[key]?.points.estimate?.value }
      return ends.compactMap { name, isAt in
        let count = points.count(where: isAt)
        guard points.count > 2, 2 * count >= points.count else { return nil }
        isLow = isLow || name == "lowest"
        return "\(Wording.indicator(key)) (\(Figure.count(count)) of \(Figure.count(points.count)) near the \(name))"
      }
    }
    guard !told.isEmpty else { return nil }
    return
      "Half of the managers or more stand at or next to an end (within \(Figure.number(nextToEnd, digits: 0)) points) of the "
      + "scale of \(list(told)): the scale doesn't fit this log there, so its points hardly tell those managers apart. Read the "
      + "indicator\(told.count == 1 ? "'s" : "s'") values."
      + (isLow ? " Where many stand near the lowest, hold managers' scores against each other, not against 100." : "")
  }

  /// How many managers have so few points on what caps health that it is capped; `nil` where nothing of the kind is measured.
  static func capped(_ assessment: Assessment) -> String? {
    let told = Health.cappingIndicators.compactMap { indicator -> String? in
      let points = assessment.managers.compactMap { $0.indicators[indicator.rawValue]?.points.estimate?.value }
      guard !points.isEmpty else { return nil }
      let count = points.count { $0 < Health.capEnd }
      let isMost = points.count > 2 && 2 * count > points.count
      return
        "on \(Wording.indicator(indicator.rawValue)) \(count == 0 ? "none" : Figure.count(count)) of "
        + "\(Figure.count(points.count, "manager")) \(count > 1 ? "have" : "has") so few"
        + (isMost ? " (so many that the scale doesn't fit this log: it says nothing of single ones)" : "")
    }
    return told.isEmpty
      ? nil
      : "Fewer than \(Figure.number(Health.capEnd, digits: 0)) points hold health down: \(list(told))."
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
        ? " Managers at the same end share the places there, so none of them is "
          + "\(assessment.ranking.hasTenths ? "in the lowest or highest tenth" : "first or last") for certain."
        : "")
  }
}
