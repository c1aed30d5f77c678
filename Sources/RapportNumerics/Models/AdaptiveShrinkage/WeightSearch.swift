import Glibc

/// The weights that maximize a mixture's penalized log likelihood.
///
///     F(π) = Σᵢ log Σₖ Lᵢₖ πₖ + Σₖ cₖ log πₖ        πₖ ≥ 0, Σ π = 1
///
/// Sequential quadratic programming: each step is Newton's on the weights that aren't held at zero. The sum needs no
/// constraint: with n + Σ c times it subtracted, it is 1 at the maximum. F is concave, so with gₖ = ∂F/∂πₖ no weights are
/// better than the present ones by more than max g − Σ πₖ gₖ: the end is verified, not guessed. Near it a step may gain less
/// than F's own rounding while slopes still tell it: where F can't tell, steps are taken as long as they bring the end nearer.
///
/// Source: Kim, Carbonetto, Stephens & Anitescu (2020), A fast algorithm for maximum likelihood estimation of mixture
/// proportions using sequential quadratic programming, J. Comput. Graph. Stat. 29, 261-273.
struct WeightSearch {
  let likelihood: Matrix
  let pseudocounts: [Double]
  private(set) var weights: [Double]
  /// n + Σ c.
  private let total: Double

  init(likelihood: Matrix, pseudocounts: [Double]) {
    self.likelihood = likelihood
    self.pseudocounts = pseudocounts
    weights = [Double](repeating: 1 / Double(likelihood.columns), count: likelihood.columns)
    total = Double(likelihood.rows) + pseudocounts.reduce(0, +)
  }

  mutating func run(tolerance: Double, maximumRounds: Int) -> SearchRecord {
    var value = objective(weights)
    var (evaluations, rounds) = (1, 0)
    var lastGap = Double.infinity
    while true {
      let (slopes, curvature) = shape(weights)
      let gap = slopes.max()! - total
      func record(_ stop: SearchRecord.Stop) -> SearchRecord {
        SearchRecord(
          method: "sequential quadratic programming", stop: stop, evaluations: evaluations, gradientNorm: gap,
          iterations: rounds)
      }
      if gap <= tolerance {
        normalize()
        return record(.gradient)
      }
      if rounds == maximumRounds {
        normalize()
        return record(.evaluations)
      }
      rounds += 1
      // What has a pseudocount can't reach zero, only come closer.
      let floors = pseudocounts.indices.map { pseudocounts[$0] > 0 ? 0.1 * weights[$0] : 0 }
      let target = Self.minimum(curvature, slopes.map { total - $0 }, from: weights, floors: floors)
      let promise = weights.indices.reduce(0) { $0 + (slopes[$1] - total) * (target[$1] - weights[$1]) }
      var length = 1.0
      var next: (weights: [Double], value: Double)?
      while length > 1e-8 {
        let candidate = zip(weights, target).map { max(0, $0 + length * ($1 - $0)) }
        let attempt = objective(candidate)
        evaluations += 1
        if attempt >= value + 1e-4 * length * promise - 1e-13 * (1 + abs(value)) {
          next = (candidate, attempt)
          break
        }
        length /= 2
      }
      guard let next, next.value > value || gap < lastGap else {
        normalize()
        return record(gap <= 100 * tolerance ? .rounding : .failure)
      }
      (weights, value) = next
      lastGap = gap
    }
  }

  /// At the maximum the weights sum to one but for rounding.
  private mutating func normalize() {
    let sum = weights.reduce(0, +)
    for k in weights.indices { weights[k] /= sum }
  }

  /// F − (n + Σ c) Σ π; −∞ where a row has no likelihood left.
  private func objective(_ weights: [Double]) -> Double {
    var sum = 0.0
    for value in likelihood * weights {
      guard value > 0 else { return -.infinity }
      sum += log(value)
    }
    for k in weights.indices {
      sum -= total * weights[k]
      if pseudocounts[k] > 0 { sum += pseudocounts[k] * log(weights[k]) }
    }
    return sum
  }

  /// ∂F/∂π, and −∂²F/∂π².
  private func shape(_ weights: [Double]) -> (slopes: [Double], curvature: Matrix) {
    let inverse = (likelihood * weights).map { 1 / $0 }
    var slopes = likelihood.transposedTimes(inverse)
    var scaled = likelihood
    let rows = likelihood.rows
    for k in 0..<likelihood.columns {
      for i in 0..<rows { scaled.elements[k * rows + i] *= inverse[i] }
    }
    var curvature = scaled.crossProduct
    for (k, c) in pseudocounts.enumerated() where c > 0 {
      slopes[k] += c / weights[k]
      curvature[k, k] += c / (weights[k] * weights[k])
    }
    return (slopes, curvature)
  }

  /// The y ≥ `floors` with the smallest ½ (y − x)ᵀ H (y − x) + gᵀ (y − x), by an active set.
  ///
  /// Source: Nocedal & Wright (2006), Numerical Optimization, algorithm 16.3.
  private static func minimum(_ h: Matrix, _ g: [Double], from x: [Double], floors: [Double]) -> [Double] {
    // Neighbouring parts are nearly alike: H is positive definite by its ridge only.
    var h = h
    let ridge = 1e-10 * (h.diagonal.max() ?? 1)
    for k in x.indices { h[k, k] += ridge }
    var y = x
    var isFree = x.indices.map { x[$0] > floors[$0] }
    for _ in 0..<(5 * x.count) {
      let slope = zip(g, h * zip(y, x).map { $0 - $1 }).map { $0 + $1 }
      let free = x.indices.filter { isFree[$0] }
      var step = [Double](repeating: 0, count: x.count)
      if let factor = try? Cholesky(h.selecting(rows: free).selecting(columns: free)) {
        for (k, change) in zip(free, factor.solve(free.map { -slope[$0] })) { step[k] = change }
      }
      // As far as the first floor.
      var length = 1.0
      var hit: Int?
      for k in free where step[k] < 0 {
        let room = (floors[k] - y[k]) / step[k]
        if room < length { (length, hit) = (room, k) }
      }
      for k in free { y[k] = max(floors[k], y[k] + length * step[k]) }
      if let hit {
        y[hit] = floors[hit]
        isFree[hit] = false
        continue
      }
      // Which of those held would rather move?
      let after = zip(g, h * zip(y, x).map { $0 - $1 }).map { $0 + $1 }
      let held = x.indices.filter { !isFree[$0] }
      guard let released = held.min(by: { after[$0] < after[$1] }), after[released] < -1e-10 * (abs(g[released]) + 1)
      else { break }
      isFree[released] = true
    }
    return y
  }
}
