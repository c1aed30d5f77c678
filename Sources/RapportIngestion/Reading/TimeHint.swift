/// What would help to read a time that couldn't be: a format for the profile, or another export.
enum TimeHint {
  /// A sentence with formats that read the text; `nil` when none of the usual ones does.
  ///
  /// Where day and month can't be told apart both orders are named: choosing is the user's.
  static func sentence(for text: String) -> String? {
    if let number = Double(text), number.isFinite {
      if text.contains(where: { $0 == "e" || $0 == "E" }) {
        return "Spreadsheets write long numbers so, and lose digits; export times as text, in ISO 8601."
      }
      return (10_000..<100_000).contains(number)
        ? "Spreadsheets number days so; export times as text, in ISO 8601."
        : number < Double(TimeParser.leastUnixSeconds)
          ? "A number below \(Int(TimeParser.leastUnixSeconds).grouped) isn't taken for Unix seconds." : nil
    }
    let given = FixedBytes(text)
    var reader = TimeParser(zone: .utc)
    if withExtendedLifetime(given, { reader.instant(given.bytes) }) != nil {
      return "No event is taken to lie before 1970; leave the field empty where there is no time."
    }
    let dates = ["/", ".", "-"].flatMap { separator in
      ["d m Y", "m d Y", "d b Y", "Y m d", "d m y", "m d y", "d b y"].map {
        $0.map { $0 == " " ? separator : "\($0)" }.joined()
      }
    }
    let clocks = ["", " H:M", " H:M:S", " I:M p", " I:M:S p", " H:M:S.f"]
    let fixed = FixedBytes(text)
    let fitting = dates.flatMap { date in clocks.map { date + $0 } }.filter { format in
      guard let format = TimeFormat(format) else { return false }
      var parser = TimeParser(formats: [format], zone: .utc, isOfEvents: true)
      return withExtendedLifetime(fixed) { parser.instant(fixed.bytes) != nil }
    }
    guard !fitting.isEmpty else { return nil }
    return "A profile with time-formats = "
      + fitting.map { "[\"\($0)\"]" }.joined(separator: " or ") + " reads such times."
  }
}
