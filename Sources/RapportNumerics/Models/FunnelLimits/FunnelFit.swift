import Glibc

/// Where units of any size are expected, and where those given lie.
public struct FunnelFit: Sendable, Equatable {
  /// θ₀.
  public let target: Double
  /// The units, in order.
  public let units: [FunnelUnit]
  /// Whether units spread more than chance explains, by the method's rule; undetermined with fewer than two units.
  public let spread: Spread
  /// φ, about one (0.68 where not corrected for winsorizing) where they don't; `nil` with fewer than two units.
  public let dispersion: Double?
  /// τ², 0 where units spread no more than chance explains.
  public let betweenVariance: Double
  private let method: FunnelLimits
  private let scale: FunnelScale

  init(
    _ method: FunnelLimits, _ scale: FunnelScale, sums: [Double], sizes: [Double], target: Double,
    designEffects: [Double]?
  ) {
    self.method = method
    self.scale = scale
    self.target = target
    let plain = sums.indices.map { i -> (value: Double, error: Double, z: Double)? in
      guard sizes[i] > 0 else { return nil }
      let value = sums[i] / sizes[i]
      let error = (scale.variance(target: target, size: sizes[i]) * (designEffects?[i] ?? 1)).squareRoot()
      // Without any error all units lie at the target.
      return (value, error, error > 0 ? (value - target) / error : 0)
    }
    let known = plain.compactMap { $0 }
    let isKnown = known.count > 1 && known.allSatisfy { $0.error > 0 }
    let dispersion = isKnown ? Self.dispersion(known.map(\.z), method) : nil
    let betweenVariance = dispersion.map { Self.betweenVariance($0, known.map(\.error)) } ?? 0
    self.dispersion = dispersion
    self.betweenVariance = betweenVariance
    let isSpread = method.overdispersion == .multiplicative ? (dispersion ?? 0) > 1 : betweenVariance > 0
    spread = dispersion == nil ? .undetermined : isSpread ? .estimated : .none
    let inflation = { (error: Double) in
      Self.inflation(method.overdispersion, dispersion: dispersion, betweenVariance: betweenVariance, error: error)
    }
    units = plain.enumerated().map { i, unit in
      FunnelUnit(
        size: sizes[i], designEffect: designEffects?[i] ?? 1, value: unit?.value, standardError: unit?.error,
        z: unit?.z,
        adjustedZ: unit.map { $0.z / inflation($0.error) })
    }
  }

  /// φ: the mean of squared z, ends moved in, over what that leaves of a normal variance where wanted.
  private static func dispersion(_ z: [Double], _ method: FunnelLimits) -> Double {
    let share = method.winsorizedShare
    precondition(share >= 0 && share < 0.5, "the winsorized share is \(share), expected 0 ≤ share < ½")
    let sorted = z.sorted()
    let cut = Int(share * Double(z.count))
    let (low, high) = (sorted[cut], sorted[z.count - 1 - cut])
    var sum = 0.0
    for value in sorted {
      let kept = min(max(value, low), high)
      sum += kept * kept
    }
    let dispersion = sum / Double(z.count)
    guard method.correctsForWinsorizing && cut > 0 else { return dispersion }
    return dispersion / winsorizedVariance(share: Double(cut) / Double(z.count))
  }

  /// E min(Z², c²) of a standard normal Z with P(Z > c) = q: 1 − 2q − 2cφ(c) + 2q c².
  static func winsorizedVariance(share q: Double) -> Double {
    let c = Normal.standard.quantile(1 - q)
    return 1 - 2 * q - 2 * c * Normal.standard.density(c) + 2 * q * c * c
  }

  private static func betweenVariance(_ dispersion: Double, _ errors: [Double]) -> Double {
    let weights = errors.map { 1 / ($0 * $0) }
    let total = weights.reduce(0, +)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    let count = Double(errors.count)
    return max(0, (count * dispersion - (count - 1)) / (total - squares / total))
  }

  /// What overdispersion multiplies a standard error by.
  private static func inflation(
    _ overdispersion: FunnelLimits.Overdispersion, dispersion: Double?, betweenVariance: Double, error: Double
  ) -> Double {
    switch overdispersion {
    case .none: 1
    case .multiplicative: max(1, dispersion ?? 1).squareRoot()
    case .additive: error > 0 ? (1 + betweenVariance / (error * error)).squareRoot() : 1
    }
  }

  /// The limits that a unit of this size keeps within with this probability.
  ///
  /// Exact where units spread no more than chance explains and the design effect is 1. Otherwise both are moved away from
  /// the target by the factor that the standard error grows by.
  ///
  /// - Parameters: `size`: trials, exposure or observations, above 0, rounded where these are counted. `level`: between
  ///   0 and 1; 0.95 and 0.998 are customary. `designEffect`: how many times more a unit of this size varies by chance than
  ///   independent cases would. `byChanceAlone`: without what overdispersion adds.
  public func limits(
    size: Double, level: Double, designEffect: Double = 1, byChanceAlone: Bool = false
  ) -> (low: Double, high: Double) {
    precondition(size > 0 && size.isFinite, "the size is \(size), expected above 0")
    precondition(level > 0 && level < 1, "the level is \(level), expected between 0 and 1")
    precondition(designEffect > 0 && designEffect.isFinite, "the design effect is \(designEffect), expected above 0")
    let size = scale.hasWholeSizes ? max(1, size.rounded()) : size
    let plain = scale.limits(target: target, size: size, tail: (1 - level) / 2)
    let error = (scale.variance(target: target, size: size) * designEffect).squareRoot()
    let factor =
      designEffect.squareRoot()
      * Self.inflation(
        byChanceAlone ? .none : method.overdispersion, dispersion: dispersion, betweenVariance: betweenVariance,
        error: error)
    return (
      (target + factor * (plain.low - target)).clamped(to: scale.range),
      (target + factor * (plain.high - target)).clamped(to: scale.range)
    )
  }

  /// The limits over a range of sizes, to draw.
  ///
  /// - Parameters: `sizes`: `nil` for ``drawnSizes(count:)``. `designEffect`: of a unit by its size.
  public func curve(
    level: Double, sizes: [Double]? = nil, designEffect: (Double) -> Double = { _ in 1 }
  ) -> [FunnelPoint] {
    (sizes ?? drawnSizes()).map { size in
      let limits = limits(size: size, level: level, designEffect: designEffect(size))
      return FunnelPoint(size: size, low: limits.low, high: limits.high)
    }
  }

  /// At most so many sizes between the smallest and the largest unit, even in their logarithm.
  public func drawnSizes(count: Int = 100) -> [Double] {
    let known = units.map(\.size).filter { $0 > 0 }
    guard let smallest = known.min(), let largest = known.max() else { return [] }
    var sizes: [Double] = []
    for step in 0..<count {
      let size = step == count - 1 ? largest : smallest * pow(largest / smallest, Double(step) / Double(count - 1))
      let drawn = scale.hasWholeSizes ? size.rounded() : size
      if sizes.last.map({ $0 < drawn }) ?? true { sizes.append(drawn) }
    }
    return sizes
  }

  /// Where a unit lies; `nil` for an empty one.
  public func position(unit: Int, level: Double) -> FunnelUnit.Position? {
    guard let value = units[unit].value else { return nil }
    let limits = limits(size: units[unit].size, level: level, designEffect: units[unit].designEffect)
    return value < limits.low ? .below : value > limits.high ? .above : .within
  }
}

/// A unit in a funnel plot.
public struct FunnelUnit: Sendable, Equatable {
  /// Where a unit lies.
  public enum Position: String, Sendable, Codable {
    /// Below the lower limit.
    case below
    /// Between the limits, or on one.
    case within
    /// Above the upper limit.
    case above
  }

  /// Its trials, exposure or observations.
  public let size: Double
  /// How many times more it varies by chance than independent cases would.
  public let designEffect: Double
  /// Its share, rate or mean; `nil` for an empty unit.
  public let value: Double?
  /// The standard error of a unit of this size at the target.
  public let standardError: Double?
  /// (value − target)/standard error; small units of rare events have skewed ones, so judge by limits.
  public let z: Double?
  /// z with the standard error that overdispersion leaves.
  public let adjustedZ: Double?
}

/// The limits for one size.
public struct FunnelPoint: Sendable, Equatable {
  /// Trials, exposure or observations.
  public let size: Double
  /// The lower limit.
  public let low: Double
  /// The upper limit.
  public let high: Double
}
