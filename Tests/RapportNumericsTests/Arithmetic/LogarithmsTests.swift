import CSpecialFunctions
import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct LogarithmsTests {
  private static func logarithms(_ numbers: [Double]) -> [Double] {
    var result = numbers
    var span = result.mutableSpan
    Logarithms.replaceOfOnePlus(&span)
    return result
  }

  /// Numbers of every size, and those next to where the exponent of 1 + x changes.
  private static let numbers: [Double] = {
    var stream = RandomStream(seed: 8, purpose: "logarithms")
    var numbers = [0, .leastNonzeroMagnitude, 1e-300, 1e300]
    for _ in 0..<20_000 { numbers.append(exp(40 * stream.uniform() - 20)) }
    for _ in 0..<20_000 { numbers.append(exp(1400 * stream.uniform() - 700)) }
    for n in -3...60 {
      let edge = 2.0.squareRoot() * exp2(Double(n)) - 1
      if edge > 0 { numbers += [edge.nextDown, edge, edge.nextUp] }
      numbers += [exp2(Double(n)), exp2(Double(n)) + 1]
    }
    return numbers
  }()

  // The C library's is within one unit in the last place.
  @Test func `logarithms are within two units in the last place of the C library's`() {
    for (x, logarithm) in zip(Self.numbers, Self.logarithms(Self.numbers)) {
      #expect(abs(logarithm - log1p(x)) <= 2 * log1p(x).ulp, "at \(x)")
    }
    #expect(Self.logarithms([0]) == [0] && Self.logarithms([]) == [])
  }

  // As wide as the processor is, in a row of any length, or one by one: the same bits.
  @Test func `neighbours don't change a bit`() {
    let all = Self.logarithms(Self.numbers)
    var plain = Self.numbers
    rapport_logarithms_plain(&plain, plain.count)
    #expect(all == plain)
    for length in 1...9 { #expect(Self.logarithms(Array(Self.numbers[..<length])) == Array(all[..<length])) }
  }
}
