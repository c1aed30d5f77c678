import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct RandomStreamTests {
  // The known answers of Random123 (Salmon et al. 2011), file kat_vectors, philox4x32 with 10 rounds.
  @Test func `Philox gives its published answers`() {
    #expect(
      Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func `streams repeat, and differ by seed, purpose and unit`() {
    func first(_ seed: UInt64, _ purpose: String, _ unit: UInt64) -> [UInt64] {
      var stream = RandomStream(seed: seed, purpose: purpose, unit: unit)
      return (0..<4).map { _ in stream.next() }
    }
    let base = first(1, "a", 0)
    #expect(first(1, "a", 0) == base)
    #expect(Set(base).count == 4)
    for other in [first(2, "a", 0), first(1, "b", 0), first(1, "a", 1)] {
      #expect(Set(other).isDisjoint(with: base))
    }
  }

  /// Expects the draws' mean and variance within five standard errors.
  func expectMoments(
    _ purpose: String, mean: Double, variance: Double, kurtosis: Double = 9, count: Int = 4000,
    sourceLocation: SourceLocation = #_sourceLocation, _ draw: (inout RandomStream) -> Double
  ) {
    var stream = RandomStream(seed: 7, purpose: purpose)
    let draws = (0..<count).map { _ in draw(&stream) }
    let n = Double(count)
    let average = draws.reduce(0, +) / n
    let spread = draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (n - 1)
    expectClose(average, mean, absolute: 5 * (variance / n).squareRoot(), sourceLocation: sourceLocation)
    let error = variance * ((kurtosis - 1) / n).squareRoot()
    expectClose(spread, variance, absolute: 5 * error, sourceLocation: sourceLocation)
  }

  @Test func `draws have the means and variances of their distributions`() {
    expectMoments("uniform", mean: 0.5, variance: 1.0 / 12, kurtosis: 1.8) { $0.uniform() }
    expectMoments("normal", mean: 3, variance: 4, kurtosis: 3) { $0.normal(mean: 3, standardDeviation: 2) }
    expectMoments("exponential", mean: 0.5, variance: 0.25) { $0.exponential(rate: 2) }
    expectMoments("gamma", mean: 1.25, variance: 0.625) { $0.gamma(shape: 2.5, rate: 2) }
    expectMoments("small gamma", mean: 0.2, variance: 0.2, kurtosis: 33) { $0.gamma(shape: 0.2) }
    expectMoments("beta", mean: 0.25, variance: 0.1875 / 9, kurtosis: 3) { $0.beta(2, 6) }
    expectMoments("small beta", mean: 0.5, variance: 0.25 / 1.2, kurtosis: 3) { $0.beta(0.1, 0.1) }
    expectMoments("binomial", mean: 3, variance: 2.1) { Double($0.binomial(trials: 10, probability: 0.3)) }
    expectMoments("large binomial", mean: 250, variance: 187.5) {
      Double($0.binomial(trials: 1000, probability: 0.25))
    }
    expectMoments("Poisson", mean: 2.5, variance: 2.5) { Double($0.poisson(mean: 2.5)) }
    expectMoments("large Poisson", mean: 300, variance: 300) { Double($0.poisson(mean: 300)) }
    expectMoments("integer", mean: 2, variance: 2) { Double($0.integer(below: 5)) }
    expectMoments("category", mean: 1.25, variance: 0.6875) { Double($0.category(weights: [1, 1, 2, 0])) }
  }

  /// The largest distance of the draws' distribution from the true one, times √n: beyond 2 once in 3,000 samples.
  @Test func `draws follow their distributions`() {
    func distance(_ purpose: String, _ truth: any ContinuousDistribution, _ draw: (inout RandomStream) -> Double)
      -> Double
    {
      var stream = RandomStream(seed: 11, purpose: purpose)
      let draws = (0..<2000).map { _ in draw(&stream) }.sorted()
      var largest = 0.0
      for (index, x) in draws.enumerated() {
        let p = truth.cumulative(x)
        largest = max(largest, abs(p - Double(index) / 2000), abs(p - Double(index + 1) / 2000))
      }
      return largest * 2000.0.squareRoot()
    }
    #expect(distance("normal", Normal.standard) { $0.normal() } < 2)
    #expect(distance("gamma", Gamma(shape: 0.7, rate: 3)) { $0.gamma(shape: 0.7, rate: 3) } < 2)
    #expect(distance("gamma", Gamma(shape: 30, rate: 3)) { $0.gamma(shape: 30, rate: 3) } < 2)
    #expect(distance("beta", Beta(0.5, 2)) { $0.beta(0.5, 2) } < 2)
  }

  @Test func `binomial and Poisson at their edges`() {
    var stream = RandomStream(seed: 3, purpose: "edges")
    #expect(stream.binomial(trials: 1000, probability: 0) == 0)
    #expect(stream.binomial(trials: 1000, probability: 1) == 1000)
    #expect(stream.binomial(trials: 0, probability: 0.5) == 0)
    #expect(stream.poisson(mean: 0) == 0)
    #expect(stream.gamma(shape: 1e-300) == 0)
  }

  @Test(arguments: [2, 3, 5, 6])
  func `every order of a shuffle comes equally often`(count: Int) {
    var stream = RandomStream(seed: 9, purpose: "shuffle \(count)")
    let orders = (1...count).reduce(1, *)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<(200 * orders) {
      var order = Array(0..<count)
      stream.shuffle(&order, in: 0..<count)
      counts[order, default: 0] += 1
    }
    #expect(counts.count == orders)
    // χ² with orders − 1 degrees of freedom, five standard deviations.
    let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
    let freedom = Double(orders - 1)
    #expect(abs(chiSquare - freedom) < 5 * (2 * freedom).squareRoot())
  }

  @Test(arguments: [16_380, 16_390, 40_000])
  func `large shuffles move everything, and only what is in the range`(count: Int) {
    var stream = RandomStream(seed: 10, purpose: "shuffle")
    var order = Array(0..<count)
    stream.shuffle(&order, in: 5..<count - 5)
    #expect(order.sorted() == Array(0..<count))
    #expect(order.prefix(5) == [0, 1, 2, 3, 4] && order.suffix(5) == (count - 5..<count).suffix(5))
    // Places that keep their element: Poisson with mean 1.
    #expect((5..<count - 5).count { order[$0] == $0 } < 8)
    // The rank correlation with the start has standard deviation 1/√n.
    let mean = Double(count - 1) / 2
    let product = order.enumerated().reduce(0.0) { $0 + (Double($1.offset) - mean) * (Double($1.element) - mean) }
    #expect(abs(product / (Double(count) * (Double(count) * Double(count) - 1) / 12)) < 5 / Double(count).squareRoot())
    var nothing: [Int] = []
    stream.shuffle(&nothing, in: 0..<0)
    #expect(nothing.isEmpty)
  }

  // From an even place of the stream and an odd one; an even number of words and an odd one.
  @Test func `many words at once are those that come one by one`() {
    var (many, one) = (
      RandomStream(seed: 5, purpose: "words", unit: 1 << 40), RandomStream(seed: 5, purpose: "words", unit: 1 << 40)
    )
    for count in [0, 1, 0, 2, 7, 64, 3, 8, 1, 1, 33] {
      var words = [UInt64](repeating: 0, count: count)
      words.withUnsafeMutableBufferPointer { many.fill($0) }
      #expect(words == (0..<count).map { _ in one.next() })
    }
  }

  // The shuffle of far places takes the numbers that integer(below:) does, and swaps from left to right.
  @Test func `far places of a shuffle, one after the other`() {
    let count = (1 << 14) + 200
    var (stream, other) = (RandomStream(seed: 6, purpose: "far"), RandomStream(seed: 6, purpose: "far"))
    _ = (stream.next(), other.next())
    var order = Array(0..<count)
    stream.shuffle(&order, in: 0..<count)
    var expected = Array(0..<count)
    for place in 0...200 { expected.swapAt(place, place + other.integer(below: count - place)) }
    other.shuffle(&expected, in: 201..<count)
    #expect(order == expected && stream.next() == other.next())
  }
}
