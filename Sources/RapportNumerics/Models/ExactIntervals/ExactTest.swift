import Glibc

/// Tail areas of an exact test of a count.
///
/// The two-sided one sums all outcomes that are no more likely than the one seen, with R's allowance of 1e-7 for ties.
public struct ExactTest: Sendable, Equatable {
  /// Two-sided.
  public let twoSided: Double
  /// P(X ≤ the count).
  public let less: Double
  /// P(X ≥ the count).
  public let greater: Double

  /// Of k successes in n trials against a probability.
  public static func binomial(successes: Int, trials: Int, probability: Double) -> ExactTest {
    precondition(successes >= 0 && successes <= trials, "\(successes) successes of \(trials) trials")
    return ExactTest(
      Binomial(trials: trials, probability: probability), successes, mean: Double(trials) * probability, last: trials)
  }

  /// Of a count of events in an exposure against a rate.
  public static func poisson(count: Int, exposure: Double, rate: Double) -> ExactTest {
    precondition(count >= 0 && exposure > 0 && rate >= 0, "\(count) events in exposure \(exposure), rate \(rate)")
    let mean = exposure * rate
    // Far enough out that the opposite tail is less likely than any count seen.
    let last = max(count, Int(2 * mean) + 100 + Int(40 * mean.squareRoot()))
    return ExactTest(Poisson(mean: mean), count, mean: mean, last: last)
  }

  init(_ distribution: some DiscreteDistribution, _ count: Int, mean: Double, last: Int) {
    less = distribution.cumulative(count)
    greater = distribution.survival(count - 1)
    let limit = distribution.logProbability(count) + log1p(1e-7)
    if Double(count) == mean {
      twoSided = 1
    } else if Double(count) < mean {
      // Beyond the mean probabilities fall: the first that is no more likely, by halving.
      var (low, high) = (min(last, Int(mean.rounded(.up))), last + 1)
      while low < high {
        let middle = (low + high) / 2
        if distribution.logProbability(middle) <= limit { high = middle } else { low = middle + 1 }
      }
      twoSided = min(1, less + distribution.survival(low - 1))
    } else {
      var (low, high) = (-1, Int(mean))
      while low < high {
        let middle = (low + high + 1) / 2
        if distribution.logProbability(middle) <= limit { low = middle } else { high = middle - 1 }
      }
      twoSided = min(1, greater + distribution.cumulative(low))
    }
  }
}
