import RapportIngestion

/// A sum per unit and calendar month, beside the days on which the unit was exposed.
///
/// A manager's month is exposed by the manager's own days, whoever the partner; a partner's counts are the sums over
/// the partner's pairs, since a partner owes each of them contact.
struct MonthTable {
  let first: Month
  let monthCount: Int
  /// `sums[cell * monthCount + month]`; cells are pairs, except at the managers' level.
  private var sums: [Int]
  private let days: [[UInt8]]
  private let unitOfCell: [Int]
  private let unitCount: Int
  /// Months of the kind that is summed, by their places: those before weren't read, and later ones aren't over.
  private let counted: Range<Int>
  /// A month counts as exposed from half of it on, so that who joins at its end isn't held to it.
  static let leastDays = MonthEvidence.leastExposedDays

  init(_ history: History, of kind: EventKind, _ level: Level) {
    first = history.months.lowerBound
    monthCount = history.months.upperBound.index - first.index + 1
    unitCount = level.count
    counted = history.countedPlaces(of: kind)
    switch level.kind {
    case .manager:
      unitOfCell = Array(0..<level.count)
      days = history.exposure.managerDays
    case .pair:
      unitOfCell = Array(0..<level.count)
      days = level.pairs.days
    case .partner:
      unitOfCell = level.pairs.partners.map { Int($0) }
      days = level.pairs.days
    }
    sums = Array(repeating: 0, count: unitOfCell.count * monthCount)
  }

  /// Adds to the month of a contact.
  mutating func add(_ contact: Contact, _ level: Level, _ amount: Int) {
    let cell =
      level.kind == .manager
      ? Int(contact.manager)
      : contact.partner < 0 ? -1 : level.pairs.position(manager: contact.manager, partner: contact.partner)
    let month = contact.month.index - first.index
    guard cell >= 0, month >= 0, month < monthCount else { return }
    sums[cell * monthCount + month] += amount
  }

  /// Exposed months whose sum is at least `threshold`, out of exposed months; the last one only if it is over or nearly so
  /// (``History/monthsOver``), since who meets at its end would seem to have missed it, and none before the kind was read.
  func share(atLeast threshold: Int) -> MonthClusters {
    var counts = MonthClusters(unitCount: unitCount, months: first...first.advanced(by: monthCount - 1))
    for cell in unitOfCell.indices where cell < days.count {
      for month in counted.clamped(to: days[cell].indices) where Int(days[cell][month]) >= Self.leastDays {
        counts.add(
          unitOfCell[cell], first.advanced(by: month), sums[cell * monthCount + month] >= threshold)
      }
    }
    return counts
  }
}
