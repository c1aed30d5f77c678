import CSpecialFunctions
import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct ExponentialsTests {
  private static func powers(_ numbers: [Double]) -> [Double] {
    var result = numbers
    var span = result.mutableSpan
    Exponentials.replace(&span, count: numbers.count)
    return result
  }

  /// Numbers of every size, and those next to where a power of two or a sign changes.
  private static let numbers: [Double] = {
    var stream = RandomStream(seed: 7, purpose: "exponentials")
    var numbers: [Double] = []
    for _ in 0..<20_000 { numbers.append(-5 * stream.uniform()) }
    for _ in 0..<20_000 { numbers.append(1400 * stream.uniform() - 700) }
    for _ in 0..<2000 { numbers.append((stream.uniform() - 0.5) * exp(-40 * stream.uniform())) }
    for n in -1020...1020 {
      let middle = (Double(n) + 0.5) * log(2)
      numbers += [middle.nextDown, middle, middle.nextUp, Double(n) * log(2)]
    }
    return numbers + [0, -0.0, 1, -1, -708, 709, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e-300]
  }()

  // The C library's is within 0.51 units in the last place.
  @Test func `powers are within two units in the last place of the C library's`() {
    for (x, power) in zip(Self.numbers, Self.powers(Self.numbers)) {
      #expect(abs(power - exp(x)) <= 1.7 * exp(x).ulp, "at \(x)")
    }
  }

  @Test func `edges`() {
    let edges = [-708.1, -1e300, -.infinity, 709.1, 1e300, .infinity, .nan]
    let powers = Self.powers(edges)
    #expect(powers.dropLast() == [0, 0, 0, .infinity, .infinity, .infinity])
    #expect(powers.last!.isNaN)
    #expect(Self.powers([]) == [] && Self.powers([0, -0.0]) == [1, 1])
  }

  // As wide as the processor is, in quadruples, in a row of any length, or one by one: the same bits.
  @Test func `neighbours don't change a bit`() {
    let all = Self.powers(Self.numbers)
    var plain = Self.numbers
    rapport_exponentials_plain(&plain, plain.count)
    #expect(all == plain)
    for length in 1...9 { #expect(Self.powers(Array(Self.numbers[..<length])) == Array(all[..<length])) }
    var quadruples = (0..<100).map { k in SIMD4(Self.numbers[4 * k..<4 * k + 4]) }
    var span = quadruples.mutableSpan
    Exponentials.replace(&span, count: 100)
    #expect(quadruples.flatMap { k in (0..<4).map { k[$0] } } == Array(all[..<400]))
  }

  // Sets of any length, from any place on: the bits of each power by itself, their sum in four lanes.
  @Test(arguments: [1, 2, 3, 4, 5, 8, 53, 1000])
  func `powers are taken relative to the largest`(_ count: Int) {
    let values = Array(Self.numbers[100..<100 + count]) + [7]
    var found = [3] + values
    var span = found.mutableSpan
    let (largest, total) = Exponentials.relate(&span, 1..<1 + count)
    let own = values.dropLast()
    #expect(largest == own.max() && found.first == 3 && found.last == 7)
    let powers = Self.powers(own.map { $0 - largest })
    #expect(Array(found[1...count]) == powers)
    var sums = SIMD4<Double>.zero
    let whole = count / 4 * 4
    for k in whole..<count { sums[k - whole] = powers[k] }
    for k in 0..<whole { sums[k % 4] += powers[k] }
    #expect(total == (sums[0] + sums[1]) + (sums[2] + sums[3]))
  }
}
