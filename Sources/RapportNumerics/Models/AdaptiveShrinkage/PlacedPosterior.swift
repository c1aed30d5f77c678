import Glibc

/// The posterior of one effect over the reference's places: no effect, and halves of normals on either side of it.
struct PlacedPosterior {
  /// A normal that is cut at zero.
  private struct Half {
    var weight: Double
    var mean: Double
    var deviation: Double
    /// 1 above zero, −1 below.
    var side: Double
    /// What the whole normal has on that side.
    var mass: Double

    /// E(θ) on that side.
    var center: Double {
      side * max(0, side * mean + deviation * Normal.standard.density(mean / deviation) / mass)
    }

    /// P(|θ| ≤ x) on that side, for x on that side.
    func within(_ x: Double) -> Double {
      max(0, 1 - Normal.standard.cumulative(side * (mean - x) / deviation) / mass)
    }
  }

  private var halves: [Half] = []
  private var zero = 0.0

  init(
    _ unit: ReferencedShrinkage.Unit, prior: HalvedNormals, places: [(place: Double, probability: Double)]
  ) {
    let s2 = unit.standardError * unit.standardError
    for (place, probability) in places {
      let b = unit.estimate - place
      let total = prior.logDensity(b, unit.standardError)
      for (variance, weights) in zip(prior.variances, zip(prior.below, prior.above)) {
        let spread = variance + s2
        let height = probability * exp(-0.5 * (log(2 * Double.pi * spread) + b * b / spread) - total)
        if variance == 0 {
          zero += height * (weights.0 + weights.1)
          continue
        }
        let mean = b * variance / spread
        let deviation = (variance * s2 / spread).squareRoot()
        for (weight, side) in [(weights.0, -1.0), (weights.1, 1.0)] {
          let mass = Normal.standard.cumulative(side * mean / deviation)
          let share = 2 * weight * height * mass
          if share < 1e-7 { continue }
          halves.append(Half(weight: share, mean: mean, deviation: deviation, side: side, mass: mass))
        }
      }
    }
    let sum = halves.reduce(zero) { $0 + $1.weight }
    zero /= sum
    for k in halves.indices { halves[k].weight /= sum }
  }

  var mean: Double { halves.reduce(0) { $0 + $1.weight * $1.center } }

  /// min(P(θ ≤ 0), P(θ ≥ 0)).
  var localFalseSignRate: Double { (1 - max(mass(side: 1), mass(side: -1))).clamped(to: 0...1) }

  func interval(level: Double) -> (low: Double, high: Double) {
    (quantile((1 - level) / 2), quantile((1 + level) / 2))
  }

  private func mass(side: Double) -> Double { halves.reduce(0) { $0 + ($1.side == side ? $1.weight : 0) } }

  /// The smallest x with P(θ ≤ x) ≥ p; zero for every p within the jump there.
  private func quantile(_ p: Double) -> Double {
    let beforeZero = mass(side: -1)
    if p > beforeZero && p <= beforeZero + zero { return 0 }
    let side = p <= beforeZero ? -1.0 : 1.0
    // How much of that side lies between zero and the quantile.
    let wanted = side < 0 ? beforeZero - p : p - beforeZero - zero
    let own = halves.filter { $0.side == side }
    guard let far = own.map({ max(0, side * $0.mean) + 9 * $0.deviation }).max() else { return 0 }
    var (low, high) = (0.0, far)
    for _ in 0..<40 where high - low > 1e-8 {
      let middle = 0.5 * (low + high)
      let sum = own.reduce(0) { $0 + $1.weight * $1.within(side * middle) }
      if sum < wanted { low = middle } else { high = middle }
    }
    return side * 0.5 * (low + high)
  }
}
