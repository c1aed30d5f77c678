import Glibc

extension History {
  /// Kinds that are counted by month, so that a month without any counts: what hardly anybody has before some month may not have been read.
  static let countedByMonth: [EventKind] = [.checkIn, .recognition, .training, .escalation]

  /// From when on a kind was read (``MonthsOfManagers/beginning``).
  ///
  /// Only where five managers have the kind, since a few may have begun to meet. A kind that ends early is another matter: that it
  /// stopped counts.
  ///
  /// - Returns: by kind, where it isn't the first month of all.
  static func beginnings(_ contacts: [Contact], months: ClosedRange<Month>) -> [EventKind: Month] {
    var result: [EventKind: Month] = [:]
    for kind in countedByMonth {
      let managers = MonthsOfManagers(
        contacts.lazy.filter { $0.kind == kind && months.contains($0.month) }
          .map { ($0.manager, $0.month.index - months.lowerBound.index) },
        monthCount: months.upperBound.index - months.lowerBound.index + 1)
      guard managers.count >= fewestManagersOfKind, let beginning = managers.beginning else { continue }
      result[kind] = months.lowerBound.advanced(by: beginning)
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

  /// Whether a contact counts where months do, in rates and in shares of months: not where it comes before its kind was read, since the
  /// time around it counts for nobody. It still is a contact: of who began them, of trust, and of when the last one was.
  public func isCounted(_ contact: Contact) -> Bool { months(of: contact.kind).contains(contact.month) }
}

/// In which months managers have a kind.
struct MonthsOfManagers {
  /// Managers who have it.
  let count: Int
  /// A fifth of them, rounded up: as many make a beginning.
  let fewest: Int
  /// A bit per manager, by month.
  private var months: [[UInt64]]

  /// - Parameter rows: a manager and a month's place, each as often as it comes
  init(_ rows: some Sequence<(Int32, Int)>, monthCount: Int) {
    var places: [Int32: Int] = [:]
    var (found, last): ([(place: Int, month: Int)], (Int32, Int)) = ([], (-1, -1))
    // Contacts come by manager, so that most repeat the one before.
    for row in rows where row != last {
      let place = places[row.0] ?? places.count
      places[row.0] = place
      found.append((place, row.1))
      last = row
    }
    count = places.count
    fewest = max(1, (count + 4) / 5)
    months = [[UInt64]](repeating: [UInt64](repeating: 0, count: (count + 63) / 64), count: monthCount)
    for (place, month) in found { months[month][place / 64] |= 1 << UInt64(place % 64) }
  }

  /// The first month by which a fifth of the managers have had one, where that this came so late can't be luck; else that by which anybody
  /// has, where that can't; `nil` where neither began late.
  ///
  /// A fifth, so that one early row among many doesn't make everybody else miss the months after it. Of a kind that few have in a month a
  /// fifth have had one only after some months, and these few tell less of what was before than that there was nothing: in 20 % of
  /// simulated logs of 12 months, of which the first four weren't read, where 8 of 40 managers have one in a usual month, against 99.7 %.
  /// Either comes by chance in fewer than one of 200 logs, both together in 0.03 to 0.4 % of ten kinds of simulated ones.
  var beginning: Int? {
    for fewest in Set([fewest, 1]).sorted(by: >) {
      let before = monthsBefore(fewest)
      if before > 0, !isLuck(before: before, fewest) { return before }
    }
    return nil
  }

  /// How many months pass before so many managers have had one.
  func monthsBefore(_ fewest: Int) -> Int { reach(fewest, months.indices) ?? months.count }

  /// Which of these months, taken in this order, is the one by which so many have had one; `nil` where none is.
  private func reach(_ fewest: Int, _ order: some Sequence<Int>) -> Int? {
    var seen = [UInt64](repeating: 0, count: months.first?.count ?? 0)
    for (place, month) in order.enumerated() {
      var found = 0
      for word in seen.indices {
        seen[word] |= months[month][word]
        found += seen[word].nonzeroBitCount
      }
      if found >= fewest { return place }
    }
    return nil
  }

  /// Whether so late a beginning, or a later one, may come by chance: in more than one of 200 orders of the months.
  ///
  ///     p = P(of f months at random fewer than so many managers have any)  ≤  C(g, f)/C(n, f)
  ///
  /// Were nothing to begin, months would be exchangeable, each with all managers who have the kind in it, and every order of them as
  /// likely: p is exact whatever each manager's share of months is and however one month's managers go together, but not where what one
  /// month has lasts into the next. n months, g of them with fewer than so many managers: the others can't be among those before. Where that
  /// alone isn't rare enough, orders are drawn, and p is (1 + those that begin as late)/(1 + draws); of one manager it is p itself.
  ///
  /// Source: Lehmann & Romano (2005), Testing Statistical Hypotheses, §15.2.
  func isLuck(before: Int, _ fewest: Int) -> Bool {
    let thin = months.count { month in month.reduce(0) { $0 + $1.nonzeroBitCount } < fewest }
    var bound = 1.0
    for month in 0..<before { bound *= Double(thin - month) / Double(months.count - month) }
    if bound <= Self.rare || fewest == 1 { return bound > Self.rare }
    var late = 1
    var numbers = SplitMix()
    var order = Array(months.indices)
    for _ in 0..<Self.draws {
      for place in 0..<before { order.swapAt(place, place + Int(numbers.next(below: UInt64(order.count - place)))) }
      if reach(fewest, order[..<before]) == nil { late += 1 }
      if Double(late) > Self.rare * Double(Self.draws + 1) { return true }
    }
    return false
  }

  static let rare = 0.005
  static let draws = 9_999

  /// Numbers that are the same in every run; whatever is read, they know nothing of it.
  ///
  /// Source: Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, SplitMix64.
  private struct SplitMix {
    private var state: UInt64 = 0

    private mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    /// Below `count`, each with a chance that is equal within count/2⁶⁴.
    mutating func next(below count: UInt64) -> UInt64 { next().multipliedFullWidth(by: count).high }
  }
}
