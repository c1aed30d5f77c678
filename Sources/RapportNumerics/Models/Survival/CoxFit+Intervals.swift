/// Where a coefficient lies, and how well zero agrees with the data.
public struct CoefficientInterval: Sendable, Equatable {
  /// So many errors below and above the estimate as the distribution says.
  public let low: Double
  public let high: Double
  /// Two-sided, of the coefficient's being zero.
  public let pValue: Double
  /// Of Student's distribution; `nil` where it is the normal one.
  public let degreesOfFreedom: Double?

  /// By Student's distribution with so many degrees of freedom, or by the normal one.
  init(_ estimate: Double, error: Double, degreesOfFreedom: Double?, level: Double) {
    let student = StudentT(degreesOfFreedom: degreesOfFreedom ?? .infinity)
    let reach = student.quantile(0.5 + level / 2) * error
    (low, high) = (estimate - reach, estimate + reach)
    pValue = student.twoSided(estimate / error)
    self.degreesOfFreedom = degreesOfFreedom
  }
}

extension CoxFit {
  /// Each coefficient's interval and test, with robust errors where there are such.
  ///
  ///     β ± t √(V G/(G − 1))        t: quantile of Student's distribution with G − 1 degrees of freedom
  ///
  /// With G clusters V, the infinitesimal jackknife, is a sum of G squares that add up to zero before squaring: its mean is
  /// too small by about (G − 1)/G, and it varies about as much as a variance with G − 1 degrees of freedom. Without clusters
  /// errors are taken as known.
  ///
  /// Source: Bell & McCaffrey (2002), Bias reduction in standard errors for linear regression with multi-stage samples, Surv.
  /// Methodol. 28; Cameron & Miller (2015), A practitioner's guide to cluster-robust inference, J. Hum. Resour. 50, §VI.
  /// Differs: their degrees of freedom by column need the scores' covariance under a model, which a partial likelihood lacks.
  public func intervals(level: Double = 0.95) -> [CoefficientInterval] {
    coefficients.map { term in
      let error = term.robustStandardError ?? term.standardError
      guard let clusters else {
        return CoefficientInterval(term.estimate, error: error, degreesOfFreedom: nil, level: level)
      }
      let count = Double(clusters)
      return CoefficientInterval(
        term.estimate, error: error * (count / (count - 1)).squareRoot(), degreesOfFreedom: count - 1, level: level)
    }
  }
}

extension CoxFit {
  /// Whether any coefficient differs from zero, as far as clusters tell: Wald's test with robust errors.
  ///
  ///     F = β′V⁻¹β (G − p)/(p G)        on p and G − p degrees of freedom
  ///
  /// The likelihood ratio takes rows of a cluster for independent ones. V G/(G − 1) is taken for a covariance with G − 1 degrees of
  /// freedom, as in ``intervals(level:)``, so that β′V⁻¹β (G − 1)/G is Hotelling's T². Of one coefficient it is the test of its interval.
  ///
  /// - Returns: `nil` without clusters, without columns, and where V is singular.
  ///
  /// Source: Hotelling (1931), The generalization of Student's ratio, Ann. Math. Stat. 2; Korn & Graubard (1990), Simultaneous
  /// testing of regression coefficients with complex survey data, Am. Stat. 44, for clusters.
  public var clusterTest: RatioTest? {
    guard let clusters, let wald = waldTest else { return nil }
    let p = wald.degreesOfFreedom
    return RatioTest(
      explained: wald.statistic, degreesOfFreedom: p, residual: Double(clusters), degreesOfFreedom: clusters - p)
  }
}

extension CoxFrailtyFit {
  /// Each coefficient's interval and test, variances of the effects taken as known.
  public func intervals(level: Double = 0.95) -> [CoefficientInterval] {
    coefficients.map { CoefficientInterval($0.estimate, error: $0.standardError, degreesOfFreedom: nil, level: level) }
  }
}
