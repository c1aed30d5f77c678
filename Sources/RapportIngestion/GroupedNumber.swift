extension BinaryInteger {
  /// As people read it: commas between thousands from five digits on.
  package var grouped: String {
    let digits = Array(String(magnitude))
    guard digits.count > 4 else { return description }
    var text = self < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}
