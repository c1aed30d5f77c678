import Glibc

/// Exploratory factor analysis of a correlation matrix.
///
///     R ≈ Λ Φ Λᵀ + Ψ        Λ p × m loadings, Φ m × m factor correlations, Ψ diagonal uniquenesses
///
/// Source: METHODS.md §11; Jöreskog (1967), Psychometrika 32, 443–482.
public struct FactorAnalysis: Sendable {
  /// m, the number of factors.
  public var factors: Int
  public var extraction = FactorExtraction.maximumLikelihood
  public var rotation = FactorRotation.oblimin(normalized: false)
  /// Random starts of the rotation, beside the unrotated position.
  public var rotationStarts = 30
  /// Starts of the extraction: two usual ones, the others random.
  public var extractionStarts = 6
  public var seed: UInt64 = 1

  public init(
    factors: Int, extraction: FactorExtraction = .maximumLikelihood,
    rotation: FactorRotation = .oblimin(normalized: false), seed: UInt64 = 1
  ) {
    self.factors = factors
    self.extraction = extraction
    self.rotation = rotation
    self.seed = seed
  }

  /// The best solution over all starts, in canonical order and sign.
  ///
  /// - Parameters:
  ///   - correlation: R, p × p, positive definite, ones on its diagonal.
  ///   - observations: rows that R rests on; without it there are no tests and no fit indices, nor where gaps leave too few.
  ///   - gaps: what gaps in those rows take from the precision of R; `nil` without gaps.
  ///   - names: of the variables, for messages.
  /// - Throws: ``NumericsError/invalidInput(_:)`` where m factors can't be identified from p variables, rows don't exceed
  ///   variables, a variable is determined by others (``LinearDependence``) or R isn't a correlation matrix;
  ///   ``NumericsError/didNotConverge(method:iterations:)`` where no start ends in a minimum.
  /// - Complexity: O(starts · steps · m p³)
  public func fit(
    correlation: Matrix, observations: Int? = nil, gaps: MissingInformation? = nil, names: [String] = []
  ) throws(NumericsError) -> FactorSolution {
    try fit(correlation: correlation, observations: observations, gaps: gaps, names: names, from: nil)
  }

  /// The solution that one start from these uniquenesses reaches; from all starts without.
  func fit(
    correlation: Matrix, observations: Int?, gaps: MissingInformation? = nil, names: [String],
    from uniquenesses: [Double]?
  ) throws(NumericsError) -> FactorSolution {
    let p = correlation.rows
    try Self.check(correlation, factors: factors, observations: observations, names: names)
    let search = try extract(correlation, from: uniquenesses)
    let uniquenesses = extraction.uniquenesses(search.point)
    var unrotated = try extraction.loadings(correlation, factors: factors, uniquenesses: uniquenesses)
    unrotated = CanonicalFactors.order(unrotated, Matrix.identity(factors)).loadings
    let rotated = try rotation.rotate(unrotated, starts: rotationStarts, seed: seed)
    var fit: FactorFit?
    if let observations {
      do {
        fit = try FactorFit(
          correlation: correlation, loadings: unrotated, factorCorrelations: Matrix.identity(factors),
          observations: observations, gaps: gaps)
      } catch {
        // Gaps may leave too few rows for a test of a solution that is good otherwise.
        guard gaps != nil, case .invalidInput = error else { throw error }
      }
    }
    let bound = FactorExtraction.smallestUniqueness
    return FactorSolution(
      extraction: extraction, loadings: rotated.loadings, factorCorrelations: rotated.factorCorrelations,
      unrotatedLoadings: unrotated, uniquenesses: uniquenesses,
      communalities: (0..<p).map { i in unrotated.row(i).reduce(0) { $0 + $1 * $1 } },
      discrepancy: search.value, extractionSearch: search.record, rotationSearch: rotated.search,
      isHeywood: uniquenesses.contains { $0 < bound + 1e-6 }, rotationCriterion: rotated.criterion,
      distinctOptima: rotated.distinctOptima, fit: fit)
  }

  /// The most factors that p variables can identify: ((p − m)² − (p + m)) / 2 ≥ 0 (Ledermann's bound).
  public static func largestNumberOfFactors(variables p: Int) -> Int {
    var m = 0
    while degreesOfFreedom(variables: p, factors: m + 1) >= 0 && m + 1 < p { m += 1 }
    return m
  }

  /// ((p − m)² − (p + m)) / 2.
  public static func degreesOfFreedom(variables p: Int, factors m: Int) -> Int {
    ((p - m) * (p - m) - (p + m)) / 2
  }

  static func check(
    _ correlation: Matrix, factors m: Int, observations: Int?, names: [String]
  ) throws(NumericsError) {
    let p = correlation.rows
    precondition(correlation.columns == p, "a correlation matrix is square, not \(p) × \(correlation.columns)")
    guard m >= 1 else { throw .invalidInput("\(m) factors; at least 1 is needed") }
    guard degreesOfFreedom(variables: p, factors: m) >= 0 && m < p else {
      throw .invalidInput(
        "\(p) variables can identify at most \(largestNumberOfFactors(variables: p)) factors, not \(m)")
    }
    if let observations, observations <= p {
      throw .invalidInput(
        "\(observations) observations of \(p) variables: factors need more observations than variables; "
          + "leave variables out")
    }
    try requireCorrelations(correlation, names: names)
    try LinearDependence.requireNone(in: correlation, names: names)
  }

  /// Finite, symmetric, ones on the diagonal.
  private static func requireCorrelations(_ r: Matrix, names: [String]) throws(NumericsError) {
    func pair(_ i: Int, _ j: Int) -> String { "\(columnName(i, names)) with \(columnName(j, names))" }
    for j in 0..<r.columns {
      for i in 0...j {
        guard r[i, j].isFinite, r[j, i].isFinite else {
          throw .invalidInput("the correlation of \(pair(i, j)) isn't a finite number; leave constant columns out")
        }
        guard i != j || abs(r[j, j] - 1) <= 1e-8 else {
          throw .invalidInput(
            "\(columnName(j, names)) has \(r[j, j]) on the diagonal, expected 1; scale covariances to correlations")
        }
        guard abs(r[i, j] - r[j, i]) <= 1e-8 else {
          throw .invalidInput("the correlation of \(pair(i, j)) is \(r[i, j]) in one place and \(r[j, i]) in the other")
        }
      }
    }
  }

  /// The lowest discrepancy over the starts, in the extraction's own parameter.
  private func extract(_ correlation: Matrix, from given: [Double]?) throws(NumericsError) -> BoundedNewton.End {
    let p = correlation.rows
    let smallest = FactorExtraction.smallestUniqueness
    let method = extraction
    let m = factors
    let bounds = method.scale([smallest, 1])
    let newton = BoundedNewton(
      lower: bounds[0], upper: bounds[1], largestStep: method == .maximumLikelihood ? 1 : 0.25)
    let unexplained = try Cholesky(correlation).inverse.diagonal.map { 1 / $0 }
    var best: BoundedNewton.End?
    var evaluations = 0
    var failure: NumericsError?
    for start in 0..<(given == nil ? max(1, extractionStarts) : 1) {
      let uniquenesses: [Double]
      switch start {
      case 0 where given != nil: uniquenesses = given ?? []
      case 0: uniquenesses = unexplained.map { (1 - 0.5 * Double(m) / Double(p)) * $0 }
      case 1: uniquenesses = unexplained
      default:
        var stream = RandomStream(seed: seed, purpose: "factor extraction start", unit: UInt64(start))
        uniquenesses = (0..<p).map { _ in 0.15 + 0.7 * stream.uniform() }
      }
      do {
        let end = try newton.minimise(from: method.scale(uniquenesses)) { theta throws(NumericsError) in
          try method.discrepancy(correlation, factors: m, at: theta)
        }
        evaluations += end.record.evaluations
        // A later start has to be clearly better, so that rounding can't choose.
        if best.map({ end.value < $0.value - 1e-10 * (1 + abs($0.value)) }) ?? true { best = end }
      } catch {
        failure = error
      }
    }
    guard var best else { throw failure! }
    guard let gradient = best.record.gradientNorm, gradient < 1e-6 else {
      throw .didNotConverge(
        method: "factor extraction by \(method.rawValue)", iterations: best.record.iterations ?? evaluations)
    }
    best.record.evaluations = evaluations
    return best
  }
}
