import RapportNumerics

/// One indicator's monthly observations as series of a level, and the drift that all managers share.
struct TrendLevels: Sendable {
  let evidence: TrendEvidence
  private let months: HistoryMonths
  /// The mean of all managers' shares or rates, and how many trials, or how much exposure, it weighs.
  let prior: (mean: Double, weight: Double)
  /// Managers with at least ``neededMonths`` observations.
  let managers: [Int]
  let drift: Spread
  let driftVariance: Double
  let errorFactor: Double
  let search: SearchRecord?

  /// Fewer observed months show no trend.
  static let neededMonths = 6
  /// So many managers, evenly spaced, tell q and the error factor; more cost time and add no digit that matters.
  static let mostPooled = 2_000
  /// With fewer observations than this the error factor stays 1.
  static let fewestForFactor = 100
  private static let factors = 0.25...8.0

  /// - Throws: what the levels' fit throws.
  init(_ evidence: TrendEvidence, _ months: HistoryMonths, managerCount: Int) throws(NumericsError) {
    self.evidence = evidence
    self.months = months
    let prior = Self.prior(evidence, managerCount)
    self.prior = prior
    let sizes = evidence.sizes
    let managers = (0..<managerCount).filter { manager in
      evidence.cells(manager).count { sizes[$0] > 0 } >= Self.neededMonths
    }
    self.managers = managers
    let step = max(1, (managers.count + Self.mostPooled - 1) / Self.mostPooled)
    let pooled = stride(from: 0, to: managers.count, by: step).map { managers[$0] }
    let series = pooled.map { Self.series(evidence, months, prior, $0, errorFactor: 1) }
    // Errors of single cases are known; what a month's cases share, or a plan that evens them out, is not.
    let isEnough = series.reduce(0) { $0 + $1.observations.count { $0 != nil } } >= Self.fewestForFactor
    let fit = try LocalLevel().fit(pooled: series, errorFactors: isEnough ? Self.factors : nil)
    errorFactor = fit.errorFactor
    drift = fit.drift
    driftVariance = fit.driftVariance
    search = fit.record
  }

  /// How many months of a manager were observed.
  func observed(_ manager: Int) -> Int {
    let sizes = evidence.sizes
    return evidence.cells(manager).count { sizes[$0] > 0 }
  }

  /// The levels of a manager.
  func path(_ manager: Int) throws(NumericsError) -> LevelPath {
    try LevelPath(series(manager), driftVariance: driftVariance)
  }

  /// What the levels of a manager rest on.
  func series(_ manager: Int) -> LevelSeries {
    Self.series(evidence, months, prior, manager, errorFactor: errorFactor)
  }

  /// A manager's observations with the variances of their errors, times the error factor.
  ///
  ///     share k/n: p (1 − p)/n        rate y/e: λ/e        p, λ posterior means from the months before alone
  ///
  /// From the months before, since an error that shrank with its own observation would pull levels towards 0 and 1, and one
  /// from later months would be no history.
  private static func series(
    _ evidence: TrendEvidence, _ months: HistoryMonths, _ prior: (mean: Double, weight: Double), _ manager: Int,
    errorFactor: Double
  ) -> LevelSeries {
    let cells = evidence.cells(manager)
    var observations = [Double?](repeating: nil, count: cells.count)
    var variances = [Double](repeating: 1, count: cells.count)
    var sums = (events: prior.mean * prior.weight, size: prior.weight)
    for (place, cell) in cells.enumerated() {
      switch evidence.measure {
      case .share(let successes, let trials):
        guard trials[cell] > 0 else { continue }
        let (k, n) = (Double(successes[cell]), Double(trials[cell]))
        let p = sums.events / sums.size
        observations[place] = k / n
        variances[place] = errorFactor * p * (1 - p) / n
        sums = (sums.events + k, sums.size + n)
      case .rate(let events, let exposure, let unit):
        guard exposure[cell] > 0 else { continue }
        let (y, e) = (Double(events[cell]), Double(exposure[cell]) / unit)
        observations[place] = y / e
        variances[place] = errorFactor * sums.events / sums.size / e
        sums = (sums.events + y, sums.size + e)
      case .mean(let values, let errors, let counts):
        guard counts[cell] > 0 else { continue }
        observations[place] = values[cell]
        variances[place] = errorFactor * errors[cell]
      }
    }
    return LevelSeries(
      observations: observations, variances: variances,
      isPaused: cells.indices.map { !months.isExposed(manager, $0 - cells.lowerBound) })
  }

  /// A prior that weighs at most this many events: a rate may change further than managers differ.
  private static let mostPriorEvents = 20.0

  private static func prior(_ evidence: TrendEvidence, _ managerCount: Int) -> (mean: Double, weight: Double) {
    func sums(_ counts: [Int32]) -> [Double] {
      (0..<managerCount).map { manager in Double(evidence.cells(manager).reduce(0) { $0 + Int(counts[$1]) }) }
    }
    switch evidence.measure {
    case .share(let successes, let trials):
      let prior = BetaPrior.estimate(successes: sums(successes), trials: sums(trials))
      return (prior.mean, min(prior.weight, mostPriorEvents))
    case .rate(let events, let exposure, let unit):
      let prior = GammaPrior.estimate(events: sums(events), exposure: sums(exposure).map { $0 / unit })
      return (prior.mean, min(prior.weight, mostPriorEvents / prior.mean))
    case .mean: return (0, 1)
    }
  }
}
