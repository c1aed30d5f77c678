import Glibc

/// A normal distribution cut to an interval.
///
/// Moments and tails are computed from logarithms, so that an interval far out in the tail, where almost nothing of the
/// normal distribution lies, gives no 0/0.
public struct TruncatedNormal: ContinuousDistribution {
  /// μ of the normal that is cut.
  public let location: Double
  /// σ of the normal that is cut.
  public let scale: Double
  /// The interval's lower end; may be −∞.
  public let lower: Double
  /// The interval's upper end; may be ∞.
  public let upper: Double
  /// The log probability that the normal gives to the interval.
  public let logMass: Double

  /// N(location, scale²) given lower ≤ X ≤ upper.
  public init(location: Double, scale: Double, lower: Double, upper: Double) {
    precondition(scale > 0, "scale is \(scale), expected above 0")
    precondition(lower < upper, "the interval from \(lower) to \(upper) is empty")
    self.location = location
    self.scale = scale
    self.lower = lower
    self.upper = upper
    logMass = Self.logProbability((lower - location) / scale, (upper - location) / scale)
  }

  /// log(Φ(b) − Φ(a)) for a < b.
  public static func logProbability(_ a: Double, _ b: Double) -> Double {
    // On the side of the lower tail, where logarithms keep their digits.
    if a > 0 { return logProbability(-b, -a) }
    let high = Normal.standard.logCumulative(b)
    let low = Normal.standard.logCumulative(a)
    let difference = -expm1(low - high)
    // Of a narrow interval, the density in its middle times its width.
    if difference < 1e-9 { return Normal.standard.logDensity(0.5 * (a + b)) + log(b - a) }
    return high + log(difference)
  }

  private var alpha: Double { (lower - location) / scale }
  private var beta: Double { (upper - location) / scale }

  /// E(X), within the interval.
  public var mean: Double {
    let first = alpha.isInfinite ? 0 : exp(Normal.standard.logDensity(alpha) - logMass)
    let last = beta.isInfinite ? 0 : exp(Normal.standard.logDensity(beta) - logMass)
    return (location + scale * (first - last)).clamped(to: lower...upper)
  }

  /// Var X; at most that of a uniform distribution on the interval.
  public var variance: Double {
    let first = alpha.isInfinite ? 0 : exp(Normal.standard.logDensity(alpha) - logMass)
    let last = beta.isInfinite ? 0 : exp(Normal.standard.logDensity(beta) - logMass)
    let slope = (alpha.isInfinite ? 0 : alpha * first) - (beta.isInfinite ? 0 : beta * last)
    let value = scale * scale * (1 + slope - (first - last) * (first - last))
    let width = upper - lower
    return value.clamped(to: 0...min(scale * scale, width * width / 12))
  }

  public func density(_ x: Double) -> Double {
    if x < lower || x > upper { return 0 }
    return exp(Normal.standard.logDensity((x - location) / scale) - logMass) / scale
  }

  public func cumulative(_ x: Double) -> Double {
    if x <= lower { return 0 }
    if x >= upper { return 1 }
    return min(1, exp(Self.logProbability(alpha, (x - location) / scale) - logMass))
  }

  public func survival(_ x: Double) -> Double {
    if x <= lower { return 1 }
    if x >= upper { return 0 }
    return min(1, exp(Self.logProbability((x - location) / scale, beta) - logMass))
  }

  /// By bisection, to the last digit but a few.
  public func quantile(_ p: Double) -> Double {
    checkProbability(p)
    if p == 0 { return lower }
    if p == 1 { return upper }
    var low = max(lower, location - 40 * scale)
    var high = min(upper, location + 40 * scale)
    if low >= high {
      // The interval lies beyond 40 σ: all of it within a few σ²/distance of its near end.
      (low, high) = location < lower ? (lower, min(upper, lower + scale)) : (max(lower, upper - scale), upper)
    }
    for _ in 0..<200 where high - low > 2e-16 * max(abs(low), abs(high)) {
      let middle = 0.5 * (low + high)
      if cumulative(middle) < p { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
