/// Indicators beside those of the others who have them.
enum PeerTable {
  static func lines(_ peers: [Explanation.Peer], onCalendar: Bool, console: Console) -> [String] {
    var table = ConsoleTable(
      [
        .text("indicator"), .prose("here"), .prose("median of others"), .number("points", leavesAt: 2),
        .number("others with fewer points", leavesAt: 1),
      ], elsewhere: "--format json")
    for peer in peers {
      table.append(
        Wording.indicator(peer.indicator), Wording.value(peer.value, of: peer.indicator, onCalendar: onCalendar),
        peer.peerMedian.map { Wording.value($0, of: peer.indicator, onCalendar: onCalendar) } ?? "–",
        Figure.number(peer.points, digits: 0),
        "\(Figure.count(peer.peersBelow)) of \(Figure.count(peer.peers))")
    }
    return table.lines(width: console.width)
  }
}
