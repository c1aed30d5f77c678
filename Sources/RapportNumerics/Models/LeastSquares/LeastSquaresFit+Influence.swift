extension LeastSquaresFit {
  /// What rounding may leave of 1 − h for an observation that alone decides a coefficient.
  static let leverageSlack = 1e-13

  /// h, by how much each fitted value follows its own response: the diagonal of Q Q'.
  public var leverages: [Double] {
    var result = [Double](repeating: 0, count: orthogonal.rows)
    for j in 0..<orthogonal.columns {
      for i in result.indices { result[i] += orthogonal[i, j] * orthogonal[i, j] }
    }
    return result
  }

  /// r / (σ √(1 − h)), each with variance 1; `nil` where h is 1 or σ isn't known or is 0.
  public var standardizedResiduals: [Double?] {
    guard let deviation = residualStandardDeviation, deviation > 0 else { return residuals.map { _ in nil } }
    return zip(residuals, leverages).map { r, h in
      1 - h < Self.leverageSlack ? nil : r / (deviation * (1 - h).squareRoot())
    }
  }

  /// The same with σ estimated without the observation, which gives Student's t on one degree of freedom fewer.
  ///
  ///     s √((d − 1) / (d − s²))        s standardized, d residual degrees of freedom
  public var studentizedResiduals: [Double?] {
    let d = Double(residualDegreesOfFreedom)
    return standardizedResiduals.map { standardized in
      guard let s = standardized, d > 1 else { return nil }
      return s * ((d - 1) / max(0, d - s * s)).squareRoot()
    }
  }

  /// Cook's distances: how far all fitted values move without the observation, in units of p σ².
  ///
  ///     s² h / ((1 − h) p)
  ///
  /// Source: Cook (1977), Detection of influential observations in linear regression.
  public var cooksDistances: [Double?] {
    let p = Double(keptColumns.count)
    return zip(standardizedResiduals, leverages).map { s, h in s.map { $0 * $0 * h / ((1 - h) * p) } }
  }
}
