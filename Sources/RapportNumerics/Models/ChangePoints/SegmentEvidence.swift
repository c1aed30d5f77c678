import Glibc

/// What each possible segment of a series says.
protocol SegmentEvidence {
  var periodCount: Int { get }
  /// The part of the log evidence that doesn't depend on segments.
  var constant: Double { get }
  /// Events or successes.
  func events(_ segment: Range<Int>) -> Int
  /// Exposure or trials.
  func exposure(_ segment: Range<Int>) -> Double
  /// Events that count towards the smallest allowed.
  func size(_ segment: Range<Int>) -> Double
  /// log p(y | one segment), without `constant`.
  func logMarginal(_ segment: Range<Int>) -> Double
  /// The posterior mean of the rate in a segment.
  func mean(_ segment: Range<Int>) -> Double
  /// The posterior's central interval of the rate in a segment.
  func limits(_ segment: Range<Int>, level: Double) -> (low: Double, high: Double)
}

/// Cases of one rate in each segment, from running sums.
struct ConjugateEvidence: SegmentEvidence {
  /// How the rate within a segment is distributed, before and after.
  enum Prior {
    case gamma(Gamma)
    case beta(Beta)
  }

  let prior: Prior
  /// log Γ(a) or log B(a, b).
  private let priorConstant: Double
  /// Events or successes in periods before the i-th.
  private let events: [Int]
  /// Exposure or trials in periods before the i-th.
  private let exposure: [Double]
  /// Events in one unit of exposure, for sizes.
  private let eventsPerExposure: Double
  /// The part of the log evidence that doesn't depend on segments: Σ log(e^y/y!) or Σ log (n choose k).
  let constant: Double

  init(counts: [Int], exposures: [Double], prior: Gamma) {
    self.prior = .gamma(prior)
    priorConstant = logGamma(prior.shape)
    events = Self.runningSums(counts)
    exposure = Self.runningSums(exposures)
    let (total, whole) = (Double(events[counts.count]), exposure[counts.count])
    eventsPerExposure = whole > 0 ? total / whole : 0
    var sum = 0.0
    for (y, e) in zip(counts, exposures) where y > 0 { sum += Double(y) * log(e) - logGamma(Double(y) + 1) }
    constant = sum
  }

  init(successes: [Int], trials: [Int], prior: Beta) {
    self.prior = .beta(prior)
    priorConstant = logBeta(prior.a, prior.b)
    events = Self.runningSums(successes)
    exposure = Self.runningSums(trials.map(Double.init))
    eventsPerExposure = 1
    var sum = 0.0
    for (k, n) in zip(successes, trials) { sum += logBinomialCoefficient(n, k) }
    constant = sum
  }

  private static func runningSums<Value: AdditiveArithmetic>(_ values: [Value]) -> [Value] {
    var sums = [Value.zero]
    sums.reserveCapacity(values.count + 1)
    for value in values { sums.append(sums[sums.count - 1] + value) }
    return sums
  }

  var periodCount: Int { events.count - 1 }

  func events(_ segment: Range<Int>) -> Int { events[segment.upperBound] - events[segment.lowerBound] }

  func exposure(_ segment: Range<Int>) -> Double { exposure[segment.upperBound] - exposure[segment.lowerBound] }

  func size(_ segment: Range<Int>) -> Double { eventsPerExposure * exposure(segment) }

  /// Of one segment:
  ///
  ///     b^a Γ(a + Y) / (Γ(a) (b + E)^(a + Y))        B(a + K, b + N − K) / B(a, b)
  func logMarginal(_ segment: Range<Int>) -> Double {
    let count = Double(events(segment))
    let exposure = exposure(segment)
    switch prior {
    case .gamma(let gamma):
      // log(b^a / (b + E)^(a + Y)) in the form that stays exact for E far below b.
      return logGamma(gamma.shape + count) - priorConstant - gamma.shape * log1p(exposure / gamma.rate)
        - count * log(gamma.rate + exposure)
    case .beta(let beta):
      return logBeta(beta.a + count, beta.b + (exposure - count)) - priorConstant
    }
  }

  func mean(_ segment: Range<Int>) -> Double {
    switch prior {
    case .gamma(let gamma): (gamma.shape + Double(events(segment))) / (gamma.rate + exposure(segment))
    case .beta(let beta): (beta.a + Double(events(segment))) / (beta.a + beta.b + exposure(segment))
    }
  }

  func limits(_ segment: Range<Int>, level: Double) -> (low: Double, high: Double) {
    let count = Double(events(segment))
    switch prior {
    case .gamma(let gamma):
      return Gamma(shape: gamma.shape + count, rate: gamma.rate + exposure(segment)).centralInterval(level: level)
    case .beta(let beta):
      return Beta(beta.a + count, beta.b + (exposure(segment) - count)).centralInterval(level: level)
    }
  }
}
