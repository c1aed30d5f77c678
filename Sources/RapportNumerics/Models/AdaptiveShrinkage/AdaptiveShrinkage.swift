import Glibc

/// Many effects with known errors, shrunken by what all of them together show.
///
///     bᵢ ~ N(θᵢ, sᵢ²)        θᵢ ~ π₀ δ₀ + Σₖ πₖ gₖ        gₖ unimodal at zero, on a grid of widths
///
/// Only the weights π are estimated, by penalized maximum likelihood, a concave problem. Large true effects are then
/// shrunken little and small ones much, where one normal prior would shrink all alike. Source: Stephens (2017), False
/// discovery rates: a new deal; the R package ashr.
public struct AdaptiveShrinkage: Sendable {
  /// The shape of the mixture's parts.
  public enum Component: String, Sendable, Codable, CaseIterable {
    /// N(0, σ²): smooth and symmetric.
    case normal
    /// The halves of N(0, σ²) above and below zero, each with its own weight: smooth, and as one-sided as the effects.
    case halfNormal
    /// Uniform on −a … a: any symmetric unimodal distribution.
    case uniform
    /// Uniform on −a … 0 and on 0 … a, each with its own weight: any unimodal distribution.
    case halfUniform
  }

  /// The shape of the parts.
  public var component = Component.normal
  /// By ashr's convention (`nullbiased`): zero counts so many effects less one more than the data have, which errs towards no
  /// effect; 1 adds none.
  public var nullWeight = 10.0
  /// Neighbouring widths of the grid differ by this factor.
  public var gridFactor = 2.0.squareRoot()
  /// The search ends when no weights could raise the log likelihood by more than this.
  public var tolerance = 1e-5
  /// It gives up after so many Newton steps; twenty are usual.
  public var maximumRounds = 300

  /// The model with its defaults.
  public init() {}

  /// Estimates the weights.
  ///
  /// - Parameters: `estimates` b and their `standardErrors` s, positive; NaN isn't allowed.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined values, errors that aren't positive, or no estimate.
  /// - Complexity: O(effects · widths²) for each step; 20 to 60 widths.
  public func fit(estimates: [Double], standardErrors: [Double]) throws(NumericsError) -> ShrinkageFit {
    precondition(
      estimates.count == standardErrors.count, "\(estimates.count) estimates, \(standardErrors.count) errors")
    guard !estimates.isEmpty else { throw .invalidInput("no estimate; shrinking needs at least one") }
    for (b, s) in zip(estimates, standardErrors) where !(b.isFinite && s.isFinite && s > 0) {
      throw .invalidInput("estimate \(b) with standard error \(s): expected finite values and a positive error")
    }
    let parts = grid(estimates, standardErrors)
    // L[i, k], scaled by the largest of its row.
    var likelihood = Matrix(rows: estimates.count, columns: parts.count)
    var scales = [Double](repeating: 0, count: estimates.count)
    for i in estimates.indices {
      let logs = parts.map { $0.logLikelihood(estimates[i], standardErrors[i]) }
      scales[i] = logs.max()!
      for k in parts.indices { likelihood[i, k] = exp(logs[k] - scales[i]) }
    }
    var search = WeightSearch(
      likelihood: likelihood, pseudocounts: parts.map { $0.isZero ? max(0, nullWeight - 1) : 0 })
    let record = search.run(tolerance: tolerance, maximumRounds: maximumRounds)
    var logLikelihood = 0.0
    for (value, scale) in zip(likelihood * search.weights, scales) { logLikelihood += log(value) + scale }
    return ShrinkageFit(
      parts: parts, weights: search.weights, logLikelihood: logLikelihood, record: record, estimates: estimates,
      standardErrors: standardErrors)
  }

  /// Zero, then widths from a tenth of the smallest error up to twice the largest plausible effect.
  func grid(_ estimates: [Double], _ errors: [Double]) -> [ShrinkagePart] {
    let smallest = errors.min()! / 10
    var excess = 0.0
    for (b, s) in zip(estimates, errors) { excess = max(excess, b * b - s * s) }
    let largest = excess > 0 ? max(2 * excess.squareRoot(), smallest) : 8 * smallest
    let steps = Int((log(largest / smallest) / log(gridFactor)).rounded(.up))
    var parts = [ShrinkagePart.zero]
    for step in stride(from: steps, through: 0, by: -1) {
      let width = largest * pow(gridFactor, -Double(step))
      switch component {
      case .normal: parts.append(.normal(width))
      case .halfNormal:
        parts += [.halfNormal(width, isPositive: false), .halfNormal(width, isPositive: true)]
      case .uniform: parts.append(.uniform(-width, width))
      case .halfUniform: parts += [.uniform(-width, 0), .uniform(0, width)]
      }
    }
    return parts
  }
}

/// One part of a mixture prior.
public enum ShrinkagePart: Sendable, Equatable {
  /// All mass at zero.
  case zero
  /// N(0, σ²).
  case normal(_ standardDeviation: Double)
  /// The half of N(0, σ²) above zero, or below.
  case halfNormal(_ standardDeviation: Double, isPositive: Bool)
  /// Uniform between the limits.
  case uniform(_ lower: Double, _ upper: Double)

  var isZero: Bool { self == .zero }

  /// log p(b | part) for an estimate with standard error s.
  func logLikelihood(_ b: Double, _ s: Double) -> Double {
    switch self {
    case .zero: Normal(standardDeviation: s).logDensity(b)
    case .normal(let sigma): Normal(standardDeviation: (sigma * sigma + s * s).squareRoot()).logDensity(b)
    case .halfNormal(let sigma, let isPositive):
      // 2 N(b; 0, σ² + s²) Φ(± b σ / (s √(σ² + s²)))
      Normal(standardDeviation: (sigma * sigma + s * s).squareRoot()).logDensity(b) + log(2)
        + Normal.standard.logCumulative(
          (isPositive ? b : -b) * sigma / (s * (sigma * sigma + s * s).squareRoot()))
    case .uniform(let lower, let upper):
      TruncatedNormal.logProbability((lower - b) / s, (upper - b) / s) - log(upper - lower)
    }
  }

  /// The posterior of θ under this part alone.
  func posterior(_ b: Double, _ s: Double) -> (any ContinuousDistribution, mean: Double, variance: Double)? {
    switch self {
    case .zero: return nil
    case .normal(let sigma):
      let kept = sigma * sigma / (sigma * sigma + s * s)
      let variance = kept * s * s
      return (Normal(mean: kept * b, standardDeviation: variance.squareRoot()), kept * b, variance)
    case .halfNormal(let sigma, let isPositive):
      let kept = sigma * sigma / (sigma * sigma + s * s)
      let cut = TruncatedNormal(
        location: kept * b, scale: kept.squareRoot() * s, lower: isPositive ? 0 : -.infinity,
        upper: isPositive ? .infinity : 0)
      return (cut, cut.mean, cut.variance)
    case .uniform(let lower, let upper):
      let cut = TruncatedNormal(location: b, scale: s, lower: lower, upper: upper)
      return (cut, cut.mean, cut.variance)
    }
  }
}
