import CSodium
import CZlib

/// Bytes as text that a page can carry.
enum Packing {
  /// `text` compressed (zlib's format) and in base 64.
  static func packed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var length = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let code = compress2(&result, &length, bytes, uLong(bytes.count), 9)
    precondition(code == Z_OK, "zlib can't compress \(bytes.count) bytes: \(code)")
    return base64(Array(result.prefix(Int(length))))
  }

  /// Texts that are alike but for their numbers: what they share stands once, and numbers apart, which packs into four fifths.
  ///
  ///     [patterns, for each text the number of its pattern, for each text its numbers between blanks]
  ///
  /// A pattern has ``numberMark`` in the place of each number. The page's script puts them together again.
  static func apart(_ texts: [String]) -> JSONValue {
    var places: [String: Int] = [:]
    var patterns: [JSONValue] = []
    var which: [JSONValue] = []
    var numbers: [JSONValue] = []
    for text in texts {
      let (pattern, own) = split(text)
      if places[pattern] == nil {
        places[pattern] = patterns.count
        patterns.append(.string(pattern))
      }
      which.append(.integer(Int64(places[pattern] ?? 0)))
      numbers.append(.string(own.joined(separator: " ")))
    }
    return [.array(patterns), .array(which), .array(numbers)]
  }

  /// Stands for a number in a pattern. No text of a page has it: control characters of foreign text are taken out.
  static let numberMark = "\u{1}"

  /// A text's pattern and its numbers: digits, a point with digits behind it, and a minus sign before them.
  private static func split(_ text: String) -> (pattern: String, numbers: [String]) {
    let bytes = Array(text.utf8)
    func isDigit(_ i: Int) -> Bool { i < bytes.count && bytes[i] >= UInt8(ascii: "0") && bytes[i] <= UInt8(ascii: "9") }
    var pattern: [UInt8] = []
    var numbers: [String] = []
    var i = 0
    while i < bytes.count {
      let start = i
      if bytes[i] == UInt8(ascii: "-") && isDigit(i + 1) { i += 1 }
      guard isDigit(i) else {
        pattern.append(bytes[i])
        i += 1
        continue
      }
      while isDigit(i) { i += 1 }
      if i < bytes.count && bytes[i] == UInt8(ascii: ".") && isDigit(i + 1) {
        i += 1
        while isDigit(i) { i += 1 }
      }
      numbers.append(String(decoding: bytes[start..<i], as: UTF8.self))
      pattern += Array(numberMark.utf8)
    }
    return (String(decoding: pattern, as: UTF8.self), numbers)
  }

  /// Bytes in base 64, padded.
  static func base64(_ bytes: [UInt8]) -> String {
    // Four characters for every three bytes begun, and a terminating zero.
    var text = [CChar](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    sodium_bin2base64(&text, text.count, bytes, bytes.count, Int32(sodium_base64_VARIANT_ORIGINAL))
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
