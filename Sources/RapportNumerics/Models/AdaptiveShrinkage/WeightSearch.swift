import Glibc

/// The weights that maximize a mixture's penalized log likelihood.
///
///     F(π) = Σᵢ log Σₖ Lᵢₖ πₖ + Σₖ cₖ log πₖ        πₖ ≥ 0, Σ π = 1
///
/// EM steps, extrapolated as in Varadhan & Roland (2008), SQUAREM. F is concave, so with gₖ = ∂F/∂πₖ no weights are better
/// than the present ones by more than max g − Σ πₖ gₖ: the end is verified, not guessed.
struct WeightSearch {
  let likelihood: Matrix
  let pseudocounts: [Double]
  var weights: [Double]

  init(likelihood: Matrix, pseudocounts: [Double]) {
    self.likelihood = likelihood
    self.pseudocounts = pseudocounts
    weights = [Double](repeating: 1 / Double(likelihood.columns), count: likelihood.columns)
  }

  mutating func run(tolerance: Double, maximumRounds: Int) -> SearchRecord {
    var evaluations = 0
    for _ in 0..<maximumRounds {
      let (first, gap, value) = step(weights)
      evaluations += 1
      if gap <= tolerance {
        return SearchRecord(method: "EM", stop: .gradient, evaluations: evaluations, gradientNorm: gap)
      }
      let (second, _, _) = step(first)
      evaluations += 2
      // π + 2α r + α² v with r the first change, v the change of changes and α = |r|/|v|, at least one.
      var (r2, v2) = (0.0, 0.0)
      for k in weights.indices {
        let r = first[k] - weights[k]
        let v = second[k] - first[k] - r
        r2 += r * r
        v2 += v * v
      }
      let alpha = v2 > 0 ? max(1, (r2 / v2).squareRoot()) : 1
      var candidate = weights
      var total = 0.0
      for k in weights.indices {
        let r = first[k] - weights[k]
        let v = second[k] - first[k] - r
        // A weight that EM leaves positive stays so: zero would never come back.
        candidate[k] = max(weights[k] + 2 * alpha * r + alpha * alpha * v, 0.1 * second[k])
        total += candidate[k]
      }
      for k in candidate.indices { candidate[k] /= total }
      weights = objective(candidate) >= value ? step(candidate).next : second
      evaluations += 1
    }
    let gap = step(weights).gap
    return SearchRecord(
      method: "EM", stop: gap <= tolerance ? .gradient : .evaluations, evaluations: evaluations, gradientNorm: gap)
  }

  private func objective(_ weights: [Double]) -> Double {
    var sum = 0.0
    for value in likelihood * weights { sum += log(value) }
    for (c, weight) in zip(pseudocounts, weights) where c > 0 { sum += c * log(weight) }
    return sum
  }

  /// The next weights, how much better any weights could be, and the objective here.
  private func step(_ weights: [Double]) -> (next: [Double], gap: Double, value: Double) {
    var mixed = likelihood * weights
    var value = 0.0
    for i in mixed.indices {
      value += log(mixed[i])
      mixed[i] = 1 / mixed[i]
    }
    var slopes = likelihood.transposedTimes(mixed)
    var total = Double(likelihood.rows)
    for (k, c) in pseudocounts.enumerated() where c > 0 {
      value += c * log(weights[k])
      slopes[k] += c / weights[k]
      total += c
    }
    let next = zip(weights, slopes).map { $0 * $1 / total }
    return (next, slopes.max()! - total, value)
  }
}
