import RapportIngestion
import RapportNumerics

/// Indicators of random halves of the months, which tell how much of a difference between units is luck.
///
/// Whole months, because what comes in one month goes together: single events would put a busy month and a survey's wave into
/// both halves, and halves that share luck look surer than they are. A case belongs to the month in which it began, also where
/// it ends in another. A split is a coin's toss itself, so the fewer units there are the more splits are made.
struct SplitHalves: Sendable {
  /// Indicators of either half, without the timing model.
  struct Split: Sendable {
    var first: IndicatorSet
    var second: IndicatorSet
  }

  /// Empty where there are too few months.
  let splits: [Split]
  /// The months of either half, split by split.
  let months: [[MonthSelection]]

  /// Fewest months that are split, and only those that are over.
  static let fewestMonths = 4
  /// Splits at most.
  static let mostSplits = 10

  init(_ history: History, _ indicators: MonthlyIndicators, options: AssessmentOptions) {
    let months = Self.months(history, units: indicators.level.count, seed: options.seed)
    let halves = parallelMap(count: 2 * months.count, threads: options.threads) { half in
      indicators.part(months[half / 2][half % 2], threads: 1)
    }
    self.months = months
    splits = stride(from: 0, to: halves.count, by: 2).map { Split(first: halves[$0], second: halves[$0 + 1]) }
  }

  /// The months of either half, split by split; empty where too few are over.
  static func months(_ history: History, units: Int, seed: UInt64) -> [[MonthSelection]] {
    guard history.monthsOver >= fewestMonths else { return [] }
    let first = history.months.lowerBound
    return (0..<count(units: units)).map { split in
      var stream = RandomStream(seed: seed, purpose: "split halves", unit: UInt64(split))
      return MonthSelection.randomHalves(first...first.advanced(by: history.monthsOver - 1), &stream)
    }
  }

  /// As many splits as make 600 differences between halves, at most ``mostSplits``.
  static func count(units: Int) -> Int { min(mostSplits, max(1, (600 + units - 1) / max(1, units))) }
}
