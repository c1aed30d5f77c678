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
}
