import RapportNumerics

/// One indicator's monthly observations as series of a level, and the drift that all managers share.
struct TrendLevels: Sendable {
  let evidence: TrendEvidence
  private let months: HistoryMonths
  /// The mean of all managers' shares or rates, and how many trials, or how much exposure, it weighs: no more than leaves rates
  /// room to change further than managers differ.
  let prior: (mean: Double, weight: Double)
  /// The same with what it weighs by how managers differ.
  private let usualPrior: (mean: Double, weight: Double)
  /// Managers with at least ``neededMonths`` observations.
  let managers: [Int]
  let drift: Spread
  let driftVariance: Double
  let errorFactor: Double
  let search: SearchRecord?
  /// What directions are told from; `nil` where levels don't move, or that can't be told.
  private let returning: ReturningLevel?

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
    let usualPrior = Self.prior(evidence, managerCount)
    let most = evidence.isRate ? Self.mostPriorEvents / usualPrior.mean : Self.mostPriorEvents
    let prior = (mean: usualPrior.mean, weight: min(usualPrior.weight, most))
    (self.prior, self.usualPrior) = (prior, usualPrior)
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
    returning =
      drift == .estimated
      ? try ReturningLevel.fit(
        pooled.map { Self.series(evidence, months, usualPrior, $0, errorFactor: 1, isHistory: false) },
        errorFactors: isEnough ? Self.factors : nil)
      : nil
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

  /// A manager's level in one month less that in an earlier one; `nil` where levels don't move.
  ///
  /// Of a level that returns to its usual place: a queue that overflows for a month or two is no walk that stays where it went.
  func change(_ manager: Int, from earlier: Int, to later: Int) throws(NumericsError) -> LevelEstimate? {
    try returning?.change(
      Self.series(evidence, months, usualPrior, manager, errorFactor: 1, isHistory: false), from: earlier, to: later)
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
  /// from later months would be no history. Where none is told, they are from all other months: early months would else have
  /// the errors of an ordinary manager and late ones their own, so that at a good manager a fall counts for more than a rise.
  private static func series(
    _ evidence: TrendEvidence, _ months: HistoryMonths, _ prior: (mean: Double, weight: Double), _ manager: Int,
    errorFactor: Double, isHistory: Bool = true
  ) -> LevelSeries {
    let cells = evidence.cells(manager)
    var observations = [Double?](repeating: nil, count: cells.count)
    var variances = [Double](repeating: 1, count: cells.count)
    var sums = (events: prior.mean * prior.weight, size: prior.weight)
    func add(_ events: Double, _ size: Double) { sums = (sums.events + events, sums.size + size) }
    func own(_ cell: Int) -> (events: Double, size: Double) {
      switch evidence.measure {
      case .share(let successes, let trials): (Double(successes[cell]), Double(trials[cell]))
      case .rate(let events, let exposure, let unit):
        (exposure[cell] > 0 ? Double(events[cell]) : 0, Double(exposure[cell]) / unit)
      case .mean: (0, 0)
      }
    }
    if !isHistory {
      for cell in cells { add(own(cell).events, own(cell).size) }
    }
    for (place, cell) in cells.enumerated() {
      let (events, size) = own(cell)
      switch evidence.measure {
      case .share, .rate:
        guard size > 0 else { continue }
        if !isHistory { add(-events, -size) }
        let rate = sums.events / sums.size
        observations[place] = events / size
        variances[place] = errorFactor * rate * (evidence.isRate ? 1 : 1 - rate) / size
        add(events, size)
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
  /// Where managers don't differ at all.
  private static let mostWeight = 1e6

  private static func prior(_ evidence: TrendEvidence, _ managerCount: Int) -> (mean: Double, weight: Double) {
    func sums(_ counts: [Int32]) -> [Double] {
      (0..<managerCount).map { manager in Double(evidence.cells(manager).reduce(0) { $0 + Int(counts[$1]) }) }
    }
    switch evidence.measure {
    case .share(let successes, let trials):
      let prior = BetaPrior.estimate(successes: sums(successes), trials: sums(trials))
      return (prior.mean, min(prior.weight, mostWeight))
    case .rate(let events, let exposure, let unit):
      let prior = GammaPrior.estimate(events: sums(events), exposure: sums(exposure).map { $0 / unit })
      return (prior.mean, min(prior.weight, mostWeight))
    case .mean: return (0, 1)
    }
  }
}
