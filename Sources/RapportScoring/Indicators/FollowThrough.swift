import RapportIngestion

/// Whether what was promised was done, and when.
enum FollowThrough {
  /// Kept by the due time in force, out of those whose due time lies in the window; ones released by then are out.
  ///
  /// A promise kept early counts when its due time comes, so that good news doesn't arrive before bad news. One promise
  /// is one trial whoever made it; each side's own counts stand beside the share.
  static func keptOnTime(
    _ history: History, _ level: Level, family: CaseFamily, indicator: Indicator
  ) -> MonthlyEvidence? {
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    let none = [Double](repeating: 0, count: level.count)
    var (keptByHR, dueByHR, keptByManager, dueByManager) = (none, none, none, none)
    for promise in history.promises where promise.family == family {
      guard let kept = promise.keptOnTime(asOf: history.asOf) else { continue }
      let unit = level.unit(promise.manager, promise.partner)
      guard unit >= 0 else { continue }
      counts.add(unit, promise.madeMonth, kept)
      switch promise.promiser {
      case .partner:
        dueByHR[unit] += 1
        if kept { keptByHR[unit] += 1 }
      case .manager:
        dueByManager[unit] += 1
        if kept { keptByManager[unit] += 1 }
      }
    }
    return counts.evidence(
      indicator, succeeded: "kept", tried: "due",
      details: [
        ("keptByHR", keptByHR), ("dueByHR", dueByHR), ("keptByManager", keptByManager), ("dueByManager", dueByManager),
      ])
  }

  /// Typical log(actual / promised lead time) of commitments (``CensoredTimes``), unkept ones censored at `asOf`, all at four times the
  /// promised lead time; ones released by their due time are out.
  ///
  /// The promised lead time is the one first agreed, so that renegotiating doesn't hide a delay.
  static func slippage(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var times = CensoredTimes(level.count, months: history.months)
    for promise in history.promises where promise.family == .commitment && !promise.released.isPresent {
      guard promise.firstDue.isPresent, promise.firstDue <= history.asOf else { continue }
      let promised = Double(max(promise.firstDue.seconds(since: promise.made), 3600))
      let isKept = promise.kept <= history.asOf
      let actual = Double(max((isKept ? promise.kept : history.asOf).seconds(since: promise.made), 60))
      times.add(
        level.unit(promise.manager, promise.partner), in: promise.madeMonth, logTime: WaitCurve.log(actual / promised),
        isEvent: isKept,
        limit: WaitCurve.log(4))
    }
    return times.monthly(.slippage, isLog: false, ended: "done", all: "promises")
  }
}

extension Promise {
  /// Whether it was kept by the due time in force; `nil` while not yet due, without due time, or released by then.
  func keptOnTime(asOf: Instant) -> Bool? {
    guard due.isPresent, due <= asOf, !released.isPresent else { return nil }
    return kept <= due
  }
}
