import Glibc

/// A mixture of normals around zero whose two halves have weights of their own; variance zero is no effect at all.
///
///     p(x) = Σ_j 2 N(x; 0, v_j + s²) (w_j⁻ Φ(−t_j) + w_j⁺ Φ(t_j))        t_j = x √v_j / (s √(v_j + s²))
///
/// x is an effect seen with error s. With w⁻ = w⁺ it is the mixture of whole normals.
struct HalvedNormals: Sendable {
  /// v, by part.
  private(set) var variances: [Double] = []
  /// w⁻ and w⁺; of a part with variance zero, half its weight each.
  private(set) var below: [Double] = []
  private(set) var above: [Double] = []

  /// One normal.
  init(variance: Double) {
    add(variance, below: 0.5, above: 0.5)
  }

  /// What an adaptive shrinkage found.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for uniform parts.
  init(_ fit: ShrinkageFit) throws(NumericsError) {
    for (part, weight) in zip(fit.parts, fit.weights) where weight > 1e-9 {
      switch part {
      case .zero: add(0, below: weight / 2, above: weight / 2)
      case .normal(let sigma): add(sigma * sigma, below: weight / 2, above: weight / 2)
      case .halfNormal(let sigma, let isPositive):
        add(sigma * sigma, below: isPositive ? 0 : weight, above: isPositive ? weight : 0)
      case .uniform: throw .invalidInput("uniform parts; effects around a reference need normal or half-normal ones")
      }
    }
  }

  /// That of the widest part that one effect in a hundred has.
  var largestVariance: Double {
    variances.indices.filter { below[$0] + above[$0] >= 0.01 }.map { variances[$0] }.max() ?? 0
  }

  /// Both halves of a width become one part.
  private mutating func add(_ variance: Double, below less: Double, above more: Double) {
    if variances.last == variance {
      below[below.count - 1] += less
      above[above.count - 1] += more
    } else {
      variances.append(variance)
      below.append(less)
      above.append(more)
    }
  }

  /// log p(x) for an effect seen with error s.
  func logDensity(_ x: Double, _ s: Double) -> Double {
    var largest = -Double.infinity
    var sum = 0.0
    for (variance, weights) in zip(variances, zip(below, above)) {
      let total = variance + s * s
      let t = x * (variance / total).squareRoot() / s
      for (weight, side) in [(weights.0, -1.0), (weights.1, 1.0)] where weight > 0 {
        let term =
          log(2 * weight) - 0.5 * (log(2 * Double.pi * total) + x * x / total)
          + Normal.standard.logCumulative(side * t)
        if term > largest {
          sum = sum * exp(largest - term) + 1
          largest = term
        } else {
          sum += exp(term - largest)
        }
      }
    }
    return largest + log(sum)
  }
}
