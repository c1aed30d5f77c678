import RapportIngestion
import RapportNumerics

/// Kaplan–Meier curves of working seconds to an answer: one per unit, and the common one of all of them.
///
/// Managers' requests only. What is one wait depends on the level (``History/waits(_:)``): a request for managers, a
/// spell for pairs and partners. The common curve is of the level's own waits, since it lends them its shape.
struct Waits: Sendable {
  let curves: [WaitCurve]
  /// Whether curves come with limits and means: of parts of the months nobody is told them.
  let tellsMeans: Bool
  let common: FallingShares
  /// How waits of one month go together in being below their unit's own median.
  let monthClustering: Clustering

  /// Of the requests made in these months.
  init(_ sorted: SortedWaits, _ months: MonthSelection) {
    let isSelected = sorted.months.map(months.contains)
    let isWhole = !isSelected.contains(false)
    tellsMeans = isWhole
    let units = parallelMap(count: sorted.byUnit.count, threads: sorted.threads) { unit in
      let waits = PackedWait.selected(sorted.byUnit[unit], isSelected)
      let curve =
        isWhole ? WaitCurve(Self.curve(waits), limit: sorted.limit, level: sorted.interval) : WaitCurve(waits)
      return (curve: curve, sides: Sides(waits, median: curve.median, monthCount: isSelected.count))
    }
    curves = units.map(\.curve)
    common = FallingShares(PackedWait.selected(sorted.all, isSelected))
    var clusters = MonthClusters(unitCount: curves.count, months: sorted.months)
    for (unit, (_, sides)) in units.enumerated() {
      for (place, month) in sorted.months.enumerated() {
        clusters.add(unit, month, sides.below[place], of: sides.known[place])
      }
    }
    monthClustering = clusters.clustering
  }

  /// Of all requests.
  init(_ history: History, _ level: Level, options: AssessmentOptions) {
    self.init(SortedWaits(history, level, options: options), MonthSelection(history.months))
  }

  /// Limits of a unit's median that allow for waits of one month going together: the curve's own with errors √D times as wide.
  ///
  ///     |log(−log S) − log(log 2)| ≤ z √D SE        D of ``monthClustering``
  ///
  /// Source: Brookmeyer & Crowley (1982), A confidence interval for the median survival time, on the curve's log scale
  /// (``KaplanMeier/median(level:)``). Differs: D.
  func medianLimits(_ unit: Int, _ sorted: SortedWaits) -> (low: Double?, high: Double?) {
    let effect = monthClustering.designEffect(unit)
    guard effect > 1 else { return (curves[unit].low, curves[unit].high) }
    // Beyond eight errors nothing is left of a level.
    let z = min(8, Normal.standard.quantile((1 + sorted.interval) / 2) * effect.squareRoot())
    let (_, low, high) = Self.curve(sorted.byUnit[unit]).median(level: 1 - 2 * Normal.standard.cumulative(-z))
    return (low, high)
  }

  private static func curve(_ waits: [PackedWait]) -> KaplanMeier {
    var (answered, others) = ([Double](), [Double]())
    answered.reserveCapacity(waits.count)
    for wait in waits { if wait.isAnswered { answered.append(wait.seconds) } else { others.append(wait.seconds) } }
    return KaplanMeier(RiskTable(sortedEvents: answered, sortedOthers: others))
  }

  /// On which side of a median waits end, by month.
  private struct Sides {
    var below: [Int32]
    /// Of which the side is known: one censored before the median may end on either.
    var known: [Int32]

    /// Without a median which side a wait ends on isn't known, so only how waits lie over months is told: cases all alike say
    /// nothing of ρ.
    init(_ waits: [PackedWait], median: Double?, monthCount: Int) {
      below = [Int32](repeating: 0, count: monthCount)
      known = below
      for wait in waits {
        let isBelow = median.map { wait.seconds <= $0 } ?? false
        below[wait.place] += isBelow && wait.isAnswered ? 1 : 0
        known[wait.place] += wait.isAnswered || !isBelow ? 1 : 0
      }
    }
  }
}
