/// The calendar months of a span in one time zone, laid out so that looking one up is a short search.
struct MonthTable: Sendable {
  let months: ClosedRange<Month>
  /// When each month begins, in milliseconds.
  private let starts: [Int64]

  init(from first: Instant, to last: Instant, in zone: TimeZoneRules) {
    months = zone.month(of: first)...max(zone.month(of: first), zone.month(of: last))
    starts = months.map { zone.start(of: $0).milliseconds }
  }

  /// The month of an instant within the span; before it the first, after it the last.
  func month(of instant: Instant) -> Month {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= instant.milliseconds { low = middle + 1 } else { high = middle }
    }
    return Month(index: months.lowerBound.index + max(low - 1, 0))
  }
}
