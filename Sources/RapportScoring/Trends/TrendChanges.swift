import RapportNumerics

/// Whether one indicator's rates changed, manager by manager, and which of them to tell.
///
/// Months that scatter more than single cases would (error factor c above 1) count as that many times fewer cases, in whole
/// ones: running sums over c, rounded, so that nothing is lost on the way.
struct TrendChanges: Sendable {
  private let levels: TrendLevels
  private let interval: Double

  /// The share of false findings among a family's.
  static let falseShare = 0.05
  /// What is expected to have changed before anything is known: one in so many, known as well as from so many.
  static let expectedOneIn = 19.0
  /// The share that Bayes factors are computed at; they hardly depend on it.
  private static let usualShare = 0.1

  /// `nil` where the indicator isn't a share or rate.
  init?(_ levels: TrendLevels, interval: Double) {
    if levels.evidence.isLogarithmic { return nil }
    self.levels = levels
    self.interval = interval
  }

  /// The Bayes factor of some change against none; `nil` where events are too few for two segments.
  func bayesFactor(_ manager: Int) throws(NumericsError) -> Double? {
    let series = Series(levels, manager)
    guard series.size >= 2 * Self.model(Self.usualShare, periods: 2).minimumEvents else { return nil }
    return try fit(series, expectedShare: Self.usualShare).bayesFactor
  }

  /// Places of a manager's changes and the rates on both sides, in the most probable division that has any.
  func changes(_ manager: Int) throws(NumericsError) -> [(place: Int, before: Estimate, after: Estimate)] {
    let series = Series(levels, manager)
    func estimate(_ segment: ChangePointFit.Segment) -> Estimate {
      Estimate(
        value: segment.rate, low: segment.low, high: segment.high,
        effectiveN: levels.isRate ? Double(segment.events) : segment.exposure)
    }
    // That there is a change is known by now; even odds at first, since high ones would favour many changes.
    for share in [0.5, 0.9, 0.99] {
      let segments = try fit(series, expectedShare: share).segments
      guard segments.count > 1 else { continue }
      return zip(segments, segments.dropFirst()).map {
        (series.places[$1.periods.lowerBound], estimate($0), estimate($1))
      }
    }
    return []
  }

  private func fit(_ series: Series, expectedShare: Double) throws(NumericsError) -> ChangePointFit {
    var model = Self.model(expectedShare, periods: series.places.count)
    model.level = interval
    let (mean, weight) = levels.prior
    if levels.isRate {
      return try model.fit(
        counts: series.first, exposures: series.exposure, prior: Gamma(shape: mean * weight, rate: weight))
    }
    return try model.fit(
      successes: series.first, trials: series.second, prior: Beta(mean * weight, (1 - mean) * weight))
  }

  private static func model(_ share: Double, periods: Int) -> ChangePoints {
    ChangePoints(changeProbability: ChangePoints.changeProbability(anyChange: share, periods: periods))
  }

  /// The share of series that changed, from their Bayes factors: the mode of
  ///
  ///     Σ log(1 − π + π B) + log π + (w − 1) log(1 − π)        w = ``expectedOneIn``
  ///
  /// concave in π, so the root of its slope is found by halving. With few managers it stays near 1/w, with many they tell.
  static func expectedShare(_ factors: [Double]) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let share = (low + high) / 2
      var slope = 1 / share - (expectedOneIn - 1) / (1 - share)
      for factor in factors where factor != 1 { slope += 1 / (share + 1 / (factor - 1)) }
      if slope > 0 { low = share } else { high = share }
    }
    return (low + high) / 2
  }

  /// The probability of no change, from the expected share and a Bayes factor.
  static func noChange(_ factor: Double, expectedShare share: Double) -> Double {
    (1 - share) / (1 - share + share * factor)
  }

  /// A manager's observed months in whole effective cases.
  private struct Series {
    /// Each period's month.
    var places: [Int] = []
    /// Successes or events, and trials.
    var first: [Int] = []
    var second: [Int] = []
    /// Exposure, in the rate's unit.
    var exposure: [Double] = []

    /// What counts towards the smallest segment.
    var size: Double { Double(second.isEmpty ? first.reduce(0, +) : second.reduce(0, +)) }

    init(_ levels: TrendLevels, _ manager: Int) {
      let divisor = max(1, levels.errorFactor)
      let cells = levels.evidence.cells(manager)
      /// Counts the cases by which the rounded running sum rises.
      func whole(_ sum: inout Int, _ added: Int32) -> Int {
        let before = (Double(sum) / divisor).rounded()
        sum += Int(added)
        return Int((Double(sum) / divisor).rounded() - before)
      }
      var (successes, failures) = (0, 0)
      for (place, cell) in cells.enumerated() {
        switch levels.evidence.measure {
        case .share(let counts, let trials):
          guard trials[cell] > 0 else { continue }
          places.append(place)
          let (k, rest) = (whole(&successes, counts[cell]), whole(&failures, trials[cell] - counts[cell]))
          first.append(k)
          second.append(k + rest)
        case .rate(let events, let exposures, let unit):
          guard exposures[cell] > 0 else { continue }
          places.append(place)
          first.append(whole(&successes, events[cell]))
          exposure.append(Double(exposures[cell]) / unit / divisor)
        case .mean: continue
        }
      }
    }
  }
}

extension TrendLevels {
  /// Whether the indicator counts events in exposure.
  var isRate: Bool { if case .rate = evidence.measure { true } else { false } }
}
