/// Who could be expected to have contact when: months at work, in days.
///
/// A manager is exposed from the roster's `from` (else the first event that names them) to `until` (else `asOf`),
/// less absences; a pair from its own first event on, while both are exposed. A day is absent when its noon is.
public struct Exposure: Sendable, Equatable {
  /// Exposed days in each month, `[manager][month − months.lowerBound]`.
  public var managerDays: [[UInt8]]
  /// Likewise for partners.
  public var partnerDays: [[UInt8]]
  /// Pairs with any event, by manager then partner.
  public var pairs: [PairExposure]

  /// The exposed days of one pair.
  public struct PairExposure: Sendable, Equatable {
    public var manager: Int32
    public var partner: Int32
    /// `[month − months.lowerBound]`.
    public var daysByMonth: [UInt8]
    public init(manager: Int32, partner: Int32, daysByMonth: [UInt8]) {
      self.manager = manager
      self.partner = partner
      self.daysByMonth = daysByMonth
    }
  }

  public init(managerDays: [[UInt8]], partnerDays: [[UInt8]], pairs: [PairExposure]) {
    self.managerDays = managerDays
    self.partnerDays = partnerDays
    self.pairs = pairs
  }

  /// Derives the exposure of everyone whom a history names.
  init(of history: History, people: People, absences: [Party: [Int32: [Range<Instant>]]]) {
    let zone = history.timeZone
    func day(_ instant: Instant) -> Int { zone.date(of: instant).dayNumber }
    let lastDay = day(history.asOf)
    var managerFirst = [Instant](repeating: .absent, count: history.managers.count)
    var partnerFirst = [Instant](repeating: .absent, count: history.partners.count)
    var pairFirst: [Int64: Instant] = [:]
    func see(_ manager: Int32, _ partner: Int32, _ instant: Instant) {
      if manager >= 0 { managerFirst[Int(manager)] = min(managerFirst[Int(manager)], instant) }
      if partner >= 0 { partnerFirst[Int(partner)] = min(partnerFirst[Int(partner)], instant) }
      if manager >= 0, partner >= 0 {
        let key = Int64(manager) << 32 | Int64(partner)
        if let known = pairFirst[key], known <= instant { return }
        pairFirst[key] = instant
      }
    }
    for spell in history.spells { see(spell.manager, spell.partner, spell.entered) }
    for promise in history.promises { see(promise.manager, promise.partner, promise.made) }
    for feedback in history.feedback { see(feedback.manager, feedback.partner, feedback.given) }
    for conflict in history.conflicts { see(conflict.manager, conflict.partner, conflict.opened) }
    for contact in history.contacts { see(contact.manager, contact.partner, contact.instant) }

    /// The exposed days of one person, as ranges of day numbers.
    func exposed(_ party: Party, _ code: Int, first: Instant, entry: Roster.Entry?) -> [Range<Int>] {
      let from = entry?.from.ifPresent ?? first
      guard from.isPresent else { return [] }
      let until = min(lastDay, (entry?.lastMoment).map(day) ?? lastDay)
      let start = max(day(from), day(history.firstEvent))
      guard start <= until else { return [] }
      var gaps: [Range<Int>] = []
      for absence in absences[party]?[Int32(code)] ?? [] {
        // The first day whose noon isn't before the absence begins, and the first whose noon isn't before it ends.
        func dayOfNoon(_ instant: Instant) -> Int { (zone.localSeconds(of: instant) + 43_199) / 86_400 }
        let (lower, upper) = (dayOfNoon(absence.lowerBound), dayOfNoon(absence.upperBound))
        if upper > lower { gaps.append(lower..<upper) }
      }
      gaps.sort { $0.lowerBound < $1.lowerBound }
      var result: [Range<Int>] = []
      var next = start
      for gap in gaps {
        if gap.lowerBound > next { result.append(next..<min(gap.lowerBound, until + 1)) }
        next = max(next, gap.upperBound)
        if next > until { break }
      }
      if next <= until { result.append(next..<until + 1) }
      return result.filter { !$0.isEmpty }
    }

    let monthStarts = (history.months.lowerBound.index...history.months.upperBound.index + 1).map {
      CivilDate(year: $0 / 12, month: $0 % 12 + 1, day: 1).dayNumber
    }
    /// Days of the ranges by month.
    func byMonth(_ ranges: [Range<Int>]) -> [UInt8] {
      var days = [UInt8](repeating: 0, count: monthStarts.count - 1)
      for range in ranges {
        var month = max(zoneMonth(range.lowerBound) - history.months.lowerBound.index, 0)
        while month < days.count, monthStarts[month] < range.upperBound {
          days[month] += UInt8(max(range.clamped(to: monthStarts[month]..<monthStarts[month + 1]).count, 0))
          month += 1
        }
      }
      return days
    }
    func zoneMonth(_ dayNumber: Int) -> Int { CivilDate(dayNumber: dayNumber).month.index }

    let managerRanges = managerFirst.indices.map {
      exposed(.manager, $0, first: managerFirst[$0], entry: people.managers[$0])
    }
    let partnerRanges = partnerFirst.indices.map {
      exposed(.partner, $0, first: partnerFirst[$0], entry: people.partners[$0])
    }
    managerDays = managerRanges.map(byMonth)
    partnerDays = partnerRanges.map(byMonth)
    pairs = pairFirst.sorted { $0.key < $1.key }.map { key, first in
      let (manager, partner) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
      let from = day(first)
      var both: [Range<Int>] = []
      for a in managerRanges[manager] {
        for b in partnerRanges[partner] {
          let range = a.clamped(to: b)
          if range.upperBound > from, !range.isEmpty { both.append(max(range.lowerBound, from)..<range.upperBound) }
        }
      }
      return PairExposure(manager: Int32(manager), partner: Int32(partner), daysByMonth: byMonth(both))
    }
  }
}
