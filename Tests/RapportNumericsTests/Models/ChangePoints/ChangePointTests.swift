import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ChangePointTests {
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

  func expect(_ fit: ChangePointFit) {
    let priorTotal = list.reduce(0) { $0 + exp($1.prior) }
    let total = list.reduce(0) { $0 + exp($1.posterior) }
    expectClose(fit.logEvidence, log(total / priorTotal), relative: 1e-11)
    let none = list.filter { $0.segments.count == 1 }
    expectClose(fit.noChange, none.reduce(0) { $0 + exp($1.posterior) } / total, relative: 1e-11)
    expectClose(fit.priorNoChange, none.reduce(0) { $0 + exp($1.prior) } / priorTotal, relative: 1e-11)
    expectClose(fit.anyChange, 1 - fit.noChange, absolute: 1e-12)
    for t in 0..<periods {
      let here = list.filter { $0.segments.contains { $0.lowerBound == t && t > 0 } }
      expectClose(
        fit.changeProbabilities[t], here.reduce(0) { $0 + exp($1.posterior) } / total, relative: 1e-11, absolute: 1e-15)
      expectClose(
        fit.averagedRates[t], list.reduce(0) { $0 + exp($1.posterior) * $1.rates[t] } / total, relative: 1e-11)
    }
    let best = list.map(\.posterior).max() ?? -.infinity
    expectClose(fit.segmentationProbability, exp(best) / total, relative: 1e-10)
    let chosen = list.first { $0.segments == fit.segments.map(\.periods) }
    expectClose(chosen?.posterior ?? .nan, best, absolute: 1e-11)
  }
}
