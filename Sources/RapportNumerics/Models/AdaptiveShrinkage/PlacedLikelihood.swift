import Glibc

/// The log likelihood of where a group's usual effect lies, made for being asked at hundreds of places.
///
///     ℓ(c) = Σ_k log Σ_j π_j N(b_k − c; 0, σ_j² + s_k²)
struct PlacedLikelihood: Sendable {
  private let estimates: [Double]
  private let errors: [Double]
  private let prior: ReferencedShrinkage.Mixture
  /// By unit, then part: log π_j − ½ log 2π(σ_j² + s_k²), and ½/(σ_j² + s_k²).
  private let heights: [Double]
  private let steepness: [Double]

  init(_ group: [ReferencedShrinkage.Unit], _ prior: ReferencedShrinkage.Mixture) {
    estimates = group.map(\.estimate)
    errors = group.map(\.standardError)
    self.prior = prior
    var heights: [Double] = []
    var steepness: [Double] = []
    heights.reserveCapacity(group.count * prior.weights.count)
    steepness.reserveCapacity(group.count * prior.weights.count)
    for unit in group {
      for (variance, weight) in zip(prior.variances, prior.weights) {
        let total = variance + unit.standardError * unit.standardError
        heights.append(log(weight) - 0.5 * log(2 * Double.pi * total))
        steepness.append(0.5 / total)
      }
    }
    self.heights = heights
    self.steepness = steepness
  }

  func logDensity(_ c: Double) -> Double {
    let parts = prior.weights.count
    var value = 0.0
    for k in estimates.indices {
      let x = estimates[k] - c
      let square = x * x
      var sum = 0.0
      for j in k * parts..<(k + 1) * parts { sum += exp(heights[j] - square * steepness[j]) }
      // Far out every part underflows; the slower way doesn't.
      value += sum > 1e-280 ? log(sum) : prior.logDensity(x, errors[k])
    }
    return value
  }
}
