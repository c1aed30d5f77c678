import Glibc

/// The posterior distribution of one effect under a mixture prior.
public struct MixturePosterior: Sendable {
  let distributions: [(weight: Double, distribution: any ContinuousDistribution)]
  /// P(θ = 0).
  public let zeroProbability: Double
  /// P(θ > 0).
  public let positiveProbability: Double
  /// P(θ < 0).
  public let negativeProbability: Double
  /// E(θ).
  public let mean: Double
  /// The standard deviation of θ.
  public let standardDeviation: Double

  init(parts: [ShrinkagePart], weights: [Double], estimate: Double, standardError: Double) {
    let logs = zip(parts, weights).map { part, weight in
      weight > 0 ? log(weight) + part.logLikelihood(estimate, standardError) : -.infinity
    }
    let largest = logs.max() ?? 0
    let raw = logs.map { exp($0 - largest) }
    let total = raw.reduce(0, +)
    var kept: [(Double, any ContinuousDistribution)] = []
    var (zero, positive, negative, mean, square) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (part, share) in zip(parts, raw) where share > 0 {
      let weight = share / total
      guard let (distribution, center, variance) = part.posterior(estimate, standardError) else {
        zero += weight
        continue
      }
      kept.append((weight, distribution))
      positive += weight * distribution.survival(0)
      negative += weight * distribution.cumulative(0)
      mean += weight * center
      square += weight * (variance + center * center)
    }
    distributions = kept
    zeroProbability = min(1, zero)
    positiveProbability = min(1, positive)
    negativeProbability = min(1, negative)
    self.mean = mean
    standardDeviation = max(0, square - mean * mean).squareRoot()
  }

  /// The probability that the sign of the effect is wrong, or that there is none: min(P(θ ≤ 0), P(θ ≥ 0)), 0 … ½ unless
  /// zero is likely.
  public var localFalseSignRate: Double {
    (1 - max(positiveProbability, negativeProbability)).clamped(to: 0...1)
  }

  /// The smallest x with P(θ ≤ x) ≥ p; zero for every p within the jump there.
  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p > negativeProbability && p <= negativeProbability + zeroProbability || distributions.isEmpty { return 0 }
    let isNegative = p <= negativeProbability
    // The quantile lies between those of the parts; far enough out, each has passed p.
    var (low, high) = isNegative ? (-1.0, 0.0) : (0.0, 1.0)
    func below(_ x: Double) -> Double {
      var sum = x >= 0 ? zeroProbability : 0
      for part in distributions { sum += part.weight * part.distribution.cumulative(x) }
      return sum
    }
    if isNegative {
      while below(low) >= p && low > -1e300 { low *= 2 }
    } else {
      while below(high) < p && high < 1e300 { high *= 2 }
    }
    for _ in 0..<120 where high - low > 1e-13 * max(abs(low), abs(high)) {
      let middle = 0.5 * (low + high)
      if below(middle) < p { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// Limits that leave (1 − level)/2 on either side.
  public func interval(level: Double) -> (low: Double, high: Double) {
    precondition(level > 0 && level < 1, "level is \(level), expected between 0 and 1")
    return (quantile((1 - level) / 2), quantile(1 - (1 - level) / 2))
  }
}
