import Glibc

/// How far two quantities go together.
public enum Correlation {
  /// Pearson's r with limits by Fisher's z (1921), and the two-sided tail area of t; `nil` where one doesn't vary.
  public static func pearson(
    _ x: [Double], _ y: [Double], level: Double = 0.95
  ) -> (value: Double, low: Double, high: Double, pValue: Double)? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values")
    let (a, b) = (Moments(x), Moments(y))
    guard x.count > 3, a.sumOfSquares > 0, b.sumOfSquares > 0 else { return nil }
    var sum = 0.0
    for i in x.indices { sum += ((x[i] - a.mean) - a.remainder) * ((y[i] - b.mean) - b.remainder) }
    let r = (sum / (a.sumOfSquares.squareRoot() * b.sumOfSquares.squareRoot())).clamped(to: -1...1)
    let half = Normal.standard.quantile(1 - (1 - level) / 2) / Double(x.count - 3).squareRoot()
    let degrees = Double(x.count - 2)
    let t = r * (degrees / ((1 - r) * (1 + r))).squareRoot()
    return (r, tanh(atanh(r) - half), tanh(atanh(r) + half), StudentT(degreesOfFreedom: degrees).twoSided(t))
  }

  /// Spearman's rank correlation: Pearson's of the ranks; `nil` where one doesn't vary or a value is NaN.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values")
    if hasNaN(x, y) { return nil }
    let (p, q) = (Ranks.of(x), Ranks.of(y))
    let (a, b) = (Moments(p), Moments(q))
    guard a.sumOfSquares > 0, b.sumOfSquares > 0 else { return nil }
    var sum = 0.0
    for i in p.indices { sum += (p[i] - a.mean) * (q[i] - b.mean) }
    return (sum / (a.sumOfSquares * b.sumOfSquares).squareRoot()).clamped(to: -1...1)
  }

  /// The exact two-sided tail area of Spearman's Σ d² without ties, by counting every order, twice the smaller tail as R has it;
  /// `nil` for more than nine values, whose orders are too many, with ties, and where a value is NaN.
  public static func spearmanExact(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values")
    let n = x.count
    guard (2...9).contains(n), !hasNaN(x, y), Ranks.tieCorrection(x) == 0, Ranks.tieCorrection(y) == 0 else {
      return nil
    }
    let (p, q) = (Ranks.of(x), Ranks.of(y))
    func score(_ order: [Double]) -> Int {
      var sum = 0.0
      for i in 0..<n { sum += (Double(i + 1) - order[i]) * (Double(i + 1) - order[i]) }
      return Int(sum)
    }
    let own = score(p.indices.sorted { p[$0] < p[$1] }.map { q[$0] })
    var order = (1...n).map(Double.init)
    var (below, above, count) = (0, 0, 0)
    func tally() {
      let value = score(order)
      if value <= own { below += 1 }
      if value >= own { above += 1 }
      count += 1
    }
    // Heap's algorithm: each order from the one before by one exchange.
    tally()
    var taken = [Int](repeating: 0, count: n)
    var i = 0
    while i < n {
      if taken[i] < i {
        order.swapAt(i % 2 == 0 ? 0 : taken[i], i)
        tally()
        taken[i] += 1
        i = 0
      } else {
        taken[i] = 0
        i += 1
      }
    }
    return min(1, 2 * Double(min(below, above)) / Double(count))
  }

  /// Kendall's τ_b with its normal deviate under independence (Kendall & Gibbons 1990, §4); `nil` where one doesn't vary or a
  /// value is NaN.
  ///
  /// - Complexity: O(n²)
  public static func kendall(_ x: [Double], _ y: [Double]) -> (tau: Double, deviate: Double)? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values")
    if hasNaN(x, y) { return nil }
    let n = Double(x.count)
    var score = 0
    for i in x.indices {
      for j in 0..<i { score += (x[i] - x[j]).signInteger * (y[i] - y[j]).signInteger }
    }
    let pairs = n * (n - 1) / 2
    func ties(_ values: [Double], _ f: (Double) -> Double) -> Double {
      Ranks.tieSizes(values).reduce(0) { $0 + f(Double($1)) }
    }
    let tiedX = ties(x) { $0 * ($0 - 1) / 2 }
    let tiedY = ties(y) { $0 * ($0 - 1) / 2 }
    guard pairs > tiedX, pairs > tiedY else { return nil }
    let spread: (Double) -> Double = { $0 * ($0 - 1) * (2 * $0 + 5) }
    var variance = (spread(n) - ties(x, spread) - ties(y, spread)) / 18 + 2 * tiedX * tiedY / (n * (n - 1))
    if n > 2 {
      let triple: (Double) -> Double = { $0 * ($0 - 1) * ($0 - 2) }
      variance += ties(x, triple) * ties(y, triple) / (9 * n * (n - 1) * (n - 2))
    }
    let s = Double(score)
    return (s / ((pairs - tiedX) * (pairs - tiedY)).squareRoot(), s / variance.squareRoot())
  }

  /// The exact two-sided tail area of Kendall's score without ties, by counting orders with each number of inversions. No value
  /// may be NaN.
  public static func kendallExact(_ x: [Double], _ y: [Double]) -> Double {
    precondition(
      Ranks.tieCorrection(x) == 0 && Ranks.tieCorrection(y) == 0, "exact tail areas need values without ties")
    let n = x.count
    var score = 0
    for i in x.indices {
      for j in 0..<i { score += (x[i] - x[j]).signInteger * (y[i] - y[j]).signInteger }
    }
    let pairs = n * (n - 1) / 2
    // Shares of orders of 1, 2, …, n values with each number of agreeing pairs.
    var shares = [1.0]
    for size in stride(from: 2, through: n, by: 1) {
      var next = [Double](repeating: 0, count: shares.count + size - 1)
      for (index, share) in shares.enumerated() {
        for extra in 0..<size { next[index + extra] += share / Double(size) }
      }
      shares = next
    }
    let agreeing = (score + pairs) / 2
    let below = shares[...agreeing].reduce(0, +)
    let above = shares[agreeing...].reduce(0, +)
    return min(1, 2 * min(below, above))
  }

  private static func hasNaN(_ x: [Double], _ y: [Double]) -> Bool {
    x.contains(where: \.isNaN) || y.contains(where: \.isNaN)
  }
}

extension Double {
  /// −1, 0 or 1.
  var signInteger: Int { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
