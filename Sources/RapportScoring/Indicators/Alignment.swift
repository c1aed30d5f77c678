import RapportIngestion

/// Whether the two sides decide together, reach shared goals, and look for other ways where they disagree.
enum Alignment {
  /// Joint decisions out of all.
  static func jointDecisions(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    for contact in history.contacts where contact.kind == .decision {
      guard let value = contact.thousandths else { continue }
      counts.add(level.unit(contact.manager, contact.partner), contact.month, value >= 500)
    }
    return counts.evidence(.jointDecisions, succeeded: "joint", tried: "decisions")
  }

  /// HR's objections that were followed by an alternative for the same manager within 30 days, out of those at least 30
  /// days old. Each alternative answers one objection, the oldest that waits for one: of a manager any partner's, of a pair or a
  /// partner the pair's own.
  static func alternativesOffered(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    for (objection, isAnswered) in answeredObjections(history, level.kind) {
      counts.add(level.unit(objection.manager, objection.partner), objection.month, isAnswered)
    }
    return counts.evidence(.alternativesOffered, succeeded: "withAlternative", tried: "objections")
  }

  /// The partners' objections at least 30 days old, and whether an alternative came within 30 days, as seen at a level.
  static func answeredObjections(
    _ history: History, _ kind: Level.Kind
  ) -> [(objection: Contact, isAnswered: Bool)] {
    answers(history.contacts, kind).compactMap { place, answer in
      let objection = history.contacts[place]
      return history.asOf.seconds(since: objection.instant) >= window ? (objection, answer != nil) : nil
    }
  }

  /// The month that each contact belongs to: its own, of an alternative that of the objection that it answers.
  static func months(_ contacts: [Contact], _ kind: Level.Kind) -> [Month] {
    var months = contacts.map(\.month)
    for case (let objection, let answer?) in answers(contacts, kind) { months[answer] = months[objection] }
    return months
  }

  /// An alternative answers objections of the last 30 days.
  private static let window = 30 * 86_400

  /// Where the partners' objections stand among `contacts`, and where the alternative that answers each.
  ///
  /// To a manager it doesn't matter which partner says no and which finds another way; what a pair or a partner did is its own.
  static func answers(_ contacts: [Contact], _ kind: Level.Kind) -> [(objection: Int, answer: Int?)] {
    func side(_ row: Contact) -> Int32 { kind == .manager ? 0 : row.partner }
    var result: [(Int, Int?)] = []
    let rows = contacts.indices.filter {
      let row = contacts[$0]
      return (row.kind == .objection || row.kind == .alternative) && (row.actor ?? .partner) == .partner
        && row.partner >= 0
    }
    .sorted {
      let (a, b) = (contacts[$0], contacts[$1])
      // At the same instant an objection stands before the alternative that answers it.
      let (x, y) = (a.kind == .objection ? 0 : 1, b.kind == .objection ? 0 : 1)
      return (a.manager, side(a), a.instant.milliseconds, x, a.partner)
        < (b.manager, side(b), b.instant.milliseconds, y, b.partner)
    }
    var waiting: [Int] = []
    var next = 0
    func close(_ answer: Int?) {
      result.append((waiting[next], answer))
      next += 1
    }
    func flush() {
      while next < waiting.count { close(nil) }
      waiting.removeAll(keepingCapacity: true)
      next = 0
    }
    for place in rows {
      let row = contacts[place]
      if let last = waiting.last, contacts[last].manager != row.manager || side(contacts[last]) != side(row) {
        flush()
      }
      while next < waiting.count, row.instant.seconds(since: contacts[waiting[next]].instant) > window { close(nil) }
      if row.kind == .objection {
        waiting.append(place)
      } else if next < waiting.count {
        close(place)
      }
    }
    flush()
    return result
  }
}
