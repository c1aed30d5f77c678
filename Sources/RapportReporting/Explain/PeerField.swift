import RapportScoring

/// The indicators of all managers, or of all pairs, sorted once, so that each can be held against all others without another
/// pass over them.
struct PeerField: Sendable {
  /// An indicator's estimates of those who have one.
  private struct Column: Sendable {
    /// Ascending by points, then by value.
    var ranked: [(points: Double, value: Double)]
    /// Ascending.
    var values: [Double]
  }
  private var columns: [String: Column] = [:]

  /// - Complexity: O(n log n) for each indicator, of n members.
  init(_ members: [[String: IndicatorScore]]) {
    for key in Wording.indicatorOrder {
      let known = members.compactMap { Self.known($0[key]) }
      guard !known.isEmpty else { continue }
      columns[key] = Column(
        ranked: known.sorted { ($0.points, $0.value) < ($1.points, $1.value) }, values: known.map(\.value).sorted())
    }
  }

  private static func known(_ indicator: IndicatorScore?) -> (points: Double, value: Double)? {
    guard let value = indicator?.score.estimate, let points = indicator?.points.estimate else { return nil }
    return (points.value, value.value)
  }

  /// One member's indicators beside all others'. The member must be one of those that the field was made of.
  func peers(of own: [String: IndicatorScore]) -> [Explanation.Peer] {
    Wording.indicatorOrder.compactMap { key in
      guard let score = own[key], let own = Self.known(score), let column = columns[key] else { return nil }
      // Points alike to a tenth are alike; rounding keeps the order.
      func told(_ points: Double) -> Double { (10 * points).rounded() }
      let others = Others(column.values, without: Self.place(column.values) { $0 < own.value })
      let median: Double? =
        others.count == 0
        ? nil
        : others.count % 2 == 1
          ? others[others.count / 2] : (others[others.count / 2 - 1] + others[others.count / 2]) / 2
      return Explanation.Peer(
        indicator: key, value: own.value, points: own.points, peers: others.count, peerMedian: median,
        peersBelow: Self.place(column.ranked) { told($0.points) < told(own.points) })
    }
  }

  /// Where the best quarter of the others begins, in points and, by itself, in the indicator's unit: the two needn't be one
  /// manager's, since points also hang on how much is known. `nil` with fewer than four others.
  func bestQuarter(_ key: String, without own: IndicatorScore) -> (points: Double, value: Double)? {
    guard let own = Self.known(own), let column = columns[key] else { return nil }
    let points = Others(
      column.ranked, without: Self.place(column.ranked) { ($0.points, $0.value) < (own.points, own.value) })
    guard points.count >= 4 else { return nil }
    let values = Others(column.values, without: Self.place(column.values) { $0 < own.value })
    let place = points.count * 3 / 4
    return (points[place].points, values[Wording.isBetterHigher(key) ? place : points.count - 1 - place])
  }

  /// How many of ascending `elements` stand before the first that isn't below.
  static func place<Element>(_ elements: [Element], isBelow: (Element) -> Bool) -> Int {
    var (low, high) = (0, elements.count)
    while low < high {
      let middle = (low + high) / 2
      if isBelow(elements[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Sorted elements without the one at a place.
  private struct Others<Element> {
    let all: [Element]
    let left: Int

    init(_ all: [Element], without left: Int) {
      self.all = all
      self.left = left
    }

    var count: Int { all.count - 1 }
    subscript(i: Int) -> Element { all[i < left ? i : i + 1] }
  }
}
