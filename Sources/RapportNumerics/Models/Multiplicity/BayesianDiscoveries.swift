/// Findings chosen from many, so that the share of false ones among them is expected to stay below a rate.
///
/// Those with the smallest posterior probability of being nothing are taken, as many as keep the mean of these
/// probabilities, which is the expected share, within the rate. The promise is as good as the probabilities: priors that
/// expect too many effects break it.
///
/// Source: Newton, Noueiry, Sarkar & Ahlquist (2004), Detecting differential gene expression with a semiparametric
/// hierarchical mixture method, §4; Müller, Parmigiani, Robert & Rousseau (2004).
public struct BayesianDiscoveries: Sendable, Equatable {
  /// Indices of the findings, most certain first; equally certain ones are all in or all out.
  public let selected: [Int]
  /// The expected share of false ones among the selected; 0 where none is.
  public let expectedFalseShare: Double
  /// By input, the smallest rate at which it is selected; NaN where undefined.
  public let qValues: [Double]

  /// Chooses from posterior probabilities of no effect.
  ///
  /// - Parameters: `nullProbabilities`: 0 … 1; undefined ones (NaN) are never selected. `rate`: 0 … 1.
  /// - Complexity: O(n log n)
  public init(nullProbabilities: [Double], rate: Double = 0.05) {
    precondition(rate >= 0 && rate <= 1, "the rate is \(rate), expected 0 … 1")
    for p in nullProbabilities where !p.isNaN { checkProbability(p) }
    let order = nullProbabilities.indices.filter { !nullProbabilities[$0].isNaN }
      .sorted { (nullProbabilities[$0], $0) < (nullProbabilities[$1], $1) }
    var qValues = nullProbabilities
    var sum = 0.0
    var first = 0
    var count = 0
    var share = 0.0
    while first < order.count {
      var last = first
      while last < order.count && nullProbabilities[order[last]] == nullProbabilities[order[first]] {
        sum += nullProbabilities[order[last]]
        last += 1
      }
      let mean = sum / Double(last)
      for rank in first..<last { qValues[order[rank]] = mean }
      if mean <= rate { (count, share) = (last, mean) }
      first = last
    }
    selected = Array(order[..<count])
    expectedFalseShare = share
    self.qValues = qValues
  }
}
