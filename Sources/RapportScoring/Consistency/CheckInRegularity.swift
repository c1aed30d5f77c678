import Glibc
import RapportIngestion

/// Whether contact is regular: in how many months it takes place, how long it lapses, how bursty it is.
enum CheckInRegularity {
  /// Exposed months with a check-in out of exposed months; beside it the longest gap between two check-ins, which doesn't
  /// hold the time since the last one, that time up to when the unit left or the data end, and the burstiness of gaps. A check-in from
  /// before they were read is one, but the time from it to the next is no gap.
  static func evidence(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.checkIn) else { return nil }
    var months = MonthTable(history, of: .checkIn, level)
    var instants = [[Instant]](repeating: [], count: level.count)
    var early = [Int](repeating: 0, count: level.count)
    var cancelled = [Double](repeating: 0, count: level.count)
    for contact in history.contacts {
      let unit = level.unit(contact.manager, contact.partner)
      guard unit >= 0 else { continue }
      if contact.kind == .checkIn {
        months.add(contact, level, 1)
        instants[unit].append(contact.instant)
        if !history.isCounted(contact) { early[unit] += 1 }
      } else if contact.kind == .checkInCancelled {
        cancelled[unit] += 1
      }
    }
    let gaps = instants.enumerated().map { unit, row in
      let sorted = row.sorted().dropFirst(early[unit])
      return zip(sorted, sorted.dropFirst()).map { Double($1.seconds(since: $0)) / 86_400 }
    }
    let daysSince = instants.enumerated().map { unit, row in
      row.max().map { max(0, Double(level.end(unit, in: history).seconds(since: $0)) / 86_400) }
    }
    return months.share(atLeast: 1).evidence(
      .regularity, succeeded: "monthsWithCheckIn", tried: "exposedMonths",
      details: [
        ("checkIns", instants.map { Double($0.count) }), ("cancelled", cancelled),
        ("longestGapDays", gaps.map { $0.max() }), ("daysSinceCheckIn", daysSince),
        ("burstiness", gaps.map { burstiness($0) }),
      ])
  }

  /// How bursty gaps between events are: −1 like a clock, 0 like chance, towards 1 in bursts; `nil` below three gaps.
  ///
  ///     A = (√(n+1) r − √(n−1)) / ((√(n+1) − 2) r + √(n−1))      r = σ / mean of the n gaps
  ///
  /// Corrected for few gaps, so that pairs with different numbers of check-ins compare.
  ///
  /// Source: Kim & Jo (2016), Measuring burstiness for finite event sequences, eq. 22; after Goh & Barabási (2008).
  static func burstiness(_ gaps: [Double]) -> Double? {
    let n = Double(gaps.count)
    guard gaps.count >= 3 else { return nil }
    let mean = gaps.reduce(0, +) / n
    guard mean > 0 else { return nil }
    let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let r = variance.squareRoot() / mean
    return ((n + 1).squareRoot() * r - (n - 1).squareRoot()) / (((n + 1).squareRoot() - 2) * r + (n - 1).squareRoot())
  }
}
