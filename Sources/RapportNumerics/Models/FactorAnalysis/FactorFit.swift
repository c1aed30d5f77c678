import Glibc

/// How well a factor model reproduces a correlation matrix: test and indices.
///
/// With Σ the model's correlations (ones on the diagonal), n observations, p variables, m factors:
///
///     F = log|Σ| − log|R| + tr(R Σ⁻¹) − p        F₀ = −log|R|, of independent variables
///     c = n − 1 − (2p + 5)/6 − 2m/3              Bartlett's correction (c₀ without its last term)
///     χ² = c F,  df = ((p − m)² − (p + m)) / 2   χ₀² = c₀ F₀,  df₀ = p (p − 1) / 2
///     RMSEA = √max(0, χ²/(n df) − 1/(n − 1)),    interval from the noncentral χ²: √(ncp / ((n − 1) df))
///     TLI = (F₀/df₀ − F/df) / (F₀/df₀ − 1/c)     CFI = 1 − (χ² − df) / (χ₀² − df₀)
///     BIC = χ² − df log n                        SABIC = χ² − df log((n + 2) / 24)
///
/// ``residuals`` holds the indices that need no likelihood.
/// TLI and CFI are not cut off at 1, as in psych. Source: psych's `fa.stats` (Revelle 2022), whose conventions these are;
/// Steiger & Lind (1980); Tucker & Lewis (1973); Bentler (1990); Sclove (1987), Psychometrika 52, 333–343.
public struct FactorFit: Sendable, Equatable {
  public let observations: Int
  /// F, by the normal likelihood whatever the extraction.
  public let objective: Double
  public let nullObjective: Double
  public let nullChiSquare: Double
  public let nullDegreesOfFreedom: Int
  public let degreesOfFreedom: Int
  public let chiSquare: Double
  /// `nil` where no degree of freedom is left, as all below.
  public let pValue: Double?
  public let rmsea: Double?
  /// Limits of the 90 % interval.
  public let rmseaLow: Double?
  public let rmseaHigh: Double?
  public let tli: Double?
  public let cfi: Double?
  public let bic: Double?
  /// BIC with Sclove's smaller sample size, (n + 2)/24.
  public let sabic: Double?
  public let residuals: ResidualFit
  /// √(Σ_{i≥j} (R − Σ)² / (p (p + 1)/2)).
  public var srmr: Double { residuals.standardizedRootMeanSquare }

  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where variables are dependent, or the model's matrix is;
  ///   ``NumericsError/invalidInput(_:)`` where n is too small for Bartlett's correction.
  public init(
    correlation: Matrix, loadings: Matrix, factorCorrelations: Matrix, observations n: Int
  ) throws(NumericsError) {
    let p = correlation.rows
    let m = loadings.columns
    var model = (loadings * factorCorrelations).timesTransposed(loadings)
    for j in 0..<p { model[j, j] = correlation[j, j] }
    let factor = try Cholesky(model)
    let logDeterminant = try Cholesky(correlation).logDeterminant
    let trace = factor.solve(correlation).diagonal.reduce(0, +)
    objective = factor.logDeterminant - logDeterminant + trace - Double(p)
    nullObjective = -logDeterminant
    observations = n
    nullDegreesOfFreedom = p * (p - 1) / 2
    let df = FactorAnalysis.degreesOfFreedom(variables: p, factors: m)
    degreesOfFreedom = df
    let nullScale = Double(n) - 1 - Double(2 * p + 5) / 6
    let scale = nullScale - 2 * Double(m) / 3
    guard scale > 0 else {
      throw .invalidInput("\(n) observations of \(p) variables are too few to test \(m) factors")
    }
    chiSquare = scale * objective
    nullChiSquare = nullScale * nullObjective
    residuals = ResidualFit(correlation: correlation, model: model, degreesOfFreedom: df, observations: n)
    guard df > 0 else {
      (pValue, rmsea, rmseaLow, rmseaHigh, tli, cfi, bic, sabic) = (nil, nil, nil, nil, nil, nil, nil, nil)
      return
    }
    let free = Double(df)
    let excess = nullChiSquare - Double(nullDegreesOfFreedom)
    pValue = ChiSquared(degreesOfFreedom: free).survival(chiSquare)
    rmsea = max(0, chiSquare / (free * Double(n)) - 1 / Double(n - 1)).squareRoot()
    rmseaLow = Self.rmsea(chiSquare, free, n, tail: 0.95)
    rmseaHigh = Self.rmsea(chiSquare, free, n, tail: 0.05)
    let (nullRatio, ratio) = (nullObjective / Double(nullDegreesOfFreedom), objective / free)
    tli = nullRatio == 1 / scale ? nil : (nullRatio - ratio) / (nullRatio - 1 / scale)
    cfi = excess == 0 ? nil : (excess - (chiSquare - free)) / excess
    bic = chiSquare - free * log(Double(n))
    sabic = chiSquare - free * log(Double(n + 2) / 24)
  }

  /// √(ncp / ((n − 1) df)) with the ncp at which χ² stands at this lower tail area; 0 where none reaches it.
  private static func rmsea(_ chiSquare: Double, _ df: Double, _ n: Int, tail: Double) -> Double {
    let noncentrality = ChiSquared.noncentrality(observed: chiSquare, degreesOfFreedom: df, cumulative: tail)
    return (noncentrality / (Double(n - 1) * df)).squareRoot()
  }
}
