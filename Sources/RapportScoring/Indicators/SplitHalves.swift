import RapportIngestion
import RapportNumerics

/// Indicators of random halves of the months, which tell how much of a difference between units is luck.
///
/// Whole months, because what comes in one month goes together: single events would put a busy month, a survey's wave, an objection
/// and its answer into both halves, and halves that share luck look surer than they are. A split is a coin's toss
/// itself, so the fewer units there are the more splits are made.
struct SplitHalves: Sendable {
  /// Indicators of either half, without the timing model.
  struct Split: Sendable {
    var odd: IndicatorSet
    var even: IndicatorSet
  }

  /// Empty where there are too few months.
  let splits: [Split]

  /// Fewest months that are split.
  static let fewestMonths = 4
  /// Splits at most.
  static let mostSplits = 10

  init(_ history: History, _ level: Level, options: AssessmentOptions) {
    let months = history.months
    guard months.upperBound.index - months.lowerBound.index + 1 >= Self.fewestMonths else {
      splits = []
      return
    }
    splits = parallelMap(count: Self.count(units: level.count), threads: options.threads) { split in
      var stream = RandomStream(seed: options.seed, purpose: "split halves", unit: UInt64(split))
      let halves = MonthSelection.randomHalves(months, &stream).map { half in
        IndicatorSet(history.part(half), nil, level, options: options)
      }
      return Split(odd: halves[0], even: halves[1])
    }
  }

  /// As many splits as make 600 differences between halves, at most ``mostSplits``.
  static func count(units: Int) -> Int { min(mostSplits, max(1, (600 + units - 1) / max(1, units))) }
}
