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

  /// Texts that are alike but for their numbers: what they share, numbers that are the same in all of them too, stands once, and
  /// other numbers apart, which packs into three quarters.
  ///
  ///     [patterns, for each text the number of its pattern, for each text its numbers between blanks]
  ///
  /// A pattern has ``numberMark`` in the place of each number that differs. The page's script puts them together again.
  static func apart(_ texts: [String]) -> JSONValue {
    let parts = texts.map(Split.init)
    var places: [Bytes: Int] = [:]
    var members: [[Int]] = []
    var which: [JSONValue] = []
    for (i, part) in parts.enumerated() {
      let place = places[Bytes(part.pattern)] ?? members.count
      if place == members.count {
        places[Bytes(part.pattern)] = place
        members.append([])
      }
      members[place].append(i)
      which.append(.integer(Int64(place)))
    }
    var numbers = [JSONValue](repeating: "", count: texts.count)
    let patterns = members.map { own -> JSONValue in
      let first = parts[own[0]]
      // Of a text alone nothing tells which of its numbers are its own.
      let isShared = first.ends.indices.map { k in
        own.count > 1 && own.dropFirst().allSatisfy { parts[$0].number(k) == first.number(k) }
      }
      for i in own { numbers[i] = .string(parts[i].numbers { !isShared[$0] }) }
      return .string(first.pattern { isShared[$0] })
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

  /// A text's pattern, and its numbers: digits, a point with digits behind it, and a minus sign before them. What ends an
  /// attribute's name, as in `x1="…"`, is none.
  private struct Split {
    var pattern: [UInt8] = []
    /// One behind the other, and where each ends.
    private var digits: [UInt8] = []
    var ends: [Int] = []

    init(_ text: String) {
      var text = text
      self = text.withUTF8 { Split(bytes: $0) }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
      func isDigit(_ i: Int) -> Bool {
        i < bytes.count && bytes[i] >= UInt8(ascii: "0") && bytes[i] <= UInt8(ascii: "9")
      }
      pattern.reserveCapacity(bytes.count)
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
        if i < bytes.count && bytes[i] == UInt8(ascii: "=") { continue }
        digits.append(contentsOf: bytes[start..<i])
        ends.append(digits.count)
        pattern.append(contentsOf: bytes[rest..<start])
        pattern.append(UInt8(ascii: numberMark))
        rest = i
      }
      pattern.append(contentsOf: bytes[rest...])
    }

    func number(_ k: Int) -> ArraySlice<UInt8> { digits[(k > 0 ? ends[k - 1] : 0)..<ends[k]] }

    /// Those numbers that are wanted, between blanks.
    func numbers(_ isWanted: (Int) -> Bool) -> String {
      String(
        decoding: Array(ends.indices.filter(isWanted).map(number).joined(separator: [UInt8(ascii: " ")])), as: UTF8.self
      )
    }

    /// The pattern with those numbers put in that are wanted.
    func pattern(_ isWanted: (Int) -> Bool) -> String {
      var filled: [UInt8] = []
      filled.reserveCapacity(pattern.count + digits.count)
      var k = 0
      for byte in pattern {
        if byte == UInt8(ascii: numberMark) {
          filled += isWanted(k) ? number(k) : [byte]
          k += 1
        } else {
          filled.append(byte)
        }
      }
      return String(decoding: filled, as: UTF8.self)
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
