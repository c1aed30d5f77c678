import Glibc

extension Figure {
  /// A number with this many significant digits, in powers of ten where it is very large or very small.
  public static func significant(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "–" }
    guard value != 0 else { return "0" }
    let exponent = Int(floor(log10(abs(value))))
    guard exponent < 7, exponent >= -4 else {
      let scaled = value / pow(10, Double(exponent))
      return "\(number(scaled, digits: digits - 1))e\(exponent < 0 ? "−" : "")\(abs(exponent))"
    }
    return number(value, digits: max(0, digits - 1 - exponent))
  }

  /// A p-value: three decimals, or `<0.001`.
  public static func pValue(_ value: Double) -> String { value < 0.001 ? "<0.001" : number(value, digits: 3) }
}
