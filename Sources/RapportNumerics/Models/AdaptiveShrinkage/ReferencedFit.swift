import Glibc

/// Groups' usual effects, and what is known of each unit around them.
public struct ReferencedFit: Sendable {
  /// The mixture; `nil` where the family was too small to show it.
  public let mixture: ShrinkageFit?
  let prior: ReferencedShrinkage.Mixture
  /// By group.
  public let references: [Reference]
  let groups: [[ReferencedShrinkage.Unit]]

  /// A unit's effect against the group's usual.
  public struct Effect: Sendable {
    /// The estimate that isn't shrunken, and its error with the reference's; the reference is found without this unit.
    public var estimate: Double
    public var standardError: Double
    /// The posterior.
    public var mean: Double
    public var low: Double
    public var high: Double
    public var localFalseSignRate: Double
  }

  /// How many places stand in for a reference's distribution.
  private static let places = 9

  /// What is known of the units of a group; `nil` for a group of one, which has nothing to be compared with.
  public func effects(group: Int, interval: Double) -> [Effect]? {
    let units = groups[group]
    guard units.count > 1 else { return nil }
    let reference = references[group]
    let places = reference.points(Self.places)
    return units.map { unit in
      let own = reference.grid.map { prior.logDensity(unit.estimate - $0, unit.standardError) }
      let others = reference.probabilities(without: own)
      let mean = zip(others, reference.grid).reduce(0) { $0 + $1.0 * $1.1 }
      let variance = zip(others, reference.grid).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
      let posterior = PlacedPosterior(unit, prior: prior, places: places)
      let limits = posterior.interval(level: interval)
      return Effect(
        estimate: unit.estimate - mean,
        standardError: (unit.standardError * unit.standardError + variance).squareRoot(), mean: posterior.mean,
        low: min(limits.low, posterior.mean), high: max(limits.high, posterior.mean),
        localFalseSignRate: posterior.localFalseSignRate)
    }
  }
}

/// The posterior of one effect: a mixture of normals and of no effect, over the reference's places.
struct PlacedPosterior {
  private var weights: [Double] = []
  private var means: [Double] = []
  private var deviations: [Double] = []
  private(set) var zero = 0.0

  init(
    _ unit: ReferencedShrinkage.Unit, prior: ReferencedShrinkage.Mixture,
    places: [(place: Double, probability: Double)]
  ) {
    let s2 = unit.standardError * unit.standardError
    for (place, probability) in places {
      let b = unit.estimate - place
      let total = prior.logDensity(b, unit.standardError)
      for (variance, weight) in zip(prior.variances, prior.weights) {
        let spread = variance + s2
        let share =
          probability * exp(log(weight) - 0.5 * (log(2 * Double.pi * spread) + b * b / spread) - total)
        if share < 1e-7 { continue }
        if variance == 0 {
          zero += share
        } else {
          weights.append(share)
          means.append(b * variance / spread)
          deviations.append((variance * s2 / spread).squareRoot())
        }
      }
    }
    let sum = weights.reduce(zero, +)
    zero /= sum
    for k in weights.indices { weights[k] /= sum }
  }

  var mean: Double { zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } }

  /// P(θ ≤ x) for x < 0, P(θ < x) for x > 0 counts zero as below.
  private func below(_ x: Double) -> Double {
    var sum = x >= 0 ? zero : 0
    for k in weights.indices { sum += weights[k] * Normal.standard.cumulative((x - means[k]) / deviations[k]) }
    return sum
  }

  /// min(P(θ ≤ 0), P(θ ≥ 0)).
  var localFalseSignRate: Double {
    var positive = 0.0
    var negative = 0.0
    for k in weights.indices {
      let p = Normal.standard.cumulative(means[k] / deviations[k])
      positive += weights[k] * p
      negative += weights[k] * (1 - p)
    }
    return (1 - max(positive, negative)).clamped(to: 0...1)
  }

  func interval(level: Double) -> (low: Double, high: Double) {
    (quantile((1 - level) / 2), quantile((1 + level) / 2))
  }

  private func quantile(_ p: Double) -> Double {
    guard !weights.isEmpty else { return 0 }
    let beforeZero = below(-1e-300)
    if p > beforeZero && p <= beforeZero + zero { return 0 }
    var low = zip(means, deviations).map { $0 - 9 * $1 }.min()!
    var high = zip(means, deviations).map { $0 + 9 * $1 }.max()!
    if p <= beforeZero { high = min(high, 0) } else { low = max(low, 0) }
    for _ in 0..<40 where high - low > 1e-8 {
      let middle = 0.5 * (low + high)
      if below(middle) < p { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
