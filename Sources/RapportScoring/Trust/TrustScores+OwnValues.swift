import Glibc
import RapportIngestion
import RapportNumerics

/// Departures of managers' trust from their own evidence, nothing borrowed (METHODS.md §10).
extension TrustScores {
  /// - Parameters:
  ///   - whole: of all months
  ///   - months: random halves of the months, split by split (``SplitHalves/months(_:units:seed:)``)
  ///   - fitted: of one of them
  static func departures(
    of whole: TrustModel.Fit, _ directions: [TrustDirection], _ managers: [[Int]], months: [[MonthSelection]],
    threads: Int, fitted: @Sendable (MonthSelection) -> TrustModel.Fit
  ) -> Departures {
    let own = own(whole, directions, managers)
    let halves = parallelMap(count: months.count, threads: threads) { split in
      months[split].map { Self.own(fitted($0), directions, managers) }
    }
    return Departures(
      own.map { [$0] }, sizes: own.map { [$0?.variance.squareRoot() ?? 0] },
      splits: halves.map { halves in
        zip(halves[0], halves[1]).map { first, second in
          guard let first, let second else { return [nil] }
          return [Departures.Part(value: first.value - second.value, variance: first.variance + second.variance)]
        }
      })
  }

  /// By manager, 0–100; `nil` without evidence. From the pairs' own evidence, with half a success and half a failure in each facet, weighted by pairs' evidence.
  ///
  ///     S = Σ_p w_p T_p        log T_p = Σ_f c_f log g(x_f)        error² = Σ_p w_p² T̂_p² Σ_f c_f² v_f Var log g(x_f)
  ///
  /// w_p is a pair's share of the evidence, x_f the share of what speaks for the side, g(x) = x/(x + a (1 − x)) with the asymmetry a, c_f one
  /// over the facets of the direction and over the directions, so that these count alike. The error is that where the pair
  /// is believed to stand, x̂ and T̂, so that luck in a share isn't luck in its error: by their own shares low ones would err
  /// more than high ones, and managers who are all alike seem to differ. A facet without evidence stands at its prior's mean and adds no
  /// error, as an indicator does that isn't shown (``OwnValues``): left out, pairs would differ by which facets they have, since
  /// some are usually higher than others.
  static func own(_ fit: TrustModel.Fit, _ directions: [TrustDirection], _ managers: [[Int]]) -> [Departures.Part?] {
    managers.map { pairs in
      let weights = pairs.map { pair in directions.reduce(0) { $0 + fit.weight(pair, $1) } }
      let total = weights.reduce(0, +)
      guard total > 0 else { return nil }
      var value = 0.0
      var variance = 0.0
      for (pair, weight) in zip(pairs, weights) {
        let share = weight / total
        var (own, believed, errors) = (0.0, 0.0, 0.0)
        for direction in directions {
          let facets = fit.facets(direction)
          let exponent = 1 / Double(facets.count * directions.count)
          for facet in facets {
            let part = fit.own(fit.cell(pair, direction, facet))
            own += exponent * part.own
            believed += exponent * part.believed
            errors += exponent * exponent * part.variance
          }
        }
        let stands = Posterior.exponential(believed)
        value += share * Posterior.exponential(own)
        variance += share * share * stands * stands * errors
      }
      return Departures.Part(value: 100 * value, variance: 10_000 * variance)
    }
  }
}

extension TrustModel.Fit {
  /// The logarithm of one facet of a pair, by its own evidence and as believed, and the variance of the former by luck.
  ///
  /// The own share is ω₀/2 + Σ ω x, of what half a success and half a failure weigh in it, and pieces x of evidence, which tell as much
  /// as (1 − ω₀)²/Σω² whole ones (Kish 1965). Of so many trials the variance is summed over all outcomes, for a logarithm of few trials
  /// is far from straight; of more than ``mostSummed`` it is a straight line's. Ratings vary less than trials.
  fileprivate func own(_ cell: Int) -> (own: Double, believed: Double, variance: Double) {
    guard counts[cell] > 0 else {
      let usual = log(Self.weighted(priors[cell % 6 / 3][cell % 3]!.mean, asymmetry))
      return (usual, usual, 0)
    }
    let (start, heard) = (ownStarts[cell], 1 - ownStarts[cell])
    let trials = heard * heard / ownSquares[cell]
    func logarithm(_ share: Double) -> Double { log(Self.weighted(share, asymmetry)) }
    let believed = believedShares[cell]
    let whole = max(1, trials.rounded())
    var variance: Double
    if whole > Self.mostSummed {
      // d log g/dx = a/(x (x + a (1 − x))).
      let slope = asymmetry / (believed * (believed + asymmetry * (1 - believed)))
      variance = slope * slope * believed * (1 - believed) * heard * heard / whole
    } else {
      let rarer = min(believed, 1 - believed)
      var probability = pow(1 - rarer, whole)
      var (mean, square) = (0.0, 0.0)
      for count in 0...Int(whole) {
        let supporting = believed <= 0.5 ? Double(count) : whole - Double(count)
        let outcome = logarithm(0.5 * start + heard * supporting / whole)
        mean += probability * outcome
        square += probability * outcome * outcome
        probability *= rarer / (1 - rarer) * (whole - Double(count)) / Double(count + 1)
      }
      variance = max(0, square - mean * mean)
    }
    variance *= variation[cell % 6 / 3][cell % 3] * whole / trials
    return (logarithm(ownShares[cell]), logarithm(believed), variance)
  }

  /// Up to so many trials.
  private static let mostSummed = 40.0
}
