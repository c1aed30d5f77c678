/// The mixture that many effects came from, and what it says of each.
public struct ShrinkageFit: Sendable, Equatable {
  /// The prior's parts; the first is zero.
  public let parts: [ShrinkagePart]
  /// The prior's weights, which sum to one.
  public let weights: [Double]
  /// log Π p(bᵢ), without the penalty.
  public let logLikelihood: Double
  /// How the weights were found.
  public let record: SearchRecord
  let estimates: [Double]
  let standardErrors: [Double]

  /// π₀, the share of effects that are zero; it errs upwards.
  public var nullShare: Double { weights[0] }

  /// What is known of effect `index`.
  public func posterior(_ index: Int) -> MixturePosterior {
    posterior(estimate: estimates[index], standardError: standardErrors[index])
  }

  /// What would be known of an effect with this estimate and error.
  public func posterior(estimate: Double, standardError: Double) -> MixturePosterior {
    MixturePosterior(parts: parts, weights: weights, estimate: estimate, standardError: standardError)
  }

  /// The s-values of a family: the share of false signs among all with a local false sign rate at or below each.
  ///
  /// In the order of the input; equal rates share the s-value of the last of them.
  public static func sValues(localFalseSignRates: [Double]) -> [Double] {
    let order = localFalseSignRates.indices.sorted { (localFalseSignRates[$0], $0) < (localFalseSignRates[$1], $1) }
    var result = localFalseSignRates
    var sum = 0.0
    var first = 0
    while first < order.count {
      var last = first
      while last < order.count && localFalseSignRates[order[last]] == localFalseSignRates[order[first]] {
        sum += localFalseSignRates[order[last]]
        last += 1
      }
      for rank in first..<last { result[order[rank]] = sum / Double(last) }
      first = last
    }
    return result
  }
}
