import Glibc

/// What a unit's value is made of, and so how far chance takes it from a target.
enum FunnelScale: Sendable, Equatable {
  /// Successes of trials.
  case share
  /// Events in an exposure.
  case rate
  /// The mean of normal observations with this standard deviation.
  case mean(standardDeviation: Double)

  /// The values possible.
  var range: ClosedRange<Double> {
    switch self {
    case .share: 0...1
    case .rate: 0...Double.infinity
    case .mean: -Double.infinity...Double.infinity
    }
  }

  /// Whether sizes are whole numbers.
  var hasWholeSizes: Bool { self != .rate }

  /// s² of a unit of this size at the target.
  func variance(target: Double, size: Double) -> Double {
    switch self {
    case .share: target * (1 - target) / size
    case .rate: target / size
    case .mean(let deviation): deviation * deviation / size
    }
  }

  /// The limits that leave `tail` on either side by chance alone; those of counts may lie up to one event beyond what is
  /// possible.
  func limits(target: Double, size: Double, tail: Double) -> (low: Double, high: Double) {
    switch self {
    case .share:
      let counts = Self.counts(Binomial(trials: Int(size), probability: target), tail)
      return (counts.low / size, counts.high / size)
    case .rate:
      let counts = Self.counts(Poisson(mean: target * size), tail)
      return (counts.low / size, counts.high / size)
    case .mean:
      let half = Normal.standard.quantile(1 - tail) * variance(target: target, size: size).squareRoot()
      return (target - half, target + half)
    }
  }

  /// The count at which a tail comes to `tail`, linear between whole numbers.
  ///
  ///     low = r − (P(R ≤ r) − tail)/P(R = r)          the smallest r with P(R ≤ r) ≥ tail
  ///     high = r + (P(R ≥ r) − tail)/P(R = r)         the smallest r with P(R > r) ≤ tail
  ///
  /// A count below `low` has P(R ≤ count) < tail, one above `high` has P(R ≥ count) < tail.
  ///
  /// Source: Spiegelhalter (2005). Differs: his `high` is one less, so that small units beyond it are more likely than the level says.
  private static func counts(
    _ distribution: some DiscreteDistribution, _ tail: Double
  ) -> (low: Double, high: Double) {
    let low = distribution.quantile(tail)
    let above = (distribution.cumulative(low) - tail) / exp(distribution.logProbability(low))
    var high = distribution.quantile(1 - tail)
    while high > 0 && distribution.survival(high - 1) <= tail { high -= 1 }
    while distribution.survival(high) > tail { high += 1 }
    let beyond = (tail - distribution.survival(high)) / exp(distribution.logProbability(high))
    return (Double(low) - above.clamped(to: 0...1), Double(high) - beyond.clamped(to: 0...1) + 1)
  }
}
