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
