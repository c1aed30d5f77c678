import Glibc

/// The log likelihood of where a group's usual effect lies, made for being asked at hundreds of places.
///
///     ℓ(c) = Σ_k log p(b_k − c)        p as in ``HalvedNormals``, with error s_k
struct PlacedLikelihood: Sendable {
  /// One part of the prior, as one unit sees it.
  private struct Part: Sendable {
    /// log(2 (w⁻ + w⁺)) − ½ log 2π(v + s²), and ½/(v + s²).
    var height: Double
    var steepness: Double
    /// √v / (s √(v + s²)).
    var slope: Double
    /// w⁻/(w⁻ + w⁺), and (w⁺ − w⁻)/(w⁻ + w⁺).
    var below: Double
    var lean: Double
  }

  private let estimates: [Double]
  private let errors: [Double]
  private let prior: HalvedNormals
  /// By unit, then part.
  private let parts: [Part]

  init(_ group: [ReferencedShrinkage.Unit], _ prior: HalvedNormals) {
    estimates = group.map(\.estimate)
    errors = group.map(\.standardError)
    self.prior = prior
    var parts: [Part] = []
    parts.reserveCapacity(group.count * prior.variances.count)
    for unit in group {
      for (variance, weights) in zip(prior.variances, zip(prior.below, prior.above)) {
        let total = variance + unit.standardError * unit.standardError
        let weight = weights.0 + weights.1
        parts.append(
          Part(
            height: log(2 * weight) - 0.5 * log(2 * Double.pi * total), steepness: 0.5 / total,
            slope: (variance / total).squareRoot() / unit.standardError, below: weights.0 / weight,
            lean: (weights.1 - weights.0) / weight))
      }
    }
    self.parts = parts
  }

  func logDensity(_ c: Double) -> Double {
    let count = prior.variances.count
    var value = 0.0
    for k in estimates.indices {
      let x = estimates[k] - c
      let square = x * x
      var sum = 0.0
      for j in k * count..<(k + 1) * count {
        let part = parts[j]
        let height = exp(part.height - square * part.steepness)
        // Halves alike have half of the normal on either side, wherever x is.
        sum += height * (part.lean == 0 ? 0.5 : part.below + part.lean * Normal.standard.cumulative(x * part.slope))
      }
      // Far out every part underflows; the slower way doesn't.
      value += sum > 1e-280 ? log(sum) : prior.logDensity(x, errors[k])
    }
    return value
  }
}
