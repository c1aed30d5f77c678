import RapportIngestion
import RapportNumerics

extension Trends {
  /// Levels and changes of every manager, from the history and the timing model.
  ///
  /// - Complexity: O(managers · months · indicators) for levels, and for changes O(managers · months²), of at most
  ///   ``TrendChanges/mostMonths``; again for who has a peer that probably changed, and with any evidence of one for each of the peers that weigh
  ///
  /// - Parameter unmeasured: indicators that say nothing of this input.
  static func find(
    in history: History, timing: TimingModel?, pairs: PairTable, unmeasured: Set<Indicator> = [],
    options: AssessmentOptions
  ) -> Trends {
    let months = HistoryMonths(history)
    let evidence = TrendEvidence.all(history, timing, pairs, months)
    return find(
      evidence.filter { !unmeasured.contains($0.indicator) }, months, managers: history.managers, pairs: pairs,
      options: options)
  }

  /// Likewise, from evidence. An indicator that can't be followed is left out and named in `reason`.
  static func find(
    _ evidence: [TrendEvidence], _ months: HistoryMonths, managers: [String], pairs: PairTable,
    options: AssessmentOptions
  ) -> Trends {
    guard !evidence.isEmpty else { return Trends(reason: "nothing was read that can be followed by month") }
    var trends = Trends()
    trends.managers = managers.map { ManagerTrends(manager: $0) }
    let fits = parallelMap(count: evidence.count, threads: options.threads) { i in
      Result { () throws(NumericsError) in
        let levels = try TrendLevels(evidence[i], months, managerCount: managers.count)
        return (levels, TrendChanges(levels, pairs, interval: options.interval))
      }
    }
    var failures: [String] = []
    for (fit, evidence) in zip(fits, evidence) {
      do throws(NumericsError) {
        let (levels, changes) = try fit.get()
        try trends.follow(levels, changes, months, options)
      } catch {
        failures.append("\(evidence.key) (\(error))")
      }
    }
    if !failures.isEmpty { trends.reason = "could not be followed by month: \(failures.joined(separator: ", "))" }
    return trends
  }

  /// Adds an indicator's paths, and its changes that keep the share of false ones low.
  private mutating func follow(
    _ levels: TrendLevels, _ changes: TrendChanges?, _ months: HistoryMonths, _ options: AssessmentOptions
  ) throws(NumericsError) {
    let name = levels.evidence.key
    var rows: [(trend: IndicatorTrend, evidence: TrendChanges.Evidence?)] = []
    for row in parallelMap(
      count: managers.count, threads: options.threads,
      { manager in
        Result { () throws(NumericsError) in
          let observed = levels.observed(manager)
          guard observed >= TrendLevels.neededMonths else {
            return (
              IndicatorTrend.insufficient(n: observed, needed: TrendLevels.neededMonths), TrendChanges.Evidence?.none
            )
          }
          let path = try TrendPath(levels, manager, months, interval: options.interval)
          return (.estimated(path), try changes?.evidence(manager) ?? nil)
        }
      })
    {
      rows.append(try row.get())
    }
    var found: [[TrendChange]] = []
    let summary = try Self.choose(changes, &rows, name, months, &found, options)
    for (manager, row) in rows.enumerated() {
      managers[manager].indicators[name] = row.trend
      if manager < found.count { managers[manager].changes += found[manager] }
    }
    indicators.append(
      TrendModel(
        indicator: name, managers: levels.managers.count, drift: levels.drift, driftVariance: levels.driftVariance,
        errorFactor: levels.errorFactor, isLogarithmic: levels.evidence.isLogarithmic, search: levels.search,
        changes: summary))
  }

  /// Chooses the changes of one indicator to tell, by manager, and gives every manager's path its probability.
  private static func choose(
    _ changes: TrendChanges?, _ rows: inout [(trend: IndicatorTrend, evidence: TrendChanges.Evidence?)],
    _ name: String, _ months: HistoryMonths, _ found: inout [[TrendChange]], _ options: AssessmentOptions
  ) throws(NumericsError) -> TrendModel.ChangeSummary? {
    guard let changes else { return nil }
    let judged = try Judgement(changes, rows.map(\.evidence), options)
    let discoveries = BayesianDiscoveries(nullProbabilities: judged.noChange, rate: TrendChanges.falseShare)
    for (manager, probability) in judged.noChange.enumerated() where !probability.isNaN {
      if case .estimated(var path) = rows[manager].trend {
        path.changeProbability = 1 - probability
        rows[manager].trend = .estimated(path)
      }
    }
    found = rows.map { _ in [] }
    for manager in discoveries.selected.sorted() {
      found[manager] = try judged.changes(of: manager, in: changes).map { change in
        TrendChange(
          indicator: name, month: months.name(change.place),
          probability: change.probability * (1 - judged.noChange[manager]), before: change.before, after: change.after,
          ownBefore: change.ownBefore, ownAfter: change.ownAfter)
      }
    }
    return TrendModel.ChangeSummary(
      managers: judged.noChange.count { !$0.isNaN },
      notJudged: rows.indices.count { rows[$0].trend.path != nil && judged.noChange[$0].isNaN },
      expectedShare: judged.expectedShare, found: discoveries.selected.count,
      expectedFalseShare: discoveries.expectedFalseShare, dispersion: changes.dispersion)
  }

  /// How probable it is of each manager that nothing changed.
  private struct Judgement {
    /// Of managers who changed.
    let expectedShare: Double
    /// By manager; not a number where it can't be told.
    let noChange: [Double]
    /// By manager, the peers that aren't gone by.
    private let absentPeers: [[Int]]

    /// Those who probably changed say nothing of what was to be expected of others, whichever way that speaks: beside peers
    /// who changed alike a change hardly shows, and counts for less than it should in the share of those who did.
    init(
      _ changes: TrendChanges, _ evidence: [TrendChanges.Evidence?], _ options: AssessmentOptions
    ) throws(NumericsError) {
      let usual = try changes.usualFactor(evidence, options)
      let evidence = evidence.map { $0?.divided(by: usual) }
      let changed = TrendChanges.probable(Self.probabilities(evidence).noChange)
      let peers = evidence.indices.map { changes.peers($0, among: changed) }
      let held = try parallelMap(count: evidence.count, threads: options.threads) {
        manager throws(NumericsError) -> TrendChanges.Evidence? in
        guard var own = evidence[manager], !peers[manager].isEmpty else { return evidence[manager] }
        guard let alone = try changes.evidence(manager, without: peers[manager]) else {
          own.least = nil
          return own
        }
        return own.heldAgainst(alone.divided(by: usual))
      }
      absentPeers = peers
      (expectedShare, noChange) = Self.probabilities(held)
    }

    /// The share of managers who changed is estimated from all Bayes factors as they are: the least of several would be too
    /// small on average. The least ones decide what is told.
    private static func probabilities(
      _ evidence: [TrendChanges.Evidence?]
    ) -> (share: Double, noChange: [Double]) {
      let share = TrendChanges.expectedShare(evidence.compactMap { $0?.whole })
      return (share, evidence.map { $0?.least.map { TrendChanges.noChange($0, expectedShare: share) } ?? .nan })
    }

    /// The changes of a manager who has any.
    func changes(of manager: Int, in changes: TrendChanges) throws(NumericsError) -> [TrendChanges.Change] {
      try changes.changes(manager, expectedShare: expectedShare, without: absentPeers[manager])
    }
  }
}

extension TrendPath {
  /// Months before the last that a direction is told from.
  private static let span = 6

  /// A path in the indicator's unit, from its first observation to the last month in which the manager was there, or to
  /// what became known later.
  init(
    _ levels: TrendLevels, _ manager: Int, _ months: HistoryMonths, interval: Double
  ) throws(NumericsError) {
    let (evidence, path) = (levels.evidence, try levels.path(manager))
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
    let last = max(
      months.lastExposed(manager), cells.indices.last { sizes[$0] > 0 }.map { $0 - cells.lowerBound } ?? 0)
    let rows = cells.indices.compactMap { cell -> TrendMonth? in
      let place = cell - cells.lowerBound
      guard place <= last, let filtered = path.filtered[place], let smoothed = path.smoothed[place] else {
        return nil
      }
      return TrendMonth(
        month: months.name(place), filtered: level(filtered), smoothed: level(smoothed), events: Int(sizes[cell]))
    }
    self.init(months: rows)
    let first = path.filtered.firstIndex { $0 != nil } ?? 0
    let since = max(first, last - Self.span)
    if let change = try levels.change(manager, from: since, to: last), change.variance > 0 {
      direction = Direction(
        since: months.name(since),
        probabilityHigher: Normal.standard.cumulative(change.level / change.standardDeviation))
    }
  }
}
