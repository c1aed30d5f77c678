import Glibc

/// A level that wanders, seen with errors of known size: the local level model.
///
///     y_t = μ_t + ε_t        ε_t ~ N(0, h_t), h_t known
///     μ_{t+1} = μ_t + η_t    η_t ~ N(0, q), or η_t = 0 where the level is paused
///
/// Nothing is assumed of the first level (exact diffuse start). q is one number for all series given, estimated by
/// maximum likelihood: single series of a few dozen periods hardly tell it, many together do. At q = 0 the level stands
/// still and its estimate is the weighted mean; a maximum there is said, not hidden.
///
/// Source: Durbin & Koopman (2012), Time Series Analysis by State Space Methods, chapters 2 and 5; METHODS.md §12.
public struct LocalLevel: Sendable {
  /// Values of q tried at first, evenly in log q; the likelihood may have more than one maximum.
  public var scanSteps = 40
  /// Threads for many series; the result doesn't depend on it.
  public var threads = 1

  /// The model with its defaults.
  public init() {}

  /// Estimates q and the levels of one series.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined observations and variances that aren't positive.
  public func fit(_ series: LevelSeries) throws(NumericsError) -> LocalLevelFit { try fit(pooled: [series]) }

  /// Estimates one q for all series, and the levels of each.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined observations and variances that aren't positive.
  /// - Complexity: O(observations) for each q tried, some 80 of them.
  public func fit(pooled series: [LevelSeries]) throws(NumericsError) -> LocalLevelFit {
    var gaps: [[LevelGap]] = []
    for one in series { gaps.append(try one.gaps()) }
    let likelihood = LevelLikelihood(gaps, threads: threads)
    let still = likelihood.value(driftVariance: 0)
    func result(_ drift: Spread, _ q: Double, _ logLikelihood: Double, _ record: SearchRecord?) -> LocalLevelFit {
      LocalLevelFit(
        drift: drift, driftVariance: q, logLikelihood: logLikelihood, logLikelihoodWithoutDrift: still, record: record,
        paths: parallelMap(count: series.count, threads: threads) { LevelPath(checked: series[$0], driftVariance: q) })
    }
    guard let limits = likelihood.searchLimits else { return result(.undetermined, 0, still, nil) }
    // Without any difference between observations the likelihood falls from q = 0 on.
    guard limits.upperBound > 0 else { return result(.none, 0, still, nil) }
    let found = ScannedMinimum(steps: scanSteps).minimize(in: log(limits.lowerBound)...log(limits.upperBound)) {
      -likelihood.value(driftVariance: exp($0))
    }
    guard -found.value > still + 1e-10 * (1 + abs(still)) else { return result(.none, 0, still, found.record) }
    let (logDrift, slope) = Self.polished(found.point[0]) { -likelihood.value(driftVariance: exp($0)) }
    var record = found.record
    record.gradientNorm = abs(slope)
    record.evaluations += 12
    return result(.estimated, exp(logDrift), likelihood.value(driftVariance: exp(logDrift)), record)
  }

  /// A minimum to more digits than values tell it, which is half of them: Newton steps by differences of fourth order, wide
  /// enough that rounding hardly shows.
  private static func polished(_ start: Double, _ f: (Double) -> Double) -> (place: Double, slope: Double) {
    let h = 0.02
    var (x, slope) = (start, 0.0)
    for round in 0..<3 {
      let (a, b, c, d) = (f(x - 2 * h), f(x - h), f(x + h), f(x + 2 * h))
      slope = (a - 8 * b + 8 * c - d) / (12 * h)
      let curvature = (d + a - b - c) / (3 * h * h)
      // At the edge of the range, or where values aren't curved, what was found stands.
      guard round < 2, curvature > 0, abs(slope / curvature) < h else { break }
      x -= slope / curvature
    }
    return (x, slope)
  }
}
