import RapportIngestion
import RapportNumerics

/// Kaplan–Meier curves of working seconds to an answer: one per unit, and the common one of all of them.
///
/// Managers' requests only. What is one wait depends on the level (``History/waits(_:)``): a request for managers, a
/// spell for pairs and partners. The common curve is of the level's own waits, since it lends them its shape.
struct Waits: Sendable {
  /// All waits, by unit.
  let all: [Wait]
  let curves: [WaitCurve]
  let common: KaplanMeier

  init(_ history: History, _ level: Level, options: AssessmentOptions) {
    let waits = history.waits(level)
    var starts = [Int](repeating: 0, count: level.count + 1)
    for wait in waits { starts[Int(wait.unit) + 1] += 1 }
    for unit in 0..<level.count { starts[unit + 1] += starts[unit] }
    var next = starts
    var sorted = waits
    for wait in waits {
      sorted[next[Int(wait.unit)]] = wait
      next[Int(wait.unit)] += 1
    }
    // Means are up to the same number of working hours for all units.
    let limit = options.followUpDays * 86_400 * history.workingShare
    let (byUnit, offsets) = (sorted, starts)
    all = byUnit
    curves = parallelMap(count: level.count, threads: options.threads) { unit in
      WaitCurve(
        Self.curve(byUnit[offsets[unit]..<offsets[unit + 1]]), limit: limit, level: options.interval)
    }
    common = Self.curve(byUnit[...])
  }

  private static func curve(_ waits: ArraySlice<Wait>) -> KaplanMeier {
    KaplanMeier(RiskTable(waits.map { (Double($0.seconds), $0.isAnswered) }))
  }
}
