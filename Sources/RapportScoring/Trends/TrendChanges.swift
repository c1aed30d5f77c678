import Glibc
import RapportNumerics

/// Whether one indicator's rates changed, manager by manager, and which of them to tell.
///
/// A change is one against what was to be expected of the same cases (``PartnerMonths``): a partner's bad month is no
/// change of its managers. What of such a month the partner's other managers can't tell makes cases of one month count less,
/// and so does any scatter between months that is left (dispersion D).
///
/// When one manager changes, the others of the same partner seem to have changed the other way. So a change has to stand
/// whichever single one of them isn't gone by, and without all those who probably changed (``probable(_:)``).
struct TrendChanges: Sendable {
  private let levels: TrendLevels
  private let expected: PartnerMonths
  private let pairs: PairTable
  private let interval: Double
  /// By how much a manager's months scatter more than cases that go together as far as is known; 1 or more.
  let dispersion: Double

  /// The share of false findings among a family's.
  static let falseShare = 0.05
  /// What is expected to have changed before anything is known: one in so many, known as well as from so many.
  static let expectedOneIn = 19.0
  /// The share that Bayes factors are computed at; they hardly depend on it.
  private static let usualShare = 0.1
  /// Changes are looked for in the last so many observed months, since the work grows with their square.
  static let mostMonths = 120
  /// Where cases of one month go together more than this, and nobody else tells how, no change is looked for: a spell of bad
  /// months would be taken for one.
  static let mostCorrelation = 0.15

  /// `nil` where the indicator isn't a share or rate.
  init?(_ levels: TrendLevels, _ pairs: PairTable, interval: Double) {
    if levels.evidence.isLogarithmic { return nil }
    self.levels = levels
    self.pairs = pairs
    self.interval = interval
    expected = PartnerMonths(levels.evidence, pairs)
    let step = max(1, (levels.managers.count + TrendLevels.mostPooled - 1) / TrendLevels.mostPooled)
    var (observed, chance) = (0.0, 0.0)
    for i in stride(from: 0, to: levels.managers.count, by: step) {
      let scatter = Series(levels, expected, pairs, levels.managers[i]).scatter(prior: levels.prior)
      observed += scatter.observed
      chance += scatter.chance
    }
    dispersion = chance > 0 ? max(1, observed / chance) : 1
  }

  /// What a manager's series says of some change against none.
  struct Evidence {
    /// The Bayes factor.
    var whole: Double
    /// The least of it and of those that come out where one of the peers isn't gone by; `nil` where one of them can't be told.
    var least: Double?

    /// What is left once those who probably changed aren't gone by: the evidence without them, and the lesser of what stands
    /// with and without them.
    func heldAgainst(_ alone: Self) -> Self {
      Self(whole: alone.whole, least: least.flatMap { first in alone.least.map { min(first, $0) } })
    }

    /// Less what the evidence is on average where nothing changes.
    func divided(by usual: Double) -> Self { Self(whole: whole / usual, least: least.map { $0 / usual }) }
  }

  /// The evidence of a manager's series; `nil` where cases are too few for two segments, or go together.
  ///
  /// - Parameter absent: managers that aren't to be gone by at all.
  func evidence(_ manager: Int, without absent: [Int] = []) throws(NumericsError) -> Evidence? {
    guard let whole = try bayesFactor(Series(levels, expected, pairs, manager, without: absent)) else { return nil }
    var evidence = Evidence(whole: whole, least: whole)
    guard whole > Self.doubtful else { return evidence }
    for peer in expected.peers(manager, share: Self.weightyPeer) where !absent.contains(peer) {
      guard let factor = try bayesFactor(Series(levels, expected, pairs, manager, without: absent + [peer])) else {
        evidence.least = nil
        return evidence
      }
      evidence.least = evidence.least.map { min($0, factor) }
    }
    return evidence
  }

  /// Factors above this are held against peers. At or below it the evidence is for no change, and less than any expected share.
  static let doubtful = 1.0
  /// The share of a partner's other cases from which on a peer is left out to see whether a change stands.
  private static let weightyPeer = 0.1

  /// What Bayes factors are on average where nothing changes: 1, if all that they suppose were so, but at least 1 here.
  ///
  /// Against what was to be expected managers differ by less than the prior says, which leaves rates room to change. Then
  /// each factor is a little above 1 without any change, and among thousands of managers the share of those who changed would
  /// come out as more than half. So the mean is taken over the same managers' months in random order, in which nothing lasts,
  /// but bad months are as bad. Whoever probably changed is left out: their months differ in any order.
  func usualFactor(_ evidence: [Evidence?], _ options: AssessmentOptions) throws(NumericsError) -> Double {
    let steady = evidence.indices.filter { manager in
      evidence[manager].map { $0.whole < Self.expectedOneIn - 1 } ?? false
    }
    guard !steady.isEmpty else { return 1 }
    let step = (steady.count + TrendLevels.mostPooled - 1) / TrendLevels.mostPooled
    let taken = stride(from: 0, to: steady.count, by: step).map { steady[$0] }
    let orders = (Self.fewestOrders + taken.count - 1) / taken.count
    let sums = try parallelMap(count: taken.count, threads: options.threads) { i throws(NumericsError) -> Double in
      let series = Series(levels, expected, pairs, taken[i])
      var stream = RandomStream(seed: options.seed, purpose: "months in random order", unit: UInt64(taken[i]))
      let drawn = (0..<orders).map { _ in
        var order = Array(series.places.indices)
        stream.shuffle(&order, in: order.indices)
        return order
      }
      return try bayesFactors(series, orders: drawn).reduce(0) { $0 + ($1 ?? 1) }
    }
    return max(1, sums.reduce(0, +) / Double(taken.count * orders))
  }

  /// Orders of months that the mean of Bayes factors without change is taken over, at least, of all managers together.
  static let fewestOrders = 500

  private func bayesFactor(_ series: Series) throws(NumericsError) -> Double? {
    try bayesFactors(series, orders: [Array(series.places.indices)])[0]
  }

  /// Of the same months in each of these orders, the t-th in place of the `order[t]`-th.
  private func bayesFactors(_ series: Series, orders: [[Int]]) throws(NumericsError) -> [Double?] {
    let model = Self.model(Self.usualShare, periods: 2)
    guard series.places.count > 1, series.correlation <= Self.mostCorrelation,
      series.size / dispersion >= 2 * model.minimumEvents
    else { return orders.map { _ in nil } }
    let (mean, weight) = levels.prior
    let whole = Self.model(Self.usualShare, periods: series.places.count)
    if levels.evidence.isRate {
      return try orders.map { order throws(NumericsError) in
        let (counts, exposures) = events(series.reordered(order))
        return try whole.bayesFactor(
          counts: counts, exposures: exposures, prior: Gamma(shape: mean * weight, rate: weight))
      }
    }
    return try whole.bayesFactors(
      cases: cases(series), periods: series.places.count, prior: Beta(mean * weight, (1 - mean) * weight), base: base,
      orders: orders)
  }

  /// Who probably changed, from their probabilities of no change: not to be gone by when others are judged.
  static func probable(_ noChange: [Double]) -> Set<Int> {
    Set(noChange.indices.filter { noChange[$0] < 0.5 })
  }

  /// Those of them on whom what is expected of a manager's cases rests, ascending.
  func peers(_ manager: Int, among absent: Set<Int>) -> [Int] {
    absent.isEmpty ? [] : expected.peers(manager, share: 0).filter(absent.contains)
  }

  /// A manager's change: its place, how probable a change about there is if there is any, and the rates on both sides.
  struct Change {
    var place: Int
    var probability: Double
    var before: Estimate
    var after: Estimate
    /// The manager's own cases as they were, by the same two stretches of months.
    var ownBefore: Double
    var ownAfter: Double
  }

  /// A manager's changes in the most probable division that has any, given the share of managers who changed.
  ///
  /// - Parameter absent: managers that aren't to be gone by.
  func changes(_ manager: Int, expectedShare: Double, without absent: [Int]) throws(NumericsError) -> [Change] {
    let series = Series(levels, expected, pairs, manager, without: absent)
    let fit = try fit(series, expectedShare: expectedShare)
    guard let division = fit.division, fit.anyChange > 0 else { return [] }
    func estimate(_ segment: ChangePointFit.Segment) -> Estimate {
      Estimate(
        value: segment.rate, low: segment.low, high: segment.high,
        effectiveN: series.size(segment.periods) / dispersion)
    }
    func own(_ segment: ChangePointFit.Segment) -> Double {
      levels.evidence.rate(manager, places: segment.periods.map { series.places[$0] })
    }
    return division.probabilities.indices.map { i in
      let (before, after) = (division.segments[i], division.segments[i + 1])
      return Change(
        place: series.places[after.periods.lowerBound],
        probability: min(1, division.probabilities[i] / fit.anyChange), before: estimate(before),
        after: estimate(after), ownBefore: own(before), ownAfter: own(after))
    }
  }

  private func fit(_ series: Series, expectedShare: Double) throws(NumericsError) -> ChangePointFit {
    var model = Self.model(expectedShare, periods: series.places.count)
    model.level = interval
    let (mean, weight) = levels.prior
    if levels.evidence.isRate {
      let (counts, exposures) = events(series)
      return try model.fit(counts: counts, exposures: exposures, prior: Gamma(shape: mean * weight, rate: weight))
    }
    return try model.fit(
      cases: cases(series), periods: series.places.count, prior: Beta(mean * weight, (1 - mean) * weight), base: base)
  }

  /// The expected share that the prior is about.
  private var base: Double { min(max(levels.prior.mean, 1e-4), 1 - 1e-4) }

  /// Events and exposure of a rate by period, as much as they count.
  private func events(_ series: Series) -> (counts: [Int], exposures: [Double]) {
    (series.wholeEvents(dispersion), series.exposure.map { $0 / dispersion })
  }

  /// Cases of a share, as much as they count.
  private func cases(_ series: Series) -> [ExpectedCases] {
    series.cases.map {
      var group = $0
      group.weight /= dispersion
      return group
    }
  }

  private static func model(_ share: Double, periods: Int) -> ChangePoints {
    ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: share, periods: periods))
  }

  /// The share of series that changed, from their Bayes factors: the mode of
  ///
  ///     Σ log(1 − π + π B) + log π + (w − 1) log(1 − π)        w = ``expectedOneIn``
  ///
  /// concave in π, so the root of its slope is found by halving. With few managers it stays near 1/w, with many they tell.
  static func expectedShare(_ factors: [Double]) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let share = (low + high) / 2
      var slope = 1 / share - (expectedOneIn - 1) / (1 - share)
      for factor in factors where factor != 1 { slope += 1 / (share + 1 / (factor - 1)) }
      if slope > 0 { low = share } else { high = share }
    }
    return (low + high) / 2
  }

  /// The probability of no change, from the expected share and a Bayes factor.
  static func noChange(_ factor: Double, expectedShare share: Double) -> Double {
    (1 - share) / (1 - share + share * factor)
  }
}

extension TrendChanges {
  /// A manager's observed months.
  private struct Series {
    /// Each period's month.
    var places: [Int] = []
    /// Of a share: cases by period and partner, what was expected of them, and how much they count.
    var cases: [ExpectedCases] = []
    /// Of a rate: events by period, and exposure in the rate's unit as it would be in a usual month.
    var events: [Int] = []
    var exposure: [Double] = []
    /// How much cases of one month still go together, on average.
    var correlation = 0.0

    /// What counts towards the smallest segment: events, or cases as much as each counts.
    var size: Double { size(places.indices) }

    func size(_ periods: Range<Int>) -> Double {
      guard exposure.isEmpty else { return Double(events[periods].reduce(0, +)) }
      return cases.reduce(0) { $0 + (periods.contains($1.period) ? $1.weight * Double($1.trials) : 0) }
    }

    init(
      _ levels: TrendLevels, _ expected: PartnerMonths, _ pairs: PairTable, _ manager: Int, without absent: [Int] = []
    ) {
      let evidence = levels.evidence
      let (cells, sizes) = (evidence.cells(manager), evidence.sizes)
      places = Array(cells.indices.filter { sizes[$0] > 0 }.map { $0 - cells.lowerBound }.suffix(mostMonths))
      var all = 0.0
      for (period, place) in places.enumerated() {
        let cell = cells.lowerBound + place
        var groups: [(first: Int32, second: Int32, expectation: PartnerMonths.Expectation)] = []
        var (first, second): (Int32, Int32)
        switch evidence.measure {
        case .share(let successes, let trials): (first, second) = (successes[cell], trials[cell])
        case .rate(_, let exposures, _): (first, second) = (0, exposures[cell])
        case .mean: continue
        }
        for pair in pairs.starts[manager]..<pairs.starts[manager + 1] {
          let own = pair * evidence.monthCount + place
          let ofPair = (evidence.byPair.first[own], evidence.byPair.second[own])
          guard ofPair.1 > 0 else { continue }
          groups.append((ofPair.0, ofPair.1, expected.expectation(pair: pair, place, without: absent)))
          first -= ofPair.0
          second -= ofPair.1
        }
        if second > 0 { groups.append((first, second, expected.withoutPartner)) }
        for group in groups {
          all += Double(group.second)
          correlation += Double(group.second) * group.expectation.correlation
        }
        switch evidence.measure {
        case .share:
          for group in groups {
            let together = 1 + Double(group.second - 1) * group.expectation.correlation
            cases.append(
              ExpectedCases(
                period: period, successes: Int(group.first), trials: Int(group.second),
                expected: group.expectation.rate, weight: 1 / together))
          }
        case .rate(let counts, _, let unit):
          events.append(Int(counts[cell]))
          exposure.append(
            groups.reduce(0) { $0 + Double($1.second) * $1.expectation.rate } / expected.overall / unit)
        case .mean: continue
        }
      }
      if all > 0 { correlation /= all }
    }

    /// The same months of a rate, the t-th in place of the `order[t]`-th.
    func reordered(_ order: [Int]) -> Self {
      var result = self
      for t in events.indices { (result.events[order[t]], result.exposure[order[t]]) = (events[t], exposure[t]) }
      return result
    }

    /// By how much neighbouring months differ, against how much they would if cases went together no more than is known.
    ///
    ///     Σ (r₁ v₂ − r₂ v₁)²/(v₁ + v₂)² against Σ v₁ v₂/(v₁ + v₂)        r = k − n p, v its variance
    ///
    /// p is the manager's own rate throughout. Neighbours, since a rate that changes once would else count as scatter: where
    /// it is off by the same in both months, r is proportional to v and cancels.
    func scatter(prior: (mean: Double, weight: Double)) -> (observed: Double, chance: Double) {
      var differences = [Double](repeating: 0, count: places.count)
      var variances = differences
      if exposure.isEmpty {
        let base = logit(min(max(prior.mean, 1e-4), 1 - 1e-4))
        let shifts = cases.map { logit($0.expected) - base }
        func share(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
        var x = base
        // The mode, by damped Newton steps on a concave function.
        for _ in 0..<20 {
          let p = share(x)
          var slope = prior.weight * (prior.mean - p)
          var curvature = prior.weight * p * (1 - p)
          for (group, shift) in zip(cases, shifts) {
            let p = share(x + shift)
            slope += group.weight * (Double(group.successes) - Double(group.trials) * p)
            curvature += group.weight * Double(group.trials) * p * (1 - p)
          }
          let step = min(max(slope / max(curvature, 1e-9), -1), 1)
          x += step
          if abs(step) < 1e-9 { break }
        }
        for (group, shift) in zip(cases, shifts) {
          let p = share(x + shift)
          differences[group.period] += Double(group.successes) - Double(group.trials) * p
          variances[group.period] += Double(group.trials) * p * (1 - p) / group.weight
        }
      } else {
        let whole = exposure.reduce(0, +)
        let rate = (Double(events.reduce(0, +)) + prior.mean * prior.weight) / (whole + prior.weight)
        for (period, exposure) in exposure.enumerated() {
          differences[period] = Double(events[period]) - rate * exposure
          variances[period] = rate * exposure
        }
      }
      var result = (observed: 0.0, chance: 0.0)
      for (t, next) in zip(differences.indices, differences.indices.dropFirst()) {
        let (v, w) = (variances[t], variances[next])
        guard v > 0, w > 0 else { continue }
        let difference = (differences[t] * w - differences[next] * v) / (v + w)
        result.observed += difference * difference
        result.chance += v * w / (v + w)
      }
      return result
    }

    /// Events over a divisor, in whole ones: what the rounded running sum rises by, so that nothing is lost on the way.
    func wholeEvents(_ divisor: Double) -> [Int] {
      var (sum, before) = (0, 0)
      return events.map { events in
        sum += events
        let now = Int((Double(sum) / divisor).rounded())
        defer { before = now }
        return now - before
      }
    }
  }
}

private func logit(_ share: Double) -> Double { log(share) - log1p(-share) }
