import RapportScoring

extension Sentences {
  /// What a ranking's order means, and what makes a low health; empty where there is nothing to rank.
  public static func order(_ ranking: Ranking) -> String {
    guard !ranking.order.isEmpty else { return "" }
    var sentences: [String] = []
    if ranking.isOrdinal {
      sentences.append(
        "The best stand first, by expected rank: the mean of the ranks that the evidence leaves possible, 1 the highest."
      )
    }
    if ranking.by == .health {
      sentences.append(
        "Health is the geometric mean of its domains: a low one pulls it down further than a high one lifts it.")
    }
    if ranking.isOrdinal, ranking.limitStep > 1 {
      sentences.append(
        "With this many managers the limits of ranks are rounded: to about \(Figure.number(ranking.limitStep, digits: 0)) places."
      )
    }
    return sentences.joined(separator: " ")
  }

  /// Of shorter lists it isn't said how far neighbours are told apart: an end is a neighbour there.
  private static let fewestNeighbours = 10

  /// How far ranks are open, of managers in the middle above all; empty where no order is warranted.
  static func rankWidths(_ assessment: Assessment) -> String {
    // Both ends of an interval are places in it.
    let widths = assessment.managers.compactMap { $0.rank.map { Int($0.high - $0.low) + 1 } }.sorted()
    guard assessment.ranking.isOrdinal, widths.count > 2 else { return "" }
    let middle = widths[widths.count / 2]
    let half =
      middle == 1
      ? "More than half of the managers have an interval of a single place"
      : "Half of the managers have an interval of \(Figure.count(middle, "place")) or more"
    let ranks = Dictionary(assessment.managers.map { ($0.id, $0.rank) }) { first, _ in first }
    let listed = assessment.ranking.order.map { ranks[$0] ?? nil }
    guard let first = listed.first ?? nil, let last = listed.last ?? nil else { return half + "." }
    guard first.high < last.low else { return half + ": not even the first and the last are told apart for sure." }
    let told = listed.compactMap { $0 }
    let alike = zip(told, told.dropFirst()).count { $0.low <= $1.high && $1.low <= $0.high }
    return half + ": the ends of the list are told apart well"
      + (told.count >= fewestNeighbours && 2 * alike > told.count - 1 ? ", neighbours hardly." : ".")
  }

  /// What stands in the columns of a ranking.
  static let readingRanks =
    "Evidence adds up what each indicator of the score rests on, so one event may count in several."

  /// How far ranks hang on how health is put together; empty where that wasn't varied, and where no order is warranted.
  public static func method(_ ranking: Ranking) -> String {
    guard ranking.isOrdinal, let study = ranking.method else { return "" }
    let shift = study.meanRankShift
    if shift < 0.05 { return "How health is put together hardly moves ranks." }
    let places = Figure.number(shift, digits: shift < 10 ? 1 : 0)
    let most =
      study.mostInfluential.map { "\(Wording.factor($0)) \($0.isPlural ? "matter" : "matters") most" }
      ?? "no single choice matters most"
    let word = places == "1.0" ? "place" : "places"
    return "How health is put together moves ranks by \(places) \(word) on average; \(most)."
  }

  /// What is varied, and how far.
  static func varied(_ settings: MethodSettings) -> String {
    let isWhole = settings.weightFactor.rounded() == settings.weightFactor
    let factor = Figure.number(settings.weightFactor, digits: isWhole ? 0 : 1)
    return "What is varied, all at once: each domain's weight between 1/\(factor) and \(factor) times what is "
      + "configured; the mean across domains from the harmonic to the arithmetic; the mean inside domains, arithmetic "
      + "or geometric; and each goalpost by up to \(Figure.percent(settings.goalpostShare)) of the distance between an indicator's two."
  }

  /// A rank's interval, and that with other ways to put health together.
  static func rankInterval(_ rank: Rank) -> String {
    let own = ranks(rank.low, rank.high)
    return rank.withMethod.map { "\(own); \(ranks($0.low, $0.high)) with other ways to put health together" } ?? own
  }

  /// `3–12`.
  static func ranks(_ low: Double, _ high: Double) -> String {
    Figure.limits(low, high) { Figure.number($0, digits: 0) }
  }
}

extension Wording {
  /// A tier's name.
  static func tier(_ tier: Int, of ranking: Ranking) -> String {
    ranking.tiers.first { $0.tier == tier }?.name ?? "tier \(tier)"
  }

  /// A choice in how health is put together.
  static func factor(_ factor: MethodFactor) -> String {
    switch factor {
    case .weights: "weights"
    case .aggregationAcross: "the kind of mean across domains"
    case .aggregationWithin: "the kind of mean inside domains"
    case .goalposts: "goalposts"
    }
  }
}

extension MethodFactor {
  fileprivate var isPlural: Bool { self == .weights || self == .goalposts }
}
