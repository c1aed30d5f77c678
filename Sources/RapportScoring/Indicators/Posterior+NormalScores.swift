import Glibc
import RapportNumerics

// Any continuous distribution is a normal one on a scale of its own: the value with P below it stands at z = Φ⁻¹(P). Both
// ways go through logarithms where shares and rates lie closer to their ends than doubles reach: with a ≪ 1 much of
// Beta(a, b) lies below 1e-300, where
//
//     P(X ≤ x) = xᵃ / (a B(a, b))        of a gamma: (rate · x)ᵃ / Γ(a + 1)

extension Posterior {
  /// What stands at the normal score `score`, on the link scale; `nil` where the family has none.
  ///
  ///     x = link(Q(Φ(score)))        Q the family's quantile function; of a balance, that of the share behind it
  func link(score: Double) -> Double? {
    switch self {
    case .beta(let a, let b), .balance(let a, let b): Self.logit(score: score, a, b)
    case .gamma(let shape, let rate): Self.logRate(score: score, shape, rate)
    case .normal(let mean, let deviation), .logNormal(let mean, let deviation): mean + deviation * score
    case .spread(let scale, let degrees):
      log(scale * degrees / 2) - Self.logRate(score: -score, degrees / 2, 1)
    case .evenness: nil
    }
  }

  /// How fast the link scale rises with the normal score, at a score and the link that stands there.
  ///
  ///     dx/dz = φ(z) / f(x)        f the density of x on the link scale
  ///
  /// A share's logit has the density pᵃ (1 − p)ᵇ / B(a, b), a rate's logarithm (rate · r)ˢ exp(−rate · r) / Γ(s).
  func slope(score: Double, link: Double) -> Double {
    switch self {
    case .beta(let a, let b), .balance(let a, let b):
      Self.density(score, over: -a * Self.softPlus(-link) - b * Self.softPlus(link) - logBeta(a, b))
    case .gamma(let shape, let rate): Self.logRateSlope(score: score, log(rate) + link, shape)
    case .normal(_, let deviation), .logNormal(_, let deviation): deviation
    case .spread(let scale, let degrees):
      Self.logRateSlope(score: -score, log(scale * degrees / 2) - link, degrees / 2)
    case .evenness: .nan
    }
  }

  private static func logRateSlope(score: Double, _ logRate: Double, _ shape: Double) -> Double {
    density(score, over: shape * logRate - exp(logRate) - logGamma(shape))
  }

  /// φ(score) over a density by its logarithm.
  private static func density(_ score: Double, over logDensity: Double) -> Double {
    exp(-score * score / 2 - 0.5 * log(2 * .pi) - logDensity)
  }

  /// log(1 + eˣ), for any x.
  private static func softPlus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

  /// The normal score at which `link` stands; `nil` where the family has no link scale, or no width.
  func score(link: Double) -> Double? {
    switch self {
    case .beta(let a, let b), .balance(let a, let b):
      link > 0 ? -Self.score(logit: -link, b, a) : Self.score(logit: link, a, b)
    case .gamma(let shape, let rate): Self.score(logRate: link, shape, rate)
    case .normal(let mean, let deviation), .logNormal(let mean, let deviation):
      deviation > 0 ? (link - mean) / deviation : nil
    case .spread(let scale, let degrees):
      -Self.score(logRate: log(scale * degrees / 2) - link, degrees / 2, 1)
    case .evenness: nil
    }
  }

  /// Below this logarithm the leading term is all of a cumulative function, and doubles soon end.
  private static let deep = -600.0

  private static func logit(score: Double, _ a: Double, _ b: Double) -> Double {
    // From the end that the share is nearer to, so that no digits are lost to 1 − x.
    if a > b { return -logit(score: -score, b, a) }
    let x =
      score > 0
      ? Beta(a, b).upperQuantile(Normal.standard.survival(score))
      : Beta(a, b).quantile(Normal.standard.cumulative(score))
    if x > 1e-250 { return log(x) - log1p(-min(x, 1 - 0x1p-53)) }
    return min((Normal.standard.logCumulative(score) + log(a) + logBeta(a, b)) / a, log(1e-250))
  }

  private static func score(logit: Double, _ a: Double, _ b: Double) -> Double {
    if logit < deep { return normal(logProbability: a * logit - log(a) - logBeta(a, b)) }
    let share = Beta(a, b)
    let x = 1 / (1 + exp(-logit))
    return normal(below: share.cumulative(x), above: share.survival(x))
  }

  private static func logRate(score: Double, _ shape: Double, _ rate: Double) -> Double {
    let family = Gamma(shape: shape, rate: 1)
    let x =
      score > 0
      ? family.upperQuantile(Normal.standard.survival(score)) : family.quantile(Normal.standard.cumulative(score))
    if x > 1e-250 { return log(x) - log(rate) }
    return min((Normal.standard.logCumulative(score) + logGamma(shape + 1)) / shape, log(1e-250)) - log(rate)
  }

  private static func score(logRate: Double, _ shape: Double, _ rate: Double) -> Double {
    let x = logRate + log(rate)
    if x < deep { return normal(logProbability: shape * x - logGamma(shape + 1)) }
    let family = Gamma(shape: shape, rate: 1)
    return normal(below: family.cumulative(exp(x)), above: family.survival(exp(x)))
  }

  /// Φ⁻¹ by whichever tail is smaller, within what doubles can hold; the upper one is worked out only where it may be.
  private static func normal(below: Double, above: @autoclosure () -> Double) -> Double {
    if below < 0.49 { return Normal.standard.quantile(max(below, 1e-300)) }
    let above = above()
    return below < above ? Normal.standard.quantile(below) : -Normal.standard.quantile(max(above, 1e-300))
  }

  private static func normal(logProbability: Double) -> Double {
    Normal.standard.quantile(min(max(exp(logProbability), 1e-300), 1 - 0x1p-53))
  }
}
