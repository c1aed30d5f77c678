/// Text that spreadsheets don't take for a formula.
///
/// A spreadsheet that opens a CSV file runs cells such as `=HYPERLINK(…)`, quoted or not, and identifiers come from whoever
/// wrote the events. An apostrophe before such a cell makes it text. It changes the identifier, so it is put there only
/// where that is asked.
///
/// Source: OWASP, CSV Injection. Differs: a cell that begins with an apostrophe gets one more, so that taking one away from
/// every cell that has one gives back what was read.
public enum SpreadsheetText {
  /// What a cell begins with to be taken for a formula, also in its wide forms; and the apostrophe.
  private static let starts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "'",
  ]

  /// The text, after an apostrophe where it needs one. Numbers are none of its business: `-1.5` as a number is harmless.
  public static func safe(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, starts.contains(first) else { return text }
    return "'" + text
  }
}
