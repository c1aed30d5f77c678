import CSodium
import CZlib

/// Bytes as text that a page can carry.
enum Packing {
  /// Texts that are alike but for their numbers, taken apart.
  struct Column {
    /// What texts share, numbers that are the same in all of them too, with ``numberMark`` in the place of each number that
    /// differs.
    var patterns: [[UInt8]] = []
    /// By text the number of its pattern.
    var which: [Int] = []
    /// By text its numbers between blanks.
    var numbers: [[UInt8]] = []
  }

  /// Bytes, and how hard zlib searches in them for what it has seen.
  typealias Piece = (bytes: [UInt8], effort: Int32)

  /// Columns compressed (zlib's format) and in base 64, as JSON: for each a list of its patterns, which, and numbers.
  ///
  /// Patterns, which share nearly everything, pack at zlib's highest effort in no time, and much better than below it. Numbers
  /// share next to nothing: with them that effort takes twice as long as 7 does, and makes a page 1 % smaller.
  static func packed(_ columns: [Column]) -> String {
    var pieces: [Piece] = []
    for (i, column) in columns.enumerated() {
      var patterns = Array((i == 0 ? "[[" : ",[").utf8)
      patterns.append(jsonStrings: column.patterns)
      patterns.append(",[")
      for (i, place) in column.which.enumerated() {
        if i > 0 { patterns.append(UInt8(ascii: ",")) }
        patterns.append(json: Int64(place))
      }
      patterns.append("],")
      var numbers: [UInt8] = []
      numbers.append(jsonStrings: column.numbers)
      numbers.append(i == columns.count - 1 ? "]]" : "]")
      pieces += [(patterns, Z_BEST_COMPRESSION), (numbers, 7)]
    }
    return base64(compressed(pieces))
  }

  /// Pieces as one text in zlib's format.
  static func compressed(_ pieces: [Piece]) -> [UInt8] {
    var stream = z_stream()
    let code = deflateInit_(
      &stream, pieces.first?.effort ?? Z_BEST_COMPRESSION, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(code == Z_OK, "zlib can't begin: \(code)")
    defer { deflateEnd(&stream) }
    let most = Int(deflateBound(&stream, uLong(pieces.reduce(0) { $0 + $1.bytes.count })))
    return [UInt8](unsafeUninitializedCapacity: most) { result, count in
      (stream.next_out, stream.avail_out) = (result.baseAddress, uInt(most))
      for piece in pieces {
        var bytes = piece.bytes
        bytes.withUnsafeMutableBufferPointer { bytes in
          (stream.next_in, stream.avail_in) = (bytes.baseAddress, 0)
          var code = deflateParams(&stream, piece.effort, Z_DEFAULT_STRATEGY)
          stream.avail_in = uInt(bytes.count)
          if code == Z_OK { code = deflate(&stream, Z_NO_FLUSH) }
          precondition(code == Z_OK || code == Z_BUF_ERROR && bytes.isEmpty, "zlib can't compress: \(code)")
        }
      }
      let code = deflate(&stream, Z_FINISH)
      precondition(code == Z_STREAM_END, "zlib can't compress \(most) bytes: \(code)")
      count = Int(stream.total_out)
    }
  }

  /// Texts that are alike but for their numbers: what they share stands once, and numbers apart, which packs into three
  /// quarters.
  ///
  /// The page's script puts them together again.
  static func apart(_ texts: [[UInt8]]) -> Column {
    let parts = texts.map(Split.init)
    var places: [Bytes: Int] = [:]
    var members: [[Int]] = []
    var column = Column()
    for (i, part) in parts.enumerated() {
      let place = places[Bytes(part.pattern)] ?? members.count
      if place == members.count {
        places[Bytes(part.pattern)] = place
        members.append([])
      }
      members[place].append(i)
      column.which.append(place)
    }
    column.numbers = [[UInt8]](repeating: [], count: texts.count)
    for own in members {
      let first = parts[own[0]]
      // Of a text alone nothing tells which of its numbers are its own.
      var isShared = [Bool](repeating: own.count > 1, count: first.ends.count)
      for i in own.dropFirst() {
        let part = parts[i]
        for k in isShared.indices where isShared[k] { isShared[k] = part.hasNumber(k, of: first) }
      }
      for i in own { column.numbers[i] = parts[i].numbers { !isShared[$0] } }
      column.patterns.append(first.pattern { isShared[$0] })
    }
    return column
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

    init(_ text: [UInt8]) { self = text.withUnsafeBufferPointer { Split(bytes: $0) } }

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

    /// Where a number's digits are.
    @inline(__always) private func range(_ k: Int) -> Range<Int> { (k > 0 ? ends[k - 1] : 0)..<ends[k] }

    /// Whether a number is the same here as there.
    func hasNumber(_ k: Int, of other: Split) -> Bool {
      let (own, others) = (range(k), other.range(k))
      guard own.count == others.count else { return false }
      for i in 0..<own.count where digits[own.lowerBound + i] != other.digits[others.lowerBound + i] { return false }
      return true
    }

    /// Those numbers that are wanted, between blanks.
    func numbers(_ isWanted: (Int) -> Bool) -> [UInt8] {
      var numbers: [UInt8] = []
      numbers.reserveCapacity(digits.count + ends.count)
      for k in ends.indices where isWanted(k) {
        if !numbers.isEmpty { numbers.append(UInt8(ascii: " ")) }
        numbers.append(contentsOf: digits[range(k)])
      }
      return numbers
    }

    /// The pattern with those numbers put in that are wanted.
    func pattern(_ isWanted: (Int) -> Bool) -> [UInt8] {
      var filled: [UInt8] = []
      filled.reserveCapacity(pattern.count + digits.count)
      // Of the pattern up to which it is copied.
      var (rest, k) = (0, 0)
      for (i, byte) in pattern.enumerated() where byte == UInt8(ascii: numberMark) {
        if isWanted(k) {
          filled.append(contentsOf: pattern[rest..<i])
          filled.append(contentsOf: digits[range(k)])
          rest = i + 1
        }
        k += 1
      }
      filled.append(contentsOf: pattern[rest...])
      return filled
    }
  }

  /// Bytes in base 64, padded.
  static func base64(_ bytes: [UInt8]) -> String {
    // Four characters for every three bytes begun, and a terminating zero.
    let count = (bytes.count + 2) / 3 * 4
    return String(unsafeUninitializedCapacity: count + 1) { text in
      text.withMemoryRebound(to: CChar.self) { text in
        _ = sodium_bin2base64(
          text.baseAddress!, text.count, bytes, bytes.count, Int32(sodium_base64_VARIANT_ORIGINAL))
      }
      return count
    }
  }
}

extension [UInt8] {
  /// Adds a list of texts as JSON.
  fileprivate mutating func append(jsonStrings texts: [[UInt8]]) {
    append(UInt8(ascii: "["))
    for (i, text) in texts.enumerated() {
      if i > 0 { append(UInt8(ascii: ",")) }
      text.withUnsafeBufferPointer { append(jsonString: $0) }
    }
    append(UInt8(ascii: "]"))
  }
}
