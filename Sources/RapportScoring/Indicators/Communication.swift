import RapportIngestion

/// Whether the two sides seek each other, meet, and close loops.
enum Communication {
  /// Contacts that the manager began, out of those that either side began; requests, feedback, check-ins, recognitions.
  ///
  /// `nil` where the input holds only one side's initiative, as a service desk's export does: then it says nothing.
  static func initiativeBalance(_ history: History, _ level: Level) -> IndicatorEvidence? {
    var counts = ShareCounts(level.count, months: history.months)
    for spell in history.requests(of: level.kind) where spell.partner >= 0 {
      counts.add(level.unit(spell.manager, spell.partner), spell.asker == .manager, in: spell.openedMonth)
    }
    for feedback in history.feedback where feedback.partner >= 0 {
      counts.add(level.unit(feedback.manager, feedback.partner), feedback.giver == .manager, in: feedback.givenMonth)
    }
    for contact in history.contacts where contact.partner >= 0 {
      guard contact.kind == .checkIn || contact.kind == .recognition, let actor = contact.actor else { continue }
      counts.add(level.unit(contact.manager, contact.partner), actor == .manager, in: contact.month)
    }
    let first = counts.successes.reduce(0, +)
    let all = counts.trials.reduce(0, +)
    guard first > 0, first < all else { return nil }
    return IndicatorEvidence(
      indicator: .initiativeBalance, measure: .balance(first: counts.successes, all: counts.trials),
      counts: counts.trials.map { Int($0) }, clustering: counts.clustering,
      details: [("byManager", counts.successes), ("initiated", counts.trials)])
  }

  /// Exposed months with at least 30 minutes of check-ins, out of exposed months.
  static func oneToOneTime(_ history: History, _ level: Level) -> IndicatorEvidence? {
    guard history.contacts.contains(where: { $0.kind == .checkIn && $0.thousandths != nil }) else { return nil }
    var months = MonthTable(history, level)
    for contact in history.contacts where contact.kind == .checkIn {
      months.add(contact, level, Int(contact.thousandths ?? 0))
    }
    return months.share(atLeast: 30_000)
      .evidence(.oneToOneTime, succeeded: "monthsWithTime", tried: "exposedMonths")
  }

  /// Feedback followed up within 60 days, out of feedback at least 60 days old.
  static func loopClosure(_ history: History, _ level: Level) -> IndicatorEvidence? {
    var counts = ShareCounts(level.count, months: history.months)
    for feedback in history.feedback {
      guard let closed = feedback.closed(asOf: history.asOf) else { continue }
      counts.add(level.unit(feedback.manager, feedback.partner), closed, in: feedback.givenMonth)
    }
    return counts.evidence(.loopClosure, succeeded: "followedUp", tried: "feedback")
  }
}

extension Feedback {
  /// Feedback is followed up within these days, or it isn't.
  static let closingDays = 60

  /// Whether it was followed up within ``closingDays``; `nil` while it is younger than that.
  func closed(asOf: Instant) -> Bool? {
    guard asOf.seconds(since: given) >= Self.closingDays * 86_400 else { return nil }
    return followedUp.isPresent && followedUp.seconds(since: given) <= Self.closingDays * 86_400
  }
}
