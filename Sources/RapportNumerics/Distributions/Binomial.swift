import Glibc

/// How many of n independent trials succeed.
public struct Binomial: DiscreteDistribution {
  /// n.
  public let trials: Int
  /// p, 0 … 1.
  public let probability: Double

  /// The distribution of successes in `trials`.
  public init(trials: Int, probability: Double) {
    precondition(trials >= 0, "\(trials) trials")
    checkProbability(probability)
    self.trials = trials
    self.probability = probability
  }

  public var upperBound: Int? { trials }

  public func logProbability(_ k: Int) -> Double {
    if k < 0 || k > trials { return -.infinity }
    if probability == 0 { return k == 0 ? 0 : -.infinity }
    if probability == 1 { return k == trials ? 0 : -.infinity }
    return logBinomialCoefficient(trials, k) + Double(k) * log(probability)
      + Double(trials - k) * log1p(-probability)
  }

  public func cumulative(_ k: Int) -> Double {
    if k < 0 { return 0 }
    if k >= trials { return 1 }
    return Beta(Double(k + 1), Double(trials - k)).survival(probability)
  }

  public func survival(_ k: Int) -> Double {
    if k < 0 { return 1 }
    if k >= trials { return 0 }
    return Beta(Double(k + 1), Double(trials - k)).cumulative(probability)
  }

  public func quantileGuess(_ p: Double) -> Int {
    let mean = Double(trials) * probability
    let spread = (mean * (1 - probability)).squareRoot()
    return p > 0 ? Int((mean + spread * Normal.standard.quantile(p)).clamped(to: 0...Double(trials))) : 0
  }
}
