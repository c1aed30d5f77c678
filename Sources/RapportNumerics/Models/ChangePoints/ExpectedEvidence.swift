import Glibc

/// What each possible segment says of a share x that is common to its cases, whose expected shares differ.
///
///     log L_t(x) = Σ_c w_c (k_c log π_c + (n_c − k_c) log(1 − π_c))        logit π_c = x + logit e_c − logit base
///
/// L is worked out for values of x in even steps, no wider than the standard error of x in the whole series, with what
/// prior lies beyond them lumped at the ends: sums over such steps are exact to more digits than are shown.
struct ExpectedEvidence: SegmentEvidence {
  let constant: Double
  /// Log prior by value of x; they sum to one.
  private let prior: [Double]
  /// The rate of all cases together, by value of x; empty where nobody asks for rates.
  private let rates: [Double]
  /// What the periods say by themselves.
  private let periods: Periods
  /// The same of periods before the t-th, at t; log L at t (values) + value.
  private let running: Periods

  private struct Periods {
    var successes: [Int]
    var trials: [Int]
    var sizes: [Double]
    /// log L by period and value of x.
    var heights: [Double]

    init(count: Int, values: Int) {
      successes = [Int](repeating: 0, count: count)
      trials = successes
      sizes = [Double](repeating: 0, count: count)
      heights = [Double](repeating: 0, count: count * values)
    }

    /// Sums of what comes before each period in this order, and in the end of all.
    func runningSums(order: [Int]) -> Self {
      let values = order.isEmpty ? 0 : heights.count / order.count
      var sums = Self(count: order.count + 1, values: values)
      for (t, period) in order.enumerated() {
        sums.successes[t + 1] = sums.successes[t] + successes[period]
        sums.trials[t + 1] = sums.trials[t] + trials[period]
        sums.sizes[t + 1] = sums.sizes[t] + sizes[period]
        for i in 0..<values {
          sums.heights[(t + 1) * values + i] = sums.heights[t * values + i] + heights[period * values + i]
        }
      }
      return sums
    }
  }

  /// - Parameter tellsRates: whether segments are asked for rates and limits, beside what they say.
  init(cases: [ExpectedCases], periodCount: Int, prior: Beta, base: Double, tellsRates: Bool) {
    var sizes = [Double](repeating: 0, count: periodCount)
    for group in cases { sizes[group.period] += group.weight * Double(group.trials) }
    // A case tells at most ¼.
    let reach = 9.0
    let half = Int((reach / min(0.125, 2 / max(sizes.reduce(0, +), 1).squareRoot())).rounded(.up))
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

    let count = values.count
    var periods = Periods(count: periodCount, values: count)
    periods.sizes = sizes
    var rates = [Double](repeating: 0, count: tellsRates ? count : 0)
    var constant = 0.0
    // e^−x: of each group the odds against success are this times its own at x = 0.
    let against = values.map { exp(-$0) }
    var odds = against
    for group in cases {
      periods.successes[group.period] += group.successes
      periods.trials[group.period] += group.trials
      constant += group.weight * logBinomialCoefficient(group.trials, group.successes)
      if group.trials == 0 { continue }
      let own = (1 - group.expected) / group.expected * (base / (1 - base))
      let shift = -log(own)
      let (all, rest) = (Double(group.trials) * group.weight, Double(group.trials - group.successes) * group.weight)
      for i in 0..<count { odds[i] = against[i] * own }
      for i in rates.indices { rates[i] += Double(group.trials) / (1 + odds[i]) }
      // π = 1/(1 + odds), and log(1 − π) = log π − logit π.
      var span = odds.mutableSpan
      Logarithms.replaceOfOnePlus(&span)
      let first = group.period * count
      for i in 0..<count { periods.heights[first + i] -= all * odds[i] + rest * (values[i] + shift) }
    }
    // Without a trial the prior's own.
    let all = Double(periods.trials.reduce(0, +))
    if tellsRates { rates = all > 0 ? rates.map { $0 / all } : values.map { exp(logShare($0)) } }
    self.init(
      constant: constant, prior: density.map { $0 - total },
      rates: rates, periods: periods, order: Array(0..<periodCount))
  }

  private init(constant: Double, prior: [Double], rates: [Double], periods: Periods, order: [Int]) {
    (self.constant, self.prior, self.rates, self.periods) = (constant, prior, rates, periods)
    running = periods.runningSums(order: order)
  }

  /// The same periods, the t-th at `places[t]`.
  func reordered(_ places: [Int]) -> Self {
    var order = places
    for (period, place) in places.enumerated() { order[place] = period }
    return Self(constant: constant, prior: prior, rates: rates, periods: periods, order: order)
  }

  var periodCount: Int { periods.trials.count }

  func events(_ segment: Range<Int>) -> Int {
    running.successes[segment.upperBound] - running.successes[segment.lowerBound]
  }

  func exposure(_ segment: Range<Int>) -> Double {
    Double(running.trials[segment.upperBound] - running.trials[segment.lowerBound])
  }

  func size(_ segment: Range<Int>) -> Double { running.sizes[segment.upperBound] - running.sizes[segment.lowerBound] }

  func logMarginal(_ segment: Range<Int>) -> Double {
    withWeights(segment) { weights, _, largest in largest + log(weights.reduce(0, +)) }
  }

  func mean(_ segment: Range<Int>) -> Double {
    withWeights(segment) { weights, place, _ in
      var (sum, total) = (0.0, 0.0)
      for (i, weight) in weights.enumerated() {
        total += weight
        sum += weight * rates[place(i)]
      }
      return sum / total
    }
  }

  func limits(_ segment: Range<Int>, level: Double) -> (low: Double, high: Double) {
    withWeights(segment) { weights, place, _ in
      let total = weights.reduce(0, +)
      /// Each value stands for the step around it, within which the share is even.
      func quantile(_ p: Double) -> Double {
        var sum = 0.0
        for (k, weight) in weights.enumerated() where weight > 0 {
          let next = sum + weight / total
          if next >= p {
            let i = place(k)
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
  }

  /// Calls `body` with posterior weights, the largest being one, the value at which each stands, and the logarithm of what
  /// they are relative to.
  ///
  /// Log L and the prior's density are concave in x, so that weights rise to one value and fall from there on: the values that
  /// count are found by halving. Only at both ends, which the rest of the prior is lumped at, they may rise anew.
  @inline(__always) private func withWeights<Result>(
    _ segment: Range<Int>, _ body: (UnsafeMutableBufferPointer<Double>, (Int) -> Int, Double) -> Result
  ) -> Result {
    let count = prior.count
    return prior.withUnsafeBufferPointer { prior in
      running.heights.withUnsafeBufferPointer { heights in
        let before = UnsafeBufferPointer(
          rebasing: heights[segment.lowerBound * count..<(segment.lowerBound + 1) * count])
        let after = UnsafeBufferPointer(
          rebasing: heights[segment.upperBound * count..<(segment.upperBound + 1) * count])
        @inline(__always) func height(_ i: Int) -> Double { after[i] - before[i] + prior[i] }
        let last = count - 1
        let top = firstIndex(in: 1..<last - 1) { height($0 + 1) <= height($0) }
        let largest = max(height(top), height(0), height(last))
        func counts(_ i: Int) -> Bool { height(i) - largest > -40 }
        let first = firstIndex(in: 1..<top + 1) { counts($0) }
        let end = firstIndex(in: max(first, top)..<last) { !counts($0) }
        // The values at both ends, and those between them that count.
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: end - first + 2) { weights in
          weights[0] = counts(0) ? height(0) - largest : -.infinity
          for i in first..<end { weights[i - first + 1] = height(i) - largest }
          weights[weights.count - 1] = counts(last) ? height(last) - largest : -.infinity
          var span = weights.mutableSpan
          Exponentials.replace(&span, count: weights.count)
          let highest = weights.count - 1
          return body(weights, { $0 == 0 ? 0 : $0 == highest ? last : first + $0 - 1 }, largest)
        }
      }
    }
  }
}

/// The first index that passes, of which all that follow do; the range's end where none does.
@inline(__always) private func firstIndex(in range: Range<Int>, _ passes: (Int) -> Bool) -> Int {
  var (low, high) = (range.lowerBound, range.upperBound)
  while low < high {
    let middle = (low + high) / 2
    if passes(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}

/// log 1/(1 + e^−x).
private func logShare(_ x: Double) -> Double { x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }
