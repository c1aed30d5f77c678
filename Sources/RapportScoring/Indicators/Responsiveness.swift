import RapportIngestion
import RapportNumerics

/// How managers' requests are answered. All three are about HR's answers; HR's own requests to managers enter trust.
enum Responsiveness {
  /// Share of requests whose target has passed that were answered by it; open past the target = not answered.
  ///
  /// A reassignment after the target counts as missed for the pair and partner that held it then, and not for who took it over;
  /// for the manager the last holder's answer counts, so that a request counts once. Withdrawn before the target: not counted.
  static func answeredWithinTarget(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    for spell in history.heldSpells(of: level.kind) where spell.asker == .manager && !spell.excludedFromWaits {
      let isManager = level.kind == .manager
      guard let met = isManager ? spell.metTarget(asOf: history.asOf) : spell.metOwnTarget(asOf: history.asOf) else {
        continue
      }
      counts.add(level.unit(spell.manager, spell.partner), spell.openedMonth, met)
    }
    return counts.evidence(.answeredWithinTarget, succeeded: "withinTarget", tried: "targetsPassed")
  }

  /// Resolved and not reopened within 30 days, out of those resolved at least 30 days before `asOf`; `nil` where the input
  /// holds no reopening, since then nothing in it could ever speak against a resolution.
  static func resolvedForGood(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.holdsReopenings else { return nil }
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    for spell in history.spells where spell.asker == .manager {
      guard let good = spell.resolvedForGood(asOf: history.asOf) else { continue }
      counts.add(level.unit(spell.manager, spell.partner), spell.openedMonth, good)
    }
    return counts.evidence(.resolvedForGood, succeeded: "notReopened", tried: "resolved")
  }

  /// Kaplan–Meier median of working seconds per unit, on the log scale.
  ///
  ///     var(log median) = var(S(median)) / f(log median)²
  ///
  /// var(S) by Greenwood on the unit's own curve, f the density of log time of all waits around their median, so that
  /// small units lean on the common shape. Where a unit's curve doesn't come down to one half, the deepest level q that
  /// it reaches stands in: its time at q, moved by the distance of q to one half on the common curve. Waits of one month
  /// go together (a busy month is busy for all), so each unit's variance is multiplied by its own design effect.
  static func typicalWait(_ sorted: SortedWaits) -> MonthlyEvidence? {
    MonthlyEvidence(sorted.months) { typicalWait(Waits(sorted, $0)) }
  }

  private static func typicalWait(_ waits: Waits) -> IndicatorEvidence? {
    guard let commonMedian = waits.common.time(downTo: 0.5) else { return nil }
    // The density of log time where the common curve crosses one half, over a band that holds about a third of it.
    func density(_ survival: Double) -> Double {
      guard let early = waits.common.time(downTo: min(0.97, survival + 0.16)),
        let late = waits.common.time(downTo: max(0.03, survival - 0.16)), late > max(early, 1)
      else { return 0.4 }
      return (min(0.97, survival + 0.16) - max(0.03, survival - 0.16))
        / (WaitCurve.logWait(late) - WaitCurve.logWait(early))
    }
    let middle = density(0.5)
    let clustering = waits.monthClustering
    var estimates = [Double?](repeating: nil, count: waits.curves.count)
    var variances = [Double](repeating: 1, count: estimates.count)
    var medians = estimates
    var restricted = estimates
    var counts = waits.curves.map(\.answered)
    for unit in estimates.indices {
      let curve = waits.curves[unit]
      let effect = clustering.ownDesignEffect(unit)
      if curve.answered == 0 {
        // Nobody was answered. Where the longest wait has passed the usual median, that is the least that the data
        // allow for this unit's; before, it is too early to tell.
        if let longest = curve.longest, longest >= commonMedian {
          estimates[unit] = WaitCurve.logWait(longest)
          variances[unit] = effect * 0.25 / Double(curve.count) / (middle * middle)
          counts[unit] = curve.count
        }
        continue
      }
      medians[unit] = curve.median
      restricted[unit] = curve.restrictedMean
      if let point = curve.middle {
        estimates[unit] = WaitCurve.logWait(point.time)
        variances[unit] = effect * max(point.variance, 0.25 / Double(curve.count * 4)) / (middle * middle)
      } else if let deepest = curve.deepest, let common = waits.common.time(downTo: deepest.survival) {
        let slope = density(deepest.survival)
        estimates[unit] = WaitCurve.logWait(deepest.time) + WaitCurve.logWait(commonMedian) - WaitCurve.logWait(common)
        variances[unit] = effect * max(deepest.variance, 0.25 / Double(curve.count * 4)) / (slope * slope)
      }
    }
    var details: [(name: String, values: [Double?])] = [
      ("answered", waits.curves.map { Double($0.answered) }), ("requests", waits.curves.map { Double($0.count) }),
      ("median", medians),
    ]
    if waits.tellsMeans { details.append(("restrictedMean", restricted)) }
    return IndicatorEvidence(
      indicator: .typicalWait, measure: .mean(estimates: estimates, variances: variances, isLog: true),
      counts: counts, common: clustering.common / (middle * middle), details: details)
  }
}

extension History {
  /// Whether any request of the input is seen to be reopened. Case tables have no column for it and many exports no such
  /// step; that nothing was ever reopened can't be told from that it isn't recorded.
  var holdsReopenings: Bool { kinds.contains(.reopen) }

  /// Indicators for which the input holds the steps but not what would speak against them, so that they aren't measured.
  var untoldIndicators: [Indicator] {
    reopeningNote == nil ? [] : [.resolvedForGood]
  }
}

extension RequestSpell {
  /// Whether the target was met, as far as this spell goes: by the answer that ends it, or missed where it ended later in another way;
  /// `nil` where that can't be said or asked.
  func metTarget(asOf: Instant) -> Bool? {
    guard due.isPresent, due <= asOf else { return nil }
    switch outcome {
    case .answered: return ended <= due
    case .open: return false
    // Ended without an answer: missed only if the target had passed by then.
    case .withdrawn, .reassigned: return ended > due ? false : nil
    }
  }

  /// Likewise, as it speaks of who held the request in this spell; `nil` also where the target had passed when it came here: then it was
  /// missed by who held it before.
  func metOwnTarget(asOf: Instant) -> Bool? { entered > due ? nil : metTarget(asOf: asOf) }

  /// Whether every resolution held for 30 days; `nil` where it is unresolved, or the resolution that decides it, the first that didn't
  /// hold or else the last, is too young to tell.
  func resolvedForGood(asOf: Instant) -> Bool? {
    guard resolved.isPresent, asOf.seconds(since: resolved) >= 30 * 86_400 else { return nil }
    return !reopenedWithin30Days
  }
}
