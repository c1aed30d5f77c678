// A number as an unevaluated sum of two doubles, about 32 digits, and the two exact steps that all of it rests on. Every
// line depends on its order: don't simplify it algebraically. Within n terms errors grow like n ε², so a result whose
// terms cancel to a share s of their size has about 32 + log₁₀ s digits left.

/// A number as the sum of two doubles, of which the second is at most half a unit in the last place of the first.
///
/// Source: Joldes, Muller & Popescu (2017), Tight and rigorous error bounds for basic building blocks of double-word
/// arithmetic. Products are exact by a fused multiplication.
struct Doubled: Sendable, Equatable {
  /// The nearest double.
  var high: Double
  /// What it leaves.
  var low: Double

  @inline(__always)
  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  static let zero = Doubled(0)

  /// a + b exactly (Knuth's two-sum).
  @inline(__always)
  static func sum(_ a: Double, _ b: Double) -> Doubled {
    let s = a + b
    let back = s - a
    return Doubled(s, (a - (s - back)) + (b - back))
  }

  /// a + b exactly, where |a| ≥ |b| or a is 0 (Dekker's fast two-sum).
  @inline(__always)
  static func orderedSum(_ a: Double, _ b: Double) -> Doubled {
    let s = a + b
    return Doubled(s, b - (s - a))
  }

  /// a b exactly, while it neither overflows nor falls below 10⁻²⁹⁰.
  @inline(__always)
  static func product(_ a: Double, _ b: Double) -> Doubled {
    let p = a * b
    return Doubled(p, (-p).addingProduct(a, b))
  }

  @inline(__always)
  static prefix func - (x: Doubled) -> Doubled { Doubled(-x.high, -x.low) }

  /// Algorithm 6 of the source.
  @inline(__always)
  static func + (x: Doubled, y: Doubled) -> Doubled {
    let s = sum(x.high, y.high)
    let t = sum(x.low, y.low)
    let v = orderedSum(s.high, s.low + t.high)
    return orderedSum(v.high, t.low + v.low)
  }

  @inline(__always)
  static func - (x: Doubled, y: Doubled) -> Doubled { x + -y }

  /// Algorithm 10 of the source.
  @inline(__always)
  static func * (x: Doubled, y: Doubled) -> Doubled {
    let p = product(x.high, y.high)
    return orderedSum(p.high, p.low + (x.high * y.low + x.low * y.high))
  }

  /// Algorithm 17 of the source.
  static func / (x: Doubled, y: Doubled) -> Doubled {
    let quotient = x.high / y.high
    let back = y * Doubled(quotient)
    return orderedSum(quotient, ((x.high - back.high) + (x.low - back.low)) / y.high)
  }

  /// √x, by one step of Newton from the root of its high part; 0 for 0.
  func squareRoot() -> Doubled {
    let root = high.squareRoot()
    if !(root > 0) { return Doubled(root) }
    let square = Self.product(root, root)
    return Self.orderedSum(root, (((high - square.high) - square.low) + low) / (2 * root))
  }

  /// xⁿ, by repeated squaring.
  func power(_ n: Int) -> Doubled {
    precondition(n >= 0, "the exponent is \(n), expected 0 or more")
    var result = Doubled(1)
    var base = self
    var left = n
    while left > 0 {
      if left & 1 == 1 { result = result * base }
      left >>= 1
      if left > 0 { base = base * base }
    }
    return result
  }
}
