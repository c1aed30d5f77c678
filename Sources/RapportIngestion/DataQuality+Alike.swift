/// Events that may be one event, told twice.
extension DataQuality {
  /// Events without a case and without an `id` that are alike in everything that is read though their rows differ, as where an export
  /// tells in each row when it was made, or puts its fields in quotes.
  ///
  /// Only those with a time of day: two decisions of one day are usual. Nothing is told of ratings, since how many there are of one
  /// moment is the raters' own, and several answers of one person in one survey are usual; nor of invitations, which go to several people
  /// at once, nor of escalations.
  mutating func observeAlike(_ history: History) {
    var further = 0
    var examples: [Example] = []
    // Contacts are sorted by all that is read of them.
    let contacts = history.contacts
    var start = contacts.startIndex
    while start < contacts.endIndex {
      let first = contacts[start]
      var (end, count) = (start, 0)
      while end < contacts.endIndex, !first.precedes(contacts[end]) {
        if contacts[end].isKnownByRow { count += 1 }
        end += 1
      }
      start = end
      guard count > 1, Self.mayRepeat(first.kind), history.timeZone.hasTimeOfDay(first.instant) else { continue }
      further += count - 1
      guard examples.count < Rejects.placesKept else { continue }
      let people = [(Party.manager, first.manager, history.managers), (.partner, first.partner, history.partners)]
        .filter { $0.1 >= 0 }.map { "\($0.0) '\($0.2[Int($0.1)])'" }.joined(separator: ", ")
      let moment = Self.minute(first.instant.milliseconds / 60_000, in: history.timeZone)
      examples.append(Example("\(first.kind.rawValue), \(people), \(moment): \(count)"))
    }
    observe(
      "alikeWithoutCase", further,
      "Rows without a case and without an id that are alike in everything that is read, down to the time of day, and differ in columns that "
        + "aren't, as when an export was made, or in how they are written; each counts. Where they are one event, told by several exports, "
        + "give rows an id, so that it counts once.",
      examples: examples)
  }

  private static func mayRepeat(_ kind: EventKind) -> Bool {
    switch kind {
    case .survey, .surveyInvitation, .escalation, .concern: false
    default: true
    }
  }
}

extension TimeZoneRules {
  /// Whether a moment is told by more than its date, which is its day's beginning.
  fileprivate func hasTimeOfDay(_ instant: Instant) -> Bool { instant != start(of: date(of: instant)) }
}
