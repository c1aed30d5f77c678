/// A running sum of numbers and products, as if in doubled precision and then rounded to it once.
///
/// Errors are summed apart, so that one addition needn't wait for the whole of the one before. Source: Ogita, Rump & Oishi
/// (2005), Accurate sum and dot product, algorithms 4.4 and 5.3.
struct DoubledSum: Sendable {
  private var high = 0.0
  private var low = 0.0

  /// The sum so far.
  @inline(__always)
  var value: Doubled { .sum(high, low) }

  /// Adds x.
  @inline(__always)
  mutating func add(_ x: Double) {
    let sum = Doubled.sum(high, x)
    high = sum.high
    low += sum.low
  }

  /// Adds x.
  @inline(__always)
  mutating func add(_ x: Doubled) {
    let sum = Doubled.sum(high, x.high)
    high = sum.high
    low += sum.low + x.low
  }

  /// Adds x y.
  @inline(__always)
  mutating func add(_ x: Doubled, times y: Doubled) {
    let product = Doubled.product(x.high, y.high)
    add(Doubled(product.high, product.low + (x.high * y.low + x.low * y.high)))
  }

  /// Adds x y.
  @inline(__always)
  mutating func add(_ x: Double, times y: Double) { add(Doubled.product(x, y)) }
}
