import RapportNumerics

/// Managers of one partner held against each other two by two, where they are too few to show what is usual.
///
///     z = (uᵢ − uⱼ) / √(sᵢ² + sⱼ²)        u, s²: log odds and their quasi-variances, which give those of differences
///
/// A usual treatment is that of most. Where fewer than ``TreatmentFamily/smallestFamily`` pairs are known, one who is favoured moves it
/// as much as all the others do, and who is treated as always would look put last. A difference between two needs no usual one.
/// Chance is held over all differences that are looked at (Holm 1979), so that of two who are treated alike one is told apart in at
/// most 5 % of runs, whoever else is favoured.
struct PairDifferences: Sendable {
  /// Who of two is picked more readily, beyond chance and by a ratio that matters.
  struct Difference: Sendable, Equatable {
    /// Positions among the pairs.
    var more: Int
    var less: Int
    /// At least ``RatioInterval/material``.
    var ratio: RatioInterval
  }

  /// The clear ones, the largest first.
  let clear: [Difference]

  /// - Parameters:
  ///   - effects: every pair's log odds and their variances
  ///   - groups: positions of pairs that may be held against each other: of one partner
  ///   - interval: the share that intervals cover which are shown
  init(_ effects: [(mean: Double, variance: Double)], groups: [[Int]], interval: Double) {
    var twosomes: [(Int, Int)] = []
    for group in groups {
      for (place, first) in group.enumerated() {
        for second in group.dropFirst(place + 1) {
          let isFirstMore = effects[first].mean >= effects[second].mean
          twosomes.append(isFirstMore ? (first, second) : (second, first))
        }
      }
    }
    let chances = twosomes.map { more, less -> Double in
      let error = (effects[more].variance + effects[less].variance).squareRoot()
      guard error > 0 else { return 1 }
      return min(1, 2 * Normal.standard.survival((effects[more].mean - effects[less].mean) / error))
    }
    let held = MultipleTests(chances).holm()
    var found: [Difference] = []
    for ((more, less), chance) in zip(twosomes, held) where chance < TreatmentFamily.largestRate {
      let ratio = Self.ratio(effects[more], to: effects[less], interval: interval)
      if ratio.isMaterial { found.append(Difference(more: more, less: less, ratio: ratio)) }
    }
    clear = found.sorted { a, b in
      a.ratio.ratio != b.ratio.ratio ? a.ratio.ratio > b.ratio.ratio : (a.more, a.less) < (b.more, b.less)
    }
  }

  /// How much more readily one is picked than the other.
  static func ratio(
    _ one: (mean: Double, variance: Double), to other: (mean: Double, variance: Double), interval: Double
  ) -> RatioInterval {
    let difference = one.mean - other.mean
    let reach = Normal.standard.quantile(0.5 + interval / 2) * (one.variance + other.variance).squareRoot()
    return .fromLog(-difference, -difference - reach, -difference + reach)
  }
}

/// What pairs are said to differ by where no usual treatment can be told.
struct UnplacedPairs: Sendable {
  /// Pairs with enough requests for a verdict, of all partners.
  let count: Int
  /// By position among the pairs: those of the same partner that it can be held against.
  private let others: [[Int]]
  private let effects: [(mean: Double, variance: Double)]
  let differences: PairDifferences
  private let interval: Double

  /// `nil` where there are pairs enough to show what is usual, or none.
  init?(_ choices: QueueChoices, interval: Double) {
    guard choices.lacksUsual else { return nil }
    let pairs = choices.pairs
    let judged = pairs.indices.filter { pairs[$0].requests >= TreatmentFamily.fewestRequests }
    count = judged.count
    let effects = pairs.map { (mean: $0.logOdds, variance: $0.logOddsError * $0.logOddsError) }
    let groups = Dictionary(grouping: judged) { pairs[$0].partner }
    let all = Dictionary(grouping: pairs.indices) { pairs[$0].partner }
    others = pairs.indices.map { index in
      let known = (groups[pairs[index].partner] ?? []).filter { $0 != index }
      return known.isEmpty ? (all[pairs[index].partner] ?? []).filter { $0 != index } : known
    }
    differences = PairDifferences(
      effects, groups: groups.sorted { $0.key < $1.key }.map(\.value), interval: interval)
    self.effects = effects
    self.interval = interval
  }

  /// The interval, widened so that whoever of the others is the usual one, the ratio to that one is in it.
  func widened(_ shown: RatioInterval, pair index: Int) -> RatioInterval {
    others[index].reduce(into: shown) { result, other in
      let ratio = PairDifferences.ratio(effects[index], to: effects[other], interval: interval)
      result.low = min(result.low, ratio.low)
      result.high = max(result.high, ratio.high)
    }
  }

  /// The clear differences of a pair.
  func clear(pair index: Int) -> [PairDifferences.Difference] {
    differences.clear.filter { $0.more == index || $0.less == index }
  }
}

extension QueueChoices {
  /// Whether pairs are known, but fewer with enough requests than show what is usual.
  var lacksUsual: Bool { !pairs.isEmpty && nullShare == nil }
}
