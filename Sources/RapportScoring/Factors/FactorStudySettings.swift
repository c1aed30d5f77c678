import RapportNumerics

/// How the factor study is made (METHODS.md §11).
public struct FactorStudySettings: Sendable {
  /// Share of managers that an indicator must be measured for.
  public var smallestCoverage = 0.5
  /// Managers that every pair of indicators must be measured together for.
  public var smallestPair = 20
  /// Factors need at least three indicators to be identified.
  public var smallestIndicators = 3
  /// Managers needed: this many, and three for each indicator. Below, loadings are mostly noise (MacCallum et al. 1999).
  public var smallestManagers = 30
  /// How many factors; by parallel analysis unless given.
  public var factors: Int?
  /// Maximum likelihood unless given; then no other method is tried.
  public var extraction: FactorExtraction?
  public var rotation = FactorRotation.oblimin()
  /// Which variables are turned round for α and ω; as they stand unless given, since indicators point the same way.
  public var orientation: VariableOrientation?
  /// Random tables of parallel analysis; 0 makes none, where the number of factors is given.
  public var parallelDraws = 1000
  /// Bootstrap draws behind the intervals of loadings; 0 makes none.
  public var bootstrapDraws = 1000
  /// Bootstrap intervals are left out, with a note, above this many managers, or when patterns of gaps times the cube of
  /// indicators exceed ``largestBootstrapWork``, which takes a few seconds.
  public var largestBootstrap = 2000
  /// 1250 patterns of gaps in 10 indicators, 200 in 20.
  public var largestBootstrapWork = 1.25e6
  /// Scores are shown where a factor is determined at least so well.
  public var smallestDeterminacy = 0.9
  public var seed: UInt64 = 1
  /// How many threads work; can't change the result.
  public var threads = 1

  public init(seed: UInt64 = 1, threads: Int = 1) {
    self.seed = seed
    self.threads = threads
  }

  /// The study of a table of indicators.
  ///
  /// Nothing is thrown: where the table holds no answer, the study's status and reason say why.
  ///
  /// - Complexity: O(managers · p²) once; then draws and steps cost O(p³), by the patterns of gaps
  public func study(_ table: IndicatorTable) -> FactorStudy {
    var screening = IndicatorScreening(table, settings: self)
    if let reason = shortage(screening, managers: table.managers.count) {
      return insufficient(reason, table, screening)
    }
    do {
      var moments = try SampleMoments(
        missing: screening.values(table.values), names: screening.columns.map { table.indicators[$0].name },
        tolerance: 1e-7, maximumIterations: 2000)
      let dependent = IndicatorScreening.dependentColumns(moments.correlation)
      if !dependent.isEmpty {
        for column in dependent.reversed() {
          screening.leftOut.append(
            .init(
              indicator: table.indicators[screening.columns[column]].name,
              reason: "determined by the indicators before it, but for less than 1 % of its variance"))
          screening.columns.remove(at: column)
        }
        if let reason = shortage(screening, managers: table.managers.count) {
          return insufficient(reason, table, screening)
        }
        moments = try SampleMoments(
          missing: screening.values(table.values), names: screening.columns.map { table.indicators[$0].name },
          tolerance: 1e-7, maximumIterations: 2000)
      }
      let indicators = screening.columns.map { table.indicators[$0] }
      var study = try study(moments, variables: indicators.map(\.name))
      study.leftOut = screening.leftOut
      study.describeCoverage(table, screening)
      study.warnAboutRoles(indicators)
      if study.factors > 0 {
        study.scoreManagers(table, screening, moments, settings: self)
        addIntervals(to: &study, rows: screening.values(table.values), moments)
      }
      study.answer = study.answerInWords()
      return study
    } catch {
      return insufficient(error.description, table, screening)
    }
  }

  /// The study of a correlation matrix by itself: everything but coverage, scores and bootstrap.
  ///
  /// - Parameters:
  ///   - correlation: p × p, positive definite.
  ///   - observations: rows that it rests on; more than variables.
  ///   - variables: p names.
  /// - Throws: as `FactorAnalysis.fit` and `ParallelAnalysis`.
  public func study(
    correlation: Matrix, observations: Int, variables: [String]
  ) throws(NumericsError) -> FactorStudy {
    let parallel = ParallelAnalysis(draws: parallelDraws, seed: seed, threads: threads)
    return try study(
      correlation, observations, variables,
      sphericity: SphericityTest(correlation: correlation, observations: observations),
      parallel: parallel.run(correlation: correlation, observations: observations, names: variables))
  }

  /// The study of the moments of a table: everything but coverage, scores and bootstrap.
  ///
  /// Where values are missing, tests and indices know it: a row with gaps counts for less than a whole one, and random
  /// tables get the same gaps.
  ///
  /// - Parameter variables: a name for each column.
  /// - Throws: as `FactorAnalysis.fit` and `ParallelAnalysis`.
  public func study(_ moments: SampleMoments, variables: [String]) throws(NumericsError) -> FactorStudy {
    let parallel =
      factors != nil && parallelDraws == 0
      ? nil : try ParallelAnalysis(draws: parallelDraws, seed: seed, threads: threads).run(moments, names: variables)
    let sphericity = try SphericityTest(moments)
    guard moments.treatment == .expectationMaximization else {
      return try study(
        moments.correlation, moments.observations, variables, sphericity: sphericity, parallel: parallel)
    }
    // Too many variables, or gaps that leave a covariance undetermined.
    let gaps = try? MissingInformation(moments)
    var study = try study(
      moments.correlation, moments.observations, variables, gaps: gaps, sphericity: sphericity, parallel: parallel)
    if gaps == nil { study.withholdFit() }
    study.noteGaps(draws: parallel?.draws, asked: parallelDraws)
    return study
  }

  private func study(
    _ correlation: Matrix, _ observations: Int, _ variables: [String], gaps: MissingInformation? = nil,
    sphericity: SphericityTest, parallel: ParallelAnalysis.Result?
  ) throws(NumericsError) -> FactorStudy {
    precondition(variables.count == correlation.rows, "\(variables.count) names of \(correlation.rows) variables")
    var study = FactorStudy()
    study.status = .estimated
    study.reason = nil
    study.observations = observations
    study.variables = variables
    study.correlations = correlation.rowArrays
    study.eigenvalues = try SymmetricEigen(correlation, vectors: false).values
    let adequacy = try SamplingAdequacy(correlation: correlation, names: variables)
    study.kmo = adequacy.overall
    study.kmoByVariable = adequacy.byVariable
    study.bartlett = .init(
      chiSquare: sphericity.chiSquare, degreesOfFreedom: sphericity.degreesOfFreedom, pValue: sphericity.pValue)
    study.parallelAnalysis = parallel.map { parallel in
      .init(
        factors: parallel.factors.count, eigenvalues: parallel.factors.eigenvalues,
        thresholds: parallel.factors.thresholds, components: parallel.components.count,
        componentEigenvalues: parallel.components.eigenvalues, componentThresholds: parallel.components.thresholds,
        draws: parallel.draws)
    }
    let partial = try MinimumAveragePartial(correlation: correlation)
    study.map = .init(factors: partial.factors, values: partial.values)
    study.alpha = Reliability.alpha(covariance: orientation?.applied(to: correlation) ?? correlation)
    if let solution = try solve(
      correlation, observations, gaps, variables, &study.notes, parallel?.factors.count ?? 0)
    {
      try study.take(solution, correlation: correlation, rotation: rotation, orientation: orientation)
    }
    study.answer = study.answerInWords()
    return study
  }

  /// The solution that is shown; `nil` where no factor stands out from chance.
  ///
  /// Maximum likelihood first. Where it has no proper solution (a Heywood case, or none at all) minimum residuals are
  /// tried, then one factor fewer; each step leaves a note. A given number or method is never changed.
  private func solve(
    _ correlation: Matrix, _ observations: Int, _ gaps: MissingInformation?, _ variables: [String],
    _ notes: inout [String], _ suggested: Int
  ) throws(NumericsError) -> FactorSolution? {
    let p = correlation.rows
    let largest = max(1, min(FactorAnalysis.largestNumberOfFactors(variables: p), p / 3))
    guard factors != nil || suggested > 0 else { return nil }
    if factors == nil && suggested > largest {
      notes.append(
        "Parallel analysis suggests \(suggested) factors; at most \(largest) can be told, since each needs at least three of the "
          + "\(p) indicators.")
    }
    var m = factors ?? min(suggested, largest)
    var kept: FactorSolution?
    while true {
      for method in extraction.map({ [$0] }) ?? [.maximumLikelihood, .minimumResiduals] {
        let analysis = FactorAnalysis(factors: m, extraction: method, rotation: rotation, seed: seed)
        do {
          let solution = try analysis.fit(correlation: correlation, observations: observations, gaps: gaps)
          if !solution.isHeywood {
            if method == .minimumResiduals && extraction == nil {
              notes.append(
                "Maximum likelihood has no proper solution with \(Self.counted(m)); minimum residuals are shown.")
            }
            return solution
          }
          kept = kept.map { $0.factors == m ? $0 : solution } ?? solution
        } catch {
          if extraction != nil || (m == 1 && method == .minimumResiduals && kept == nil) { throw error }
        }
      }
      if factors != nil || m == 1 {
        if let kept {
          let smallest = FactorExtraction.smallestUniqueness
          let bound = variables.indices.filter { kept.uniquenesses[$0] < smallest + 1e-6 }.map { "'\(variables[$0])'" }
          notes.append(
            "No error is left to \(bound.joined(separator: ", ")) with \(Self.counted(kept.factors)): the uniqueness stands "
              + "at its lower bound, \(smallest) (a Heywood case), and tests and scores can't be trusted.")
        }
        return kept
      }
      notes.append("\(m) factors have no proper solution by either method; \(m - 1) \(m == 2 ? "is" : "are") tried.")
      m -= 1
    }
  }

  private static func counted(_ factors: Int) -> String { factors == 1 ? "1 factor" : "\(factors) factors" }

  private func shortage(_ screening: IndicatorScreening, managers: Int) -> String? {
    let p = screening.columns.count
    if p < smallestIndicators {
      let measured = p + screening.leftOut.count
      guard measured > 0 else { return "no indicator is measured; a factor study needs \(smallestIndicators)." }
      return
        "of \(Wording.count(measured, "indicator")) measured here \(p == 0 ? "none" : "\(p)") can be used, known for enough "
        + "managers and not alike for all; a factor study needs \(smallestIndicators)."
    }
    let needed = max(smallestManagers, 3 * p)
    if screening.rows.count < needed {
      return
        "\(p) indicators need \(needed.grouped) managers who are measured on two or more of them; there are "
        + "\(screening.rows.count.grouped)."
    }
    return nil
  }

  private func insufficient(
    _ reason: String, _ table: IndicatorTable, _ screening: IndicatorScreening
  ) -> FactorStudy {
    var study = FactorStudy(insufficient: reason)
    study.leftOut = screening.leftOut
    study.observations = screening.rows.count
    study.describeCoverage(table, screening)
    study.answer = study.answerInWords()
    return study
  }

  /// Adds bootstrap limits of loadings, ω and α to a study with factors, or a note that says why there are none.
  ///
  /// - Parameters:
  ///   - rows: the table behind `moments`, without rows that hold nothing.
  ///   - unit: what a row is, in the plural, for the note.
  /// - Complexity: as ``/RapportNumerics/LoadingBootstrap/run(rows:moments:analysis:solution:orientation:)``
  public func addIntervals(
    to study: inout FactorStudy, rows: [[Double?]], _ moments: SampleMoments, unit: String = "managers"
  ) {
    guard bootstrapDraws > 0, let extraction = study.extraction else { return }
    let patterns = Set(rows.map { $0.map { $0 == nil } }).count
    let p = Double(study.variables.count)
    let isTooMuch = patterns > 1 && Double(patterns) * p * p * p > largestBootstrapWork
    guard rows.count <= largestBootstrap && !isTooMuch else {
      study.notes.append(
        "No bootstrap intervals of loadings: \(rows.count) \(unit) with \(patterns) patterns of gaps would take too long."
      )
      return
    }
    let analysis = FactorAnalysis(
      factors: study.factors, extraction: extraction == .ml ? .maximumLikelihood : .minimumResiduals,
      rotation: rotation, seed: seed)
    guard let solution = try? analysis.fit(correlation: moments.correlation),
      let limits = LoadingBootstrap(draws: bootstrapDraws, seed: seed, threads: threads).run(
        rows: rows, moments: moments, analysis: analysis, solution: solution, orientation: orientation)
    else {
      study.notes.append("No bootstrap intervals of loadings: more than one draw in ten has no solution.")
      return
    }
    study.loadingsLow = limits.low.rowArrays
    study.loadingsHigh = limits.high.rowArrays
    if study.alpha != nil { (study.alphaLow, study.alphaHigh) = (limits.alpha?.low, limits.alpha?.high) }
    study.omega?.totalLow = limits.omegaTotal?.low
    study.omega?.totalHigh = limits.omegaTotal?.high
    if study.omega?.hierarchical != nil {
      study.omega?.hierarchicalLow = limits.omegaHierarchical?.low
      study.omega?.hierarchicalHigh = limits.omegaHierarchical?.high
      noteGeneral(of: limits, &study)
    }
  }
}

extension FactorStudySettings {
  /// Says how many draws the limits of ω hierarchical rest on, where that matters.
  private func noteGeneral(of limits: LoadingBootstrap.Result, _ study: inout FactorStudy) {
    guard let general = limits.omegaHierarchical else {
      study.notes.append("No interval of ω hierarchical: more than one bootstrap draw in ten has no general factor.")
      return
    }
    if general.draws < limits.draws {
      study.notes.append(
        "The interval of ω hierarchical rests on \(general.draws) of \(limits.draws) bootstrap draws; the others have no "
          + "general factor.")
    }
    if limits.boundedGeneralDraws * 10 > limits.draws {
      study.notes.append(
        "In \(limits.boundedGeneralDraws) of \(limits.draws) bootstrap draws one factor would be the general one itself, "
          + "and is kept to the bound: the interval of ω hierarchical is rough.")
    }
  }
}

extension Matrix {
  /// The rows, one array each, as JSON wants them.
  var rowArrays: [[Double]] { (0..<rows).map { row($0) } }
}
