import CSodium
import CZlib

/// Bytes as text that a page can carry.
enum Packing {
  /// `text` compressed (zlib's format) and in base 64.
  ///
  /// At zlib's highest effort, which takes three times as long as its usual one and makes a page of thousands 7 % smaller: without
  /// that, one of 5,000 managers would have more than 15 MB.
  static func packed(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var length = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let code = compress2(&result, &length, bytes, uLong(bytes.count), Z_BEST_COMPRESSION)
    precondition(code == Z_OK, "zlib can't compress \(bytes.count) bytes: \(code)")
    return base64(Array(result.prefix(Int(length))))
  }

  /// Texts that are alike but for their numbers: what they share stands once, and numbers apart, which packs into four fifths.
  ///
  ///     [patterns, for each text the number of its pattern, for each text its numbers between blanks]
  ///
  /// A pattern has ``numberMark`` in the place of each number. The page's script puts them together again.
  static func apart(_ texts: [String]) -> JSONValue {
    var places: [Bytes: Int] = [:]
    var patterns: [JSONValue] = []
    var which: [JSONValue] = []
    var numbers: [JSONValue] = []
    for text in texts {
      let (pattern, own) = split(text)
      let place = places[Bytes(pattern)] ?? patterns.count
      if place == patterns.count {
        places[Bytes(pattern)] = place
        patterns.append(.string(String(decoding: pattern, as: UTF8.self)))
      }
      which.append(.integer(Int64(place)))
      numbers.append(.string(String(decoding: own, as: UTF8.self)))
    }
    return [.array(patterns), .array(which), .array(numbers)]
  }

  /// A text as a key: a string with a dash in it is normalized before it is hashed, and an array is hashed byte by byte.
  private struct Bytes: Hashable {
    let bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }

  /// Stands for a number in a pattern. No text of a page has it: control characters of foreign text are taken out.
  static let numberMark: Unicode.Scalar = "\u{1}"

  /// A text's pattern and, between blanks, its numbers: digits, a point with digits behind it, and a minus sign before them.
  private static func split(_ text: String) -> (pattern: [UInt8], numbers: [UInt8]) {
    var text = text
    return text.withUTF8 { bytes in
      func isDigit(_ i: Int) -> Bool {
        i < bytes.count && bytes[i] >= UInt8(ascii: "0") && bytes[i] <= UInt8(ascii: "9")
      }
      let mark = UInt8(ascii: numberMark)
      var pattern: [UInt8] = []
      pattern.reserveCapacity(bytes.count)
      var numbers: [UInt8] = []
      // Of what is neither a number nor in the pattern yet.
      var rest = 0
      var i = 0
      while i < bytes.count {
        let start = i
        if bytes[i] == UInt8(ascii: "-") && isDigit(i + 1) { i += 1 }
        guard isDigit(i) else {
          i += 1
          continue
        }
        while isDigit(i) { i += 1 }
        if i < bytes.count && bytes[i] == UInt8(ascii: ".") && isDigit(i + 1) {
          i += 1
          while isDigit(i) { i += 1 }
        }
        if !numbers.isEmpty { numbers.append(UInt8(ascii: " ")) }
        numbers.append(contentsOf: bytes[start..<i])
        pattern.append(contentsOf: bytes[rest..<start])
        pattern.append(mark)
        rest = i
      }
      pattern.append(contentsOf: bytes[rest...])
      return (pattern, numbers)
    }
  }

  /// Bytes in base 64, padded.
  static func base64(_ bytes: [UInt8]) -> String {
    // Four characters for every three bytes begun, and a terminating zero.
    var text = [CChar](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    sodium_bin2base64(&text, text.count, bytes, bytes.count, Int32(sodium_base64_VARIANT_ORIGINAL))
    return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
