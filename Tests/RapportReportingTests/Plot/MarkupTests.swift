import Testing

@testable import RapportReporting

@Suite struct MarkupTests {
  /// Scalar by scalar, as the page wrote it before it went by bytes.
  static func plain(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      case "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  // A combining scalar joins the sign before it; U+FFFD and U+FFBE share bytes with those that XML can't say.
  @Test(arguments: [
    "", "plain", "1–2 partners' <b>&\"x\"</b>", "<\u{301}", "\u{FFFE}a\u{FFFF}", "\u{FFFD}\u{FFBE}\u{FFBF}<", "é'é",
    "−5 > −6",
    "𝄞&𝄞", "'",
  ])
  func `escaping by bytes is escaping by scalars`(_ text: String) {
    #expect(Array(Markup.escaped(text).utf8) == Array(Self.plain(text).utf8))
  }
}
