import Glibc

/// What each possible segment says of a share x that is common to its cases, whose expected shares differ.
///
///     log L_t(x) = Σ_c w_c (k_c log π_c + (n_c − k_c) log(1 − π_c))        logit π_c = x + logit e_c − logit base
///
/// L is worked out for values of x in even steps, no wider than the standard error of x in the whole series, with what
/// prior lies beyond them lumped at the ends: sums over such steps are exact to more digits than are shown.
struct ExpectedEvidence: SegmentEvidence {
  let periodCount: Int
  let constant: Double
  /// Log prior by value of x; they sum to one.
  private let prior: [Double]
  /// log L of periods before the t-th, at t (values) + value.
  private let running: [Double]
  private let successes: [Int]
  private let trials: [Int]
  private let sizes: [Double]
  /// The rate of all cases together, by value of x.
  private let rates: [Double]

  init(cases: [ExpectedCases], periodCount: Int, prior: Beta, base: Double) {
    self.periodCount = periodCount
    var (successes, trials) = ([Int](repeating: 0, count: periodCount + 1), [Int](repeating: 0, count: periodCount + 1))
    var sizes = [Double](repeating: 0, count: periodCount + 1)
    var constant = 0.0
    for group in cases {
      successes[group.period + 1] += group.successes
      trials[group.period + 1] += group.trials
      sizes[group.period + 1] += group.weight * Double(group.trials)
      constant += group.weight * logBinomialCoefficient(group.trials, group.successes)
    }
    for t in 0..<periodCount {
      successes[t + 1] += successes[t]
      trials[t + 1] += trials[t]
      sizes[t + 1] += sizes[t]
    }
    // A case tells at most ¼.
    let reach = 9.0
    let half = Int((reach / min(0.125, 2 / max(sizes[periodCount], 1).squareRoot())).rounded(.up))
    let step = reach / Double(half)
    let values = (-half...half).map { Double($0) * step }
    let scale = log(step) - logBeta(prior.a, prior.b)
    var density = values.map { x in prior.a * logShare(x) + prior.b * logShare(-x) + scale }
    // Half a step beyond the last values belongs to them, the rest of the prior is added.
    let edge = reach + step / 2
    let (below, above) = (
      prior.cumulative(exp(logShare(-edge))), Beta(prior.b, prior.a).cumulative(exp(logShare(-edge)))
    )
    density[0] = log(exp(density[0]) + below)
    density[density.count - 1] = log(exp(density[density.count - 1]) + above)
    let total = log(density.reduce(0) { $0 + exp($1) })
    self.prior = density.map { $0 - total }

    let count = values.count
    var running = [Double](repeating: 0, count: (periodCount + 1) * count)
    var rates = [Double](repeating: 0, count: count)
    // e^−x: of each group the odds against success are this times its own at x = 0.
    let against = values.map { exp(-$0) }
    for group in cases where group.trials > 0 {
      let own = (1 - group.expected) / group.expected * (base / (1 - base))
      let shift = -log(own)
      let (all, rest) = (Double(group.trials) * group.weight, Double(group.trials - group.successes) * group.weight)
      for i in 0..<count {
        let odds = against[i] * own
        // π = 1/(1 + odds), and log(1 − π) = log π − logit π.
        running[(group.period + 1) * count + i] -= all * log1p(odds) + rest * (values[i] + shift)
        rates[i] += Double(group.trials) / (1 + odds)
      }
    }
    for t in 0..<periodCount {
      for i in 0..<count { running[(t + 1) * count + i] += running[t * count + i] }
    }
    let all = Double(trials[periodCount])
    (self.successes, self.trials, self.sizes, self.running) = (successes, trials, sizes, running)
    self.rates = all > 0 ? rates.map { $0 / all } : values.map { exp(logShare($0)) }
    self.constant = constant
  }

  func events(_ segment: Range<Int>) -> Int { successes[segment.upperBound] - successes[segment.lowerBound] }

  func exposure(_ segment: Range<Int>) -> Double { Double(trials[segment.upperBound] - trials[segment.lowerBound]) }

  func size(_ segment: Range<Int>) -> Double { sizes[segment.upperBound] - sizes[segment.lowerBound] }

  func logMarginal(_ segment: Range<Int>) -> Double {
    var sum = 0.0
    let largest = forEachValue(segment) { _, weight in sum += weight }
    return largest + log(sum)
  }

  func mean(_ segment: Range<Int>) -> Double {
    var (sum, total) = (0.0, 0.0)
    _ = forEachValue(segment) { i, weight in
      total += weight
      sum += weight * rates[i]
    }
    return sum / total
  }

  func limits(_ segment: Range<Int>, level: Double) -> (low: Double, high: Double) {
    var weights = [Double](repeating: 0, count: rates.count)
    _ = forEachValue(segment) { i, weight in weights[i] = weight }
    let total = weights.reduce(0, +)
    /// Each value stands for the step around it, within which the share is even.
    func quantile(_ p: Double) -> Double {
      var sum = 0.0
      for i in rates.indices where weights[i] > 0 {
        let next = sum + weights[i] / total
        if next >= p {
          let low = i > 0 ? (rates[i - 1] + rates[i]) / 2 : rates[0]
          let high = i + 1 < rates.count ? (rates[i] + rates[i + 1]) / 2 : rates[i]
          return low + (high - low) * (p - sum) / (next - sum)
        }
        sum = next
      }
      return rates[rates.count - 1]
    }
    return (quantile((1 - level) / 2), quantile((1 + level) / 2))
  }

  /// Calls `body` with each value's posterior weight, the largest being one.
  ///
  /// - Returns: the logarithm of what weights are relative to.
  @inline(__always) private func forEachValue(_ segment: Range<Int>, _ body: (Int, Double) -> Void) -> Double {
    let count = prior.count
    return prior.withUnsafeBufferPointer { prior in
      running.withUnsafeBufferPointer { running in
        let before = UnsafeBufferPointer(
          rebasing: running[segment.lowerBound * count..<(segment.lowerBound + 1) * count])
        let after = UnsafeBufferPointer(
          rebasing: running[segment.upperBound * count..<(segment.upperBound + 1) * count])
        var largest = -Double.infinity
        for i in 0..<count {
          let height = after[i] - before[i] + prior[i]
          if height > largest { largest = height }
        }
        for i in 0..<count {
          let difference = after[i] - before[i] + prior[i] - largest
          if difference > -40 { body(i, exp(difference)) }
        }
        return largest
      }
    }
  }
}

/// log 1/(1 + e^−x).
private func logShare(_ x: Double) -> Double { x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }
