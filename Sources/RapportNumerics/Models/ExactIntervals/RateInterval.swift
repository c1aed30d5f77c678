/// Exact limits of rates of events (Garwood 1936).
public enum RateInterval {
  /// Limits of the rate, from a count of events in an exposure.
  public static func limits(count: Int, exposure: Double, level: Double = 0.9) -> (low: Double, high: Double) {
    precondition(count >= 0 && exposure > 0, "\(count) events in exposure \(exposure)")
    precondition(level > 0 && level < 1, "level is \(level), expected between 0 and 1")
    let tail = (1 - level) / 2
    return (
      count == 0 ? 0 : Gamma(shape: Double(count), rate: exposure).quantile(tail),
      Gamma(shape: Double(count) + 1, rate: exposure).upperQuantile(tail)
    )
  }

  /// The ratio of two rates with exact limits and two-sided p-value, given the total of events.
  ///
  /// The ratio is infinite where the second has no event. Source: Przyborowski & Wilenski (1940).
  public static func ratio(
    counts: (Int, Int), exposures: (Double, Double), level: Double = 0.9
  ) -> (ratio: Double, low: Double, high: Double, pValue: Double) {
    precondition(counts.0 + counts.1 > 0, "no events; a ratio of rates needs at least one")
    let total = counts.0 + counts.1
    let limits = ProportionInterval.clopperPearson.limits(successes: counts.0, trials: total, level: level)
    let scale = exposures.1 / exposures.0
    let test = ExactTest.binomial(
      successes: counts.0, trials: total, probability: exposures.0 / (exposures.0 + exposures.1))
    return (
      counts.1 == 0 ? .infinity : Double(counts.0) / Double(counts.1) * scale,
      limits.low / (1 - limits.low) * scale, limits.high == 1 ? .infinity : limits.high / (1 - limits.high) * scale,
      test.twoSided
    )
  }
}
