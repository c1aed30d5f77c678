import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct RisingFactorialTests {
  // By hand: 2 · 3 · 4 = 24, 1/2 + 1/3 + 1/4 = 13/12, 1/4 + 1/9 + 1/16 = 61/144.
  @Test func `three factors from two on`() {
    let found = RisingFactorial(base: 2).logarithm(3)
    expectClose(found.value, log(24), relative: 1e-14)
    expectClose(found.first, 13.0 / 12, relative: 1e-14)
    expectClose(found.second, -61.0 / 144, relative: 1e-14)
    #expect(RisingFactorial(base: 2).logarithm(0) == (0, 0, 0))
  }

  // Γ(1) = 1 and Γ(½) = √π; ψ(1) − ψ(½) = 2 log 2 and ψ′(1) − ψ′(½) = π²/6 − π²/2.
  @Test func `half a factor`() {
    let found = RisingFactorial(base: 0.5).logarithm(0.5)
    expectClose(found.value, -0.5 * log(Double.pi), relative: 1e-14)
    expectClose(found.first, 2 * log(2), relative: 1e-14)
    expectClose(found.second, -Double.pi * Double.pi / 3, relative: 1e-14)
  }

  @Test(arguments: [1e-9, 0.03, 0.9, 7.2, 11.5, 12, 40, 3e3, 1e6])
  func `sums of logarithms, reciprocals and squares where the length is whole`(_ base: Double) {
    let factorial = RisingFactorial(base: base)
    for length in [1, 2, 5, 11, 12, 13, 100, 5000] {
      let found = factorial.logarithm(Double(length))
      var (value, first, second) = (0.0, 0.0, 0.0)
      for j in 0..<length {
        let factor = base + Double(j)
        value += log(factor)
        first += 1 / factor
        second -= 1 / (factor * factor)
      }
      // The sums themselves round by √5000 places; where the logarithms cancel, absolute error counts.
      expectClose(found.value, value, absolute: 1e-14 * max(abs(value), 20))
      expectClose(found.first, first, relative: 1e-13)
      expectClose(found.second, second, relative: 1e-13)
    }
  }

  // Against the gamma functions of Boost, where they don't cancel.
  @Test(arguments: [0.04, 0.7, 3.3, 11.99, 25.5]) func `gamma functions where it isn't whole`(_ base: Double) {
    let factorial = RisingFactorial(base: base)
    for length in [0.25, 0.8, 1.5, 9.7, 31.4, 800.3] {
      let (found, end) = (factorial.logarithm(length), base + length)
      expectClose(found.value, logGamma(end) - logGamma(base), absolute: 1e-12 * max(1, abs(logGamma(end))))
      expectClose(found.first, digamma(end) - digamma(base), relative: 1e-12)
      expectClose(found.second, trigamma(end) - trigamma(base), relative: 1e-12)
    }
  }

  // log Γ(a + k)/Γ(a) = k log a + k (k − 1)/2a − …, of which subtracting logarithms of Γ would leave eight digits.
  @Test func `large bases keep their digits`() {
    let (base, length) = (1e8, 0.5)
    let found = RisingFactorial(base: base).logarithm(length)
    expectClose(found.value, length * log(base) + length * (length - 1) / (2 * base), relative: 1e-15)
    expectClose(found.first, length / base - length * (length - 1) / (2 * base * base), relative: 1e-14)
  }
}
