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
    var high = 0.0
    var low = 0.0
    for value in values {
      let sum = high + value
      let back = sum - high
      low += (high - (sum - back)) + (value - back)
      high = sum
    }
    let n = Double(values.count)
    let total = high + low
    let totalLow = (high - total) + low
    mean = n > 0 ? total / n : 0
    // n · mean exactly, as a pair, by a fused multiplication.
    let product = mean * n
    let productLow = (-product).addingProduct(mean, n)
    remainder = n > 0 ? ((total - product) - productLow + totalLow) / n : 0
    var squares = 0.0
    var correction = 0.0
    for value in values {
      let deviation = (value - mean) - remainder
      let term = deviation * deviation - correction
      let next = squares + term
      correction = (next - squares) - term
      squares = next
    }
    sumOfSquares = squares
  }

  /// Σ (y − mean)² / (n − 1); `nil` for fewer than two values.
  public var variance: Double? { count > 1 ? sumOfSquares / Double(count - 1) : nil }

  /// The root of the variance; `nil` for fewer than two values.
  public var standardDeviation: Double? { variance?.squareRoot() }

  /// Σ (y_t − m)(y_{t+1} − m) / Σ (y_t − m)²; `nil` where all values are equal.
  public static func firstAutocorrelation(_ values: [Double]) -> Double? {
    let moments = Moments(values)
    if !(moments.sumOfSquares > 0) { return nil }
    var sum = 0.0
    for t in values.indices.dropLast() {
      let here = (values[t] - moments.mean) - moments.remainder
      sum += here * ((values[t + 1] - moments.mean) - moments.remainder)
    }
    return sum / moments.sumOfSquares
  }
}
