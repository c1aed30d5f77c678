import Mustache

/// How templates write what isn't their own markup: inert and legible (``Markup/escaped(_:)``), whatever the input holds.
///
/// The library's own escaping goes by user-perceived characters, so that a `<` that a combining scalar joins would slip
/// through.
struct PageText: MustacheContentType {
  /// By which templates name it, as `{{% CONTENT_TYPE:PAGE }}`.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String { Markup.escaped(text) }

  /// A sentence as a page writes it: escaped, and what is written from right to left isolated.
  ///
  /// In "אבי: health 34 (21–42)" such a name would otherwise draw the figures behind it to its other side. What the input holds of
  /// marks that reorder is taken away before (``Legible``), so these are ours alone.
  ///
  /// Source: Unicode Standard Annex #9, Bidirectional Algorithm, §2.4 (explicit isolates), first strong isolate.
  static func sentence(_ text: String) -> String {
    let escaped = Markup.escaped(text)
    guard escaped.unicodeScalars.contains(where: isRightToLeft) else { return escaped }
    let scalars = Array(escaped.unicodeScalars)
    var result = String.UnicodeScalarView()
    var next = 0
    while next < scalars.count {
      guard isRightToLeft(scalars[next]) else {
        result.append(scalars[next])
        next += 1
        continue
      }
      // Up to the last such letter before anything but spaces and hyphens: a name of several words is one, names of a list are several.
      var end = next
      for place in next..<scalars.count {
        if isRightToLeft(scalars[place]) { end = place } else if !joins(scalars[place]) { break }
      }
      result.append("\u{2068}")
      result.append(contentsOf: scalars[next...end])
      result.append("\u{2069}")
      next = end + 1
    }
    return String(result)
  }

  /// Whether a letter is of a script written from right to left: blocks whose letters have the bidirectional classes R and AL.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
    default: false
    }
  }

  /// Whether it may stand between words of one name.
  private static func joins(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "-", "\u{00A0}", "\u{200C}", "\u{200D}", "\u{2010}", "\u{2011}": true
    default: false
    }
  }
}

/// Most of what templates write are strings: so each is written at once, rather than asked for all else that it could be.
extension String: @retroactive MustacheCustomRenderable {
  public var renderText: String { self }
  public var isNull: Bool { false }
}
