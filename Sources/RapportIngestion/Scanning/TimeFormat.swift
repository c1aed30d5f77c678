/// A foreign format of times, such as `d/m/Y H:M`.
///
/// | letter | stands for |
/// | --- | --- |
/// | `Y` `y` | year in four digits, in two (2000–2099) |
/// | `m` `b` | month as one or two digits, as an English name's first three letters |
/// | `d` | day in one or two digits |
/// | `H` `I` | hour of 24, of 12 (then `p`), in one or two digits |
/// | `M` `S` | minute, second in one or two digits |
/// | `f` | digits of a fraction of a second |
/// | `p` | `AM` or `PM` |
/// | `z` | offset from UTC: `Z`, `+02:00`, `+0200`, `+02` |
///
/// Anything else stands for itself; a `%` before a letter may be written or not.
public struct TimeFormat: Sendable, Equatable {
  static let expected = "expected letters Y m d H M S (also y b I p f z) and separators, as in 'd/m/Y H:M'"
  private static let letters = Set("YymbdHIMSfpz".utf8)

  /// Letters and separators, `%` taken out.
  let pattern: [UInt8]

  /// Reads a format; `nil` when it lacks a year, a month or a day, names one twice, or holds another letter.
  public init?(_ text: String) {
    var pattern: [UInt8] = []
    var seen: Set<UInt8> = []
    for byte in text.utf8 where byte != UInt8(ascii: "%") {
      let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
      if isLetter && byte != UInt8(ascii: "T") {
        guard Self.letters.contains(byte), seen.insert(byte).inserted else { return nil }
      }
      pattern.append(byte)
    }
    let has = { (letter: Unicode.Scalar) in seen.contains(UInt8(ascii: letter)) }
    guard has("Y") != has("y"), has("m") != has("b"), has("d"), !(has("H") && has("I")), has("I") == has("p") else {
      return nil
    }
    self.pattern = pattern
  }

  /// Year, month and day with what separates them.
  var datePattern: [UInt8] {
    let places = pattern.indices.filter { Self.dateLetters.contains(pattern[$0]) }
    guard let first = places.first, let last = places.last else { return [] }
    return Array(pattern[first...last])
  }

  /// ``datePattern`` with day and month in each other's place; `nil` where the month is a name, which can't be mistaken.
  var dateWithDayAndMonthSwapped: [UInt8]? {
    guard pattern.contains(UInt8(ascii: "m")) else { return nil }
    return datePattern.map {
      switch $0 {
      case UInt8(ascii: "d"): UInt8(ascii: "m")
      case UInt8(ascii: "m"): UInt8(ascii: "d")
      default: $0
      }
    }
  }

  /// Whether it has a time of day, or dates alone.
  var tellsClock: Bool { pattern.contains { Self.clockLetters.contains($0) } }

  /// Whether it says how far clocks are ahead of UTC.
  var tellsOffset: Bool { pattern.contains(UInt8(ascii: "z")) }

  private static let dateLetters = Set("Yymbd".utf8)
  private static let clockLetters = Set("HIMSf".utf8)
}
