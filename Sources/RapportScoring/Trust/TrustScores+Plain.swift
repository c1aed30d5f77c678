import RapportIngestion
import RapportNumerics

/// Managers' trust from their own evidence, nothing borrowed: what rankability by trust rests on (METHODS.md §10, §14.9).
extension TrustScores {
  /// By manager, 0–100, with the standard error; `nil` without evidence.
  typealias Plain = [(score: Double, error: Double)?]

  /// From the pairs' own evidence, with half a success and half a failure in each facet, by pairs' evidence; the error by the
  /// delta method on log trust.
  ///
  ///     S = Σ w_p T_p        T_p = Π p_f^(1/F)        error² = Σ w_p² T̂_p² Σ v (1 − p̂_f) Σλ² / (F² p̂_f (1 + Σλ)²)
  ///
  /// The error is that where the pair is believed to stand, p̂ and T̂, so that luck in a share isn't luck in its error: by their own
  /// shares low ones would err more than high ones, and managers who are all alike seem to differ. w_p is a pair's share of the evidence, F its facets of all directions, weighted so that directions count alike. Pieces that
  /// are discounted by λ tell as much as (Σλ)²/Σλ² (Kish 1965), and ratings vary less than trials, v times. A facet
  /// without evidence stands at its prior's mean and adds no error, as an indicator does that isn't shown (``PlainScores``): left
  /// out, pairs would differ by which facets they have, since some are usually higher than others.
  static func plain(_ fit: TrustModel.Fit, _ directions: [TrustDirection], _ managers: [[Int]]) -> Plain {
    managers.map { pairs in
      let weights = pairs.map { pair in directions.reduce(0) { $0 + fit.weight(pair, $1) } }
      let total = weights.reduce(0, +)
      guard total > 0 else { return nil }
      var value = 0.0
      var variance = 0.0
      for (pair, weight) in zip(pairs, weights) {
        let share = weight / total
        var logTrust = 0.0
        var logBelieved = 0.0
        var logVariance = 0.0
        for direction in directions {
          let facets = fit.facets(direction)
          let exponent = 1 / Double(facets.count * directions.count)
          for facet in facets {
            let cell = fit.cell(pair, direction, facet)
            guard fit.counts[cell] > 0 else {
              let usual = exponent * WaitCurve.log(fit.priors[direction.rawValue][facet]!.mean)
              logTrust += usual
              logBelieved += usual
              continue
            }
            let (a, b) = (fit.positive[cell] + 0.5, fit.negative[cell] + 0.5)
            logTrust += exponent * WaitCurve.log(a / (a + b))
            // d log p / dx = w/((x + w (1 − x)) x), x the share of what speaks for the side and w the asymmetry.
            let n = fit.positive[cell] + fit.negative[cell] / fit.asymmetry + 1
            let x = fit.believedShare(cell)
            let weighted = x + fit.asymmetry * (1 - x)
            let slope = fit.asymmetry / (x * weighted)
            logBelieved += exponent * WaitCurve.log(x / weighted)
            logVariance +=
              exponent * exponent * slope * slope * fit.variation[direction.rawValue][facet] * x * (1 - x)
              * fit.squares[cell] / (n * n)
          }
        }
        let believed = Posterior.exponential(logBelieved)
        value += share * Posterior.exponential(logTrust)
        variance += share * share * believed * believed * logVariance
      }
      return (100 * value, 100 * variance.squareRoot())
    }
  }

  /// φ: how much further the managers' own trust in random halves of the months lies apart than the errors say, as for other
  /// scores (``PlainScores``), since what becomes known in one month goes together.
  ///
  /// - Parameter months: the halves, split by split (``SplitHalves/months(_:units:seed:)``)
  static func inflation(
    _ months: [[MonthSelection]], threads: Int, plain: @Sendable (MonthSelection) -> Plain
  ) -> Double {
    let halves = parallelMap(count: months.count, threads: threads) { months[$0].map(plain) }
    return PlainScores.inflation(
      halves.map { halves in
        zip(halves[0], halves[1]).map { first, second in
          [first.flatMap { first in second.map { PlainScores.Difference(first, $0) } }]
        }
      }, slopes: [1])
  }
}
