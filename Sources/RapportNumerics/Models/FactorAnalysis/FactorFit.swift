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
/// Where values are missing, the model's n is ``effectiveObservations`` and that of independent variables their own
/// (``MissingInformation``): misfits are then compared by their size in F, each less what chance gives it.
/// ``residuals`` holds the indices that need no likelihood.
/// TLI and CFI are not cut off at 1. They say how much of the misfit of independent variables the factors take away, and there is
/// neither where that misfit is no larger than chance's: TLI where F₀/df₀ ≤ 1/c, CFI where χ₀² ≤ df₀. The conventions are
/// those of psych's `fa.stats` (Revelle 2022), which has no CFI; CFI takes the same χ². Source:
/// Steiger & Lind (1980); Tucker & Lewis (1973); Bentler (1990); Sclove (1987), Psychometrika 52, 333–343.
public struct FactorFit: Sendable, Equatable {
  public let observations: Int
  /// Complete rows that would test the model as precisely as the rows with gaps do; `nil` where nothing is missing.
  public let effectiveObservations: Double?
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
  /// `nil` too where independent variables fit no worse than chance, as `cfi`.
  public let tli: Double?
  public let cfi: Double?
  public let bic: Double?
  /// BIC with Sclove's smaller sample size, (n + 2)/24.
  public let sabic: Double?
  public let residuals: ResidualFit
  /// √(Σ_{i≥j} (R − Σ)² / (p (p + 1)/2)).
  public var srmr: Double { residuals.standardizedRootMeanSquare }

  /// - Parameters:
  ///   - loadings: orthogonal where something is missing.
  ///   - gaps: what gaps take from the precision of the correlations; `nil` without gaps.
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where variables are dependent, or the model's matrix is;
  ///   ``NumericsError/invalidInput(_:)`` where n is too small for Bartlett's correction.
  public init(
    correlation: Matrix, loadings: Matrix, factorCorrelations: Matrix, observations rows: Int,
    gaps: MissingInformation? = nil
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
    observations = rows
    effectiveObservations = try gaps?.forModel(loadings: loadings)
    let n = effectiveObservations ?? Double(rows)
    let nullCount = gaps?.forIndependence ?? Double(rows)
    nullDegreesOfFreedom = p * (p - 1) / 2
    let df = FactorAnalysis.degreesOfFreedom(variables: p, factors: m)
    degreesOfFreedom = df
    let nullScale = nullCount - 1 - Double(2 * p + 5) / 6
    let scale = n - 1 - Double(2 * p + 5) / 6 - 2 * Double(m) / 3
    guard scale > 0 else {
      throw .invalidInput("\(rows) observations of \(p) variables are too few to test \(m) factors")
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
    rmsea = max(0, chiSquare / (free * n) - 1 / (n - 1)).squareRoot()
    rmseaLow = Self.rmsea(chiSquare, free, n, tail: 0.95)
    rmseaHigh = Self.rmsea(chiSquare, free, n, tail: 0.05)
    let (nullRatio, ratio) = (nullObjective / Double(nullDegreesOfFreedom), objective / free)
    // What chance alone gives the ratio of independent variables; psych takes it from the model's n.
    let chance = 1 / (gaps == nil ? scale : nullScale - 2 * Double(m) / 3)
    tli = nullRatio <= chance ? nil : (nullRatio - ratio + (1 / scale - chance)) / (nullRatio - chance)
    cfi = excess <= 0 ? nil : (excess - (chiSquare - free) * (nullCount / n)) / excess
    bic = chiSquare - free * log(n)
    sabic = chiSquare - free * log((n + 2) / 24)
  }

  /// √(ncp / ((n − 1) df)) with the ncp at which χ² stands at this lower tail area; 0 where none reaches it.
  private static func rmsea(_ chiSquare: Double, _ df: Double, _ n: Double, tail: Double) -> Double {
    let noncentrality = ChiSquared.noncentrality(observed: chiSquare, degreesOfFreedom: df, cumulative: tail)
    return (noncentrality / ((n - 1) * df)).squareRoot()
  }
}
