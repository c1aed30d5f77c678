import Glibc
import RapportNumerics

/// What is believed about one unit's indicator: a distribution on the family's own scale.
enum Posterior: Sendable {
  /// A share.
  case beta(a: Double, b: Double)
  /// The balance 1 − |2p − 1| of a share.
  case balance(a: Double, b: Double)
  /// A rate.
  case gamma(shape: Double, rate: Double)
  /// A location, in the indicator's unit.
  case normal(mean: Double, deviation: Double)
  /// A location on the log scale.
  case logNormal(mean: Double, deviation: Double)
  /// A variance on the log scale, scale · degrees / χ²; the value is exp of its root.
  case spread(scale: Double, degrees: Double)
  /// Even treatment: exp of the weighted mean of |deviation|, each deviation a normal; 1 with the chance `alike`, that nobody is treated
  /// differently.
  case evenness([IndicatorEvidence.PairDeviation], alike: Double)

  /// The value that is reported: the posterior mean; of skew families on the log scale the median.
  var value: Double {
    switch self {
    case .beta(let a, let b): a / (a + b)
    case .balance(let a, let b):
      // E|2p − 1| = 2 ∫ |p − ½|, by the mean of the halves: with I the beta's cumulative function at ½,
      // E[p; p < ½] = a/(a+b) I(½; a+1, b).
      Self.balanceMean(a, b)
    case .gamma(let shape, let rate): shape / rate
    case .normal(let mean, _): mean
    case .logNormal(let mean, _): exp(mean)
    case .spread(let scale, let degrees):
      LinkScale.factor(variance: scale * degrees / ChiSquared(degreesOfFreedom: degrees).quantile(0.5))
    case .evenness(let deviations, let alike):
      exp((1 - alike) * deviations.reduce(0) { $0 + $1.weight * Self.foldedMean($1.mean, $1.variance.squareRoot()) })
    }
  }

  /// The quantile at `probability`, where the family gives it without draws.
  func quantile(_ probability: Double) -> Double? {
    switch self {
    case .beta(let a, let b): Beta(a, b).quantile(probability)
    case .gamma(let shape, let rate): Gamma(shape: shape, rate: rate).quantile(probability)
    case .normal(let mean, let deviation): mean + deviation * Normal.standard.quantile(probability)
    case .logNormal(let mean, let deviation): exp(mean + deviation * Normal.standard.quantile(probability))
    case .spread(let scale, let degrees):
      LinkScale.factor(
        variance: scale * degrees / ChiSquared(degreesOfFreedom: degrees).quantile(1 - probability))
    case .balance(let a, let b): Self.balanceQuantile(probability, a, b)
    case .evenness: nil
    }
  }

  /// The scale on which the family is closest to a normal; `nil` where it has none.
  var scale: LinkScale? {
    switch self {
    case .beta: .logit
    case .balance: .balance
    case .gamma, .logNormal: .logarithm
    case .normal: .identity
    case .spread: .logVariance
    case .evenness: nil
    }
  }

  /// Fills `values` with draws in the indicator's unit.
  func draw(_ stream: inout RandomStream, into values: inout [Double]) {
    switch self {
    case .beta(let a, let b):
      let share = BetaDraws(a, b)
      for i in values.indices { values[i] = share.draw(&stream) }
    case .balance(let a, let b):
      let share = BetaDraws(a, b)
      for i in values.indices { values[i] = 1 - abs(2 * share.draw(&stream) - 1) }
    case .gamma(let shape, let rate):
      let family = GammaDraws(shape: shape)
      for i in values.indices { values[i] = family.draw(&stream, rate: rate) }
    case .normal(let mean, let deviation):
      for i in values.indices { values[i] = mean + deviation * stream.normal() }
    case .logNormal(let mean, let deviation):
      for i in values.indices { values[i] = exp(mean + deviation * stream.normal()) }
    case .spread(let scale, let degrees):
      let family = GammaDraws(shape: degrees / 2)
      for i in values.indices {
        values[i] = LinkScale.factor(variance: scale * degrees / (2 * family.draw(&stream)))
      }
    case .evenness(let deviations, let alike):
      let errors = deviations.map { (shared: $0.shared.squareRoot(), own: ($0.variance - $0.shared).squareRoot()) }
      for i in values.indices {
        var sum = 0.0
        let common = stream.normal()
        for (pair, error) in zip(deviations, errors) {
          sum += pair.weight * abs(pair.mean + error.shared * common + error.own * stream.normal())
        }
        // Drawn only where it can be, so that elsewhere the stream goes as it does without.
        values[i] = alike > 0 && stream.uniform() < alike ? 1 : exp(sum)
      }
    }
  }

  /// From P(1 − |2p − 1| ≤ x) = P(p ≤ x/2) + P(p ≥ 1 − x/2).
  private static func balanceQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
    let share = Beta(a, b)
    return balanceQuantile(probability) { share.cumulative($0 / 2) + share.survival(1 - $0 / 2) }
  }

  /// The balance, to 1e-14, at which this cumulative function reaches `probability`; 0 where it begins above it.
  static func balanceQuantile(_ probability: Double, _ cumulative: (Double) -> Double) -> Double {
    (try? BrentRoot(tolerance: 1e-14).solve(in: 0...1) { cumulative($0) - probability }) ?? 0
  }

  /// eˣ, where `Glibc` isn't imported.
  static func exponential(_ x: Double) -> Double { exp(x) }

  private static func balanceMean(_ a: Double, _ b: Double) -> Double {
    let below = a / (a + b) * Beta(a + 1, b).cumulative(0.5)
    let above = b / (a + b) * Beta(b + 1, a).cumulative(0.5)
    return 2 * (below + above)
  }

  /// E|X| of a normal.
  private static func foldedMean(_ mean: Double, _ deviation: Double) -> Double {
    guard deviation > 0 else { return abs(mean) }
    let z = mean / deviation
    return deviation * (2 / Double.pi).squareRoot() * Glibc.exp(-z * z / 2) + mean
      * (1 - 2 * Normal.standard.cumulative(-z))
  }
}
