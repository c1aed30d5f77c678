import RapportNumerics

/// Pieces of evidence on trust, those of one cell and month together.
///
/// What comes in one month goes together: of m pieces of which two correlate with ρ the share varies like that of m/(1 + ρ (m − 1))
/// independent ones, so each piece tells 1/(1 + ρ (m − 1)) of one. A month tells no less for one more piece, and no less for the
/// side for one more that speaks for it.
///
/// Source: Kish (1965), Survey sampling, for D; month by month instead of over all of them (``MonthClusters``), since evidence fades
/// by months.
struct TrustMonths: Sendable {
  /// A cell's pieces of one month.
  struct Row: Sendable {
    /// (pair × 2 + direction) × 3 + facet.
    var cell: Int32
    var month: Int32
    /// How many.
    var pieces = 0.0
    /// How much of them speaks for the side.
    var positive = 0.0
    /// Σ x (1 − x) of the shares x by which they do: 0 where each speaks for or against.
    var between = 0.0
    /// What each tells of a piece by itself, above 0, at most 1.
    var told = 1.0
  }

  /// In order of months.
  private(set) var rows: [Row] = []
  /// ρ by (direction × 3 + facet).
  private(set) var correlations: [Double] = []

  init(_ contributions: [TrustEvidence.Contribution], cells: Int) {
    var places = [Int](repeating: -1, count: cells)
    for place in Self.byMonth(contributions) {
      let piece = contributions[Int(place)]
      let cell = Int(piece.cell)
      if places[cell] < 0 || rows[places[cell]].month != piece.month {
        places[cell] = rows.count
        rows.append(Row(cell: piece.cell, month: piece.month))
      }
      let share = Double(piece.positive)
      rows[places[cell]].pieces += 1
      rows[places[cell]].positive += share
      rows[places[cell]].between += share * (1 - share)
    }
    correlations = correlations(cells: cells)
    for i in rows.indices { rows[i].told = 1 / (1 + correlations[Int(rows[i].cell) % 6] * (rows[i].pieces - 1)) }
  }

  /// From how often two pieces of a cell differ that became known in one month, and in different ones (``MonthClusters``).
  private func correlations(cells: Int) -> [Double] {
    typealias Sums = (pieces: Double, positive: Double, between: Double, samePairs: Double, sameDiffer: Double)
    var sums = [Sums](repeating: (0, 0, 0, 0, 0), count: cells)
    for row in rows {
      let cell = Int(row.cell)
      sums[cell].pieces += row.pieces
      sums[cell].positive += row.positive
      sums[cell].between += row.between
      sums[cell].samePairs += row.pieces * (row.pieces - 1) / 2
      sums[cell].sameDiffer += row.positive * (row.pieces - row.positive) - row.between
    }
    var differences = [PairedDifferences](repeating: PairedDifferences(), count: 6)
    for (cell, sum) in sums.enumerated() {
      let (pairs, differ) = (
        sum.pieces * (sum.pieces - 1) / 2, sum.positive * (sum.pieces - sum.positive) - sum.between
      )
      differences[cell % 6].add(
        (sum.samePairs, sum.sameDiffer), (pairs - sum.samePairs, differ - sum.sameDiffer), trials: sum.pieces)
    }
    return differences.map(\.correlation)
  }

  /// Positions of contributions by month, those of one month as they stand.
  private static func byMonth(_ contributions: [TrustEvidence.Contribution]) -> [Int32] {
    guard let first = contributions.map(\.month).min(), let last = contributions.map(\.month).max() else { return [] }
    var next = [Int](repeating: 0, count: Int(last - first) + 2)
    for row in contributions { next[Int(row.month - first) + 1] += 1 }
    for month in 1..<next.count { next[month] += next[month - 1] }
    var order = [Int32](repeating: 0, count: contributions.count)
    for (place, row) in contributions.enumerated() {
      order[next[Int(row.month - first)]] = Int32(place)
      next[Int(row.month - first)] += 1
    }
    return order
  }
}
