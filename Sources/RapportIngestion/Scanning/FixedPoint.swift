/// Decimal numbers from bytes, as whole thousandths.
enum FixedPoint {
  /// Thousandths of a number such as `4`, `-2.5` or `12,75`, rounded half away from zero; `true` and `false` are 1 and
  /// 0. `nil` when it isn't a number or doesn't fit.
  static func thousandths(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    // No number begins with a letter.
    if let first = bytes.first, first >= UInt8(ascii: "A") {
      return bytes.elementsEqual("true".utf8) ? 1000 : bytes.elementsEqual("false".utf8) ? 0 : nil
    }
    var position = 0
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { position = 1 }
    var value = 0
    var digits = 0
    while position < bytes.count, bytes[position] &- 48 <= 9 {
      value = value * 10 + Int(bytes[position] &- 48)
      guard value <= Int(Int32.max) else { return nil }
      digits += 1
      position += 1
    }
    value *= 1000
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: ",") {
      position += 1
      var scale = 100
      var roundsUp = false
      var place = 0
      while position < bytes.count, bytes[position] &- 48 <= 9 {
        let digit = Int(bytes[position] &- 48)
        if place < 3 { value += digit * scale } else if place == 3 { roundsUp = digit >= 5 }
        scale /= 10
        place += 1
        digits += 1
        position += 1
      }
      if roundsUp { value += 1 }
    }
    guard position == bytes.count, digits > 0, value <= Int(Int32.max) else { return nil }
    return Int32(isNegative ? -value : value)
  }
}
