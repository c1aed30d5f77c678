import Mustache

/// How templates write what isn't their own markup: inert and legible (``Markup/escaped(_:)``), whatever the input holds, and each
/// figure on one line with its unit.
///
/// The library's own escaping goes by user-perceived characters, so that a `<` that a combining scalar joins would slip
/// through.
struct PageText: MustacheContentType {
  /// By which templates name it, as `{{% CONTENT_TYPE:PAGE }}`.
  static let name = "PAGE"

  func escapeText(_ text: String) -> String { Self.unbroken(Markup.escaped(text)) }

  /// A sentence as a page writes it: escaped, figures with their units, and what is written from right to left isolated.
  ///
  /// In "אבי: health 34 (21–42)" such a name would otherwise draw the figures behind it to its other side. What the input holds of
  /// marks that reorder is taken away before (``Legible``), so these are ours alone.
  ///
  /// Source: Unicode Standard Annex #9, Bidirectional Algorithm, §2.4 (explicit isolates), first strong isolate.
  static func sentence(_ text: String) -> String {
    let escaped = unbroken(Markup.escaped(text))
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

  /// Figures that no line's end takes from their units: no-break spaces in `22 %`, `3.1 h` and `49.4 working h`.
  ///
  /// On a page alone, where lines end anywhere. Elsewhere such spaces would be in the way of those who search a terminal, or read a
  /// table with a program; ``Page``'s script takes them out again where it searches, sorts and saves.
  static func unbroken(_ text: String) -> String {
    var text = text
    let held: String? = text.withUTF8 { bytes in
      var (result, rest) = ([UInt8](), 0)
      for place in bytes.indices.dropFirst() where bytes[place] == space && isDigit(bytes[place - 1]) {
        let after = bytes[(place + 1)...]
        guard let unit = units.first(where: { after.starts(with: $0) && isEnd(bytes, place + 1 + $0.count) }) else {
          continue
        }
        for i in place...(place + unit.count) where bytes[i] == space {
          result.append(contentsOf: bytes[rest..<i])
          result.append(contentsOf: "\u{A0}".utf8)
          rest = i + 1
        }
      }
      guard rest > 0 else { return nil }
      result.append(contentsOf: bytes[rest...])
      return String(decoding: result, as: UTF8.self)
    }
    return held ?? text
  }

  private static let space = UInt8(ascii: " ")
  /// Symbols; days are a word, as managers are.
  private static let units = ["%", "h", "min", "s", "working h"].map { Array($0.utf8) }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Whether no word goes on there, as in `3 hours`.
  private static func isEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    guard place < bytes.count else { return true }
    let byte = bytes[place]
    return byte < 0x80 && !isDigit(byte) && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
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
