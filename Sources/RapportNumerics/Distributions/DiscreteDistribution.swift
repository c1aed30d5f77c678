/// A distribution on 0, 1, 2, ….
public protocol DiscreteDistribution: Sendable, Equatable {
  /// log P(X = k); −∞ where impossible.
  func logProbability(_ k: Int) -> Double
  /// P(X ≤ k).
  func cumulative(_ k: Int) -> Double
  /// P(X > k).
  func survival(_ k: Int) -> Double
  /// A k near the quantile of p, to search from.
  func quantileGuess(_ p: Double) -> Int
  /// The largest possible value, `nil` when there is none.
  var upperBound: Int? { get }
}

extension DiscreteDistribution {
  /// The smallest k with P(X ≤ k) ≥ p.
  ///
  /// - Parameters: `p`: from 0 up to, where the support has no end, just below 1.
  public func quantile(_ p: Double) -> Int {
    checkProbability(p)
    precondition(p < 1 || upperBound != nil, "the quantile of 1 is infinite")
    if p >= 1, let upperBound { return upperBound }
    // A relative 1e-14 of slack, so that P(X ≤ k) itself, once rounded, gives k.
    let target = p * (1 - 1e-14)
    var k = max(0, min(upperBound ?? .max, quantileGuess(p)))
    while k > 0 && cumulative(k - 1) >= target { k -= 1 }
    while cumulative(k) < target { k += 1 }
    return k
  }
}
