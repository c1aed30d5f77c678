/// Observations of a level that may move, one place for each period.
public struct LevelSeries: Sendable, Equatable {
  /// y by period; `nil` where nothing was observed.
  public let observations: [Double?]
  /// h by period, the variance of that observation's error; not read where nothing was observed.
  public let variances: [Double]
  /// By period, whether the level stands still from it to the next, as during leave.
  public let isPaused: [Bool]

  /// A series.
  ///
  /// - Parameters: as many `variances` as `observations`, positive where something was observed; `isPaused` as many
  ///   again, or `nil` for a level that may always move.
  public init(observations: [Double?], variances: [Double], isPaused: [Bool]? = nil) {
    let isPaused = isPaused ?? observations.map { _ in false }
    precondition(
      observations.count == variances.count && observations.count == isPaused.count,
      "\(observations.count) observations, \(variances.count) variances and \(isPaused.count) pauses")
    self.observations = observations
    self.variances = variances
    self.isPaused = isPaused
  }

  /// The same series with the variances of its errors times this.
  func scalingErrors(by factor: Double) -> LevelSeries {
    factor == 1
      ? self : LevelSeries(observations: observations, variances: variances.map { factor * $0 }, isPaused: isPaused)
  }

  /// The observations there are, each with its variance and how many moving steps lie between it and the one before.
  func gaps() throws(NumericsError) -> [LevelGap] {
    var gaps: [LevelGap] = []
    var steps = 0
    for (t, y) in observations.enumerated() {
      if let y {
        guard y.isFinite && variances[t].isFinite && variances[t] > 0 else {
          throw .invalidInput(
            "period \(t): observation \(y), variance \(variances[t]); expected finite values and a positive variance")
        }
        gaps.append(LevelGap(steps: gaps.isEmpty ? 0 : Double(steps), value: y, variance: variances[t]))
        steps = 0
      }
      if !isPaused[t] { steps += 1 }
    }
    return gaps
  }
}

/// An observation and what lies before it: all that the likelihood needs of the periods without one.
struct LevelGap: Sendable {
  /// Moving steps since the observation before; 0 at the first.
  let steps: Double
  let value: Double
  let variance: Double
}
