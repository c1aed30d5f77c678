import RapportIngestion
import RapportNumerics

/// Kaplan–Meier curves of working seconds to an answer: one per unit, and the common one of all of them.
///
/// Managers' requests only. What is one wait depends on the level (``History/waits(_:)``): a request for managers, a
/// spell for pairs and partners. The common curve is of the level's own waits, since it lends them its shape.
struct Waits: Sendable {
  let curves: [WaitCurve]
  let common: KaplanMeier
  private let sorted: SortedWaits
  private let isSelected: [Bool]

  /// Of the requests made in these months.
  init(_ sorted: SortedWaits, _ months: MonthSelection) {
    let isSelected = sorted.months.map(months.contains)
    (self.sorted, self.isSelected) = (sorted, isSelected)
    curves = parallelMap(count: sorted.byUnit.count, threads: sorted.threads) { unit in
      WaitCurve(Self.curve(sorted.byUnit[unit], isSelected), limit: sorted.limit, level: sorted.interval)
    }
    common = Self.curve(sorted.all, isSelected)
  }

  /// Of all requests.
  init(_ history: History, _ level: Level, options: AssessmentOptions) {
    self.init(SortedWaits(history, level, options: options), MonthSelection(history.months))
  }

  private static func curve(_ waits: [PackedWait], _ isSelected: [Bool]) -> KaplanMeier {
    var (answered, others) = ([Double](), [Double]())
    answered.reserveCapacity(waits.count)
    for wait in waits where isSelected[wait.place] {
      if wait.isAnswered { answered.append(wait.seconds) } else { others.append(wait.seconds) }
    }
    return KaplanMeier(RiskTable(sortedEvents: answered, sortedOthers: others))
  }

  /// How waits of one month go together in being below their unit's own median.
  var monthClustering: Clustering {
    var clusters = MonthClusters(unitCount: curves.count, months: sorted.months)
    for (unit, curve) in curves.enumerated() {
      for wait in sorted.byUnit[unit] where isSelected[wait.place] {
        // Without a median which side a wait ends on isn't known, so only how waits lie over months is told: cases all alike
        // say nothing of ρ.
        let isBelow = curve.median.map { wait.seconds <= $0 } ?? false
        // Censored before the median: which side it ends on isn't known.
        guard wait.isAnswered || !isBelow else { continue }
        clusters.add(unit, sorted.months.lowerBound.advanced(by: wait.place), isBelow)
      }
    }
    return clusters.clustering
  }
}
