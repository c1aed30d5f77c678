/// Very simple structure: how well correlations are reproduced when each variable keeps its largest loadings only.
///
///     VSS_c(m) = 1 − Σ (R − S Sᵀ)² / Σ R²        S: varimax loadings on m minres factors, the c largest of a row kept
///
/// Sums run over all entries, the diagonal too. A number of factors is good where its fit of a low complexity c is high:
/// then each variable belongs to c factors.
///
/// Source: Revelle & Rocklin (1979), Multivariate Behavioral Research 14, 403–414; conventions of psych's `vss`.
public struct VerySimpleStructure: Sendable, Equatable {
  /// One row per complexity 1, 2, …, with an entry for each m = 1, 2, …; `nil` where c exceeds m, m factors can't be
  /// identified from so many variables (there are infinitely many solutions), or the extraction has no minimum.
  public let fits: [[Double?]]

  /// - Parameters:
  ///   - limit: the largest m that is tried.
  ///   - complexities: the largest c.
  /// - Throws: as ``FactorAnalysis/fit(correlation:observations:gaps:names:)`` with one factor.
  public init(
    correlation: Matrix, limit: Int = 8, complexities: Int = 2, seed: UInt64 = 1
  ) throws(NumericsError) {
    precondition(limit >= 1 && complexities >= 1, "\(limit) factors, complexity \(complexities)")
    let whole = dot(correlation.elements, correlation.elements)
    let largest = FactorAnalysis.largestNumberOfFactors(variables: correlation.rows)
    var fits = [[Double?]](repeating: [Double?](repeating: nil, count: limit), count: complexities)
    for m in 1...limit where m == 1 || m <= largest {
      let analysis = FactorAnalysis(factors: m, extraction: .minimumResiduals, rotation: .varimax, seed: seed)
      let solution: FactorSolution
      do {
        solution = try analysis.fit(correlation: correlation)
      } catch {
        if m == 1 { throw error }
        continue
      }
      for c in 1...complexities where c <= m {
        let residual = correlation - Self.simplified(solution.loadings, complexity: c).outerCrossProduct
        fits[c - 1][m - 1] = 1 - dot(residual.elements, residual.elements) / whole
      }
    }
    self.fits = fits
  }

  /// The m with the best fit of this complexity, the smallest of equals.
  public func factors(complexity c: Int) -> Int? {
    guard fits.indices.contains(c - 1) else { return nil }
    let known = fits[c - 1].enumerated().compactMap { m, fit in fit.map { (m + 1, $0) } }
    return known.max { $0.1 < $1.1 || ($0.1 == $1.1 && $0.0 > $1.0) }?.0
  }

  /// Loadings with all but the c largest of each row set to 0; the first of equals stays.
  static func simplified(_ loadings: Matrix, complexity c: Int) -> Matrix {
    var result = loadings
    for i in 0..<loadings.rows {
      let order = (0..<loadings.columns).sorted { a, b in
        let (x, y) = (abs(loadings[i, a]), abs(loadings[i, b]))
        return x != y ? x > y : a < b
      }
      for j in order.dropFirst(c) { result[i, j] = 0 }
    }
    return result
  }
}
