import RapportNumerics

/// Draws of trust in pairs.
///
/// They come from each pair's own stream, so that its numbers are the same wherever it is used. Those that only a ranking by
/// trust needs come after those that limits rest on otherwise, so that pairs' limits don't depend on what is ranked.
struct TrustDraws: Sendable {
  private let fit: TrustModel.Fit
  private let measured: [TrustDirection]
  private let seed: UInt64
  /// How many draws limits rest on.
  let first: Int
  /// How many those of what is ranked rest on.
  let ofRanked: Int
  /// How many there are of a pair.
  var all: Int { max(first, ofRanked) }

  init(_ fit: TrustModel.Fit, _ options: AssessmentOptions) {
    self.fit = fit
    measured = TrustDirection.allCases.filter { !fit.facets($0).isEmpty }
    seed = options.seed
    first = options.drawsOfPairs
    ofRanked = options.rankBy == .trust ? options.draws : first
  }

  /// Draws of one pair, by direction; none of a direction that the input doesn't measure, and none at all without evidence.
  func draw(_ pair: Int) -> [[Double]] {
    guard measured.contains(where: { fit.weight(pair, $0) > 0 }) else { return [] }
    var stream = RandomStream(seed: seed, purpose: "trust", unit: UInt64(pair))
    var draws = [[Double]](repeating: [], count: TrustDirection.allCases.count)
    for count in [first, all - first] where count > 0 {
      for direction in measured {
        var values = [Double](repeating: 0, count: count)
        fit.draw(pair, direction, &stream, into: &values)
        draws[direction.rawValue] += values
      }
    }
    return draws
  }
}
