import Glibc
import RapportNumerics

/// A standard family on its link scale: x = log(p/(1 − p)) of a beta share p, or x = log r of a gamma rate r.
///
/// Any continuous distribution is a normal one on a scale of its own: the value with P below it stands at z = Φ⁻¹(P). Both
/// ways go through logarithms where shares and rates lie closer to their ends than doubles reach: with a ≪ 1 much of
/// Beta(a, b) lies below 1e-300, where
///
///     P(X ≤ x) = xᵃ / (a B(a, b))        of a gamma: (rate · x)ᵃ / Γ(a + 1)
enum LinkFamily: Sendable {
  case share(a: Double, b: Double)
  /// With rate one.
  case rate(shape: Double)

  // MARK: One way and the other

  /// What stands at a normal score: Q(Φ(score)), Q the quantile function.
  func quantile(score: Double) -> Double {
    switch self {
    case .share(let a, let b): Self.logit(score: score, a, b)
    case .rate(let shape): Self.logRate(score: score, shape)
    }
  }

  /// The normal score at which `x` stands.
  func score(_ x: Double) -> Double {
    switch self {
    case .share(let a, let b): x > 0 ? -Self.score(logit: -x, b, a) : Self.score(logit: x, a, b)
    case .rate(let shape): Self.score(logRate: x, shape)
    }
  }

  /// Below this logarithm the leading term is all of a cumulative function, and doubles soon end.
  private static let deep = -600.0

  private static func logit(score: Double, _ a: Double, _ b: Double) -> Double {
    // From the end that the share is nearer to, so that no digits are lost to 1 − x. The mean tells which that is as a rule; where
    // much lies at either end, the share itself.
    let isAbove = a > b
    let (own, other) = isAbove ? (b, a) : (a, b)
    let sign = isAbove ? -1.0 : 1
    let x = lower(score: sign * score, own, other)
    return x > 0 ? -sign * lower(score: -sign * score, other, own) : sign * x
  }

  /// The same where it comes out below zero; above, digits are missing.
  private static func lower(score: Double, _ a: Double, _ b: Double) -> Double {
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

  private static func logRate(score: Double, _ shape: Double) -> Double {
    let family = Gamma(shape: shape, rate: 1)
    let x =
      score > 0
      ? family.upperQuantile(Normal.standard.survival(score)) : family.quantile(Normal.standard.cumulative(score))
    if x > 1e-250 { return log(x) }
    return min((Normal.standard.logCumulative(score) + logGamma(shape + 1)) / shape, log(1e-250))
  }

  private static func score(logRate x: Double, _ shape: Double) -> Double {
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

  // MARK: The density

  /// log B(a, b) or log Γ(shape).
  private var logNormalizer: Double {
    switch self {
    case .share(let a, let b): logBeta(a, b)
    case .rate(let shape): logGamma(shape)
    }
  }

  /// The density's logarithm and its first three derivatives.
  ///
  ///     log f = a log p + b log(1 − p) − log B(a, b)        shape · x − eˣ − log Γ(shape)
  @inline(__always) private func logDensity(
    _ x: Double, _ logNormalizer: Double
  ) -> (value: Double, first: Double, second: Double, third: Double) {
    switch self {
    case .share(let a, let b):
      let odds = exp(-abs(x))
      let (larger, smaller) = (1 / (1 + odds), odds / (1 + odds))
      let (p, rest) = x < 0 ? (smaller, larger) : (larger, smaller)
      let second = -(a + b) * p * rest
      // log p = −log(1 + e⁻ˣ), for any x.
      return (
        a * min(x, 0) - b * max(x, 0) - (a + b) * log1p(odds) - logNormalizer, a * rest - b * p, second,
        second * (rest - p)
      )
    case .rate(let shape):
      let rate = exp(x)
      return (shape * x - rate - logNormalizer, shape - rate, -rate, -rate)
    }
  }

  /// dx/dz at a score, by the density's logarithm.
  @inline(__always) private static func slope(score: Double, _ logDensity: Double) -> Double {
    exp(-score * score / 2 - 0.5 * log(2 * .pi) - logDensity)
  }

  // MARK: Many scores

  /// What stands at a normal score, and how fast it rises there.
  typealias Knot = (x: Double, slope: Double)

  /// Knots at 2 · `reach` + 1 scores, `step` apart around `middle`, each within ``tolerance``.
  ///
  ///     dx/dz = φ(z)/f(x)
  ///
  /// from the two outermost quantiles inwards, by Taylor's series up to h⁴: an error shrinks on its way in as densities grow,
  /// and how far apart the two ways end in the middle says whether steps are short enough. Where they aren't, as with shapes
  /// far below one, all are worked out by themselves.
  ///
  /// Source: Steinbrecher & Shaw (2008), Quantile mechanics.
  func knots(middle: Double, step: Double, reach: Int) -> [Knot] {
    let logNormalizer = logNormalizer
    let (lowest, highest) = (middle - Double(reach) * step, middle + Double(reach) * step)
    let (first, last) = (quantile(score: lowest), quantile(score: highest))
    var knots = [Knot](repeating: (0, 0), count: 2 * reach + 1)
    for pieces in [2, 4] {
      var ends = (low: first, high: last)
      for i in 0..<reach {
        let (below, above) = (lowest + Double(i) * step, highest - Double(i) * step)
        (knots[i], ends.low) = walk(ends.low, below, step, pieces, logNormalizer)
        (knots[2 * reach - i], ends.high) = walk(ends.high, above, -step, pieces, logNormalizer)
      }
      guard abs(ends.high - ends.low) < Self.tolerance else { continue }
      let x = (ends.low + ends.high) / 2
      knots[reach] = (x, Self.slope(score: middle, logDensity(x, logNormalizer).value))
      return knots
    }
    return knots.indices.map { i in
      let score = middle + Double(i - reach) * step
      let x = quantile(score: score)
      return (x, Self.slope(score: score, logDensity(x, logNormalizer).value))
    }
  }

  /// On the link scale; a tenth of what cubics between knots are off by (``LinkCurve``), and less.
  static let tolerance = 2e-4

  /// The knot at a score, and what stands a step further on.
  @inline(__always) private func walk(
    _ start: Double, _ score: Double, _ step: Double, _ pieces: Int, _ logNormalizer: Double
  ) -> (knot: Knot, end: Double) {
    let h = step / Double(pieces)
    var (x, startSlope) = (start, 0.0)
    for piece in 0..<pieces {
      let z = score + Double(piece) * h
      let density = logDensity(x, logNormalizer)
      // Derivatives of x by z, each from those before: x″ = x′ u with u = (log x′)′.
      let x1 = Self.slope(score: z, density.value)
      if piece == 0 { startSlope = x1 }
      let u = -z - density.first * x1
      let x2 = x1 * u
      let u1 = -1 - density.second * x1 * x1 - density.first * x2
      let x3 = x2 * u + x1 * u1
      let u2 = -density.third * x1 * x1 * x1 - 3 * density.second * x1 * x2 - density.first * x3
      let x4 = x3 * u + 2 * x2 * u1 + x1 * u2
      x += h * (x1 + h / 2 * (x2 + h / 3 * (x3 + h / 4 * x4)))
    }
    return ((start, startSlope), x)
  }
}
