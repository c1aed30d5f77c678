import Glibc

extension CoxFit {
  /// The hazards and residuals at the estimates.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where hazards differ too much to be computed with.
  func details(scores: Bool) throws(NumericsError) -> CoxSweep.Details {
    guard let details = sweep.details(scaledCoefficients, scores: scores, threads: threads) else {
      throw .invalidInput("hazards differ too much within a stratum; fit with a prior")
    }
    return details
  }

  /// Martingale residuals by row: events minus those expected, δ − ∫ r dΛ.
  ///
  /// Rows that don't count are 0. After exact ties they are Breslow's.
  public func martingaleResiduals() throws(NumericsError) -> [Double] {
    try martingaleResiduals(scaledCoefficients, extra: nil)
  }

  /// The same at other coefficients, in the scale of the columns, and with further log hazards by place.
  func martingaleResiduals(_ beta: [Double], extra: [Double]?) throws(NumericsError) -> [Double] {
    guard let details = sweep.details(beta, extra: extra, scores: false, threads: threads) else {
      throw .invalidInput("hazards differ too much within a stratum; fit with a prior")
    }
    var result = [Double](repeating: 0, count: data.count)
    for (place, row) in sweep.sets.rows.enumerated() {
      result[Int(row)] = (data.events[Int(row)] ? 1 : 0) - details.expected[place]
    }
    return result
  }

  /// Deviance residuals by row: sign(m) √(−2 (m + δ log(δ − m))), more nearly symmetric than martingale residuals m.
  public func devianceResiduals() throws(NumericsError) -> [Double] {
    try martingaleResiduals().enumerated().map { row, m in
      let inside = data.events[row] && data.weight(row) > 0 ? m + log(1 - m) : m
      return (m < 0 ? -1 : 1) * max(0, -2 * inside).squareRoot()
    }
  }

  /// Score residuals by row and coefficient, unweighted: each row's own part of the gradient. They sum, weighted, to it.
  public func scoreResiduals() throws(NumericsError) -> Matrix {
    let scores = try details(scores: true).scores
    let p = coefficients.count
    var result = Matrix(rows: data.count, columns: p)
    for (place, row) in sweep.sets.rows.enumerated() {
      for j in 0..<p { result[Int(row), j] = scores[place * p + j] * sweep.columns.scales[j] }
    }
    return result
  }

  /// How much each coefficient would change, to first order, if a row were left out: score residuals times covariance.
  public func coefficientChanges() throws(NumericsError) -> Matrix { try scoreResiduals() * covariance }
}
