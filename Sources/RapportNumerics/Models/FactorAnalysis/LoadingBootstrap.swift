import Glibc

/// Bootstrap intervals of rotated loadings, and of α and ω from the same draws.
///
/// Rows are drawn with replacement, with the gaps that they have, the factors extracted anew from the sample's
/// uniquenesses, turned towards the sample's unrotated factors (orthogonal Procrustes) and rotated from the sample's
/// position, so that factors neither swap nor flip between draws. A rotation that stops short of its optimum counts as
/// failed.
/// Every draw has a random stream of its own: the result doesn't depend on threads.
///
/// α and ω of a draw are those of its correlations and its rotated solution, variables turned round as in the whole table. With
/// gaps the correlations are maximum-likelihood estimates, so that what gaps cost is in the limits.
///
/// Percentiles of the draws' ω would stand off by the estimate's bias twice, its own and the draws'. So limits of α and ω are
/// normal ones with the bias taken off, on a scale f where their spread hardly depends on their size:
///
///     f⁻¹(2 f(ω̂) − mean f(ω*) ± t s √(n/(n − 1)))        f(α) = −log(1 − α)    f(ω) = artanh √ω
///
/// s the draws' standard deviation of f, t Student's quantile with n − 1 degrees of freedom, n rows. √ω is the correlation of
/// the variables' sum with what it measures.
///
/// Source: Efron & Tibshirani (1993), ch. 10 (bias), 13 (percentile intervals, of loadings); Hesterberg (2015), American
/// Statistician 69, 371–386 (t and n − 1); Bonett (2002), Journal of Educational and Behavioral Statistics 27, 335–340 (f of
/// α); Zhang, Preacher & Luo (2010), Multivariate Behavioral Research 45, 104–134 (alignment).
public struct LoadingBootstrap: Sendable {
  public var draws = 200
  /// The share that an interval covers.
  public var interval = 0.9
  public var seed: UInt64 = 1
  /// How many threads work; can't change the result.
  public var threads = 1

  public init(draws: Int = 200, interval: Double = 0.9, seed: UInt64 = 1, threads: Int = 1) {
    self.draws = draws
    self.interval = interval
    self.seed = seed
    self.threads = threads
  }

  /// Limits of one figure.
  public struct Limits: Sendable, Equatable {
    /// Their lower end.
    public let low: Double
    /// Their upper end.
    public let high: Double
    /// The draws' standard deviation.
    public let standardError: Double
    /// Draws with a value.
    public let draws: Int
  }

  /// Limits of loadings, p × m, and of the reliability of the variables' sum.
  public struct Result: Sendable, Equatable {
    /// Lower ends of the loadings' intervals, p × m.
    public let low: Matrix
    /// Their upper ends.
    public let high: Matrix
    /// Of the standardised α, as of the others `nil` where the solution or more than one draw in ten has none.
    public let alpha: Limits?
    public let omegaTotal: Limits?
    /// Where two factors correlate negatively in a draw there is no general one, and it counts as 0.
    public let omegaHierarchical: Limits?
    /// Draws in which one factor would be the general one itself, at the bound that it is kept to; they count in
    /// `omegaHierarchical`.
    public let boundedGeneralDraws: Int
    /// Draws that gave a solution.
    public let draws: Int
    /// Draws with a Heywood case, which count in the limits.
    public let heywoodDraws: Int
    /// Draws without a solution: a column became constant, the matrix singular, or a search didn't converge.
    public let failedDraws: Int
  }

  /// Limits of a solution's loadings; `nil` where fewer than nine in ten draws gave a solution.
  ///
  /// - Parameters:
  ///   - rows: the table behind the solution; gaps are treated as by ``SampleMoments/init(missing:names:tolerance:maximumIterations:)``.
  ///   - moments: the rows' own; computed unless given.
  ///   - analysis: the settings that gave `solution`.
  ///   - orientation: which variables are turned round for α and ω; none unless given.
  /// - Complexity: O(draws · (n p² + extraction)); with gaps also O(draws · steps · patterns · p³)
  public func run(
    rows: [[Double?]], moments: SampleMoments? = nil, analysis: FactorAnalysis, solution: FactorSolution,
    orientation: VariableOrientation? = nil
  ) -> Result? {
    precondition(draws >= 1 && interval > 0 && interval < 1, "\(draws) draws, interval \(interval)")
    var quick = analysis
    quick.rotation = .none
    let settings = quick
    guard let position = try? solution.turn() else { return nil }
    let moments = moments ?? (try? SampleMoments(missing: rows, tolerance: 1e-7))
    let own = moments.map {
      SumReliability(
        correlation: $0.correlation, unrotated: solution.unrotatedLoadings, rotated: solution.loadings,
        orientation: orientation)
    }
    let start = own?.factorUniquenesses
    let complete = ResampledCorrelations(rows)
    let gaps = complete == nil ? moments.map { ResampledGaps(rows, $0) } : nil
    let replicates: [Draw?] = parallelMap(count: draws, threads: threads) { index in
      var stream = RandomStream(seed: seed, purpose: "loading bootstrap", unit: UInt64(index))
      guard let drawn = complete?.draw(&stream) ?? gaps?.draw(&stream),
        let replicate = try? settings.fit(
          correlation: drawn, observations: nil, names: [], from: solution.uniquenesses),
        let turn = try? Congruence.procrustes(replicate.loadings, target: solution.unrotatedLoadings),
        let rotated = try? analysis.rotation.rotate(replicate.loadings * turn, from: position)
      else { return nil }
      return Draw(
        loadings: Congruence.aligned(rotated, to: solution.loadings), isHeywood: replicate.isHeywood,
        sum: SumReliability(
          correlation: drawn, unrotated: replicate.loadings, rotated: rotated, orientation: orientation, from: start))
    }
    let solved = replicates.compactMap { $0 }
    guard solved.count * 10 >= draws * 9 else { return nil }
    var low = solution.loadings
    var high = solution.loadings
    for k in low.elements.indices {
      let sorted = solved.map { $0.loadings.elements[k] }.sorted()
      low.elements[k] = SampleQuantile.of(sorted: sorted, (1 - interval) / 2)
      high.elements[k] = SampleQuantile.of(sorted: sorted, (1 + interval) / 2)
    }
    let sums = solved.map(\.sum)
    let count = rows.count { row in row.contains { $0 != nil } }
    return Result(
      low: low, high: high, alpha: limits(.alpha, own?.alpha, sums.map(\.alpha), rows: count),
      omegaTotal: limits(.omega, own?.omegaTotal, sums.map(\.omegaTotal), rows: count),
      omegaHierarchical: limits(
        .omega, own?.hasGeneral == true ? own?.omegaHierarchical : nil, sums.map(\.omegaHierarchical), rows: count),
      boundedGeneralDraws: sums.count { $0.isBounded }, draws: solved.count,
      heywoodDraws: solved.count { $0.isHeywood }, failedDraws: draws - solved.count)
  }

  private struct Draw: Sendable {
    var loadings: Matrix
    var isHeywood: Bool
    var sum: SumReliability
  }

  /// A scale on which a figure's spread hardly depends on its size.
  enum Scale {
    case alpha, omega

    func value(_ figure: Double) -> Double {
      switch self {
      case .alpha: -log1p(-min(figure, 1 - 1e-9))
      case .omega: atanh(min(max(figure, 0), 1 - 1e-9).squareRoot())
      }
    }

    func figure(_ value: Double) -> Double {
      switch self {
      case .alpha: return -expm1(-value)
      case .omega:
        let root = tanh(max(value, 0))
        return root * root
      }
    }
  }

  /// Limits of a figure by its draws; `nil` without one, or where more than one draw in ten has none.
  func limits(_ scale: Scale, _ estimate: Double?, _ values: [Double?], rows: Int) -> Limits? {
    let known = values.compactMap { $0 }
    guard let estimate, known.count * 10 >= values.count * 9, rows > 1,
      let error = Moments(known).variance?.squareRoot()
    else { return nil }
    let scaled = Moments(known.map(scale.value))
    let n = Double(rows)
    let deviation = ((scaled.variance ?? 0) * n / (n - 1)).squareRoot()
    let reach = StudentT(degreesOfFreedom: n - 1).quantile((1 + interval) / 2) * deviation
    let centre = 2 * scale.value(estimate) - scaled.mean
    return Limits(
      low: scale.figure(centre - reach), high: scale.figure(centre + reach), standardError: error, draws: known.count)
  }
}

/// α and ω of one draw.
private struct SumReliability: Sendable {
  var alpha: Double?
  var omegaTotal: Double?
  var omegaHierarchical: Double?
  /// Whether the general factor stands at its bound.
  var isBounded = false
  /// Whether there is a general factor; without one a draw's `omegaHierarchical` may be 0.
  var hasGeneral = false
  /// Where a draw's search for the general factor starts.
  var factorUniquenesses: [Double] = []

  /// A A' = Λ Φ Λ' holds for unrotated loadings A and rotated ones Λ, so Φ = B B' with B = (Λ'Λ)⁻¹ Λ'A.
  init(
    correlation: Matrix, unrotated: Matrix, rotated: Matrix, orientation: VariableOrientation?,
    from start: [Double]? = nil
  ) {
    let oriented = orientation?.applied(to: correlation) ?? correlation
    alpha = Reliability.alpha(covariance: oriented)
    guard let turn = try? LU(rotated.crossProduct).solve(rotated.transposedTimes(unrotated)) else { return }
    let phi = turn.outerCrossProduct
    let own = orientation?.applied(to: rotated, factorCorrelations: phi) ?? CanonicalFactors.order(rotated, phi)
    let (loadings, correlations) = (own.loadings, own.factorCorrelations)
    omegaTotal = SchmidLeiman.omegaTotal(oriented, loadings, correlations)
    guard
      let general = try? SchmidLeiman(
        correlation: oriented, loadings: loadings, factorCorrelations: correlations, allowsBound: true, from: start)
    else { return }
    isBounded = general.isAtBound
    hasGeneral = general.omegaHierarchical != nil && !general.isAtBound
    factorUniquenesses = general.factorUniquenesses
    omegaHierarchical = general.omegaHierarchical ?? (phi.rows == 2 ? 0 : nil)
  }
}

extension FactorSolution {
  /// The T of Λ = A T⁻ᵀ, Φ = TᵀT that turned the unrotated loadings A into Λ: T = (AᵀA)⁻¹ Aᵀ Λ Φ.
  func turn() throws(NumericsError) -> Matrix {
    try LU(unrotatedLoadings.crossProduct).solve(unrotatedLoadings.transposedTimes(structure))
  }
}

extension FactorRotation {
  /// Loadings rotated from the position T, without random starts and in the order in which they stand.
  func rotate(_ loadings: Matrix, from turn: Matrix) throws(NumericsError) -> Matrix {
    if loadings.columns == 1 { return loadings }
    switch self {
    case .none:
      return loadings
    case .varimax, .promax:
      // The orthogonal matrix closest to T.
      let orthogonal = try Congruence.procrustes(Matrix.identity(turn.rows), target: turn)
      let rotated = Varimax(starts: 0, seed: 0).rotate(loadings * orthogonal).loadings
      if case .promax(let power) = self { return try Self.promax(rotated, power: power).0 }
      return rotated
    case .oblimin(let normalized):
      let end = try Oblimin(normalized: normalized, starts: 0, seed: 0).rotate(loadings, from: turn)
      guard end.record.converged else {
        throw .didNotConverge(method: "oblimin", iterations: end.record.iterations ?? 0)
      }
      return end.loadings
    }
  }
}
