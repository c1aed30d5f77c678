extension LeastSquaresFit {
  /// What is expected of an observation.
  public struct Prediction: Sendable, Equatable {
    /// x'β.
    public let value: Double
    /// The error of x'β.
    public let standardError: Double
    /// The deviation of one response about x'β, the error of β included.
    public let deviation: Double
    /// How many errors the limits are wide to either side.
    let width: Double

    /// Where the mean of such observations lies.
    public var confidence: (low: Double, high: Double) {
      (value - width * standardError, value + width * standardError)
    }

    /// Where one such observation lies.
    public var limits: (low: Double, high: Double) { (value - width * deviation, value + width * deviation) }
  }

  /// What is expected of an observation with these predictors.
  ///
  /// - Parameters: `row`: one value per column, dependent ones too, which are passed over.
  /// - Returns: `nil` without residual degrees of freedom.
  public func prediction(_ row: [Double], level: Double = 0.95) -> Prediction? {
    precondition(row.count == coefficients.count, "\(row.count) values, expected \(coefficients.count)")
    guard let width = tQuantile(level: level), let variance = residualVariance else { return nil }
    var value = DoubledSum()
    for (x, coefficient) in zip(row, coefficients) { if let coefficient { value.add(x, times: coefficient) } }
    // R⁻ᵀ x, whose squares sum to the leverage that the observation would have.
    let components = inverseTriangle.transposedTimes(keptColumns.map { row[$0] })
    let leverage = dot(components, components)
    return Prediction(
      value: value.value.high, standardError: (variance * leverage).squareRoot(),
      deviation: (variance * (1 + leverage)).squareRoot(), width: width)
  }
}
