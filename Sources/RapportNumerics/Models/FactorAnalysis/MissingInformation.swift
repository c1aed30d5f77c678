import Glibc

/// What gaps take from the precision of correlations, as a number of complete rows that would be as precise.
///
/// Maximum-likelihood covariances of n rows with gaps vary more than those of n complete rows. For a model with residual
/// directions N (what it can't reproduce, orthonormal in the metric of its own likelihood),
///
///     nₑ = df / tr(Nᵀ J I⁻¹ Jᵀ N)        I observed information of the rows, J = C⁻¹ · C⁻ᵀ, Σ = C Cᵀ
///
/// so that nₑ F has the mean of a χ² with df degrees of freedom where the model holds: the mean-scaled statistic of two-stage
/// maximum likelihood, n F / c with c = n / nₑ. Without gaps nₑ would be n. RMSEA, CFI and TLI that take nₑ for n are those
/// that the same model would have with complete rows.
///
/// Source: Yuan & Bentler (2000), Sociological Methodology 30, 165–200; Savalei & Bentler (2009), Structural Equation Modeling
/// 16, 477–497; the indices: Zhang & Savalei (2020), Multivariate Behavioral Research 55. Observed information, since the
/// expected one is right only where values are missing completely at random: Kenward & Molenberghs (1998), Statistical
/// Science 13, 236–247.
public struct MissingInformation: Sendable, Equatable {
  /// The most variables that it is computed for: p (p + 1) / 2 covariances have a matrix of their own.
  public static let largestNumberOfVariables = 40

  /// Covariances, p (p + 1) / 2 square by columns j and then i ≤ j, of the covariances of variables scaled to variance 1.
  let errors: Matrix
  /// p.
  let variables: Int

  init(errors: Matrix, variables: Int, forIndependence: Double) {
    self.errors = errors
    self.variables = variables
    self.forIndependence = forIndependence
  }

  /// - Returns: `nil` where nothing is missing or moments are pairwise.
  /// - Throws: ``NumericsError/invalidInput(_:)`` with more than ``largestNumberOfVariables`` variables;
  ///   ``NumericsError/notPositiveDefinite(order:)`` where gaps leave a covariance undetermined.
  /// - Complexity: O(patterns · p⁴ + p⁶)
  public init?(_ moments: SampleMoments) throws(NumericsError) {
    guard let sample = moments.incomplete else { return nil }
    let p = sample.columns
    guard p <= Self.largestNumberOfVariables else {
      throw .invalidInput(
        "\(p) variables with gaps; how much gaps cost is worked out for \(Self.largestNumberOfVariables) and fewer")
    }
    let inverse = try Cholesky(Self.information(sample)).inverse
    let covariances = Array(p..<inverse.rows)
    self.init(
      errors: inverse.selecting(rows: covariances).selecting(columns: covariances), variables: p,
      forIndependence: sample.meanPairCount)
  }

  /// nₑ for the model without common factors, as the information has it where nothing correlates: the harmonic mean of
  /// the numbers of rows that pairs of variables share.
  public let forIndependence: Double

  /// nₑ for orthogonal factors; `nil` where no degree of freedom is left.
  ///
  /// - Parameter loadings: p × m, of variables with variance 1.
  /// - Throws: ``NumericsError/notPositiveDefinite(order:)`` where the model's matrix isn't.
  public func forModel(loadings: Matrix) throws(NumericsError) -> Double? {
    let (p, m) = (variables, loadings.columns)
    let df = FactorAnalysis.degreesOfFreedom(variables: p, factors: m)
    guard df > 0 else { return nil }
    var model = loadings.outerCrossProduct
    for j in 0..<p { model[j, j] = 1 }
    let inverse = try Cholesky(model).solveLower(Matrix.identity(p))
    let turned = inverse * loadings
    // Columns of J: what a change of one covariance is in the metric of the model.
    let axes = (0..<p).map { inverse.column($0) }
    var metric: [[Double]] = []
    for j in 0..<p {
      for i in 0...j { metric.append(Self.product(axes[i], axes[j], half: i == j)) }
    }
    // What the model can reproduce: changes of uniquenesses and of loadings.
    var reach = (0..<p).map { metric[Self.place($0, $0)] }
    for k in 0..<m {
      let factor = turned.column(k)
      for j in 0..<p { reach.append(Self.product(axes[j], factor, half: false)) }
    }
    let spread = Matrix(columns: metric)
    let whole = (spread * errors).timesTransposed(spread)
    let tangent = Matrix(columns: reach)
    // Turning factors changes nothing: m (m − 1) / 2 directions have no length.
    let eigen = try SymmetricEigen(tangent.crossProduct)
    let kept = Array(0..<(reach.count - m * (m - 1) / 2))
    var basis = tangent * eigen.vectors.selecting(columns: kept)
    for k in kept {
      let length = max(eigen.values[k], 1e-14 * eigen.values[0]).squareRoot()
      for i in 0..<basis.rows { basis[i, k] /= length }
    }
    let inside = basis.transposedTimes(whole * basis).diagonal.reduce(0, +)
    return Double(df) / (whole.diagonal.reduce(0, +) - inside)
  }

  /// The place of a covariance i ≤ j.
  static func place(_ i: Int, _ j: Int) -> Int { j * (j + 1) / 2 + i }

  /// a bᵀ + b aᵀ (a aᵀ where a is b), as coordinates of length ½ tr(Y²).
  private static func product(_ a: [Double], _ b: [Double], half: Bool) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(a.count * (a.count + 1) / 2)
    let share = half ? 0.5 : 1
    for j in a.indices {
      for i in 0..<j { result.append(share * (a[i] * b[j] + a[j] * b[i])) }
      result.append(share * 2.0.squareRoot() * a[j] * b[j])
    }
    return result
  }

  /// Minus the second derivatives of the log-likelihood by means and covariances (i ≤ j) of variables scaled to variance 1.
  ///
  ///     means n A,    means by covariances A dΣ a,    covariances tr(dΣ A dΣ' G),    G = A S A − n A / 2
  ///
  /// summed over patterns; A = Σₒₒ⁻¹, a = A Σ (x − μ), S = Σ (x − μ)(x − μ)ᵀ.
  static func information(_ sample: IncompleteSample) throws(NumericsError) -> Matrix {
    let p = sample.columns
    let correlation = sample.estimate.covariance.correlationFromCovariance
    let deviations = sample.estimate.covariance.diagonal.map { $0.squareRoot() }
    let size = p + p * (p + 1) / 2
    var result = Matrix(rows: size, columns: size)
    for pattern in sample.patterns {
      let known = pattern.known
      let own = known.map { deviations[$0] }
      let a = try Cholesky(correlation.selecting(rows: known).selecting(columns: known)).inverse
      var squares = pattern.products(about: sample.estimate.mean)
      for j in known.indices {
        for i in known.indices { squares[i, j] /= own[i] * own[j] }
      }
      let first = pattern.sums(about: sample.estimate.mean)
      let pull = a * zip(first, own).map { $0 / $1 }
      let curved = a * squares * a - (pattern.count / 2) * a
      add(known, a, curved, pull, count: pattern.count, columns: p, to: &result)
    }
    for j in 0..<size {
      for i in 0..<j { result[j, i] = result[i, j] }
    }
    return result
  }

  /// Adds a pattern's part to the upper triangle.
  private static func add(
    _ known: [Int], _ a: Matrix, _ g: Matrix, _ pull: [Double], count: Double, columns p: Int, to result: inout Matrix
  ) {
    let k = known.count
    let size = result.rows
    let (a, g) = (a.elements, g.elements)
    result.elements.withUnsafeMutableBufferPointer { result in
      a.withUnsafeBufferPointer { a in
        g.withUnsafeBufferPointer { g in
          for v in 0..<k {
            for u in 0...v {
              let column = (p + place(known[u], known[v])) * size
              result[known[u] + known[v] * size] += count * a[u + v * k]
              let halved = u == v ? 0.5 : 1
              for r in 0..<k {
                result[known[r] + column] += halved * (a[r + u * k] * pull[v] + a[r + v * k] * pull[u])
              }
              for j in 0...v {
                for i in 0...(j == v ? u : j) {
                  let share = i == j ? halved / 2 : halved
                  let value =
                    a[j + u * k] * g[v + i * k] + a[j + v * k] * g[u + i * k] + a[i + u * k] * g[v + j * k]
                    + a[i + v * k] * g[u + j * k]
                  result[p + place(known[i], known[j]) + column] += share * value
                }
              }
            }
          }
        }
      }
    }
  }
}
