import Glibc

/// Rising factorials of one base a, of any length, with derivatives in a.
///
///     log Γ(a + k)/Γ(a) = Σ_{j<k} log(a + j) for a whole k        ψ(a + k) − ψ(a)        ψ′(a + k) − ψ′(a)
///
/// By Stirling's series, both ends first moved up to where it holds to the last digit, and with differences taken before
/// they could cancel: a base of a million and a length of one keep all digits. Source: NIST Digital Library of Mathematical
/// Functions, 5.11.1–2 and 5.15.8, with 5.5.1 for the moves.
public struct RisingFactorial: Sendable {
  private let base: Double
  private let start: Moved

  /// - Parameter base: a, above 0
  public init(base: Double) {
    precondition(base > 0 && base.isFinite, "the base is \(base), expected above 0")
    self.base = base
    start = Moved(base)
  }

  /// The logarithm of the rising factorial of this length, and its first two derivatives in the base.
  ///
  /// - Parameter length: k, at least 0; 0 gives zeros
  public func logarithm(_ length: Double) -> (value: Double, first: Double, second: Double) {
    precondition(length >= 0 && length.isFinite, "the length is \(length), expected at least 0")
    if length == 0 { return (0, 0, 0) }
    let end = Moved(base + length)
    // Whole moves apart, and exact where neither end moved.
    let d = length + (end.moves - start.moves)
    let ratio = log1p(d / start.at)
    let value = (start.at - 0.5) * ratio + d * (log(end.at) - 1) + (end.correction - start.correction)
    return (
      value + log(start.product / end.product),
      ratio + (end.firstCorrection - start.firstCorrection) - (end.reciprocals - start.reciprocals),
      -d / (start.at * end.at) + (end.secondCorrection - start.secondCorrection) + (end.squares - start.squares)
    )
  }

  /// A number moved up by whole steps, what the steps passed over, and the series where it ends.
  private struct Moved: Sendable {
    var at: Double
    var moves = 0.0
    var product = 1.0
    var reciprocals = 0.0
    var squares = 0.0
    /// What log Γ has beyond (x − ½) log x − x + ½ log 2π, ψ beyond log x, and ψ′ beyond 1/x.
    let correction: Double
    let firstCorrection: Double
    let secondCorrection: Double

    init(_ x: Double) {
      at = x
      while at < 12 {
        let r = 1 / at
        product *= at
        reciprocals += r
        squares += r * r
        at += 1
        moves += 1
      }
      let r = 1 / at
      let s = r * r
      correction =
        r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691 / 360_360)))))
      let last = 1.0 / 240 - s * (1.0 / 132 - s * 691 / 32_760)
      firstCorrection = -r / 2 - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * last)))
      let tail = 1.0 / 30 - s * (5.0 / 66 - s * (691.0 / 2730 - s * 7 / 6))
      secondCorrection = s / 2 + r * s * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * tail)))
    }
  }
}
