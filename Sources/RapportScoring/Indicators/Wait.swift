import RapportIngestion

/// One wait for an answer to a manager's request, as a level counts it.
struct Wait: Sendable {
  /// Working seconds, pauses taken off.
  var seconds: Int
  /// The month in which the request was made.
  var month: Month
  var unit: Int32
  /// Answered at its end; otherwise it is censored there: withdrawn, passed on, or open.
  var isAnswered: Bool
}

extension History {
  /// The waits of a level's units, in the order of the spells that end them; impossible times are left out.
  ///
  /// A pair or partner is answerable for the spells in which it held a request: each is a wait, censored where the
  /// request was passed on. A manager waits from the request to the answer, whoever gives it: one wait per request, the
  /// sum of its spells' working seconds, each by the calendar of who held it then.
  func waits(_ level: Level) -> [Wait] {
    var waits: [Wait] = []
    waits.reserveCapacity(spells.count)
    forEachWait(level) { _, wait in waits.append(wait) }
    return waits
  }

  /// Likewise, each with the spell that ends it.
  @inline(__always) func forEachWait(_ level: Level, _ body: (RequestSpell, Wait) -> Void) {
    // By request, empty where none was passed on.
    var earlier: [Int] = []
    if level.kind == .manager, spells.contains(where: { $0.outcome == .reassigned }) {
      earlier = [Int](repeating: 0, count: requestCount)
      for spell in spells where spell.outcome == .reassigned {
        earlier[Int(spell.request)] += spell.workingSeconds
      }
    }
    for spell in heldSpells(of: level.kind) where spell.asker == .manager && !spell.excludedFromWaits {
      let unit = level.unit(spell.manager, spell.partner)
      guard unit >= 0 else { continue }
      body(
        spell,
        Wait(
          seconds: spell.workingSeconds + (earlier.isEmpty ? 0 : earlier[Int(spell.request)]),
          month: spell.openedMonth, unit: Int32(unit), isAnswered: spell.outcome == .answered))
    }
  }

  /// Requests have numbers below this.
  var requestCount: Int { Int(spells.lazy.map(\.request).max() ?? -1) + 1 }

  /// The spells that stand for the requests of a level's units, each request once for each unit.
  ///
  /// A manager's last spell stands for it: a reassignment names a partner, so that spell has one if any has. A pair or
  /// partner has every request that it has held, however often it came back.
  func requests(of kind: Level.Kind) -> some Sequence<RequestSpell> {
    spells.lazy.filter { kind == .manager ? $0.outcome != .reassigned : !$0.isReturn }
  }

  /// The spells for which a level's units are answerable: a manager's request is one to its end, a pair or partner answers for each time
  /// that it held it.
  func heldSpells(of kind: Level.Kind) -> some Sequence<RequestSpell> {
    spells.lazy.filter { kind != .manager || $0.outcome != .reassigned }
  }

  /// Working seconds per second of the clock, all calendars together, from the spells that are long enough to show it.
  ///
  /// One share for everyone: a limit in days becomes the same number of working hours for all units, whichever calendars
  /// their partners keep, so that what is cut there stays comparable.
  var workingShare: Double {
    guard hasWorkingCalendar else { return 1 }
    var working = 0
    var elapsed = 0
    for spell in spells where spell.elapsedSeconds >= 7 * 86_400 {
      working += spell.workingSeconds + spell.pausedSeconds
      elapsed += spell.elapsedSeconds
    }
    // Nothing stood for a week: 40 of 168 hours.
    guard elapsed > 0, working > 0 else { return 40.0 / 168 }
    return min(1, Double(working) / Double(elapsed))
  }
}
