/// Whether groups differ in mean: one-way analysis of variance.
///
/// Sums of squares are of deviations from means that are right to 32 digits, so large constants in the data cost nothing.
public struct OneWayVariance: Sendable, Equatable {
  /// Σ nᵢ (ȳᵢ − ȳ)².
  public let betweenSumOfSquares: Double
  /// Σ Σ (y − ȳᵢ)².
  public let withinSumOfSquares: Double
  /// Groups − 1.
  public let betweenDegreesOfFreedom: Int
  /// Observations − groups.
  public let withinDegreesOfFreedom: Int

  /// Compares groups; empty ones are left out.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for fewer than two groups, no more observations than groups, or undefined
  ///   values.
  public init(groups all: [[Double]]) throws(NumericsError) {
    let groups = all.filter { !$0.isEmpty }
    let count = groups.reduce(0) { $0 + $1.count }
    guard groups.count > 1, count > groups.count, groups.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw .invalidInput(
        "\(count) observations in \(groups.count) groups: two groups, and more observations, are needed")
    }
    let whole = Moments(groups.flatMap { $0 })
    var within = DoubledSum()
    var between = DoubledSum()
    for group in groups {
      let moments = Moments(group)
      within.add(moments.sumOfSquares)
      let deviation = (moments.mean - whole.mean) + (moments.remainder - whole.remainder)
      between.add(Double(group.count) * deviation, times: deviation)
    }
    betweenSumOfSquares = between.value.high
    withinSumOfSquares = within.value.high
    betweenDegreesOfFreedom = groups.count - 1
    withinDegreesOfFreedom = count - groups.count
  }

  /// The ratio of mean squares; infinite without spread within groups.
  public var fRatio: Double {
    betweenSumOfSquares / Double(betweenDegreesOfFreedom) / (withinSumOfSquares / Double(withinDegreesOfFreedom))
  }

  /// Its tail area.
  public var pValue: Double {
    FisherF(numerator: Double(betweenDegreesOfFreedom), denominator: Double(withinDegreesOfFreedom)).survival(fRatio)
  }

  /// Between over total sum of squares.
  public var rSquared: Double { betweenSumOfSquares / (betweenSumOfSquares + withinSumOfSquares) }

  /// The standard deviation within groups.
  public var residualStandardDeviation: Double {
    (withinSumOfSquares / Double(withinDegreesOfFreedom)).squareRoot()
  }
}
