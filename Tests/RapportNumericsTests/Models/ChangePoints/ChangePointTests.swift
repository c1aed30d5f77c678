import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ChangePointTests {
  @Test func `Bayes factors by themselves are those of the whole fit`() throws {
    let model = ChangePoints(changeProbability: 0.05)
    let (counts, exposures) = ([4, 6, 3, 12, 15, 11], [1.0, 1.2, 0.8, 1, 1.1, 0.9])
    let rates = Gamma(shape: 2, rate: 0.4)
    let ofRates = try model.bayesFactor(counts: counts, exposures: exposures, prior: rates)
    let fitOfRates = try model.fit(counts: counts, exposures: exposures, prior: rates)
    #expect(ofRates != nil && ofRates == fitOfRates.bayesFactor)
    let cases = (0..<12).map { i in
      ExpectedCases(
        period: i / 2, successes: i < 6 ? 9 : 4, trials: 11, expected: 0.6 + 0.02 * Double(i % 3), weight: 0.8)
    }
    let shares = Beta(6, 4)
    let ofShares = try model.bayesFactor(cases: cases, periods: 6, prior: shares, base: 0.6)
    let fitOfShares = try model.fit(cases: cases, periods: 6, prior: shares, base: 0.6)
    #expect(ofShares != nil && ofShares == fitOfShares.bayesFactor)
  }

  @Test func `Bayes factors of other orders of the periods`() throws {
    let model = ChangePoints(changeProbability: 0.05)
    let cases = (0..<18).map { i in
      ExpectedCases(
        period: i / 3, successes: (7 * i) % 12, trials: 11, expected: 0.5 + 0.02 * Double(i % 3),
        weight: 0.6 + 0.1 * Double(i % 4))
    }
    let prior = Beta(5, 5)
    let orders = [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 0, 5, 1, 4, 3]]
    let factors = try model.bayesFactors(cases: cases, periods: 6, prior: prior, base: 0.5, orders: orders)
    for (order, factor) in zip(orders, factors) {
      var moved = cases
      for i in moved.indices { moved[i].period = order[cases[i].period] }
      #expect(try factor == model.bayesFactor(cases: moved, periods: 6, prior: prior, base: 0.5))
    }
    #expect(Set(factors).count > 1)
  }

  // Of a prior with most of itself beyond the values that are summed over, weights rise anew at the ends. With what was expected
  // the same throughout, the model is that of shares.
  @Test func `a prior that stands at both ends`() throws {
    let model = ChangePoints(changeProbability: 0.1)
    let (successes, trials) = ([0, 0, 6, 6, 0, 3], [6, 6, 6, 6, 6, 6])
    let prior = Beta(0.02, 0.03)
    let cases = zip(successes, trials).enumerated().map {
      ExpectedCases(period: $0, successes: $1.0, trials: $1.1, expected: 0.4)
    }
    let fit = try model.fit(cases: cases, periods: 6, prior: prior, base: 0.4)
    let exact = try model.fit(successes: successes, trials: trials, prior: prior)
    // What lies beyond the last values stands at them: of 30 trials that are all alike each loses e⁻⁹.
    expectClose(fit.logEvidence, exact.logEvidence, absolute: 30 * exp(-9))
    expectClose(fit.changeProbabilities, exact.changeProbabilities, absolute: 1e-3)
    expectClose(fit.segments.map(\.rate), exact.segments.map(\.rate), absolute: 1e-3)
  }

  // By hand: one trial in each of two periods, a success and a failure, π uniform. One segment has evidence
  // B(2, 2) = 1/6, two have ½ · ½. With p = ½ the change has ¼ / (¼ + 1/6) = 3/5, and the evidence is 5/24.
  @Test func `two periods, worked by hand`() throws {
    var model = ChangePoints(changeProbability: 0.5)
    model.minimumEvents = 1
    let fit = try model.fit(successes: [1, 0], trials: [1, 1], prior: Beta(1, 1))
    expectClose(fit.anyChange, 0.6, relative: 1e-14)
    expectClose(fit.noChange, 0.4, relative: 1e-14)
    expectClose(fit.changeProbabilities, [0, 0.6], absolute: 1e-14)
    expectClose(fit.logEvidence, log(5.0 / 24), relative: 1e-13)
    expectClose(try #require(fit.bayesFactor), 1.5, relative: 1e-13)
    #expect(fit.segments.map(\.periods) == [0..<1, 1..<2])
    expectClose(fit.segments.map(\.rate), [2.0 / 3, 1.0 / 3], relative: 1e-14)
    // Averaged: 0.4 · ½ + 0.6 · ⅔ = 0.6 at first.
    expectClose(fit.averagedRates, [0.6, 0.4], relative: 1e-13)
    // Segments of at least two trials leave no room for a change.
    model.minimumEvents = 2
    let whole = try model.fit(successes: [1, 0], trials: [1, 1], prior: Beta(1, 1))
    #expect(whole.anyChange == 0)
    #expect(whole.noChange == 1)
    #expect(whole.bayesFactor == nil)
    expectClose(whole.logEvidence, log(1.0 / 6), relative: 1e-13)
  }

  // By hand: 0 and 2 events in exposures of 1, λ ~ Gamma(1, 1). A segment with Y events in E has evidence
  // Γ(1 + Y) / (1 + E)^(1 + Y), up to Π 1/y!: as one 2/27, as two ½ · 2/8 = 1/8; all over 2!.
  @Test func `two counts, worked by hand`() throws {
    var model = ChangePoints(changeProbability: 0.25)
    model.minimumEvents = 0
    let fit = try model.fit(counts: [0, 2], exposures: [1, 1], prior: Gamma(shape: 1, rate: 1))
    let (one, two) = (0.75 * 2.0 / 27, 0.25 / 8)
    expectClose(fit.anyChange, two / (one + two), relative: 1e-13)
    expectClose(fit.logEvidence, log((one + two) / 2), relative: 1e-13)
    // As one the rate is (1 + 2)/(1 + 2), as two ½ and 3/2.
    #expect(fit.segments.map(\.periods) == [0..<2])
    expectClose(fit.segments[0].rate, 1, relative: 1e-14)
    expectClose(fit.averagedRates, [one + 0.5 * two, one + 1.5 * two].map { $0 / (one + two) }, relative: 1e-13)
  }

  @Test(arguments: [0.0, 3, 5, 11]) func `counts agree with all segmentations, one by one`(minimum: Double) throws {
    let counts = [3, 1, 0, 4, 9, 0, 7, 2]
    let exposures = [1.0, 0.5, 0, 2, 1.5, 0.25, 1, 0.75]
    let prior = Gamma(shape: 1.5, rate: 0.5)
    var model = ChangePoints(changeProbability: 0.2)
    model.minimumEvents = minimum
    let fit = try model.fit(counts: counts, exposures: exposures, prior: prior)
    let perExposure = Double(counts.reduce(0, +)) / exposures.reduce(0, +)
    let all = EverySegmentation(periods: 8, changeProbability: 0.2) { segment in
      // Poisson probabilities mixed over the gamma prior: negative binomial terms, one observation after another.
      var (shape, rate, sum, size) = (prior.shape, prior.rate, 0.0, 0.0)
      for t in segment where exposures[t] > 0 {
        sum += NegativeBinomial(mean: shape / rate * exposures[t], size: shape).logProbability(counts[t])
        shape += Double(counts[t])
        rate += exposures[t]
        size += exposures[t] * perExposure
      }
      return size >= minimum || segment.count == 8 ? (sum, shape / rate) : nil
    }
    all.expect(fit)
  }

  @Test(arguments: [0.0, 5, 20]) func `shares agree with all segmentations, one by one`(minimum: Double) throws {
    let trials = [4, 1, 0, 12, 9, 3, 7, 2, 5]
    let successes = [4, 0, 0, 9, 2, 0, 1, 2, 0]
    var model = ChangePoints(changeProbability: 0.07)
    model.minimumEvents = minimum
    let fit = try model.fit(successes: successes, trials: trials, prior: Beta(2, 1))
    let all = EverySegmentation(periods: 9, changeProbability: 0.07) { segment in
      var (a, b, sum, size) = (2.0, 1.0, 0.0, 0.0)
      for t in segment {
        let (k, n) = (successes[t], trials[t])
        sum += logBinomialCoefficient(n, k)
        for j in 0..<k { sum += log((a + Double(j)) / (a + b + Double(j))) }
        for j in 0..<(n - k) { sum += log((b + Double(j)) / (a + b + Double(k + j))) }
        a += Double(k)
        b += Double(n - k)
        size += Double(n)
      }
      return size >= minimum || segment.count == 9 ? (sum, a / (a + b)) : nil
    }
    all.expect(fit)
  }

  // Expected shares that are all alike are no news: the model of shares, up to what of the prior lies beyond the last steps of
  // x, which is lumped there.
  @Test func `cases of which the same was expected are shares`() throws {
    let (successes, trials) = ([4, 0, 0, 9, 2, 0, 1, 2, 0], [4, 1, 0, 12, 9, 3, 7, 2, 5])
    let model = ChangePoints(changeProbability: 0.07)
    for prior in [Beta(2, 1), Beta(8, 0.4), Beta(19.5, 0.5)] {
      let plain = try model.fit(successes: successes, trials: trials, prior: prior)
      let cases = zip(successes, trials).enumerated().map {
        ExpectedCases(period: $0, successes: $1.0, trials: $1.1, expected: 0.8)
      }
      let fit = try model.fit(cases: cases, periods: 9, prior: prior, base: 0.8)
      expectClose(fit.noChange, plain.noChange, relative: 1e-3)
      expectClose(fit.changeProbabilities, plain.changeProbabilities, relative: 1e-3)
      expectClose(fit.averagedRates, plain.averagedRates, absolute: 1e-4)
      expectClose(fit.logEvidence, plain.logEvidence, absolute: 1e-4)
      let (got, want) = (try #require(fit.division), try #require(plain.division))
      #expect(got.segments.map(\.periods) == want.segments.map(\.periods))
      for (got, want) in zip(got.segments, want.segments) {
        #expect(got.events == want.events && got.exposure == want.exposure)
        expectClose([got.rate, got.low, got.high], [want.rate, want.low, want.high], absolute: 0.01)
      }
    }
  }

  // Two groups a period with expected shares of their own, one of them of half weight; integrals over x by steps of 0.01.
  @Test func `cases agree with all segmentations, one by one`() throws {
    let cases = (0..<7).flatMap { t in
      [
        ExpectedCases(period: t, successes: [3, 1, 0, 4, 0, 1, 1][t], trials: 4, expected: [0.7, 0.2, 0.3][t % 3]),
        ExpectedCases(
          period: t, successes: [5, 2, 3, 6, 1, 0, 2][t], trials: 6, expected: [0.9, 0.5][t % 2], weight: 0.5),
      ]
    }
    let prior = Beta(3, 2)
    var model = ChangePoints(changeProbability: 0.2)
    model.minimumEvents = 10
    let fit = try model.fit(cases: cases, periods: 7, prior: prior, base: 0.6)
    func share(_ x: Double, _ expected: Double) -> Double {
      1 / (1 + exp(-x - log(expected / (1 - expected)) + log(0.6 / 0.4)))
    }
    let all = EverySegmentation(periods: 7, changeProbability: 0.2) { segment in
      let own = cases.filter { segment.contains($0.period) }
      let size = own.reduce(0) { $0 + $1.weight * Double($1.trials) }
      guard size >= 10 || segment.count == 7 else { return nil }
      var (sum, mean) = (0.0, 0.0)
      for step in -3000...3000 {
        let x = Double(step) / 100
        let p = 1 / (1 + exp(-x))
        var likelihood = prior.density(p) * p * (1 - p) / 100
        for group in own {
          let p = share(x, group.expected)
          let (k, rest) = (Double(group.successes), Double(group.trials - group.successes))
          likelihood *= exp(
            group.weight * (k * log(p) + rest * log1p(-p) + logBinomialCoefficient(group.trials, group.successes)))
        }
        sum += likelihood
        let rates = cases.reduce(0) { $0 + Double($1.trials) * share(x, $1.expected) }
        mean += likelihood * rates / 70
      }
      return (log(sum), mean / sum)
    }
    all.expect(fit, relative: 1e-5)
  }

  // A fall that was expected is none; a share that stands still where a fall was expected is one.
  @Test func `what was expected is no change`() throws {
    let model = ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: 0.1, periods: 24))
    func fit(_ successes: (Int) -> Int) throws -> ChangePointFit {
      let cases = (0..<24).map {
        ExpectedCases(period: $0, successes: successes($0), trials: 5, expected: $0 < 12 ? 0.8 : 0.2)
      }
      return try model.fit(cases: cases, periods: 24, prior: Beta(5, 5), base: 0.5)
    }
    #expect(try fit { $0 < 12 ? 4 : 1 }.anyChange < 0.1)
    #expect(try fit { _ in 4 }.anyChange > 0.999)
    #expect(throws: NumericsError.self) {
      try model.fit(
        cases: [ExpectedCases(period: 0, successes: 1, trials: 1, expected: 1)], periods: 1, prior: Beta(1, 1),
        base: 0.5)
    }
  }

  @Test func `each of two changes has its own probability`() throws {
    let model = ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: 0.1, periods: 24))
    // A fall that is sure, then a small rise that isn't.
    let counts = (0..<24).map { $0 < 8 ? 9 : $0 < 16 ? 1 : 4 }
    let fit = try model.fit(counts: counts, exposures: counts.map { _ in 1 }, prior: Gamma(shape: 1, rate: 0.2))
    #expect(fit.anyChange > 0.9999)
    let division = try #require(fit.division)
    try #require(division.segments.map(\.periods.lowerBound) == [0, 8, 16])
    // By a program of its own in Python, summing over all segments in floating point.
    expectClose(division.probabilities, [0.9999998967721728, 0.7394600203936326], relative: 1e-9)
  }

  @Test func `finds where a rate fell silent`() throws {
    let model = ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: 0.1, periods: 24))
    let counts = (0..<24).map { $0 < 14 ? [8, 11, 9, 10][$0 % 4] : 0 }
    let fit = try model.fit(counts: counts, exposures: counts.map { _ in 1 }, prior: Gamma(shape: 1, rate: 0.1))
    #expect(fit.anyChange > 0.999999)
    #expect(fit.noChange > 0 && fit.noChange < 1e-10)
    #expect(fit.segments.map(\.periods) == [0..<14, 14..<24])
    #expect(fit.changeProbabilities[14] > 0.99)
    #expect(fit.segments[0].low < 9.5 && fit.segments[0].high > 9.5)
    #expect(fit.segments[1].high < 0.5)
    expectClose(fit.averagedRates[23], fit.segments[1].rate, relative: 0.02)
  }

  // Draws from the model itself, with and without changes: on average the posterior is the prior.
  @Test func `is calibrated on draws from its own prior`() throws {
    let (periods, series) = (12, 1500)
    var model = ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: 0.3, periods: periods))
    model.minimumEvents = 0
    var stream = RandomStream(seed: 20, purpose: "change points")
    var (probabilities, truths): ([Double], [Double]) = ([], [])
    for _ in 0..<series {
      var rate = stream.gamma(shape: 4, rate: 0.5)
      var isChanged = false
      let counts = (0..<periods).map { t in
        if t > 0 && stream.uniform() < model.changeProbability {
          rate = stream.gamma(shape: 4, rate: 0.5)
          isChanged = true
        }
        return stream.poisson(mean: rate)
      }
      let fit = try model.fit(counts: counts, exposures: counts.map { _ in 1 }, prior: Gamma(shape: 4, rate: 0.5))
      probabilities.append(fit.anyChange)
      truths.append(isChanged ? 1 : 0)
      expectClose(fit.anyChange + fit.noChange, 1, absolute: 1e-12)
    }
    // Given the posteriors, the truths are independent draws with these probabilities: five standard errors.
    let excess = zip(truths, probabilities).reduce(0) { $0 + $1.0 - $1.1 }
    let spread = probabilities.reduce(0) { $0 + $1 * (1 - $1) }.squareRoot()
    #expect(abs(excess) < 5 * spread, "\(excess), standard error \(spread)")
    // And those selected are false no more often than promised.
    let found = BayesianDiscoveries(nullProbabilities: probabilities.map { 1 - $0 })
    let falseShare = found.selected.reduce(0) { $0 + 1 - truths[$1] } / Double(found.selected.count)
    #expect(found.selected.count > 100)
    #expect(found.expectedFalseShare <= 0.05)
    let allowed = 5 * (0.05 / Double(found.selected.count)).squareRoot()
    #expect(falseShare < found.expectedFalseShare + allowed, "\(falseShare) of \(found.selected.count)")
  }

  // No series changes, and the prior for a change is small: what is selected at 5 % is next to nothing.
  @Test func `finds nothing where nothing changed`() throws {
    var stream = RandomStream(seed: 21, purpose: "no change")
    let model = ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: 0.05, periods: 24))
    let probabilities = try (0..<600).map { _ in
      let share = stream.beta(6, 2)
      let trials = (0..<24).map { _ in stream.integer(below: 9) }
      let successes = trials.map { stream.binomial(trials: $0, probability: share) }
      return try model.fit(successes: successes, trials: trials, prior: Beta(6, 2)).noChange
    }
    #expect(probabilities.reduce(0, +) / 600 > 0.95)
    #expect(BayesianDiscoveries(nullProbabilities: probabilities).selected.count <= 1)
  }

  @Test func `nothing to go by`() throws {
    let model = ChangePoints(changeProbability: 0.1)
    let none = try model.fit(counts: [], exposures: [], prior: Gamma(shape: 1, rate: 1))
    #expect(none.segments.isEmpty && none.noChange == 1)
    let single = try model.fit(counts: [3], exposures: [1], prior: Gamma(shape: 1, rate: 1))
    #expect(single.segments.map(\.periods) == [0..<1])
    #expect(single.anyChange == 0 && single.changeProbabilities == [0])
    let silent = try model.fit(successes: [0, 0], trials: [0, 0], prior: Beta(1, 1))
    #expect(silent.noChange == 1)
    #expect(throws: NumericsError.self) {
      try model.fit(counts: [1], exposures: [0], prior: Gamma(shape: 1, rate: 1))
    }
    #expect(throws: NumericsError.self) { try model.fit(successes: [2], trials: [1], prior: Beta(1, 1)) }
  }
}

/// Every allowed segmentation of a short series, with its weight.
struct EverySegmentation {
  let periods: Int
  /// Segments and log prior without its scale, log prior and evidence.
  private var list: [(segments: [Range<Int>], prior: Double, posterior: Double, rates: [Double])] = []

  init(periods: Int, changeProbability p: Double, _ evidence: (Range<Int>) -> (log: Double, mean: Double)?) {
    self.periods = periods
    for pattern in 0..<(1 << (periods - 1)) {
      let starts = [0] + (1..<periods).filter { pattern >> ($0 - 1) & 1 == 1 }
      let segments = zip(starts, starts.dropFirst() + [periods]).map { $0..<$1 }
      let parts = segments.compactMap(evidence)
      guard parts.count == segments.count else { continue }
      let changes = Double(segments.count - 1)
      let prior = changes * log(p) + (Double(periods - 1) - changes) * log1p(-p)
      let rates = zip(segments, parts).flatMap { segment, part in segment.map { _ in part.mean } }
      list.append((segments, prior, prior + parts.reduce(0) { $0 + $1.log }, rates))
    }
  }

  func expect(_ fit: ChangePointFit, relative: Double = 1e-11) {
    let priorTotal = list.reduce(0) { $0 + exp($1.prior) }
    let total = list.reduce(0) { $0 + exp($1.posterior) }
    expectClose(fit.logEvidence, log(total / priorTotal), relative: relative)
    let none = list.filter { $0.segments.count == 1 }
    expectClose(fit.noChange, none.reduce(0) { $0 + exp($1.posterior) } / total, relative: relative)
    expectClose(fit.priorNoChange, none.reduce(0) { $0 + exp($1.prior) } / priorTotal, relative: relative)
    expectClose(fit.anyChange, 1 - fit.noChange, absolute: 1e-12)
    for t in 0..<periods {
      let here = list.filter { $0.segments.contains { $0.lowerBound == t && t > 0 } }
      expectClose(
        fit.changeProbabilities[t], here.reduce(0) { $0 + exp($1.posterior) } / total, relative: relative,
        absolute: 1e-15)
      expectClose(
        fit.averagedRates[t], list.reduce(0) { $0 + exp($1.posterior) * $1.rates[t] } / total, relative: relative)
    }
    let best = list.map(\.posterior).max() ?? -.infinity
    expectClose(fit.segmentationProbability, exp(best) / total, relative: 10 * relative)
    // The most probable of those with a change, and of each change the share of all that have one about there.
    let divided = list.filter { $0.segments.count > 1 }
    if let most = divided.max(by: { $0.posterior < $1.posterior }), let division = fit.division {
      let chosen = divided.first { $0.segments == division.segments.map(\.periods) }
      expectClose(chosen?.posterior ?? .nan, most.posterior, absolute: relative)
      let starts = division.segments.dropFirst().map(\.periods.lowerBound)
      for (i, start) in starts.enumerated() {
        let first = i > 0 ? (starts[i - 1] + start) / 2 + 1 : 1
        let last = i + 1 < starts.count ? (start + starts[i + 1]) / 2 : periods - 1
        let about = divided.filter { $0.segments.contains { $0.lowerBound >= first && $0.lowerBound <= last } }
        expectClose(
          division.probabilities[i], about.reduce(0) { $0 + exp($1.posterior) } / total, relative: 10 * relative,
          absolute: 1e-12)
      }
    } else {
      #expect(fit.division == nil && divided.isEmpty)
    }
    let chosen = list.first { $0.segments == fit.segments.map(\.periods) }
    expectClose(chosen?.posterior ?? .nan, best, absolute: relative)
  }
}
