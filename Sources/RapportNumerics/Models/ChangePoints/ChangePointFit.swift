import Glibc

/// Where a series changed, with probabilities.
public struct ChangePointFit: Sendable, Equatable {
  /// The posterior probability that there is any change.
  public let anyChange: Double
  /// The posterior probability that there is none; summed by itself, so that it keeps its digits where it is small.
  public let noChange: Double
  /// The prior probability that there is none, among the segmentations allowed.
  public let priorNoChange: Double
  /// By period, the posterior probability that the rate changed just before it; 0 at the first. They sum to the expected
  /// number of changes.
  public let changeProbabilities: [Double]
  /// The most probable segmentation, in order.
  public let segments: [Segment]
  /// The posterior probability of just that segmentation; with many periods it is small even where a change is sure,
  /// since its place seldom is.
  public let segmentationProbability: Double
  /// The most probable segmentation that has a change; `nil` where none is allowed. Which one it is depends on the prior of a
  /// change only where segmentations have different numbers of changes.
  public let division: Division?
  /// By period, the posterior mean of the rate over all segmentations.
  public let averagedRates: [Double]
  /// log p(y), over all segmentations: to compare priors with.
  public let logEvidence: Double

  /// Periods of one rate.
  public struct Segment: Sendable, Equatable {
    /// Its periods.
    public let periods: Range<Int>
    /// Its events, or successes.
    public let events: Int
    /// Its exposure, or trials.
    public let exposure: Double
    /// The posterior mean of its rate, given the segment.
    public let rate: Double
    /// The interval's lower end.
    public let low: Double
    /// The interval's upper end.
    public let high: Double
  }

  /// A segmentation with at least one change.
  public struct Division: Sendable, Equatable {
    /// Its segments, in order; at least two.
    public let segments: [Segment]
    /// Of each of its changes, the posterior probability of a change about there: between the middles of the segments on both
    /// sides, to the series' ends at the first and last. With one change it is that of any.
    public let probabilities: [Double]
  }

  /// The Bayes factor of some change against none.
  ///
  /// Infinite where rounding leaves nothing of no change; `nil` where no change is allowed.
  public let bayesFactor: Double?

  init(_ model: ChangePoints, _ evidence: some SegmentEvidence) {
    let count = evidence.periodCount
    let whole = 0..<count
    let change = ChangeEvidence(model, evidence)
    let (sums, prior) = (change.sums, change.prior)
    (anyChange, noChange, priorNoChange) = (change.anyChange, change.noChange, change.priorNoChange)
    bayesFactor = change.bayesFactor
    guard count > 0 else {
      (segmentationProbability, logEvidence) = (1, 0)
      (changeProbabilities, segments, averagedRates, division) = ([], [], [], nil)
      return
    }
    var changes = [0.0]
    for t in 1..<max(count, 1) { changes.append(min(1, sums.changeProbability(before: t))) }
    changeProbabilities = changes
    var rates = [Double](repeating: 0, count: count)
    for s in 0..<count {
      // What segments from s on give to period t: those that end after t.
      var sum = 0.0
      for t in ((s + 1)...count).reversed() {
        let probability = sums.probability(s..<t)
        if probability > 0 { sum += probability * evidence.mean(s..<t) }
        rates[t - 1] += sum
      }
    }
    averagedRates = rates
    func segment(_ periods: Range<Int>) -> Segment {
      let limits = evidence.limits(periods, level: model.level)
      return Segment(
        periods: periods, events: evidence.events(periods), exposure: evidence.exposure(periods),
        rate: evidence.mean(periods), low: limits.low, high: limits.high)
    }
    // The whole is always allowed.
    let best = sums.mostProbable() ?? ([whole], 1)
    segmentationProbability = min(1, best.probability)
    segments = best.segments.map(segment)
    division = sums.mostProbable(hasChange: true).map { found in
      let starts = found.segments.dropFirst().map(\.lowerBound)
      let probabilities = starts.indices.map { i in
        let first = i > 0 ? (starts[i - 1] + starts[i]) / 2 + 1 : 1
        let last = i + 1 < starts.count ? (starts[i] + starts[i + 1]) / 2 : count - 1
        return starts.count == 1 ? change.anyChange : 1 - sums.noChangeProbability(within: first...last)
      }
      return Division(segments: found.segments.map(segment), probabilities: probabilities)
    }
    logEvidence = sums.logTotal - prior.logTotal + evidence.constant
  }
}
