import Glibc

/// How loadings are estimated from a correlation matrix R with m factors: R ≈ Λ Λᵀ + Ψ.
public enum FactorExtraction: String, Codable, Sendable, CaseIterable {
  /// The normal likelihood: log|Σ| − log|R| + tr(R Σ⁻¹) − p.
  case maximumLikelihood
  /// Least squares of the residual correlations (minres, ULS, iterated principal axes): ½ Σ (R − Σ)².
  case minimumResiduals

  /// Uniquenesses are kept at or above this, as factanal does; a solution that stands there is a Heywood case.
  public static let smallestUniqueness = 0.005

  /// The discrepancy, concentrated over loadings, with its gradient and exact Hessian in ``scale(_:)``d uniquenesses.
  ///
  /// Maximum likelihood, with γ, ω the eigenvalues and vectors of Ψ^−½ R Ψ^−½ and θ = log ψ:
  ///
  ///     f = Σ_{j>m} γⱼ − log γⱼ − 1          ∂f/∂θᵢ = Σ_{j>m} (1 − γⱼ) ωᵢⱼ²
  ///     ∂²f/∂θᵢ∂θₖ = Σ_{j,a>m} γⱼ ωᵢⱼ ωₖⱼ ωᵢₐ ωₖₐ + Σ_{j>m,a≤m} (1 − γⱼ) (γₐ + γⱼ)/(γₐ − γⱼ) ωᵢⱼ ωₖⱼ ωᵢₐ ωₖₐ
  ///
  /// Minimum residuals, with λ, v those of R − Ψ and θ = ψ:
  ///
  ///     f = ½ Σ_{j>m} λⱼ²                    ∂f/∂θᵢ = −Σ_{j>m} λⱼ vᵢⱼ²
  ///     ∂²f/∂θᵢ∂θₖ = Σ_{j,a>m} vᵢⱼ vₖⱼ vᵢₐ vₖₐ + 2 Σ_{j>m,a≤m} λⱼ/(λⱼ − λₐ) vᵢⱼ vₖⱼ vᵢₐ vₖₐ
  ///
  /// - Complexity: O(m p³)
  ///
  /// Source: Jöreskog (1967), Psychometrika 32, 443–482; Clarke (1970), British Journal of Mathematical and Statistical
  /// Psychology 23, 43–52; Harman & Jones (1966), Psychometrika 31, 351–368. The Hessians were rederived from the
  /// derivatives of eigenvectors.
  func discrepancy(_ correlation: Matrix, factors m: Int, at theta: [Double]) throws(NumericsError) -> LocalShape {
    let p = correlation.rows
    let eigen = try decomposition(correlation, uniquenesses: uniquenesses(theta))
    var value = 0.0
    // The weight of each discarded vector's squares in the gradient.
    var slopes: [Double] = []
    for value_ in eigen.values[m...] {
      switch self {
      case .maximumLikelihood:
        // A correlation matrix that isn't positive definite has no likelihood.
        guard value_ > 0 else { throw .notPositiveDefinite(order: p) }
        value += value_ - log(value_) - 1
        slopes.append(1 - value_)
      case .minimumResiduals:
        value += value_ * value_ / 2
        slopes.append(-value_)
      }
    }
    let discarded = eigen.vectors.selecting(columns: Array(m..<p))
    func weightedOuter(_ weights: [Double]) -> Matrix {
      var scaled = discarded
      for j in 0..<scaled.columns {
        for i in 0..<p { scaled.elements[i + j * p] *= weights[j] }
      }
      return scaled.timesTransposed(discarded)
    }
    let plain = discarded.outerCrossProduct
    let gradient = weightedOuter(slopes).diagonal
    var curved = self == .maximumLikelihood ? weightedOuter(slopes.map { 1 - $0 }) : plain
    for k in curved.elements.indices { curved.elements[k] *= plain.elements[k] }
    for a in 0..<m {
      let kept = eigen.values[a]
      let weights = eigen.values[m...].map { rest in
        // Equal eigenvalues on both sides of the cut: the curvature is infinite there; a large one stands for it.
        let gap = max(kept - rest, 1e-10)
        return self == .maximumLikelihood ? (1 - rest) * (kept + rest) / gap : -2 * rest / gap
      }
      let cross = weightedOuter(weights)
      let vector = eigen.vectors.column(a)
      for k in 0..<p {
        for i in 0..<p { curved.elements[i + k * p] += vector[i] * vector[k] * cross.elements[i + k * p] }
      }
    }
    return LocalShape(value: value, gradient: gradient, hessian: curved)
  }

  /// Loadings given uniquenesses: Ψ^½ Ω (Γ − 1)^½ for maximum likelihood, V Λ^½ of R − Ψ for minimum residuals; p × m.
  func loadings(_ correlation: Matrix, factors m: Int, uniquenesses: [Double]) throws(NumericsError) -> Matrix {
    let eigen = try decomposition(correlation, uniquenesses: uniquenesses)
    var result = Matrix(rows: correlation.rows, columns: m)
    for j in 0..<m {
      let size = max(0, eigen.values[j] - (self == .maximumLikelihood ? 1 : 0)).squareRoot()
      for i in 0..<correlation.rows {
        result[i, j] =
          size * eigen.vectors[i, j] * (self == .maximumLikelihood ? uniquenesses[i].squareRoot() : 1)
      }
    }
    return result
  }

  /// The parameter that the search moves: log ψ for maximum likelihood, ψ for minimum residuals.
  func scale(_ uniquenesses: [Double]) -> [Double] {
    self == .maximumLikelihood ? uniquenesses.map { log($0) } : uniquenesses
  }

  /// The inverse of ``scale(_:)``.
  func uniquenesses(_ theta: [Double]) -> [Double] {
    self == .maximumLikelihood ? theta.map { exp($0) } : theta
  }

  private func decomposition(_ correlation: Matrix, uniquenesses: [Double]) throws(NumericsError) -> SymmetricEigen {
    var reduced = correlation
    let p = correlation.rows
    switch self {
    case .maximumLikelihood:
      let roots = uniquenesses.map { $0.squareRoot() }
      for j in 0..<p {
        for i in 0..<p { reduced.elements[i + j * p] /= roots[i] * roots[j] }
      }
    case .minimumResiduals:
      for j in 0..<p { reduced.elements[j + j * p] -= uniquenesses[j] }
    }
    return try SymmetricEigen(reduced)
  }
}
