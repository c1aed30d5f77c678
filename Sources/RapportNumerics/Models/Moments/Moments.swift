/// Mean, variance and serial correlation, to the last digits.
///
/// Values are summed as pairs of doubles (Ogita, Rump & Oishi 2005, Accurate sum and dot product), so the mean is right
/// to rounding; squares are of deviations from that pair. The order of values changes nothing beyond the last digit.
public struct Moments: Sendable, Equatable {
  /// n.
  public let count: Int
  /// Σ y / n; 0 without values.
  public let mean: Double
  /// What the mean lost in rounding: mean + remainder is the mean to about 32 digits.
  public let remainder: Double
  /// Σ (y − mean)².
  public let sumOfSquares: Double

  /// The moments of these values.
  public init(_ values: [Double]) {
    count = values.count
    var total = DoubledSum()
    for value in values { total.add(value) }
    let center = values.isEmpty ? .zero : total.value / Doubled(Double(values.count))
    mean = center.high
    remainder = center.low
    var squares = DoubledSum()
    for value in values {
      let deviation = (value - center.high) - center.low
      squares.add(deviation, times: deviation)
    }
    sumOfSquares = squares.value.high
  }

  /// Σ (y − mean)² / (n − 1); `nil` for fewer than two values.
  public var variance: Double? { count > 1 ? sumOfSquares / Double(count - 1) : nil }

  /// The root of the variance; `nil` for fewer than two values.
  public var standardDeviation: Double? { variance?.squareRoot() }

  /// What weights stand for.
  public enum Weighting: Sendable, CaseIterable {
    /// How often a value was seen: Σ w (y − m)² / (Σ w − 1).
    case frequency
    /// How much a value is worth: Σ p (y − m)² / (1 − Σ p²), p the weights' shares.
    case reliability
  }

  /// The variance around the weighted mean m; `nil` where the divisor isn't positive.
  public static func weightedVariance(_ values: [Double], weights: [Double], _ weighting: Weighting) -> Double? {
    precondition(values.count == weights.count, "\(values.count) values, \(weights.count) weights")
    var (total, sum, ofSquares) = (DoubledSum(), DoubledSum(), DoubledSum())
    for (value, weight) in zip(values, weights) {
      total.add(weight)
      sum.add(weight, times: value)
      ofSquares.add(weight, times: weight)
    }
    let whole = total.value.high
    let mean = sum.value / total.value
    var squares = DoubledSum()
    for (value, weight) in zip(values, weights) {
      let deviation = (value - mean.high) - mean.low
      squares.add(weight * deviation, times: deviation)
    }
    let divisor =
      switch weighting {
      case .frequency: whole - 1
      case .reliability: whole - ofSquares.value.high / whole
      }
    return divisor > 0 ? squares.value.high / divisor : nil
  }

  /// Σ (y_t − m)(y_{t+1} − m) / Σ (y_t − m)²; `nil` where all values are equal.
  public static func firstAutocorrelation(_ values: [Double]) -> Double? {
    let moments = Moments(values)
    if !(moments.sumOfSquares > 0) { return nil }
    let deviations = values.map { ($0 - moments.mean) - moments.remainder }
    var sum = DoubledSum()
    for (here, next) in zip(deviations, deviations.dropFirst()) { sum.add(here, times: next) }
    return sum.value.high / moments.sumOfSquares
  }
}
