/// What a series says of some change against none, without rates: a fit needs more, a Bayes factor doesn't.
struct ChangeEvidence {
  /// Over all allowed segmentations, and the same without data.
  let sums: Segmentations
  let prior: Segmentations
  /// The posterior probability that there is any change.
  let anyChange: Double
  /// The posterior probability that there is none; summed by itself, so that it keeps its digits where it is small.
  let noChange: Double
  /// The prior probability that there is none, among the segmentations allowed.
  let priorNoChange: Double

  init(_ model: ChangePoints, _ evidence: some SegmentEvidence) {
    let count = evidence.periodCount
    let whole = 0..<count
    func isAllowed(_ segment: Range<Int>) -> Bool {
      segment == whole || evidence.size(segment) >= model.minimumEvents * (1 - 1e-12)
    }
    sums = Segmentations(periodCount: count, changeProbability: model.changeProbability) {
      isAllowed($0) ? evidence.logMarginal($0) : nil
    }
    prior = Segmentations(periodCount: count, changeProbability: model.changeProbability) {
      isAllowed($0) ? 0 : nil
    }
    guard count > 0 else {
      (anyChange, noChange, priorNoChange) = (0, 1, 1)
      return
    }
    noChange = min(1, sums.probability(whole))
    priorNoChange = min(1, prior.probability(whole))
    // The first change ends the first segment: summing over where keeps what 1 − noChange would lose.
    var any = 0.0
    for t in 1..<max(count, 1) { any += sums.probability(0..<t) }
    anyChange = min(1, any)
  }

  /// The Bayes factor of some change against none.
  ///
  /// Infinite where rounding leaves nothing of no change; `nil` where no change is allowed.
  var bayesFactor: Double? {
    priorNoChange < 1 ? anyChange / noChange * (priorNoChange / (1 - priorNoChange)) : nil
  }
}
