/// Limits that units of different size keep within if they differ from a target by chance alone: the funnel plot.
///
///     z_i = (y_i − θ₀)/s_i        φ = mean z²_w        z_w: z, its lowest and highest tenth moved to the nearest kept
///
/// s_i is the standard error that a unit of that size has at the target; of a share or rate whose cases come in clusters √D_i
/// times that of independent ones, with D_i a design effect that is given. Where all units spread more than chance explains,
/// limits widen: by √φ (multiplicative), or to √(s_i² + τ²) in place of s_i (additive), with DerSimonian & Laird's
///
///     τ² = max(0, (I φ − (I − 1)) / (Σw − Σw²/Σw))        w = 1/s², I units
///
/// Source: Spiegelhalter (2005), Funnel plots for comparing institutional performance, appendix A; (2005) Handling
/// over-dispersion of performance indicators; METHODS.md §10.
public struct FunnelLimits: Sendable, Equatable {
  /// How limits widen where units spread more than chance explains.
  public enum Overdispersion: String, Sendable, Codable, CaseIterable {
    /// Not at all.
    case none
    /// By √φ, large units as much as small ones, and never less than by one.
    case multiplicative
    /// By a variance τ² between units, which shows most in large ones.
    case additive
  }

  /// How limits widen; additive by default: true differences between units don't shrink with their size.
  public var overdispersion = Overdispersion.additive
  /// The share of z at each end that is moved to the nearest kept, so that the outliers looked for don't widen the limits.
  public var winsorizedShare = 0.1
  /// Whether φ is divided by what moving the ends leaves of a normal variance, 0.68 at a tenth. Off in the source, where φ is
  /// too small by that even without outliers.
  public var correctsForWinsorizing = false

  /// The method with its defaults.
  public init() {}

  /// Limits for shares.
  ///
  /// - Parameters: `target`: θ₀ between 0 and 1; `nil` for the share of all together. `designEffects`: by unit, how many
  ///   times more its share varies by chance than that of independent trials; `nil` for once.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for counts below zero, more successes than trials, no trial at all, or a
  ///   target or design effect outside.
  public func fit(
    successes: [Int], trials: [Int], target: Double? = nil, designEffects: [Double]? = nil
  ) throws(NumericsError) -> FunnelFit {
    precondition(successes.count == trials.count, "\(successes.count) successes and \(trials.count) trials")
    for (k, n) in zip(successes, trials) where !(k >= 0 && k <= n) {
      throw .invalidInput("\(k) successes of \(n) trials: expected 0 ≤ k ≤ n")
    }
    if let target, !(target > 0 && target < 1) {
      throw .invalidInput("the target is \(target), expected a share between 0 and 1")
    }
    let sizes = trials.map(Double.init)
    return try fit(
      .share, sums: successes.map(Double.init), sizes: sizes, target: target, designEffects: designEffects)
  }

  /// Limits for rates.
  ///
  /// - Parameters: `exposures`: in any unit; expected counts make the rates ratios, with target 1. `target`: θ₀ above 0;
  ///   `nil` for the rate of all together. `designEffects`: by unit, how many times more its rate varies by chance than that
  ///   of independent events; `nil` for once.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for negative or undefined values, events without exposure, no exposure at
  ///   all, or a target or design effect that isn't positive.
  public func fit(
    counts: [Int], exposures: [Double], target: Double? = nil, designEffects: [Double]? = nil
  ) throws(NumericsError) -> FunnelFit {
    precondition(counts.count == exposures.count, "\(counts.count) counts and \(exposures.count) exposures")
    for (y, e) in zip(counts, exposures) where !(y >= 0 && e >= 0 && e.isFinite && (e > 0 || y == 0)) {
      throw .invalidInput("\(y) events in exposure \(e): expected a count in a positive, finite exposure")
    }
    if let target, !(target > 0 && target.isFinite) {
      throw .invalidInput("the target is \(target), expected a rate above 0")
    }
    return try fit(
      .rate, sums: counts.map(Double.init), sizes: exposures, target: target, designEffects: designEffects)
  }

  /// Limits for means of normal observations with one standard deviation.
  ///
  /// - Parameters: `means` by unit, not read where its count is 0; `standardDeviation` of single observations within a
  ///   unit, positive. `target`: θ₀; `nil` for the mean of all observations.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined means, counts below zero, no observation at all, or a
  ///   standard deviation that isn't positive.
  public func fit(
    means: [Double], counts: [Int], standardDeviation: Double, target: Double? = nil
  ) throws(NumericsError) -> FunnelFit {
    precondition(means.count == counts.count, "\(means.count) means and \(counts.count) counts")
    guard standardDeviation > 0 && standardDeviation.isFinite else {
      throw .invalidInput("the standard deviation is \(standardDeviation), expected a positive one")
    }
    for (mean, n) in zip(means, counts) where !(n == 0 || (n > 0 && mean.isFinite)) {
      throw .invalidInput("mean \(mean) of \(n) observations: expected a finite mean of 0 or more")
    }
    if let target, !target.isFinite { throw .invalidInput("the target is \(target), expected a finite number") }
    let sizes = counts.map(Double.init)
    let sums = zip(means, sizes).map { $1 > 0 ? $0 * $1 : 0 }
    return try fit(.mean(standardDeviation: standardDeviation), sums: sums, sizes: sizes, target: target)
  }

  private func fit(
    _ scale: FunnelScale, sums: [Double], sizes: [Double], target: Double?, designEffects: [Double]? = nil
  ) throws(NumericsError) -> FunnelFit {
    if let designEffects {
      precondition(
        designEffects.count == sizes.count, "\(designEffects.count) design effects of \(sizes.count) units")
      for effect in designEffects where !(effect > 0 && effect.isFinite) {
        throw .invalidInput("the design effect is \(effect), expected above 0")
      }
    }
    let whole = sizes.reduce(0, +)
    guard whole > 0 else { throw .invalidInput("all units are empty; limits need at least one observation") }
    return FunnelFit(
      self, scale, sums: sums, sizes: sizes, target: target ?? sums.reduce(0, +) / whole, designEffects: designEffects)
  }
}
