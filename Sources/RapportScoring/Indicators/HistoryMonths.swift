import RapportIngestion

/// The calendar months of a history, and in which of them each manager was there.
struct HistoryMonths: Sendable {
  let count: Int
  private let first: Int
  /// When each month begins, in milliseconds, and when the last one ends.
  private let starts: [Int64]
  private let days: [[UInt8]]

  init(_ history: History) {
    first = history.months.lowerBound.index
    count = history.months.upperBound.index - first + 1
    starts = (first...(first + count)).map { history.timeZone.start(of: Month(index: $0)).milliseconds }
    days = history.exposure.managerDays
  }

  /// The place of a month; `nil` outside of the history.
  func place(_ month: Month) -> Int? {
    let place = month.index - first
    return place >= 0 && place < count ? place : nil
  }

  /// The place of a moment's month; `nil` outside of the history.
  func place(of instant: Instant) -> Int? {
    guard instant.milliseconds >= starts[0], instant.milliseconds < starts[count] else { return nil }
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= instant.milliseconds { low = middle } else { high = middle }
    }
    return low
  }

  /// Whether the manager was there on any day of the month; on leave, or before joining, it can't be told from silence.
  func isExposed(_ manager: Int, _ place: Int) -> Bool {
    guard manager < days.count, place < days[manager].count else { return true }
    return days[manager][place] > 0
  }

  /// The last month in which the manager was there, or the history's last.
  func lastExposed(_ manager: Int) -> Int { (0..<count).last { isExposed(manager, $0) } ?? count - 1 }

  /// As in `2026-11`.
  func name(_ place: Int) -> String { Month(index: first + place).description }
}
