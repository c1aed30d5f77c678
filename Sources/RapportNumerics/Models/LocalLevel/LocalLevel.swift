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
  /// - Parameters: `errorFactors`: where a number is looked for that all variances of errors are multiplied by, because they
  ///   are known up to a factor only; `nil` takes them as they are.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined observations and variances that aren't positive.
  /// - Complexity: O(observations) for each q tried, some 80 of them.
  public func fit(
    pooled series: [LevelSeries], errorFactors: ClosedRange<Double>? = nil
  ) throws(NumericsError) -> LocalLevelFit {
    var gaps: [[LevelGap]] = []
    for one in series { gaps.append(try one.gaps()) }
    let likelihood = LevelLikelihood(gaps, threads: threads)
    let factors = errorFactors ?? 1...1
    precondition(factors.lowerBound > 0, "error factors from \(factors.lowerBound), expected positive ones")
    let still = likelihood.profile(ratio: 0, errorFactors: factors)
    func result(
      _ drift: Spread, _ ratio: Double, _ found: LevelLikelihood.Profile, _ record: SearchRecord?
    ) -> LocalLevelFit {
      let (factor, q) = (found.errorFactor, ratio * found.errorFactor)
      return LocalLevelFit(
        drift: drift, driftVariance: q, errorFactor: factor, logLikelihood: found.logLikelihood,
        logLikelihoodWithoutDrift: still.logLikelihood, record: record,
        paths: parallelMap(count: series.count, threads: threads) {
          LevelPath(checked: series[$0].scalingErrors(by: factor), driftVariance: q)
        })
    }
    guard let limits = likelihood.searchLimits else { return result(.undetermined, 0, still, nil) }
    // Without any difference between observations the likelihood falls from q = 0 on.
    guard limits.upperBound > 0 else { return result(.none, 0, still, nil) }
    let (low, high) = (log(limits.lowerBound / factors.upperBound), log(limits.upperBound / factors.lowerBound))
    let found = ScannedMinimum(steps: scanSteps).minimize(in: low...high) {
      -likelihood.profile(ratio: exp($0), errorFactors: factors).logLikelihood
    }
    guard -found.value > still.logLikelihood + 1e-10 * (1 + abs(still.logLikelihood)) else {
      return result(.none, 0, still, found.record)
    }
    var record = found.record
    let place = Self.polished(found.point[0], &record) {
      likelihood.profile(ratio: exp($0), errorFactors: factors).slope
    }
    let best = likelihood.profile(ratio: exp(place), errorFactors: factors)
    record.gradientNorm = abs(best.slope)
    return result(.estimated, exp(place), best, record)
  }

  /// A maximum to more digits than values tell it, which is half of them: Newton steps to where the slope is zero.
  private static func polished(_ start: Double, _ record: inout SearchRecord, _ slope: (Double) -> Double) -> Double {
    let h = 1e-4
    var x = start
    for _ in 0..<5 {
      record.evaluations += 3
      let curvature = (slope(x + h) - slope(x - h)) / (2 * h)
      let step = -slope(x) / curvature
      // At the edge of the range, or where values aren't curved, what was found stands.
      guard curvature < 0, abs(step) < 0.02 else { break }
      x += step
      if abs(step) < 1e-9 { break }
    }
    return x
  }
}
