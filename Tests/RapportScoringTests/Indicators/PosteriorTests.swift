import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct PosteriorTests {
  static let families: [Posterior] = [
    .beta(a: 7, b: 3), .beta(a: 0.6, b: 2), .balance(a: 4, b: 6), .gamma(shape: 5, rate: 2),
    .normal(mean: 1, deviation: 0.5), .logNormal(mean: 2, deviation: 0.3), .spread(scale: 0.5, degrees: 12),
    .evenness(
      [.init(mean: 0.3, variance: 0.04, weight: 0.75), .init(mean: -0.1, variance: 0.09, weight: 0.25)], alike: 0),
  ]

  // The value is the mean of the draws, or of their logarithm's median for families on the log scale; 40,000 draws, so a
  // mean is known to about sd/200.
  @Test(arguments: families)
  func `value and quantiles agree with draws`(_ posterior: Posterior) throws {
    var stream = RandomStream(seed: 3, purpose: "posterior test")
    var draws = [Double](repeating: 0, count: 40_000)
    posterior.draw(&stream, into: &draws)
    let mean = draws.reduce(0, +) / 40_000
    let deviation = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000).squareRoot()
    let sorted = draws.sorted()
    switch posterior {
    case .logNormal, .spread: #expect(abs(posterior.value - sorted[20_000]) < 0.02 * deviation + 1e-9)
    // exp of a mean lies below the mean of exp.
    case .evenness: #expect(posterior.value < mean + 0.02 * deviation && posterior.value > mean - 0.2 * deviation)
    default: #expect(abs(posterior.value - mean) < 0.02 * deviation)
    }
    if let low = posterior.quantile(0.05), let high = posterior.quantile(0.95) {
      #expect(abs(low - sorted[2_000]) < 0.06 * deviation && abs(high - sorted[38_000]) < 0.06 * deviation)
    }
  }

  @Test(arguments: [LinkScale.logit, .balance, .logarithm, .identity, .logVariance])
  func `points by way of the link scale`(_ link: LinkScale) {
    for indicator in [Indicator.typicalWait, .promisesKeptOnTime] {
      let scale = Goalposts.scales[indicator.index]
      for x in [-1.0, 0.2, 0.9] {
        let points = Goalposts.points(for: indicator, value: link.value(x))
        #expect(abs(link.points(x, scale) - points) < 1e-9)
      }
    }
  }

  // By hand: of Beta(1, 1), 1 − |2p − 1| is triangular with mean ½.
  @Test func `balance of a flat share`() {
    #expect(abs(Posterior.balance(a: 1, b: 1).value - 0.5) < 1e-12)
    #expect(abs((Posterior.balance(a: 1, b: 1).quantile(0.5) ?? 0) - 0.5) < 1e-9)
  }

  // By hand: E|Z| of a standard normal is √(2/π) = 0.7979.
  @Test func `evenness without evidence is the prior's mean distance`() {
    let posterior = Posterior.evenness([.init(mean: 0, variance: 1, weight: 1)], alike: 0)
    #expect(abs(posterior.value - Posterior.exponential(0.797_884_560_8)) < 1e-9)
    #expect(
      Posterior.evenness([.init(mean: -0.5, variance: 0, weight: 1)], alike: 0).value == Posterior.exponential(0.5))
  }

  // Ties, as many draws as a sample is taken of and more, and draws of which the sample has the lowest, or the highest, alone.
  @Test(arguments: [1, 2, 7, 100, 256, 999, 2560])
  func `selection equals sorting`(_ count: Int) {
    var stream = RandomStream(seed: UInt64(count), purpose: "selection")
    let ties = (0..<count).map { _ in (stream.uniform() * 20).rounded() }
    let draws = (0..<count).map { _ in stream.normal() }
    let misleading = (0..<count).map { Double($0 * 64 % count < 64 ? -$0 : $0) }
    let probabilities = [0, 0.05, 0.2, 0.5, 0.95, 1]
    for values in [ties, draws, misleading, misleading.map(-)] {
      let sorted = values.sorted()
      let expected = probabilities.map { sorted[max(Int((Double(count) * $0).rounded(.up)) - 1, 0)] }
      #expect(Quantiles.select(values, probabilities) == expected)
    }
  }
}
