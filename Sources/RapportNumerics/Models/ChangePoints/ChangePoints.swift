import Glibc

/// Where, if anywhere, the rate of a series changed: Bayesian change points, summed over all segmentations exactly.
///
///     counts   y_t ~ Poisson(e_t λ)        λ ~ Gamma(a, rate b) anew in each segment
///     shares   k_t ~ Binomial(n_t, π)      π ~ Beta(a, b) anew in each segment
///
/// Between any two periods the rate changes with probability p, independently; segmentations with a segment smaller than
/// the smallest allowed are left out, and the others' prior is scaled to sum to one. The whole as one segment is always
/// allowed.
///
/// Where part of the differences between cases is known, the share is told relative to what was expected of them: see
/// ``fit(cases:periods:prior:base:)``.
///
/// A segment's size is its events. For shares these are its trials. For counts they are the events expected at the rate of
/// the whole series, e Σy/Σe, not those seen: else no series could be found to have fallen silent.
///
/// Source: Fearnhead (2006), Exact and efficient Bayesian inference for multiple changepoint problems; METHODS.md §12.
public struct ChangePoints: Sendable {
  /// p, the prior probability of a change between two periods, above 0 and below 1.
  public var changeProbability: Double
  /// The smallest segment, in events; 0 allows single periods. Below five a change can hardly be told from chance.
  public var minimumEvents = 5.0
  /// The level of intervals of segments' rates.
  public var level = 0.9

  /// The model with this prior for changes.
  public init(changeProbability: Double) {
    precondition(
      changeProbability > 0 && changeProbability < 1,
      "the probability of a change is \(changeProbability), expected above 0 and below 1")
    self.changeProbability = changeProbability
  }

  /// The p with which a series of so many periods has some change with this probability, where all segments are allowed.
  ///
  ///     1 − (1 − p)^(T−1) = anyChange
  public static func changeProbability(anyChange: Double, periods: Int) -> Double {
    precondition(periods > 1, "\(periods) periods, expected at least two")
    checkProbability(anyChange)
    return -expm1(log1p(-anyChange) / Double(periods - 1))
  }

  /// Changes in the rate of events.
  ///
  /// - Parameters: `counts` of events and `exposures` by period; a period without exposure has no events and tells nothing.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for negative or undefined values, or events without exposure.
  /// - Complexity: O(periods²)
  public func fit(counts: [Int], exposures: [Double], prior: Gamma) throws(NumericsError) -> ChangePointFit {
    ChangePointFit(self, try Self.evidence(counts: counts, exposures: exposures, prior: prior))
  }

  /// The Bayes factor of some change in the rate of events against none, as ``ChangePointFit/bayesFactor``.
  public func bayesFactor(counts: [Int], exposures: [Double], prior: Gamma) throws(NumericsError) -> Double? {
    ChangeEvidence(self, try Self.evidence(counts: counts, exposures: exposures, prior: prior)).bayesFactor
  }

  private static func evidence(
    counts: [Int], exposures: [Double], prior: Gamma
  ) throws(NumericsError) -> ConjugateEvidence {
    precondition(counts.count == exposures.count, "\(counts.count) counts and \(exposures.count) exposures")
    for (y, e) in zip(counts, exposures) where !(y >= 0 && e >= 0 && e.isFinite && (e > 0 || y == 0)) {
      throw .invalidInput("\(y) events in exposure \(e): expected a count in a positive, finite exposure")
    }
    return ConjugateEvidence(counts: counts, exposures: exposures, prior: prior)
  }

  /// Changes in the share of successes.
  ///
  /// - Parameters: `successes` and `trials` by period; a period without trials tells nothing.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for counts below zero or more successes than trials.
  /// - Complexity: O(periods²)
  public func fit(successes: [Int], trials: [Int], prior: Beta) throws(NumericsError) -> ChangePointFit {
    precondition(successes.count == trials.count, "\(successes.count) successes and \(trials.count) trials")
    for (k, n) in zip(successes, trials) where !(k >= 0 && k <= n) {
      throw .invalidInput("\(k) successes of \(n) trials: expected 0 ≤ k ≤ n")
    }
    return ChangePointFit(self, ConjugateEvidence(successes: successes, trials: trials, prior: prior))
  }

  /// Changes in the share of successes against what was to be expected of the cases.
  ///
  ///     k_c ~ Binomial(n_c, π_c)        logit π_c = x + logit e_c − logit base        σ(x) ~ Beta(a, b) anew in each segment
  ///
  /// A change is one of x: a share that fell because it was expected to isn't one. With e_c = base throughout this is the
  /// model of shares. Each group's log likelihood is multiplied by its weight. Rates are those of all cases together,
  /// Σ n_c π_c / Σ n_c, if x were the segment's throughout.
  ///
  /// - Parameters: `cases` in any order, each group of a period below `periods`; `base`: the expected share that `prior`
  ///   is about, above 0 and below 1.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for counts below zero, more successes than trials, expected shares that
  ///   aren't between 0 and 1, or weights that aren't above 0.
  /// - Complexity: O(periods² · values of x), some 150 of them, and more with √trials.
  public func fit(cases: [ExpectedCases], periods: Int, prior: Beta, base: Double) throws(NumericsError)
    -> ChangePointFit
  {
    ChangePointFit(
      self, try Self.evidence(cases: cases, periods: periods, prior: prior, base: base, tellsRates: true))
  }

  /// The Bayes factor of some change in the share of successes against none, as ``ChangePointFit/bayesFactor``.
  public func bayesFactor(
    cases: [ExpectedCases], periods: Int, prior: Beta, base: Double
  ) throws(NumericsError) -> Double? {
    ChangeEvidence(
      self, try Self.evidence(cases: cases, periods: periods, prior: prior, base: base, tellsRates: false)
    ).bayesFactor
  }

  /// The same of each order of the periods, the t-th at `orders[i][t]`.
  ///
  /// What a period says by itself is worked out once.
  public func bayesFactors(
    cases: [ExpectedCases], periods: Int, prior: Beta, base: Double, orders: [[Int]]
  ) throws(NumericsError) -> [Double?] {
    let evidence = try Self.evidence(cases: cases, periods: periods, prior: prior, base: base, tellsRates: false)
    return orders.map { order in
      precondition(order.sorted().elementsEqual(0..<periods), "\(order) isn't an order of \(periods) periods")
      return ChangeEvidence(self, evidence.reordered(order)).bayesFactor
    }
  }

  private static func evidence(
    cases: [ExpectedCases], periods: Int, prior: Beta, base: Double, tellsRates: Bool
  ) throws(NumericsError) -> ExpectedEvidence {
    precondition(base > 0 && base < 1, "the expected share is \(base), expected above 0 and below 1")
    for group in cases {
      precondition(group.period >= 0 && group.period < periods, "period \(group.period) of \(periods)")
      guard group.successes >= 0, group.successes <= group.trials, group.expected > 0, group.expected < 1,
        group.weight > 0, group.weight.isFinite
      else {
        throw .invalidInput(
          "\(group.successes) successes of \(group.trials) trials, expected \(group.expected), weight \(group.weight)")
      }
    }
    return ExpectedEvidence(cases: cases, periodCount: periods, prior: prior, base: base, tellsRates: tellsRates)
  }
}

/// Cases of one period of which the same was expected.
public struct ExpectedCases: Sendable, Equatable {
  /// Their period, from 0.
  public var period: Int
  public var successes: Int
  public var trials: Int
  /// The share of successes that was to be expected, above 0 and below 1.
  public var expected: Double
  /// How much each case counts: 1, less where the cases go together.
  public var weight: Double

  /// Cases of one period.
  public init(period: Int, successes: Int, trials: Int, expected: Double, weight: Double = 1) {
    self.period = period
    self.successes = successes
    self.trials = trials
    self.expected = expected
    self.weight = weight
  }
}
