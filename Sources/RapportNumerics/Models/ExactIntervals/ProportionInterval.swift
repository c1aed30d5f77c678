/// Limits of a proportion, from k successes in n trials.
public enum ProportionInterval: String, Sendable, Codable, CaseIterable {
  /// Clopper & Pearson (1934): exact; covers at least its level.
  case clopperPearson
  /// Wilson (1927): the score test inverted; covers its level on average.
  case wilson
  /// Agresti & Coull (1998): adds z²/2 successes and failures; may reach beyond 0 … 1.
  case agrestiCoull
  /// Jeffreys: quantiles of Beta(k + ½, n − k + ½); 0 and 1 at the ends (Brown, Cai & DasGupta 2001).
  case jeffreys

  /// The limits.
  ///
  /// - Parameters: 0 ≤ `successes` ≤ `trials`, with at least one trial.
  public func limits(successes: Int, trials: Int, level: Double = 0.9) -> (low: Double, high: Double) {
    precondition(trials > 0 && successes >= 0 && successes <= trials, "\(successes) successes of \(trials) trials")
    precondition(level > 0 && level < 1, "level is \(level), expected between 0 and 1")
    let (k, n) = (Double(successes), Double(trials))
    let tail = (1 - level) / 2
    let z = Normal.standard.quantile(1 - tail)
    switch self {
    case .clopperPearson:
      return (
        successes == 0 ? 0 : Beta(k, n - k + 1).quantile(tail),
        successes == trials ? 1 : Beta(k + 1, n - k).upperQuantile(tail)
      )
    case .jeffreys:
      let beta = Beta(k + 0.5, n - k + 0.5)
      return (successes == 0 ? 0 : beta.quantile(tail), successes == trials ? 1 : beta.upperQuantile(tail))
    case .wilson:
      // In terms of k and n − k, so that at either end nothing cancels.
      let half = z * (k * (n - k) / n + z * z / 4).squareRoot()
      let center = k + z * z / 2
      return (
        successes == 0 ? 0 : (center - half) / (n + z * z), successes == trials ? 1 : (center + half) / (n + z * z)
      )
    case .agrestiCoull:
      let p = (k + z * z / 2) / (n + z * z)
      let half = z * (p * (1 - p) / (n + z * z)).squareRoot()
      return (p - half, p + half)
    }
  }
}
