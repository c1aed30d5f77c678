import RapportIngestion

/// The ranked score from units' own values, nothing borrowed: what rankability rests on (METHODS.md §10, §14.9).
///
///     S = S(c) + Σ_k J_k (x_k − c_k)        J_k = ∂S/∂x_k at c
///     error² = φ Σ_k (J_k e_k)²              φ = max(1, Σ_i (Σ_k J_k (d_ik − d̄_k))² / Σ_ik J_k² v_ik (1 − 1/n_k))
///
/// x_k are the points of a unit's own value, e_k their standard errors, c the points of the priors. A straight line,
/// because the geometric mean of a few noisy values has a long tail downwards whose spread no standard error tells. e_k is how far
/// points lie, in the root mean square, from those where the unit is believed to stand, if the value or its logarithm errs normally
/// (Gauss–Hermite, 5 nodes): a unit beyond a goalpost may have a value of its own that isn't. φ compares two halves of each unit's own months, d_ik their difference in points, v_ik its variance by the errors:
/// indicators that rest on the same events err together (a promise kept late lowers both follow-through indicators). What moves
/// all n_k units alike, d̄_k, moves no rank. The sums go over all splits (``SplitHalves``).
struct PlainScores: Sendable {
  private let slopes: [Double]
  private let center: [Double]
  private let origin: Double
  private let options: AssessmentOptions
  /// φ.
  private(set) var inflation = 1.0

  /// - Parameters:
  ///   - ranked: `nil` for health, else the position of a domain
  ///   - halves: indicators of halves of the months, without the timing model, split by split
  init(
    _ indicators: [IndicatorPosteriors], unitCount: Int, composite: Composite, ranked: Int?,
    halves: [(first: [IndicatorPosteriors], second: [IndicatorPosteriors])], options: AssessmentOptions
  ) {
    func evaluate(_ points: [Double]) -> Double {
      switch ranked {
      case .some(let domain): domain < 0 ? 0 : composite.domainScores(points)[domain]
      case .none: composite.health(points)
      }
    }
    self.options = options
    let center = indicators.map {
      min(max(Self.points($0.indicator, $0.prior.value, options), 2), 99)
    }
    self.center = center
    origin = evaluate(center)
    slopes = center.indices.map { k in
      var (below, above) = (center, center)
      below[k] -= 1
      above[k] += 1
      return (evaluate(above) - evaluate(below)) / 2
    }
    inflation = Self.inflation(
      halves.map { split in
        (0..<unitCount).map { unit in
          zip(parts(unit, of: indicators, from: split.first), parts(unit, of: indicators, from: split.second)).map {
            first, second in first.flatMap { a in second.map { b in Difference(a, b) } }
          }
        }
      }, slopes: slopes)
  }

  /// What two halves of a unit's months differ by, and the variance that their errors give it.
  struct Difference {
    let value: Double
    let variance: Double

    init(_ a: (score: Double, error: Double), _ b: (score: Double, error: Double)) {
      value = a.score - b.score
      variance = a.error * a.error + b.error * b.error
    }
  }

  /// φ.
  ///
  /// - Parameters:
  ///   - splits: split by split, unit by unit, by indicator; `nil` where a half has no value
  ///   - slopes: J by indicator
  static func inflation(_ splits: [[[Difference?]]], slopes: [Double]) -> Double {
    var found = 0.0
    var expected = 0.0
    for units in splits {
      var differences = [Double](repeating: 0, count: units.count)
      for k in slopes.indices {
        let known = units.indices.filter { units[$0][k] != nil }
        guard known.count > 1 else { continue }
        let count = Double(known.count)
        let mean = known.reduce(0) { $0 + units[$1][k]!.value } / count
        for unit in known {
          differences[unit] += slopes[k] * (units[unit][k]!.value - mean)
          // A difference from the mean of n varies by (n − 1)/n of its own variance.
          expected += slopes[k] * slopes[k] * units[unit][k]!.variance * (count - 1) / count
        }
      }
      found += differences.reduce(0) { $0 + $1 * $1 }
    }
    return expected > 0 ? max(1, found / expected) : 1
  }

  /// One unit's score and its standard error. An indicator that isn't shown stands at the prior and adds nothing.
  func score(_ unit: Int, of indicators: [IndicatorPosteriors]) -> (score: Double, error: Double) {
    var score = origin
    var variance = 0.0
    for (k, part) in parts(unit, of: indicators, from: indicators).enumerated() {
      guard let part else { continue }
      score += slopes[k] * (part.score - center[k])
      variance += slopes[k] * slopes[k] * part.error * part.error
    }
    return (score, (inflation * variance).squareRoot())
  }

  /// Points of a unit's own values in `source`, for those of `indicators` that are shown of it, and their standard errors.
  private func parts(
    _ unit: Int, of indicators: [IndicatorPosteriors], from source: [IndicatorPosteriors]
  ) -> [(score: Double, error: Double)?] {
    indicators.map { indicator in
      guard indicator.isShown(unit), let own = source.first(where: { $0.indicator == indicator.indicator }),
        let plain = own.plain[unit]
      else { return nil }
      // The error where the unit is believed to stand: at an end of the goalposts its own value shows none.
      func points(_ value: Double) -> Double { Self.points(indicator.indicator, value, options) }
      let believed = own.posteriors[unit].value
      let stood = points(believed)
      let variance = Self.nodes.reduce(0.0) { sum, node in
        let off = points(plain.moved(believed, by: node.place)) - stood
        return sum + node.weight * off * off
      }
      return (points(plain.value), variance.squareRoot())
    }
  }

  /// Places and weights of a standard normal's five-point quadrature but for the middle, which adds nothing here. Source: Abramowitz &
  /// Stegun (1964), table 25.10, with places by √2 and weights over √π.
  private static let nodes: [(place: Double, weight: Double)] = [
    (-2.8569700138728056, 0.011257411327720689), (-1.3556261799742659, 0.22207592200561266),
    (1.3556261799742659, 0.22207592200561266), (2.8569700138728056, 0.011257411327720689),
  ]

  private static func points(_ indicator: Indicator, _ value: Double, _ options: AssessmentOptions) -> Double {
    let scale = Goalposts.scales[indicator.index]
    guard indicator == .surveyScore else { return scale.points(value) }
    return scale.points(
      1 + 4 * (value - options.surveyScaleLow) / (options.surveyScaleHigh - options.surveyScaleLow))
  }
}
