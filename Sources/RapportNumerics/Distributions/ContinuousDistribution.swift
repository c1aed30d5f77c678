/// A distribution on the real line, with each tail computed by itself, so that neither loses digits.
///
/// Parameters outside their range are the caller's mistake and trap. A value outside the support has density 0 and its
/// tail is 0 or 1. An undefined value (NaN) gives NaN; a probability outside 0 … 1 traps.
public protocol ContinuousDistribution: Sendable, Equatable {
  /// The probability per unit at x.
  func density(_ x: Double) -> Double
  /// P(X ≤ x).
  func cumulative(_ x: Double) -> Double
  /// P(X > x), exact in the far tail where 1 − P(X ≤ x) would be 0.
  func survival(_ x: Double) -> Double
  /// The x with P(X ≤ x) = p: the support's ends at p = 0 and p = 1.
  func quantile(_ p: Double) -> Double
}

extension ContinuousDistribution {
  /// The limits that leave (1 − level)/2 on either side.
  public func centralInterval(level: Double) -> (low: Double, high: Double) {
    precondition(level > 0 && level < 1, "level is \(level), expected between 0 and 1")
    return (quantile((1 - level) / 2), quantile(1 - (1 - level) / 2))
  }
}

/// What isn't a number has no place in an order: a sort leaves it, and its neighbours, wherever they come to lie.
func checkNumbers(_ values: [Double], _ what: String = "value") {
  if let index = values.firstIndex(where: \.isNaN) { preconditionFailure("\(what) \(index) is NaN, expected a number") }
}

func checkProbability(_ p: Double) {
  precondition(!(p < 0) && !(p > 1), "probability is \(p), expected 0 … 1")
}
