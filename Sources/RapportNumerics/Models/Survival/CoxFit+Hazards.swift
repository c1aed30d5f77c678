import Glibc

/// The cumulative hazard of one stratum where all covariates and offsets are 0.
public struct BaselineHazard: Sendable, Equatable {
  /// The stratum's code.
  public let stratum: Int32
  /// The times of its events, ascending.
  public let times: [Double]
  /// Λ₀ just after each time.
  public let cumulativeHazard: [Double]

  /// Λ₀(t).
  public func cumulativeHazard(at t: Double) -> Double {
    times.lastIndex(notAbove: t).map { cumulativeHazard[$0] } ?? 0
  }
}

/// The share that is expected to be still without the event, for given covariates.
public struct PredictedSurvival: Sendable, Equatable {
  /// The times of the stratum's events, ascending.
  public let times: [Double]
  /// S just after each time.
  public let survival: [Double]
  /// The standard error of log S, with that of the coefficients.
  public let logStandardErrors: [Double]

  /// The standard errors of S.
  public var standardErrors: [Double] { zip(survival, logStandardErrors).map { $0 * $1 } }

  /// S(t).
  public func survival(at t: Double) -> Double { times.lastIndex(notAbove: t).map { survival[$0] } ?? 1 }

  /// The standard error of S(t).
  public func standardError(at t: Double) -> Double {
    times.lastIndex(notAbove: t).map { survival[$0] * logStandardErrors[$0] } ?? 0
  }

  /// The first time at which S is at most 1 − p, or where it meets it exactly the middle of the flat piece; `nil` where
  /// the data end before.
  public func quantile(_ p: Double) -> Double? {
    checkProbability(p)
    guard let first = survival.firstIndex(where: { $0 <= 1 - p + KaplanMeier.slack }) else { return nil }
    let next = survival.firstIndex { $0 < 1 - p - KaplanMeier.slack } ?? times.count - 1
    return 0.5 * (times[first] + times[max(first, next)])
  }

  /// The median time.
  public var median: Double? { quantile(0.5) }
}

extension CoxFit {
  /// The baseline hazards of all strata with events, by code.
  ///
  ///     Λ₀(t) = Σ_{events} w̄ Σ 1/S₀        S₀ = Σ at risk w exp(x'β + offset), by Efron's or Breslow's rule
  ///
  /// After exact ties they are Breslow's. Where 0 is far from the covariates' range, they are tiny or huge.
  public func baselineHazards() throws(NumericsError) -> [BaselineHazard] {
    let hazards = try details(scores: false).hazards
    return sweep.sets.strata.enumerated().map { index, stratum in
      let shift = exp(-(0..<coefficients.count).reduce(0) { $0 + centre(index, $1) * scaledCoefficients[$1] })
      var sum = 0.0
      var times: [Double] = []
      var cumulative: [Double] = []
      for step in stratum.steps.reversed() {
        sum += hazards[step]
        times.append(sweep.sets.times[step])
        cumulative.append(sum * shift)
      }
      return BaselineHazard(stratum: stratum.code, times: times, cumulativeHazard: cumulative)
    }
  }

  /// The survival curve of someone with these covariates in a stratum.
  ///
  ///     log S = −Λ₀ e^{x'β}    Var log S = e^{2x'β} (Σ w̄ Σ 1/S₀² + q' V q)    q = ∫ (x̄ − x) dΛ₀
  ///
  /// - Parameters:
  ///   - covariates: one per column of the design, those left out too.
  ///   - code: the stratum's; 0 where there are none.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for a stratum without events.
  ///
  /// Source: Tsiatis (1981); Therneau & Grambsch (2000), §10.2.
  public func predictedSurvival(covariates: [Double], stratum code: Int32 = 0) throws(NumericsError)
    -> PredictedSurvival
  {
    precondition(covariates.count == designCount, "\(covariates.count) covariates, expected \(designCount)")
    guard let index = sweep.sets.strata.firstIndex(where: { $0.code == code }) else {
      throw .invalidInput("stratum \(code) has no event")
    }
    let stratum = sweep.sets.strata[index]
    let found = try details(scores: false)
    let (columns, p) = (sweep.columns, coefficients.count)
    // From the stratum's centre, in the scale of the columns.
    let x = (0..<p).map { covariates[columns.kept[$0]] / columns.scales[$0] - centre(index, $0) }
    let ratio = exp(dot(x, scaledCoefficients))
    var scaledCovariance = robustCovariance ?? covariance
    for j in 0..<p {
      for i in 0..<p { scaledCovariance[i, j] *= columns.scales[i] * columns.scales[j] }
    }
    var (cumulative, variance) = (0.0, 0.0)
    var q = [Double](repeating: 0, count: p)
    var times: [Double] = []
    var survival: [Double] = []
    var errors: [Double] = []
    for step in stratum.steps.reversed() {
      cumulative += found.hazards[step]
      variance += found.hazardVariances[step]
      for j in 0..<p { q[j] += found.hazardMeans[step * p + j] - x[j] * found.hazards[step] }
      times.append(sweep.sets.times[step])
      survival.append(exp(-cumulative * ratio))
      errors.append(ratio * max(0, variance + dot(q, scaledCovariance * q)).squareRoot())
    }
    return PredictedSurvival(times: times, survival: survival, logStandardErrors: errors)
  }

  /// What was subtracted from a column in a stratum, in the scale of the columns.
  private func centre(_ stratum: Int, _ column: Int) -> Double {
    sweep.columns.centres[stratum * coefficients.count + column] / sweep.columns.scales[column]
  }
}
