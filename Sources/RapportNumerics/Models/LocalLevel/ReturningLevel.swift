import Glibc

/// A level that leaves its usual place and returns to it, seen with errors of known size.
///
///     y_t = m + u_t + ε_t        m ~ N(μ, τ²)        Cov(u_s, u_t) = σ² φ^|t − s|        ε_t ~ N(0, c h_t), h_t known
///
/// |t − s| counts the steps in which the level isn't paused. μ, τ², σ², φ and c are common to all series. Where months
/// are bad for a while and then good again, a ``LocalLevel``, whose moves stay, takes a dip at the end for lasting, and is
/// surer than it should be of a difference between two months.
///
/// Given τ²/c, σ²/c and φ the best μ and c are known, from the Kalman filter run over y and over ones:
///
///     −2 log L = N log c + Σ log F + Σ log(1 + a S₁₁) + (Σ (S_yy − a S₁y²/(1 + a S₁₁)) − μ̂² W)/c        a = τ²/c
///     S_xy = Σ v_x v_y/F        μ̂ = Σ S₁y/(1 + a S₁₁)/W        W = Σ S₁₁/(1 + a S₁₁)
///
/// Source: Durbin & Koopman (2012), §6.2 for constants by the augmented filter; Jones (1993) for the model.
public struct ReturningLevel: Sendable, Equatable {
  /// μ, the mean of usual levels.
  public let mean: Double
  /// τ², how much usual levels differ between series.
  public let usualVariance: Double
  /// σ², how far a level is off its usual one.
  public let swingVariance: Double
  /// φ, what is left of that after one step.
  public let persistence: Double
  /// c, what the variances of errors are multiplied by.
  public let errorFactor: Double

  /// A model with these parameters.
  ///
  /// - Parameters: variances of 0 or more, `persistence` from 0 to below 1, `errorFactor` above 0.
  public init(mean: Double, usualVariance: Double, swingVariance: Double, persistence: Double, errorFactor: Double = 1)
  {
    precondition(
      usualVariance >= 0 && swingVariance >= 0 && persistence >= 0 && persistence < 1 && errorFactor > 0,
      "variances \(usualVariance), \(swingVariance), persistence \(persistence), error factor \(errorFactor)")
    self.mean = mean
    self.usualVariance = usualVariance
    self.swingVariance = swingVariance
    self.persistence = persistence
    self.errorFactor = errorFactor
  }

  /// By maximum likelihood over all series.
  ///
  /// - Parameters: `errorFactors`: where c is looked for; `nil` takes errors as they are.
  /// - Returns: `nil` without observations.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined observations and variances that aren't positive.
  /// - Complexity: O(observations) for each of some hundred points tried.
  public static func fit(
    _ series: [LevelSeries], errorFactors: ClosedRange<Double>? = nil, threads: Int = 1
  ) throws(NumericsError) -> Self? {
    var gaps: [[LevelGap]] = []
    for one in series {
      let own = try one.gaps()
      if !own.isEmpty { gaps.append(own) }
    }
    let (count, errors) = gaps.joined().reduce(into: (0, 0.0)) { $0 = ($0.0 + 1, $0.1 + $1.variance) }
    guard count > 0 else { return nil }
    let likelihood = ReturningLikelihood(
      gaps, observations: count, errorFactors: errorFactors ?? 1...1, threads: threads)
    // From a thousandth of an error's variance, which no number of months tells from none, to a thousand.
    let (error, reach) = (log(errors / Double(count)), log(1e3))
    var search = BoundedSearch(
      method: .bobyqa, lower: [error - reach, error - reach, 0], upper: [error + reach, error + reach, mostPersistence])
    (search.relativeTolerance, search.absoluteTolerance) = (1e-6, 1e-6)
    search.initialStep = [1, 1, 0.2]
    let found = try search.minimize(from: [error - 1, error - 1, 0.5]) { point, _ in
      likelihood.at(exp(point[0]), exp(point[1]), point[2]).value
    }
    let (usual, swing) = (exp(found.point[0]), exp(found.point[1]))
    let best = likelihood.at(usual, swing, found.point[2])
    return Self(
      mean: best.mean, usualVariance: best.factor * usual, swingVariance: best.factor * swing,
      persistence: found.point[2], errorFactor: best.factor)
  }

  /// A level that returns more slowly can't be told from one that doesn't.
  private static let mostPersistence = 0.98

  /// The level at one period less that at an earlier one, given all observations.
  ///
  ///     d | y ~ N(g'V⁻¹(y − μ), Var d − g'V⁻¹g)        g = Cov(y, d), V = Cov(y)
  ///
  /// - Parameters: 0 ≤ `earlier` ≤ `later` < periods.
  /// - Complexity: O(observations³)
  public func change(
    _ series: LevelSeries, from earlier: Int, to later: Int
  ) throws(NumericsError) -> LevelEstimate {
    precondition(
      earlier >= 0 && earlier <= later && later < series.observations.count,
      "from \(earlier) to \(later), expected two of \(series.observations.count) periods in order")
    _ = try series.gaps()
    var moved = [0]
    for isPaused in series.isPaused { moved.append(moved[moved.count - 1] + (isPaused ? 0 : 1)) }
    func swing(_ s: Int, _ t: Int) -> Double { swingVariance * pow(persistence, Double(abs(moved[s] - moved[t]))) }
    let seen = series.observations.indices.filter { series.observations[$0] != nil }
    var covariance = [Double](repeating: 0, count: seen.count * seen.count)
    for (i, s) in seen.enumerated() {
      for j in 0...i { covariance[i * seen.count + j] = usualVariance + swing(s, seen[j]) }
      covariance[i * seen.count + i] += errorFactor * series.variances[s]
    }
    let shared = seen.map { swing($0, later) - swing($0, earlier) }
    let weights = SmallCholesky(covariance, size: seen.count).solve(shared)
    var (level, variance) = (0.0, 2 * (swingVariance - swing(earlier, later)))
    for (i, s) in seen.enumerated() {
      level += weights[i] * ((series.observations[s] ?? mean) - mean)
      variance -= weights[i] * shared[i]
    }
    return LevelEstimate(level: level, variance: max(0, variance))
  }
}

/// −2 log L of a ``ReturningLevel``, less a constant, with the best μ and c.
private struct ReturningLikelihood: Sendable {
  /// Series in blocks, so that sums don't depend on the number of threads.
  let blocks: [[[LevelGap]]]
  let observations: Int
  let errorFactors: ClosedRange<Double>
  let threads: Int

  init(_ series: [[LevelGap]], observations: Int, errorFactors: ClosedRange<Double>, threads: Int) {
    let size = 256
    blocks = stride(from: 0, to: series.count, by: size).map { Array(series[$0..<min($0 + size, series.count)]) }
    self.observations = observations
    self.errorFactors = errorFactors
    self.threads = threads
  }

  private struct Sums: Sendable {
    var logarithms = 0.0
    var squares = 0.0
    var means = 0.0
    var weights = 0.0
  }

  /// At τ²/c, σ²/c and φ.
  func at(_ usual: Double, _ swing: Double, _ persistence: Double) -> (value: Double, mean: Double, factor: Double) {
    let sums = parallelMap(count: blocks.count, threads: threads) { block in
      var sums = Sums()
      for series in blocks[block] { Self.add(series, usual, swing, persistence, to: &sums) }
      return sums
    }.reduce(into: Sums()) {
      $0.logarithms += $1.logarithms
      $0.squares += $1.squares
      $0.means += $1.means
      $0.weights += $1.weights
    }
    let mean = sums.means / sums.weights
    let squares = max(0, sums.squares - mean * sums.means)
    let factor = min(
      max(squares / Double(observations), errorFactors.lowerBound), errorFactors.upperBound)
    return (Double(observations) * log(factor) + sums.logarithms + squares / factor, mean, factor)
  }

  private static func add(
    _ series: [LevelGap], _ usual: Double, _ swing: Double, _ persistence: Double, to sums: inout Sums
  ) {
    // What is expected of y, and of a series of ones, with the variance that both have.
    var (level, one, variance) = (0.0, 0.0, swing)
    var (yy, oneY, ones) = (0.0, 0.0, 0.0)
    for gap in series {
      let left = gap.steps == 1 ? persistence : pow(persistence, gap.steps)
      (level, one, variance) = (left * level, left * one, swing + left * left * (variance - swing))
      let total = variance + gap.variance
      let (surprise, oneSurprise) = (gap.value - level, 1 - one)
      sums.logarithms += log(total)
      yy += surprise * surprise / total
      oneY += oneSurprise * surprise / total
      ones += oneSurprise * oneSurprise / total
      let share = variance / total
      (level, one, variance) = (level + share * surprise, one + share * oneSurprise, share * gap.variance)
    }
    let spread = 1 + usual * ones
    sums.logarithms += log(spread)
    sums.squares += yy - usual * oneY * oneY / spread
    sums.means += oneY / spread
    sums.weights += ones / spread
  }
}
