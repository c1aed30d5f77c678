import RapportIngestion

extension CivilDate {
  /// The day that reads as `2024-07-01`; `nil` where the text is no date.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
    if self.text != text { return nil }
  }

  /// As in `2024-07-01`.
  var text: String {
    let (year, month, day) = components
    return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  /// The same day of the month, as many months later.
  func addingMonths(_ months: Int) -> CivilDate {
    let (year, month, day) = components
    let index = year * 12 + month - 1 + months
    return CivilDate(year: index / 12, month: index % 12 + 1, day: day)
  }
}
