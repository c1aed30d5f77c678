import RapportIngestion

/// Departures of units' own values, nothing borrowed, in the direction in which the ranked score rises (METHODS.md §10).
///
/// Parts are indicators, each on the scale on which it errs about normally. Its size in the score is what one error of the value moves
/// it by: J_k = ∂S/∂x_k at the priors' points, times how far points move with an error, as much of it as the belief keeps (their
/// covariance with a standard normal about what is believed of the unit, by Gauss–Hermite with 5 nodes). Below zero where lower is
/// better. So an indicator that tells next to nothing of units, or whose luck lies beyond a goalpost, counts for as little as in
/// the score.
struct OwnValues: Sendable {
  private let slopes: [Double]
  private let options: AssessmentOptions
  private(set) var departures = Departures([], sizes: [], splits: [])

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
    let center = indicators.map { min(max(Self.points($0.indicator, $0.prior.value, options), 2), 99) }
    slopes = center.indices.map { k in
      var (below, above) = (center, center)
      below[k] -= 1
      above[k] += 1
      return (evaluate(above) - evaluate(below)) / 2
    }
    departures = Departures(
      Self.table(indicators, unitCount) { unit, k in
        Self.own(indicators, indicators[k], unit).map {
          Departures.Part(value: $0.estimate, variance: $0.error * $0.error)
        }
      },
      sizes: Self.table(indicators, unitCount) { unit, k in
        Self.own(indicators, indicators[k], unit).map { slopes[k] * move(indicators[k].indicator, $0) } ?? 0
      },
      splits: Self.differences(indicators, unitCount: unitCount, halves: halves))
  }

  /// What differs between halves of the months, by split, unit and indicator.
  static func differences(
    _ indicators: [IndicatorPosteriors], unitCount: Int,
    halves: [(first: [IndicatorPosteriors], second: [IndicatorPosteriors])]
  ) -> [[[Departures.Part?]]] {
    halves.map { split in
      table(indicators, unitCount) { unit, k in
        guard let first = own(split.first, indicators[k], unit), let second = own(split.second, indicators[k], unit)
        else {
          return nil
        }
        return Departures.Part(
          value: first.estimate - second.estimate,
          variance: first.error * first.error + second.error * second.error)
      }
    }
  }

  private static func table<Cell>(
    _ indicators: [IndicatorPosteriors], _ unitCount: Int, _ cell: (_ unit: Int, _ k: Int) -> Cell
  ) -> [[Cell]] {
    (0..<unitCount).map { unit in indicators.indices.map { cell(unit, $0) } }
  }

  /// Of a half, too, only what could be shown: of a median of two waits, say, the error tells next to nothing.
  private static func own(
    _ source: [IndicatorPosteriors], _ whole: IndicatorPosteriors, _ unit: Int
  ) -> IndicatorPosteriors.Plain? {
    guard whole.isShown(unit), let own = source.first(where: { $0.indicator == whole.indicator }), own.isShown(unit)
    else { return nil }
    return own.plain[unit]
  }

  /// How far points move with one error of a value.
  private func move(_ indicator: Indicator, _ own: IndicatorPosteriors.Plain) -> Double {
    Self.nodes.reduce(0) { sum, node in
      let value = own.value(of: own.believed + node.place * own.kept * own.error)
      return sum + node.weight * node.place * Self.points(indicator, value, options)
    }
  }

  /// Places and weights of a standard normal's five-point quadrature but for the middle, which adds nothing here. Source: Abramowitz & Stegun (1964), table 25.10, with places
  /// by √2 and weights over √π.
  private static let nodes: [(place: Double, weight: Double)] = [
    (-2.8569700138728056, 0.011257411327720689), (-1.3556261799742659, 0.22207592200561266),
    (1.3556261799742659, 0.22207592200561266), (2.8569700138728056, 0.011257411327720689),
  ]

  private static func points(_ indicator: Indicator, _ value: Double, _ options: AssessmentOptions) -> Double {
    let scale = Goalposts.scales[indicator.index]
    guard indicator == .surveyScore else { return scale.points(value) }
    return scale.points(options.onCommonScale(value))
  }
}
