import RapportNumerics
import RapportTestSupport
import Testing

/// Agreement with R's factanal, psych and GPArotation at their optima: ../shared/reference, cases C02, C04, C06, C07, F03.
@Suite struct FactorReferenceTests {
  /// A case's correlation matrix, and its rows where it has them.
  static func load(_ name: String) -> (reference: ReferenceCase, correlation: Matrix, rows: Matrix?, n: Int)? {
    guard let reference = ReferenceCase(name) else { return nil }
    switch name {
    case "C02-harman74": return (reference, square(reference.table("harman74_cor.csv")), nil, 145)
    case "C04-ability":
      return (reference, square(reference.table("ability_cov.csv")).correlationFromCovariance, nil, 112)
    case "C07-thurstone": return (reference, square(reference.table("thurstone_cor.csv")), nil, 213)
    case "C06-holzinger":
      let table = reference.table("holzinger.csv")
      let rows = Matrix(columns: (1...9).map { table.numbers("x\($0)") })
      return (reference, try! SampleMoments(complete: rows).correlation, rows, rows.rows)
    default:
      let table = reference.table("politics.csv")
      let rows = Matrix(columns: table.names.filter { $0 != "Overall" }.map { table.numbers($0) })
      return (reference, try! SampleMoments(complete: rows).correlation, rows, rows.rows)
    }
  }

  static func square(_ table: CSVTable) -> Matrix {
    Matrix(columns: table.names.filter { $0 != "variable" }.map { table.numbers($0) })
  }

  static let cases = ["C02-harman74", "C04-ability", "C06-holzinger", "C07-thurstone", "F03-politics"]

  @Test(arguments: cases) func `correlation statistics`(name: String) throws {
    guard let (reference, r, _, n) = Self.load(name) else { return }
    reference.check(fit: "cor", "correlation", got: r)
    reference.check(fit: "cor", "eigenvalues", got: try SymmetricEigen(r).values)
    let adequacy = try SamplingAdequacy(correlation: r)
    reference.check(fit: "cor", "kmo", got: adequacy.overall)
    reference.check(fit: "cor", "kmo_items", got: adequacy.byVariable)
    reference.check(fit: "cor", "smc", got: adequacy.squaredMultipleCorrelations)
    let test = try SphericityTest(correlation: r, observations: n)
    reference.check(fit: "cor", "bartlett_chisq", got: test.chiSquare)
    reference.check(fit: "cor", "bartlett_df", got: test.degreesOfFreedom)
    reference.check(fit: "cor", "bartlett_p", got: test.pValue)
    let count = reference.numbers(fit: "vss", "map")!.count
    let map = try MinimumAveragePartial(correlation: r, limit: count)
    reference.check(fit: "vss", "map", got: map.values)
    reference.check(fit: "vss", "map_n", got: Double(map.factors))
  }

  @Test(arguments: cases) func `parallel analysis`(name: String) throws {
    guard let (reference, r, _, n) = Self.load(name) else { return }
    let result = try ParallelAnalysis(seed: 7, threads: 2).run(correlation: r, observations: n)
    reference.check(fit: "cor", "eigenvalues_smc", got: result.factors.eigenvalues)
    reference.check(fit: "parallel", "pc_mean", got: result.components.means)
    reference.check(fit: "parallel", "pc_q95", got: result.components.thresholds)
    reference.check(fit: "parallel", "fa_mean", got: result.factors.means)
    reference.check(fit: "parallel", "fa_q95", got: result.factors.thresholds)
    reference.check(fit: "parallel", "n_components_q95", got: Double(result.components.count))
    reference.check(fit: "parallel", "n_factors_q95", got: Double(result.factors.count))
  }

  static let fits: [(String, Int, FactorExtraction)] = [
    ("C02-harman74", 1, .maximumLikelihood), ("C02-harman74", 1, .minimumResiduals),
    ("C02-harman74", 4, .maximumLikelihood), ("C02-harman74", 4, .minimumResiduals),
    ("C02-harman74", 5, .maximumLikelihood), ("C04-ability", 1, .maximumLikelihood),
    ("C04-ability", 1, .minimumResiduals), ("C04-ability", 2, .maximumLikelihood),
    ("C04-ability", 2, .minimumResiduals), ("C06-holzinger", 1, .maximumLikelihood),
    ("C06-holzinger", 1, .minimumResiduals), ("C06-holzinger", 3, .maximumLikelihood),
    ("C06-holzinger", 3, .minimumResiduals), ("C06-holzinger", 4, .maximumLikelihood),
    ("C07-thurstone", 1, .maximumLikelihood), ("C07-thurstone", 1, .minimumResiduals),
    ("C07-thurstone", 3, .maximumLikelihood), ("C07-thurstone", 3, .minimumResiduals),
    ("F03-politics", 4, .maximumLikelihood), ("F03-politics", 4, .minimumResiduals),
    ("F03-politics", 6, .maximumLikelihood),
  ]

  @Test(arguments: fits) func `extraction, rotation and scores`(
    name: String, factors: Int, extraction: FactorExtraction
  ) throws {
    guard let (reference, r, rows, n) = Self.load(name) else { return }
    let prefix = "m\(factors).\(extraction == .maximumLikelihood ? "ml" : "uls")"
    let id = prefix + ".none"
    let plain = try FactorAnalysis(factors: factors, extraction: extraction, rotation: .none).fit(
      correlation: r, observations: n)
    #expect(plain.largestDerivative < 1e-8)
    reference.check(fit: id, "loadings", got: plain.loadings)
    reference.check(fit: id, "uniqueness", got: plain.uniquenesses)
    reference.check(fit: id, "communality", got: plain.communalities)
    reference.check(fit: id, "ss_loadings", got: plain.sumsOfSquares)
    reference.check(fit: id, "heywood", got: plain.isHeywood)
    reference.check(
      fit: id, extraction == .maximumLikelihood ? "discrepancy" : "uls_value", got: plain.discrepancy)
    checkFit(reference, id, try #require(plain.fit))
    if let rows, factors == 1 { try checkScores(reference, id, plain, r, rows) }

    for (suffix, rotation) in [
      ("varimax", FactorRotation.varimax), ("promax", .promax()), ("oblimin", .oblimin()),
      ("oblimin.kaiser", .oblimin(normalized: true)),
    ] {
      let id = "\(prefix).\(suffix)"
      guard !reference.names(fit: id).isEmpty else { continue }
      let rotated = try FactorAnalysis(factors: factors, extraction: extraction, rotation: rotation).fit(
        correlation: r)
      reference.check(fit: id, "loadings", got: rotated.loadings)
      let known = reference.names(fit: id)
      if known.contains("criterion") { reference.check(fit: id, "criterion", got: rotated.rotationCriterion!) }
      if known.contains("phi") {
        reference.check(fit: id, "phi", got: rotated.factorCorrelations, matching: rotated.loadings)
      }
      if known.contains("structure") {
        reference.check(fit: id, "structure", got: rotated.structure, matching: rotated.loadings)
      }
      if let rows, known.contains("R2") { try checkScores(reference, id, rotated, r, rows) }
    }
  }

  func checkFit(_ reference: ReferenceCase, _ id: String, _ fit: FactorFit) {
    reference.check(fit: id, "dof", got: Double(fit.degreesOfFreedom))
    reference.check(fit: id, "objective", got: fit.objective)
    reference.check(fit: id, "null_objective", got: fit.nullObjective)
    reference.check(fit: id, "null_chisq", got: fit.nullChiSquare)
    reference.check(fit: id, "null_dof", got: Double(fit.nullDegreesOfFreedom))
    reference.check(fit: id, "chisq", got: fit.chiSquare)
    reference.check(fit: id, "p", got: fit.pValue!)
    reference.check(fit: id, "RMSEA", got: fit.rmsea!)
    reference.check(fit: id, "RMSEA_ci90", got: [fit.rmseaLow!, fit.rmseaHigh!])
    reference.check(fit: id, "TLI", got: fit.tli!)
    reference.check(fit: id, "CFI", got: fit.cfi!)
    reference.check(fit: id, "BIC", got: fit.bic!)
    reference.check(fit: id, "rms", got: fit.rootMeanSquareResidual)
  }

  func checkScores(
    _ reference: ReferenceCase, _ id: String, _ solution: FactorSolution, _ r: Matrix, _ rows: Matrix
  ) throws {
    let moments = try SampleMoments(complete: rows)
    let deviations = moments.covariance.diagonal.map { $0.squareRoot() }
    for method in FactorScores.Method.allCases {
      let scores = try FactorScores(
        method, correlation: r, loadings: solution.loadings, factorCorrelations: solution.factorCorrelations)
      let name = method == .tenBerge ? "tenberge" : method.rawValue
      reference.check(fit: id, "weights.\(name)", got: scores.weights, matching: solution.loadings)
      let all = scores.scores(rows, means: moments.means, deviations: deviations)
      reference.check(
        fit: id, "scores.\(name).head", got: all.selecting(rows: Array(0..<10)), matching: solution.loadings)
      if method == .regression {
        reference.check(fit: id, "R2", got: scores.determinacy.map { $0 * $0 })
      }
    }
  }

  @Test(arguments: [("C02-harman74", 4), ("C06-holzinger", 3), ("C07-thurstone", 3)])
  func `omega by the chain of minres, oblimin and Schmid–Leiman`(name: String, factors: Int) throws {
    guard let (reference, r, _, _) = Self.load(name) else { return }
    let solution = try FactorAnalysis(factors: factors, extraction: .minimumResiduals).fit(correlation: r)
    let parts = try SchmidLeiman(
      correlation: r, loadings: solution.loadings, factorCorrelations: solution.factorCorrelations)
    let id = "omega\(factors)"
    reference.check(fit: id, "g_loadings", got: parts.generalLoadings)
    reference.check(fit: id, "loadings", got: parts.groupLoadings)
    reference.check(fit: id, "second_order", got: parts.secondOrder)
    reference.check(fit: id, "omega_h", got: try #require(parts.omegaHierarchical))
    reference.check(fit: id, "omega_t", got: parts.omegaTotal)
    reference.check(fit: id, "ecv", got: try #require(parts.explainedCommonVariance))
    reference.check(fit: id, "alpha_std", got: try #require(Reliability.alpha(covariance: r)))
  }

  @Test func `alpha of raw and standardised items`() throws {
    guard let (reference, _, rows, _) = Self.load("C06-holzinger"), let rows else { return }
    for (id, columns) in [("visual", 0..<3), ("textual", 3..<6), ("speed", 6..<9), ("all", 0..<9)] {
      let moments = try SampleMoments(complete: rows.selecting(columns: Array(columns)))
      reference.check(
        fit: "alpha.\(id)", "raw_alpha", got: try #require(Reliability.alpha(covariance: moments.covariance)))
      reference.check(
        fit: "alpha.\(id)", "std_alpha", got: try #require(Reliability.alpha(covariance: moments.correlation)))
    }
  }

  @Test func `congruence of two schools`() throws {
    guard let (reference, _, rows, _) = Self.load("C06-holzinger"), let rows else { return }
    let schools = reference.table("holzinger.csv").texts("school")
    let loadings = try ["Pasteur", "Grant-White"].map { school in
      let own = rows.selecting(rows: schools.indices.filter { schools[$0] == school })
      return try FactorAnalysis(factors: 3, extraction: .minimumResiduals, rotation: .varimax).fit(
        correlation: SampleMoments(complete: own).correlation
      ).loadings
    }
    let matched = Congruence.matched(loadings[0], loadings[1]).compactMap { $0 }
    reference.check(fit: "congruence", "best", got: matched.sorted(by: >))
  }
}
