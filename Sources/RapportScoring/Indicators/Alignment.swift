import RapportIngestion

/// Whether the two sides decide together, reach shared goals, and look for other ways where they disagree.
enum Alignment {
  /// Joint decisions out of all.
  static func jointDecisions(_ history: History, _ level: Level) -> IndicatorEvidence? {
    var counts = ShareCounts(level.count)
    for contact in history.contacts where contact.kind == .decision {
      guard let value = contact.thousandths else { continue }
      counts.add(level.unit(contact.manager, contact.partner), value >= 500)
    }
    return counts.evidence(.jointDecisions, succeeded: "joint", tried: "decisions")
  }

  /// HR's objections that were followed by an alternative for the same manager within 30 days, out of those at least 30
  /// days old. Each alternative answers one objection, the oldest that waits for one.
  static func alternativesOffered(_ history: History, _ level: Level) -> IndicatorEvidence? {
    var counts = ShareCounts(level.count)
    for (objection, isAnswered) in answeredObjections(history) {
      counts.add(level.unit(objection.manager, objection.partner), isAnswered)
    }
    return counts.evidence(.alternativesOffered, succeeded: "withAlternative", tried: "objections")
  }

  /// The partners' objections at least 30 days old, and whether an alternative came within 30 days.
  static func answeredObjections(_ history: History) -> [(objection: Contact, isAnswered: Bool)] {
    let window = 30 * 86_400
    var result: [(Contact, Bool)] = []
    let rows = history.contacts.filter {
      ($0.kind == .objection || $0.kind == .alternative) && ($0.actor ?? .partner) == .partner && $0.partner >= 0
    }
    .sorted {
      // At the same instant an objection stands before the alternative that answers it.
      ($0.manager, $0.partner, $0.instant.milliseconds, $0.kind == .objection ? 0 : 1)
        < ($1.manager, $1.partner, $1.instant.milliseconds, $1.kind == .objection ? 0 : 1)
    }
    var waiting: [Contact] = []
    var next = 0
    func close(_ contact: Contact, _ isAnswered: Bool) {
      if history.asOf.seconds(since: contact.instant) >= window { result.append((contact, isAnswered)) }
    }
    func flush() {
      while next < waiting.count {
        close(waiting[next], false)
        next += 1
      }
      waiting.removeAll(keepingCapacity: true)
      next = 0
    }
    for row in rows {
      if let last = waiting.last, last.manager != row.manager || last.partner != row.partner { flush() }
      while next < waiting.count, row.instant.seconds(since: waiting[next].instant) > window {
        close(waiting[next], false)
        next += 1
      }
      if row.kind == .objection {
        waiting.append(row)
      } else if next < waiting.count {
        close(waiting[next], true)
        next += 1
      }
    }
    flush()
    return result
  }
}
