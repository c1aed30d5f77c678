import RapportIngestion

/// Whether the two sides seek each other, meet, and close loops.
enum Communication {
  /// Contacts that the manager began, out of those that either side began; requests, feedback, check-ins, recognitions.
  ///
  /// `nil` where the input holds only one side's initiative, as a service desk's export does: then it says nothing.
  static func initiativeBalance(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    for spell in history.requests(of: level.kind) where spell.partner >= 0 {
      counts.add(level.unit(spell.manager, spell.partner), spell.openedMonth, spell.asker == .manager)
    }
    for feedback in history.feedback where feedback.partner >= 0 {
      counts.add(level.unit(feedback.manager, feedback.partner), feedback.givenMonth, feedback.giver == .manager)
    }
    for contact in history.contacts where contact.partner >= 0 {
      guard contact.kind == .checkIn || contact.kind == .recognition, let actor = contact.actor else { continue }
      counts.add(level.unit(contact.manager, contact.partner), contact.month, actor == .manager)
    }
    let clusters = counts
    return MonthlyEvidence(history.months) { months in
      let (first, all) = clusters.totals(months)
      let total = first.reduce(0, +)
      guard total > 0, total < all.reduce(0, +) else { return nil }
      let clustering = clusters.clustering(months)
      return IndicatorEvidence(
        indicator: .initiativeBalance, measure: .balance(first: first, all: all), counts: all.map { Int($0) },
        clustering: clustering, common: clustering.common, details: [("byManager", first), ("initiated", all)])
    }
  }

  /// Exposed months with at least 30 minutes of check-ins, out of exposed months.
  static func oneToOneTime(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.checkIn) else { return nil }
    var minutes = MonthTable(history, of: .checkIn, level)
    var timed = MonthSums<Int32>(unitCount: 1, months: history.months)
    for contact in history.contacts where contact.kind == .checkIn {
      minutes.add(contact, level, Int(contact.thousandths ?? 0))
      if contact.thousandths != nil { timed.add(0, contact.month) }
    }
    let (shares, told) = (minutes.share(atLeast: 30_000), timed)
    return MonthlyEvidence(history.months) { months in
      // Where no check-in of these months tells its length, how long they took isn't known.
      guard told.totals(months)[0] > 0 else { return nil }
      return shares.evidence(.oneToOneTime, in: months, succeeded: "monthsWithTime", tried: "exposedMonths")
    }
  }

  /// Feedback followed up within 60 days, out of feedback at least 60 days old.
  static func loopClosure(_ history: History, _ level: Level) -> MonthlyEvidence? {
    var counts = MonthClusters(unitCount: level.count, months: history.months)
    for feedback in history.feedback {
      guard let closed = feedback.closed(asOf: history.asOf) else { continue }
      counts.add(level.unit(feedback.manager, feedback.partner), feedback.givenMonth, closed)
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
