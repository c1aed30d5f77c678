import RapportScoring

/// Indicators beside those of the others who have them.
enum PeerTable {
  /// - Parameter indicators: what `peers` are about.
  static func lines(
    _ peers: [Explanation.Peer], of indicators: [String: IndicatorScore], times: TimeWords, console: Console
  ) -> [String] {
    var table = ConsoleTable(
      [
        .text("indicator"), .prose("here"), .prose("median of others"), .number("points", leavesAt: 2),
        .number("others with fewer points", leavesAt: 1),
      ], elsewhere: "--format json")
    for peer in peers {
      table.append(
        Wording.indicator(peer.indicator), Wording.value(peer.value, of: peer.indicator, times: times),
        peer.peerMedian.map { Wording.value($0, of: peer.indicator, times: times) } ?? "–",
        indicators[peer.indicator].map { Figure.pointsOfMany($0.points) } ?? "–",
        "\(Figure.count(peer.peersBelow)) of \(Figure.count(peer.peers))")
    }
    return table.lines(on: console)
  }
}
