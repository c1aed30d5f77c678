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
  func value(_ ratios: [Double], sigma: Double) throws(NumericsError) -> Double {
    let factor = try MixedModelFactor(system, ratios: ratios)
    return determinants(factor) + degrees * log(2 * .pi * sigma * sigma) + factor.residualSquares / (sigma * sigma)
  }

  /// What doesn't depend on the residuals; weights w make it less by Σ log w.
  private func determinants(_ factor: MixedModelFactor) -> Double {
    factor.logDeterminant + (criterion == .restricted ? factor.logDeterminantFixed : 0) - system.logWeights
  }
}
