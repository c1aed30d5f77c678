/// What is known of a moving level, period by period, at a given q.
///
///     filtered   μ_t | y_1 … y_t    as was known then
///     smoothed   μ_t | all y        as is known now
///
/// Filtering is the Kalman filter, P for the variance of the level given all observations before:
///
///     F = P + h        a ← a + (P/F) (y − a)        P ← P h/F        then, unless paused, P ← P + q
///
/// Smoothing runs back from the end, with the gain C_t = P_{t|t}/P_{t+1}, written so that nothing cancels:
///
///     α̂_t = (1 − C_t) a_{t|t} + C_t α̂_{t+1}        V_t = (1 − C_t) P_{t|t} + C_t² V_{t+1}
///
/// Source: Rauch, Tung & Striebel (1965); Durbin & Koopman (2012), §2.2, §2.4, §5.2 for the diffuse start.
public struct LevelPath: Sendable, Equatable {
  /// q.
  public let driftVariance: Double
  /// By period, given the observations up to it; `nil` before the first.
  public let filtered: [LevelEstimate?]
  /// By period, given all observations; `nil` where there is none at all.
  public let smoothed: [LevelEstimate?]
  /// By period, (y − a)/√F, standard normal draws if the model holds; `nil` at the first observation and where there is
  /// none.
  public let standardizedInnovations: [Double?]
  /// C_t; one before the first observation.
  private let gains: [Double]

  /// The levels at this q.
  ///
  /// - Parameters: `driftVariance`: 0 or more, by period.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined observations and variances that aren't positive.
  /// - Complexity: O(periods)
  public init(_ series: LevelSeries, driftVariance: Double) throws(NumericsError) {
    guard driftVariance >= 0 && driftVariance.isFinite else {
      throw .invalidInput("the drift's variance is \(driftVariance), expected a finite number of 0 or more")
    }
    _ = try series.gaps()
    self.init(checked: series, driftVariance: driftVariance)
  }

  init(checked series: LevelSeries, driftVariance q: Double) {
    let count = series.observations.count
    var filtered = [LevelEstimate?](repeating: nil, count: count)
    var innovations = [Double?](repeating: nil, count: count)
    var gains = [Double](repeating: 1, count: count)
    func step(_ t: Int) -> Double { series.isPaused[t] ? 0 : q }
    var current: LevelEstimate?
    for t in 0..<count {
      if let y = series.observations[t] {
        let h = series.variances[t]
        if let before = current {
          let total = before.variance + h
          innovations[t] = (y - before.level) / total.squareRoot()
          current = LevelEstimate(
            level: before.level + before.variance / total * (y - before.level), variance: before.variance / total * h)
        } else {
          current = LevelEstimate(level: y, variance: h)
        }
      }
      filtered[t] = current
      guard let here = current else { continue }
      let predicted = here.variance + step(t)
      gains[t] = here.variance / predicted
      current = LevelEstimate(level: here.level, variance: predicted)
    }

    var smoothed = filtered
    for t in (0..<max(count - 1, 0)).reversed() {
      guard let next = smoothed[t + 1] else { break }
      guard let here = filtered[t] else {
        // Of a level before the first observation only the way back from it is known.
        smoothed[t] = LevelEstimate(level: next.level, variance: next.variance + step(t))
        continue
      }
      let gain = gains[t]
      smoothed[t] = LevelEstimate(
        level: here.level + gain * (next.level - here.level),
        // (1 − C) P = C q.
        variance: gain * step(t) + gain * gain * next.variance)
    }
    driftVariance = q
    self.filtered = filtered
    self.smoothed = smoothed
    standardizedInnovations = innovations
    self.gains = gains
  }

  /// μ at one period less μ at an earlier one, given all observations; `nil` where there are none.
  ///
  ///     Var = V_s + V_t − 2 C_s … C_{t−1} V_t
  ///
  /// - Parameters: 0 ≤ `earlier` ≤ `later` < periods.
  public func change(from earlier: Int, to later: Int) -> LevelEstimate? {
    precondition(
      earlier >= 0 && earlier <= later && later < smoothed.count,
      "from \(earlier) to \(later), expected two of \(smoothed.count) periods in order")
    guard let start = smoothed[earlier], let end = smoothed[later] else { return nil }
    var gain = 1.0
    for t in earlier..<later { gain *= gains[t] }
    return LevelEstimate(
      level: end.level - start.level, variance: max(0, start.variance + end.variance - 2 * gain * end.variance))
  }
}

/// A level, or a difference between levels, and how well it is known: normal with this mean and variance.
public struct LevelEstimate: Sendable, Equatable {
  /// Its mean.
  public let level: Double
  /// Its variance.
  public let variance: Double

  /// A level known as well as this.
  public init(level: Double, variance: Double) {
    self.level = level
    self.variance = variance
  }

  /// √variance.
  public var standardDeviation: Double { variance.squareRoot() }
}
