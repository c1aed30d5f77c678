import Glibc

/// The profiled deviance of a mixed model as a function of θ, the ratios of standard deviations to the residual's.
///
///     d(θ)  = log |ΛᵀZᵀZΛ + I| + n [1 + log(2π r²(θ) / n)]
///     d_R(θ) = log |ΛᵀZᵀZΛ + I| + log |R_X|² + (n − p) [1 + log(2π r²(θ) / (n − p))]
///
/// Both are even in each θ, so that a variance of zero is a stationary point and needs no bound.
///
/// Source: Bates et al. (2015), equations (34) and (41).
struct MixedModelObjective: Sendable {
  let system: MixedModelSystem
  let criterion: LinearMixedModel.Criterion
  /// n, or n − p under the restricted likelihood.
  let degrees: Double
  /// The ratio that counts as one for a search.
  var unit: Double { system.ratioUnit }

  init(_ system: MixedModelSystem, _ criterion: LinearMixedModel.Criterion) throws(NumericsError) {
    self.system = system
    self.criterion = criterion
    let p = system.fixedCount
    guard system.observations > Double(p) else {
      throw .invalidInput("\(Int(system.observations)) rows can't determine \(p) fixed columns and a variance")
    }
    degrees = criterion == .restricted ? system.observations - Double(p) : system.observations
  }

  /// d or d_R at a factorization.
  func value(_ factor: MixedModelFactor) throws(NumericsError) -> Double {
    guard factor.residualSquares > 1e-14 * system.fixedCross[system.width - 1, system.width - 1] else {
      throw .invalidInput("the response is fitted exactly, so that there is no residual variance to estimate")
    }
    return determinants(factor) + degrees * (1 + log(2 * .pi * factor.residualSquares / degrees))
  }

  /// d or d_R at these ratios.
  func value(_ ratios: [Double]) throws(NumericsError) -> Double {
    try value(MixedModelFactor(system, ratios: ratios))
  }

  /// The deviance with σ given, not profiled out; the same at its minimum over σ.
  ///
  ///     log |ΛᵀZᵀZΛ + I| (+ log |R_X|²) + m log(2πσ²) + r²(θ) / σ²        m = n or n − p
  func value(_ factor: MixedModelFactor, sigma: Double) -> Double {
    determinants(factor) + degrees * log(2 * .pi * sigma * sigma) + factor.residualSquares / (sigma * sigma)
  }

  /// The derivatives of the deviance by θ, of the profiled one where σ isn't given.
  ///
  ///     ∂d/∂θ_g = 2 (f_g − |u_g|²/σ²) / θ_g        f_g: freedoms, u_g: effects over θ_g        0 at θ_g = 0
  ///
  /// For A(θ), of which the rows and columns of group g are θ_g times those of a constant matrix but for I, ∂ log |A| =
  /// tr(A⁻¹ ∂A) = 2 f_g/θ_g; and r²(θ) is the least value of |y − ZΛu − Xb|² + |u|², so that only Λ's part moves it.
  ///
  /// Source: Laird, Lange & Stram (1987), Maximum likelihood computations with repeated measures, J. Am. Stat. Assoc. 82, whose
  /// EM step it sets to zero; Bates & DebRoy (2004), Linear mixed models and penalized least squares, J. Multivar. Anal. 91.
  func gradient(_ factor: MixedModelFactor, sigma: Double? = nil) -> [Double] {
    let variance = sigma.map { $0 * $0 } ?? factor.residualSquares / degrees
    let freedoms = factor.freedoms(system, withCoefficients: criterion == .restricted)
    let effects = factor.sphericalEffects(system)
    return factor.ratios.indices.map { group in
      let ratio = factor.ratios[group]
      guard ratio != 0 else { return 0 }
      return 2 * (freedoms[group] - dot(effects[group], effects[group]) / variance) / ratio
    }
  }

  /// The derivatives of log r² by θ: −2 |u_g|² / (θ_g r²).
  func residualSlopes(_ factor: MixedModelFactor) -> [Double] {
    let effects = factor.sphericalEffects(system)
    return factor.ratios.indices.map { group in
      let ratio = factor.ratios[group]
      return ratio == 0 ? 0 : -2 * dot(effects[group], effects[group]) / (ratio * factor.residualSquares)
    }
  }

  /// The profiled deviance at these ratios, for a search.
  func point(_ ratios: [Double]) throws(NumericsError) -> RatioSearch.Point {
    let factor = try MixedModelFactor(system, ratios: ratios)
    return RatioSearch.Point(x: ratios, value: try value(factor), blur: blur(factor)) { gradient(factor) }
  }

  /// The deviance at these ratios with σ given, for a search.
  func point(_ ratios: [Double], sigma: Double) throws(NumericsError) -> RatioSearch.Point {
    let factor = try MixedModelFactor(system, ratios: ratios)
    return RatioSearch.Point(x: ratios, value: value(factor, sigma: sigma), blur: blur(factor)) {
      gradient(factor, sigma: sigma)
    }
  }

  /// The deviance with one group's standard deviation given, for a search over the other ratios and, last, σ.
  ///
  ///     θ_g = s/σ        ∂d/∂σ = 2 m/σ − 2 r²/σ³ − ∂d/∂θ_g · θ_g/σ
  ///
  /// - Parameters: `scale`: what the search measures σ in
  func point(_ x: [Double], group: Int, deviation: Double, scale: Double) throws(NumericsError) -> RatioSearch.Point {
    let sigma = x[x.count - 1] * scale
    var ratios = Array(x.dropLast())
    ratios.insert(deviation / sigma, at: group)
    let factor = try MixedModelFactor(system, ratios: ratios)
    let held = ratios[group]
    return RatioSearch.Point(x: x, value: value(factor, sigma: sigma), blur: blur(factor)) {
      var slopes = gradient(factor, sigma: sigma)
      let own = slopes.remove(at: group)
      let along = 2 * (degrees - factor.residualSquares / (sigma * sigma)) - own * held
      return slopes + [along / sigma * scale]
    }
  }

  /// What the last digit of sums moves a deviance by, where so many are lost in taking off.
  private func blur(_ factor: MixedModelFactor) -> Double { degrees * factor.cancellation * .ulpOfOne }

  /// What doesn't depend on the residuals; weights w make it less by Σ log w.
  private func determinants(_ factor: MixedModelFactor) -> Double {
    factor.logDeterminant + (criterion == .restricted ? factor.logDeterminantFixed : 0) - system.logWeights
  }
}
