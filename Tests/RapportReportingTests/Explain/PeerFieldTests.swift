import RapportNumerics
@testable import RapportScoring
import Testing

@testable import RapportReporting

@Suite struct PeerFieldTests {
  /// Members with few distinct values, so that ties are common, and gaps.
  private func members(_ count: Int, seed: UInt64) -> [[String: IndicatorScore]] {
    var generator = RandomStream(seed: seed, purpose: "peers")
    return (0..<count).map { _ in
      var result: [String: IndicatorScore] = [:]
      for key in ["regularity", "slippage", "surveyScore"] where generator.next() % 4 > 0 {
        let value = Double(generator.next() % 6)
        result[key] = SampleAssessment.indicator(
          value, points: (key == "slippage" ? 90 - 10 * value : 10 * value) + Double(generator.next() % 7))
      }
      return result
    }
  }

  // By hand: 99.96 and 100 read 100.0, 99.7 doesn't. However wide intervals were, 1.4 and 1.5 read 1 and 1.3 read 1.3, so that
  // who had 1 stood above who had 1.3.
  @Test func `ties of what is printed are ties`() {
    func member(_ points: Double, width: Double) -> [String: IndicatorScore] {
      let indicator = IndicatorScore(
        score: SampleAssessment.estimated(0.5, 0.4, 0.6),
        points: SampleAssessment.estimated(points, points - width, points), evidence: [:])
      return ["regularity": indicator]
    }
    for width in [5.0, 1] {
      let members = [99.7, 99.96, 100, 80].map { member($0, width: width) }
      #expect(PeerField(members).peers(of: members[2]).map(\.peersBelow) == [2])
      #expect(
        members.map { Figure.pointsOfMany($0["regularity"]!.points) } == [
          "99.7", "100.0", "100.0", width < 2 ? "80.0" : "80",
        ])
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 40]) func `peers and quarters are those of a plain count`(_ count: Int) throws {
    for seed in 1...20 {
      let members = members(count, seed: UInt64(seed))
      let field = PeerField(members)
      for (i, own) in members.enumerated() {
        let others = members.indices.filter { $0 != i }.map { members[$0] }
        let peers = field.peers(of: own)
        #expect(peers.map(\.indicator) == Wording.indicatorOrder.filter { own[$0] != nil })
        for peer in peers {
          let theirs = others.compactMap { $0[peer.indicator] }
          let values = theirs.compactMap { $0.score.estimate?.value }.sorted()
          let points = theirs.compactMap { $0.points.estimate?.value }
          #expect(peer.peers == values.count)
          #expect(peer.peersBelow == points.count { $0 < peer.points })
          let median = values.isEmpty ? nil : (values[(values.count - 1) / 2] + values[values.count / 2]) / 2
          #expect(peer.peerMedian == median)
          // Each by itself, values from the better side: one manager's value at the quarter of points is nobody's quarter.
          let quarter = field.bestQuarter(peer.indicator, without: try #require(own[peer.indicator]))
          let place = values.count * 3 / 4
          let best = peer.indicator == "slippage" ? Array(values.reversed()) : values
          #expect(
            quarter.map { [$0.points, $0.value] } == (values.count < 4 ? nil : [points.sorted()[place], best[place]]))
        }
      }
    }
  }
}
