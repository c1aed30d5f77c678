import Testing

@testable import RapportNumerics

@Suite struct DoubledTests {
  static let samples: [Doubled] = [
    Doubled(1), Doubled(3), Doubled(-0.1), Doubled(1e12, 1e-7), Doubled(0.3, -1e-18), Doubled(-7e-9, 3e-26),
  ]

  // By hand: 1 + 2⁻⁶⁰ needs 61 bits; its square is 1 + 2⁻⁵⁹ + 2⁻¹²⁰.
  @Test func `sixty bits apart, worked by hand`() {
    let tiny = 0x1p-60
    #expect(Doubled.sum(1, tiny) == Doubled(1, tiny))
    #expect(Doubled(1, tiny) - Doubled(1) == Doubled(tiny))
    let square = Doubled(1, tiny) * Doubled(1, tiny)
    #expect(square == Doubled(1, 0x1p-59))
    // (2²⁷ + 1)² = 2⁵⁴ + 2²⁸ + 1, of which the last bit doesn't fit.
    #expect(Doubled.product(0x1p27 + 1, 0x1p27 + 1) == Doubled(0x1p54 + 0x1p28, 1))
  }

  @Test func `roots, quotients and powers undo themselves`() {
    for x in Self.samples {
      for y in Self.samples {
        let back = x / y * y - x
        #expect(abs(back.high) <= 0x1p-98 * abs(x.high), "\(x) / \(y)")
        #expect(x + y - y - x == .zero || abs((x + y - y - x).high) <= 0x1p-100 * max(abs(x.high), abs(y.high)))
      }
      let square = x * x
      let root = square.squareRoot() - (x.high < 0 ? -x : x)
      #expect(abs(root.high) <= 0x1p-98 * abs(x.high), "√ of \(x) squared")
    }
    #expect(Doubled(0).squareRoot() == .zero)
    #expect(Doubled(7).power(0) == Doubled(1))
    // 3⁴⁰ = 12157665459056928801 = 12157665459056928768 + 33.
    #expect(Doubled(3).power(40) == Doubled(12_157_665_459_056_928_768, 33))
  }

  @Test func `sums keep what cancels`() {
    var sum = DoubledSum()
    for x in [1e16, 1, -1e16, 1e-17] { sum.add(x) }
    #expect(sum.value.high == 1)
    #expect(sum.value.low == 1e-17)
    var product = DoubledSum()
    product.add(0x1p27 + 1, times: 0x1p27 + 1)
    product.add(-0x1p54 - 0x1p28)
    #expect(product.value == Doubled(1))
  }

  @Test func `vectors`() {
    let x = DoubledVector([1, 2, 3, 4])
    #expect(x.sum == Doubled(10))
    #expect(x.sumOfSquares == Doubled(30))
    #expect(x.centredSumOfSquares == Doubled(5))
    #expect(DoubledVector([0.1, 0.1, 0.1]).centredSumOfSquares == .zero)
    #expect(DoubledVector([Double]()).centredSumOfSquares == .zero)
    #expect((x - x).sumOfSquares == .zero)
    var scaled = DoubledVector([Double.greatestFiniteMagnitude, Double.leastNonzeroMagnitude])
    scaled.scale(byPowerOfTwo: -1023)
    #expect(scaled[0].high == Double.greatestFiniteMagnitude.significand)
    var tiny = DoubledVector([Double.leastNonzeroMagnitude])
    tiny.scale(byPowerOfTwo: 1074)
    #expect(tiny[0] == Doubled(1))
  }
}
