import RapportNumerics

extension FactorStudy {
  /// Takes over a solution: loadings, fit, omega and determinacy.
  mutating func take(
    _ solution: FactorSolution, correlation: Matrix, rotation: FactorRotation, orientation: VariableOrientation?
  ) throws(NumericsError) {
    factors = solution.factors
    extraction = solution.extraction == .maximumLikelihood ? .ml : .minres
    self.rotation = solution.factors == 1 ? "none" : rotation.name
    distinctOptima = solution.distinctOptima
    loadings = solution.loadings.rowArrays
    communalities = solution.communalities
    uniquenesses = solution.uniquenesses
    heywood = solution.isHeywood
    factorCorrelations = solution.factorCorrelations.rowArrays
    if let fit = solution.fit {
      effectiveObservations = fit.effectiveObservations
      chiSquare = fit.chiSquare
      degreesOfFreedom = Double(fit.degreesOfFreedom)
      pValue = fit.pValue
      rmsea = fit.rmsea
      rmseaLow = fit.rmseaLow
      rmseaHigh = fit.rmseaHigh
      tli = fit.tli
      cfi = fit.cfi
      srmr = fit.srmr
      bic = fit.bic
    }
    if solution.distinctOptima > 1 {
      notes.append(
        "The rotation's random starts ended in \(solution.distinctOptima) different optima; the best is shown, and "
          + "others explain the correlations as well.")
    }
    if solution.rotationSearch?.converged == false {
      notes.append("The rotation's search stopped short of its optimum: loadings may still turn a little.")
    }
    let oriented = orientation?.applied(to: solution.loadings, factorCorrelations: solution.factorCorrelations)
    let general = try SchmidLeiman(
      correlation: orientation?.applied(to: correlation) ?? correlation,
      loadings: oriented?.loadings ?? solution.loadings,
      factorCorrelations: oriented?.factorCorrelations ?? solution.factorCorrelations)
    omega = Omega(
      total: general.omegaTotal, hierarchical: solution.factors == 1 ? nil : general.omegaHierarchical)
    explainedCommonVariance = general.explainedCommonVariance
    let scores = try FactorScores(
      .regression, correlation: correlation, loadings: solution.loadings,
      factorCorrelations: solution.factorCorrelations)
    determinacy = scores.determinacy
    guttman = scores.guttman
  }

  /// Takes back χ² and what rests on it.
  public mutating func withholdFit() {
    (chiSquare, pValue, rmsea, rmseaLow, rmseaHigh) = (nil, nil, nil, nil, nil)
    (tli, cfi, bic, effectiveObservations) = (nil, nil, nil, nil)
  }

  /// Says what was done about gaps, and what they cost.
  mutating func noteGaps(draws: Int?, asked: Int) {
    notes.append(
      "Correlations are maximum-likelihood estimates that treat what isn't measured as missing at random"
        + (draws.map { draws in
          "; the random tables of parallel analysis have the same gaps"
            + (draws < asked ? " (\(draws) tables, for the time that they take)" : "")
        } ?? "") + "."
    )
    if let effective = effectiveObservations {
      notes.append(
        "Gaps leave the test of fit as sharp as \(Int(effective.rounded())) complete rows would; χ² and the indices that "
          + "rest on it count so many, not \(observations).")
    }
    if factors > 0, chiSquare == nil {
      notes.append(
        "χ² and the indices that rest on it are withheld: gaps leave too few rows, or how much they cost can't be worked out."
      )
    }
  }

  /// How much is measured of each indicator that takes part, and how reliably; disattenuated correlations from that.
  mutating func describeCoverage(_ table: IndicatorTable, _ screening: IndicatorScreening) {
    coverage = screening.columns.map { column in
      let measured = screening.rows.filter { table.values[$0][column] != nil }.count
      return Coverage(
        indicator: table.indicators[column].name, role: table.indicators[column].role, managers: measured,
        missingShare: screening.rows.isEmpty ? 0 : 1 - Double(measured) / Double(screening.rows.count),
        reliability: Reliability.splitHalf(
          table.splits.map { split in
            (
              first: screening.rows.map { split.first[$0][column] },
              second: screening.rows.map { split.second[$0][column] }
            )
          }))
    }
    if !coverage.isEmpty { missingShare = coverage.reduce(0) { $0 + $1.missingShare } / Double(coverage.count) }
    let reliabilities = coverage.compactMap(\.reliability)
    if !correlations.isEmpty && reliabilities.count == coverage.count {
      disattenuatedCorrelations =
        Reliability.disattenuated(correlation: Matrix(rows: correlations), reliabilities: reliabilities)?.rowArrays
        ?? []
    }
  }

  /// Formative indicators needn't correlate: says what that means for reading factors.
  mutating func warnAboutRoles(_ indicators: [IndicatorTable.Indicator]) {
    let formative = indicators.filter { $0.role == .formative }.count
    guard formative > 0 else { return }
    (alpha, alphaLow, alphaHigh) = (nil, nil, nil)
    notes.append(
      "\(formative) of \(indicators.count) indicators are formative: they make up health instead of reflecting one cause, "
        + "and needn't correlate. Alpha is not given, and factors only describe what goes together.")
  }

  /// Regression scores by manager, each from what is measured of that manager:
  ///
  ///     f̂ = (ΛΦ)ₒᵀ Rₒₒ⁻¹ zₒ        ρ² = diag (ΛΦ)ₒᵀ Rₒₒ⁻¹ (ΛΦ)ₒ        standard error √(1 − ρ²)
  ///
  /// z standardised, o what is measured. A score is withheld where its ρ is below the smallest determinacy.
  mutating func scoreManagers(
    _ table: IndicatorTable, _ screening: IndicatorScreening, _ moments: SampleMoments, settings: FactorStudySettings
  ) {
    let wanted = settings.smallestDeterminacy
    if heywood {
      scoresWithheld = "A uniqueness stands at its lower bound (a Heywood case)."
      return
    }
    guard determinacy.contains(where: { $0 >= wanted }) else {
      let best = ((determinacy.max() ?? 0) * 100).rounded() / 100
      scoresWithheld =
        "No factor is determined by its indicators with at least \(wanted); the best stands at \(best)."
      return
    }
    let correlation = moments.correlation
    let structure = Matrix(rows: loadings) * Matrix(rows: factorCorrelations)
    let deviations = moments.covariance.diagonal.map { $0.squareRoot() }
    var weightsByPattern: [[Bool]: (weights: Matrix, determinacy: [Double])] = [:]
    for row in screening.rows {
      let values = screening.columns.map { table.values[row][$0] }
      let mask = values.map { $0 != nil }
      let known = mask.indices.filter { mask[$0] }
      if weightsByPattern[mask] == nil {
        let own = structure.selecting(rows: known)
        guard let factor = try? Cholesky(correlation.selecting(rows: known).selecting(columns: known)) else { continue }
        let weights = factor.solve(own)
        weightsByPattern[mask] = (
          weights, own.transposedTimes(weights).diagonal.map { min(1, max(0, $0)).squareRoot() }
        )
      }
      guard let (weights, own) = weightsByPattern[mask] else { continue }
      let z = known.map { (values[$0]! - moments.means[$0]) / deviations[$0] }
      let all = weights.transposedTimes(z)
      scores.append(
        ManagerScores(
          manager: table.managers[row], scores: all.indices.map { own[$0] >= wanted ? all[$0] : nil },
          standardErrors: own.map { (1 - $0 * $0).squareRoot() }))
    }
    scores.sort { Array($0.manager.utf8).lexicographicallyPrecedes(Array($1.manager.utf8)) }
  }
}

extension FactorRotation {
  /// The word for it on the command line and in JSON.
  public var name: String {
    switch self {
    case .none: "none"
    case .varimax: "varimax"
    case .promax: "promax"
    case .oblimin: "oblimin"
    }
  }
}
