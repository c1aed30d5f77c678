import RapportIngestion

/// Kaplan–Meier curves of working seconds to an answer: one per unit, and the common one of all spells.
///
/// A spell is a request while one partner holds it. Its clock runs from the request, or the reassignment, to the
/// answer; a spell that was withdrawn, reassigned or is open is censored at its end. Managers' requests only.
struct Waits: Sendable {
  var curves: [WaitCurve]
  var common: CommonCurve

  /// The curve of all spells together, kept with its steps.
  struct CommonCurve: Sendable {
    var steps: [WaitCurve.Step]
    var median: Double? { quantile(survival: 0.5) }
    /// The smallest time whose survival is at most this.
    func quantile(survival: Double) -> Double? { steps.first { $0.survival <= survival + 1e-9 }?.time }
  }

  init(_ history: History, _ level: Level, options: AssessmentOptions) {
    var starts = [Int](repeating: 0, count: level.count + 1)
    var units = [Int32](repeating: -1, count: history.spells.count)
    for (i, spell) in history.spells.enumerated() where spell.asker == .manager && !spell.excludedFromWaits {
      let unit = level.unit(spell.manager, spell.partner)
      units[i] = Int32(unit)
      if unit >= 0 { starts[unit + 1] += 1 }
    }
    for unit in 0..<level.count { starts[unit + 1] += starts[unit] }
    var next = starts
    var order = [Int32](repeating: 0, count: starts[level.count])
    for i in units.indices where units[i] >= 0 {
      order[next[Int(units[i])]] = Int32(i)
      next[Int(units[i])] += 1
    }
    @Sendable func time(_ spell: RequestSpell) -> (time: Double, isEvent: Bool) {
      (Double(spell.workingSeconds), spell.outcome == .answered)
    }
    let limit = options.followUpDays * 86_400
    let (sorted, offsets) = (order, starts)
    curves = parallelMap(level.count, threads: options.threads) { unit in
      WaitCurve(
        sorted[offsets[unit]..<offsets[unit + 1]].map { time(history.spells[Int($0)]) }, limit: limit,
        level: options.interval)
    }
    common = CommonCurve(steps: WaitCurve.steps(sorted.map { time(history.spells[Int($0)]) }))
  }
}
