/// Whether two means differ: Student's and Welch's t.
public struct StudentTest: Sendable, Equatable {
  /// t.
  public let statistic: Double
  /// Degrees of freedom, whole or not.
  public let degreesOfFreedom: Double
  /// The two-sided tail area.
  public let pValue: Double
  /// The difference of means.
  public let difference: Double
  /// Its lower limit.
  public let low: Double
  /// Its upper limit.
  public let high: Double

  private init(difference: Double, error: Double, degrees: Double, level: Double) {
    self.difference = difference
    degreesOfFreedom = degrees
    statistic = difference / error
    let student = StudentT(degreesOfFreedom: degrees)
    pValue = student.twoSided(statistic)
    let half = student.quantile(1 - (1 - level) / 2) * error
    (low, high) = (difference - half, difference + half)
  }

  /// With each sample's own variance (Welch 1947); `nil` for fewer than two values in one, or without any spread.
  public static func welch(_ x: [Double], _ y: [Double], level: Double = 0.95) -> StudentTest? {
    let (a, b) = (Moments(x), Moments(y))
    guard let first = a.variance, let second = b.variance, first + second > 0 else { return nil }
    let (u, v) = (first / Double(x.count), second / Double(y.count))
    let degrees = (u + v) * (u + v) / (u * u / Double(x.count - 1) + v * v / Double(y.count - 1))
    return StudentTest(difference: a.mean - b.mean, error: (u + v).squareRoot(), degrees: degrees, level: level)
  }

  /// With one variance for both.
  public static func pooled(_ x: [Double], _ y: [Double], level: Double = 0.95) -> StudentTest? {
    let (a, b) = (Moments(x), Moments(y))
    let degrees = Double(x.count + y.count - 2)
    guard degrees > 0, !x.isEmpty, !y.isEmpty, a.sumOfSquares + b.sumOfSquares > 0 else { return nil }
    let variance = (a.sumOfSquares + b.sumOfSquares) / degrees
    let error = (variance * (1 / Double(x.count) + 1 / Double(y.count))).squareRoot()
    return StudentTest(difference: a.mean - b.mean, error: error, degrees: degrees, level: level)
  }

  /// Of pairs.
  public static func paired(_ x: [Double], _ y: [Double], level: Double = 0.95) -> StudentTest? {
    precondition(x.count == y.count, "\(x.count) and \(y.count) values; pairs need as many of each")
    let moments = Moments(zip(x, y).map { $0 - $1 })
    guard let variance = moments.variance, variance > 0 else { return nil }
    let error = (variance / Double(x.count)).squareRoot()
    return StudentTest(difference: moments.mean, error: error, degrees: Double(x.count - 1), level: level)
  }
}
