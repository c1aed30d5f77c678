import RapportIngestion
import RapportNumerics

extension Trends {
  /// Levels and changes of every manager, from the history and the timing model.
  ///
  /// - Complexity: O(managers · months² · indicators)
  static func find(in history: History, timing: TimingModel?, pairs: PairTable, options: AssessmentOptions) -> Trends {
    let months = TrendMonths(history)
    let evidence = TrendEvidence.all(history, timing, pairs, months)
    guard !evidence.isEmpty else { return Trends(reason: "the input holds nothing that can be followed by month") }
    do throws(NumericsError) {
      var trends = Trends()
      let count = history.managers.count
      var levels: [TrendLevels] = []
      for fit in parallelMap(
        evidence.count, threads: options.threads, block: 1,
        { i in
          Result { () throws(NumericsError) in try TrendLevels(evidence[i], months, managerCount: count) }
        })
      {
        levels.append(try fit.get())
      }
      let changes = levels.map { TrendChanges($0, interval: options.interval) }
      let fitted = levels
      let rows = parallelMap(count, threads: options.threads) { manager in
        Result { () throws(NumericsError) in
          try Row(manager, fitted, changes, months, interval: options.interval)
        }
      }
      trends.managers = history.managers.map { ManagerTrends(manager: $0) }
      var factors: [[Double?]] = []
      for (manager, row) in rows.enumerated() {
        let row = try row.get()
        trends.managers[manager].indicators = row.indicators
        factors.append(row.factors)
      }
      for (i, levels) in levels.enumerated() {
        let summary = try trends.choose(changes[i], levels, factors.map { $0[i] }, months)
        trends.indicators.append(
          TrendModel(
            indicator: levels.evidence.indicator.rawValue, managers: levels.managers.count, drift: levels.drift,
            driftVariance: levels.driftVariance, errorFactor: levels.errorFactor,
            isLogarithmic: levels.evidence.isLogarithmic, search: levels.search, changes: summary))
      }
      return trends
    } catch {
      return Trends(reason: "trends could not be estimated: \(error)")
    }
  }

  /// Tells the changes of one indicator that keep the share of false ones low, and every manager's probability.
  private mutating func choose(
    _ changes: TrendChanges?, _ levels: TrendLevels, _ factors: [Double?], _ months: TrendMonths
  ) throws(NumericsError) -> TrendModel.ChangeSummary? {
    guard let changes else { return nil }
    let known = factors.compactMap { $0 }
    let share = TrendChanges.expectedShare(known)
    let noChange = factors.map { $0.map { TrendChanges.noChange($0, expectedShare: share) } ?? .nan }
    let discoveries = BayesianDiscoveries(nullProbabilities: noChange, rate: TrendChanges.falseShare)
    let name = levels.evidence.indicator.rawValue
    for (manager, probability) in noChange.enumerated() where !probability.isNaN {
      if case .estimated(var path) = managers[manager].indicators[name] {
        path.changeProbability = 1 - probability
        managers[manager].indicators[name] = .estimated(path)
      }
    }
    for manager in discoveries.selected.sorted() {
      for change in try changes.changes(manager) {
        managers[manager].changes.append(
          TrendChange(
            indicator: name, month: months.name(change.place), probability: 1 - noChange[manager],
            before: change.before, after: change.after))
      }
    }
    return TrendModel.ChangeSummary(
      managers: known.count, expectedShare: share, found: discoveries.selected.count,
      expectedFalseShare: discoveries.expectedFalseShare)
  }

  /// One manager's paths, and the Bayes factor of a change by indicator.
  private struct Row: Sendable {
    var indicators: [String: IndicatorTrend] = [:]
    var factors: [Double?] = []

    init(
      _ manager: Int, _ levels: [TrendLevels], _ changes: [TrendChanges?], _ months: TrendMonths, interval: Double
    ) throws(NumericsError) {
      for (levels, changes) in zip(levels, changes) {
        let observed = levels.observed(manager)
        guard observed >= TrendLevels.neededMonths else {
          indicators[levels.evidence.indicator.rawValue] = .insufficient(n: observed, needed: TrendLevels.neededMonths)
          factors.append(nil)
          continue
        }
        indicators[levels.evidence.indicator.rawValue] = .estimated(
          TrendPath(try levels.path(manager), of: levels.evidence, manager, months, interval: interval))
        factors.append(try changes?.bayesFactor(manager) ?? nil)
      }
    }
  }
}

extension TrendPath {
  /// Months before the last that a direction is told from.
  private static let span = 6

  /// A path in the indicator's unit, from its first observation on.
  init(_ path: LevelPath, of evidence: TrendEvidence, _ manager: Int, _ months: TrendMonths, interval: Double) {
    let z = Normal.standard.quantile(0.5 + interval / 2)
    func value(_ level: Double) -> Double {
      evidence.isLogarithmic
        ? Posterior.exponential(level)
        : min(max(level, evidence.limits.lowerBound), evidence.limits.upperBound)
    }
    func level(_ estimate: LevelEstimate) -> TrendMonth.Level {
      let reach = z * estimate.standardDeviation
      return TrendMonth.Level(
        value: value(estimate.level), low: value(estimate.level - reach), high: value(estimate.level + reach))
    }
    let (cells, sizes) = (evidence.cells(manager), evidence.sizes)
    self.months = cells.indices.compactMap { cell in
      let place = cell - cells.lowerBound
      guard let filtered = path.filtered[place], let smoothed = path.smoothed[place] else { return nil }
      return TrendMonth(
        month: months.name(place), filtered: level(filtered), smoothed: level(smoothed), events: Int(sizes[cell]))
    }
    let last = cells.count - 1
    let first = path.filtered.firstIndex { $0 != nil } ?? 0
    let since = max(first, last - Self.span)
    if let change = path.change(from: since, to: last), change.variance > 0 {
      direction = Direction(
        since: months.name(since),
        probabilityHigher: Normal.standard.cumulative(change.level / change.standardDeviation))
    }
  }
}
