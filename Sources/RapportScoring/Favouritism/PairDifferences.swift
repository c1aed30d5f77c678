import RapportNumerics

/// Managers of one partner held against each other two by two, where they are too few to show what is usual.
///
///     z = (uᵢ − uⱼ) / √(sᵢ² + sⱼ²)        u, s²: log odds and their quasi-variances, which give those of differences
///
/// Where z is large the error is the likelihood's, and no smaller than what one request less would bring the two together
/// (``QueueChoices/Pair/differenceErrors``).
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

  /// Two pairs, whichever comes first.
  struct Twosome: Hashable {
    private let first: Int
    private let second: Int

    init(_ one: Int, _ other: Int) { (first, second) = (min(one, other), max(one, other)) }
  }

  /// The clear ones, the largest first.
  let clear: [Difference]

  /// - Parameters:
  ///   - effects: every pair's log odds and their variances
  ///   - errors: of differences about which more is known than that
  ///   - groups: positions of pairs that may be held against each other: of one partner
  ///   - level: how often any two who are treated alike may be told apart
  ///   - interval: the share that intervals cover which are shown
  init(
    _ effects: [(mean: Double, variance: Double)], errors: [Twosome: Double] = [:], groups: [[Int]],
    level: Double = TreatmentFamily.largestRate, interval: Double
  ) {
    var twosomes: [(Int, Int)] = []
    for group in groups {
      for (place, first) in group.enumerated() {
        for second in group.dropFirst(place + 1) {
          let isFirstMore = effects[first].mean >= effects[second].mean
          twosomes.append(isFirstMore ? (first, second) : (second, first))
        }
      }
    }
    func error(_ one: Int, _ other: Int) -> Double {
      errors[Twosome(one, other)] ?? (effects[one].variance + effects[other].variance).squareRoot()
    }
    let chances = twosomes.map { more, less -> Double in
      let error = error(more, less)
      guard error > 0 else { return 1 }
      return min(1, 2 * Normal.standard.survival((effects[more].mean - effects[less].mean) / error))
    }
    let held = MultipleTests(chances).holm()
    var found: [Difference] = []
    for ((more, less), chance) in zip(twosomes, held) where chance < level {
      let ratio = Self.ratio(effects[more].mean - effects[less].mean, error: error(more, less), interval: interval)
      if ratio.isMaterial { found.append(Difference(more: more, less: less, ratio: ratio)) }
    }
    clear = found.sorted { a, b in
      a.ratio.ratio != b.ratio.ratio ? a.ratio.ratio > b.ratio.ratio : (a.more, a.less) < (b.more, b.less)
    }
  }

  /// How much more readily one is picked than the other, from the difference of their log odds.
  static func ratio(_ difference: Double, error: Double, interval: Double) -> RatioInterval {
    let reach = Normal.standard.quantile(0.5 + interval / 2) * error
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
  private let errors: [PairDifferences.Twosome: Double]
  let differences: PairDifferences
  private let interval: Double

  /// `nil` where there are pairs enough to show what is usual, or none.
  init?(_ choices: QueueChoices, interval: Double) {
    guard choices.lacksUsual else { return nil }
    let pairs = choices.pairs
    let judged = pairs.indices.filter { pairs[$0].requests >= TreatmentFamily.fewestRequests }
    count = judged.count
    let effects = QueueChoices.logOdds(pairs)
    let errors = QueueChoices.differenceErrors(pairs)
    let groups = Dictionary(grouping: judged) { pairs[$0].partner }
    let all = Dictionary(grouping: pairs.indices) { pairs[$0].partner }
    others = pairs.indices.map { index in
      let known = (groups[pairs[index].partner] ?? []).filter { $0 != index }
      return known.isEmpty ? (all[pairs[index].partner] ?? []).filter { $0 != index } : known
    }
    differences = PairDifferences(
      effects, errors: errors, groups: groups.sorted { $0.key < $1.key }.map(\.value), interval: interval)
    (self.effects, self.errors) = (effects, errors)
    self.interval = interval
  }

  /// The interval, widened so that whoever of the others is the usual one, the ratio to that one is in it.
  func widened(_ shown: RatioInterval, pair index: Int) -> RatioInterval {
    others[index].reduce(into: shown) { result, other in
      let error =
        errors[PairDifferences.Twosome(index, other)]
        ?? (effects[index].variance + effects[other].variance).squareRoot()
      let ratio = PairDifferences.ratio(effects[index].mean - effects[other].mean, error: error, interval: interval)
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

  /// Log odds of pairs and their variances.
  static func logOdds(_ pairs: [Pair]) -> [(mean: Double, variance: Double)] {
    pairs.map { (mean: $0.logOdds, variance: $0.logOddsError * $0.logOddsError) }
  }

  /// Known errors of differences, by positions among these pairs.
  static func differenceErrors(_ pairs: [Pair]) -> [PairDifferences.Twosome: Double] {
    var errors: [PairDifferences.Twosome: Double] = [:]
    let places = Dictionary(uniqueKeysWithValues: pairs.enumerated().map { ([$1.manager, $1.partner], $0) })
    for (index, pair) in pairs.enumerated() {
      for (manager, error) in pair.differenceErrors {
        if let other = places[[manager, pair.partner]] { errors[PairDifferences.Twosome(index, other)] = error }
      }
    }
    return errors
  }
}
