import Glibc

extension History {
  /// Kinds that are counted by month, so that a month without any counts: what nobody has before some month may not have been read.
  static let countedByMonth: [EventKind] = [.checkIn, .recognition, .training, .escalation]

  /// From when on a kind was read: the first month in which anybody has one, where its absence before can't be luck.
  ///
  ///     p = C(n − f, k)/C(n, k) ≤ 0.005
  ///
  /// n months, of which the first f have none and k of the others have one: were months exchangeable, so seldom would all k come
  /// last. Only where five managers have the kind, since a few may have begun to meet. A kind that ends early is another matter: that it
  /// stopped counts. One early row is enough for the months after it to count.
  ///
  /// - Returns: by kind, where it isn't the first month of all.
  static func beginnings(_ contacts: [Contact], months: ClosedRange<Month>) -> [EventKind: Month] {
    let count = months.upperBound.index - months.lowerBound.index + 1
    var result: [EventKind: Month] = [:]
    for kind in countedByMonth {
      var isSeen = [Bool](repeating: false, count: count)
      var managers = Set<Int32>()
      for contact in contacts where contact.kind == kind && months.contains(contact.month) {
        isSeen[contact.month.index - months.lowerBound.index] = true
        managers.insert(contact.manager)
      }
      guard managers.count >= fewestManagersOfKind, let before = isSeen.firstIndex(of: true), before > 0 else {
        continue
      }
      let seen = isSeen.count { $0 }
      let chance = (0..<seen).reduce(1.0) { $0 * Double(count - before - $1) / Double(count - $1) }
      if chance <= 0.005 { result[kind] = months.lowerBound.advanced(by: before) }
    }
    return result
  }

  private static let fewestManagersOfKind = 5

  /// Places among ``months`` of those in which a kind was read and that are over, or nearly so (``monthsOver``).
  public func countedPlaces(of kind: EventKind) -> Range<Int> {
    let begin = months(of: kind).lowerBound.index - months.lowerBound.index
    return begin..<max(begin, monthsOver)
  }

  /// The months in which a kind was read.
  public func months(of kind: EventKind) -> ClosedRange<Month> {
    (beginnings[kind] ?? months.lowerBound)...months.upperBound
  }
}
