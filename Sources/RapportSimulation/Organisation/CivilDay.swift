/// A day of the Gregorian calendar, counted from 1970-01-01.
///
/// Source: Hinnant (2013), chrono-compatible low-level date algorithms.
struct CivilDay: Hashable, Comparable, Sendable {
  var number: Int

  init(number: Int) { self.number = number }

  /// `month` from 1 to 12; days past the month's end run on into the next.
  init(year: Int, month: Int, day: Int) {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = era * 146_097 + dayOfEra - 719_468
  }

  /// The day that reads as `2024-07-01`; `nil` where the text is no date.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
    if description != text { return nil }
  }

  /// Year, month (1–12) and day of the month.
  var parts: (year: Int, month: Int, day: Int) {
    let z = number + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted + (shifted < 10 ? 3 : -9)
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  /// 0 = Monday … 6 = Sunday.
  var weekday: Int { ((number + 3) % 7 + 7) % 7 }

  /// The same day of the month, as many months later.
  func addingMonths(_ months: Int) -> CivilDay {
    let (year, month, day) = parts
    let index = year * 12 + month - 1 + months
    return CivilDay(year: index / 12, month: index % 12 + 1, day: day)
  }

  static func < (a: CivilDay, b: CivilDay) -> Bool { a.number < b.number }
}

extension CivilDay: CustomStringConvertible {
  /// As in `2024-07-01`.
  var description: String {
    let (year, month, day) = parts
    return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}
