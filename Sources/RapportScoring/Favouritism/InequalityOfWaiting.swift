import Glibc
import RapportNumerics

/// Adjusted waits of single requests, and how unevenly they fall to managers (``InequalityFinding``).
struct InequalityOfWaiting: Sendable {
  /// Inequality between the managers of one partner.
  struct OfPartner: Codable, Sendable, Equatable {
    var gini: Double
    var giniByChance: Double?
    var theil: Double
  }
  /// Between all managers; `nil` where fewer than two have enough requests.
  private(set) var overall: InequalityFinding?
  /// By partner code.
  private(set) var partners: [Int: OfPartner] = [:]

  /// Fewest requests of a manager, or a pair, that counts.
  static let fewestRequests = 5
  /// Of two managers one waits longer in any case.
  static let fewestManagers = 3
  /// Exchanges of requests among managers.
  static let exchanges = 99
  /// With more requests than this chance is small, and exchanges are left out.
  static let mostExchanged = 5_000_000

  /// exp(y − ŷ) by row, ŷ the model without manager and pair, and each row's pair.
  ///
  /// - Parameter fixed: each cell's Xβ.
  init(
    _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, fixed: [Double], _ fit: LinearMixedModelFit,
    options: AssessmentOptions
  ) {
    let ofPersons = [groups.manager, groups.pair]
    var fitted = fixed
    groups.addEffects(of: groups.groupings.indices.filter { !ofPersons.contains($0) }, fit, to: &fitted)
    let waits = cohort.responses.indices.map { exp(cohort.responses[$0] - fitted[Int(cells.cellOfRow[$0])]) }
    let pairs = cohort.responses.indices.map { cells.pairOfCell[Int(cells.cellOfRow[$0])] }
    self.init(
      waits: waits, pairOfRow: pairs, pairs: cells.pairs, seed: options.seed, threads: options.threads)
  }

  /// - Parameters:
  ///   - waits: adjusted waits by row, any unit
  ///   - pairOfRow: each row's position in `pairs`
  ///   - pairs: managers and partners
  init(
    waits: [Double], pairOfRow: [Int32], pairs: [(manager: Int, partner: Int)], seed: UInt64, threads: Int
  ) {
    // Rows by partner, then pair.
    let pairOrder = pairs.indices.sorted { (pairs[$0].partner, $0) < (pairs[$1].partner, $1) }
    var counts = [Int](repeating: 0, count: pairs.count)
    for pair in pairOfRow { counts[Int(pair)] += 1 }
    let layout = Layout(pairs: pairs, order: pairOrder, counts: counts)
    var next = counts
    var start = 0
    for pair in pairOrder { (next[pair], start) = (start, start + counts[pair]) }
    var arranged = waits
    for (wait, pair) in zip(waits, pairOfRow) {
      arranged[next[Int(pair)]] = wait
      next[Int(pair)] += 1
    }
    let values = arranged
    let observed = layout.measures(values)
    var chance: [Measures] = []
    if values.count <= Self.mostExchanged {
      chance = parallelMap(count: Self.exchanges, threads: threads) { exchange in
        var stream = RandomStream(seed: seed, purpose: "inequality", unit: UInt64(exchange))
        var exchanged = values
        for range in layout.ranges { stream.shuffle(&exchanged, in: range) }
        return layout.measures(exchanged)
      }
    }
    func mean(_ value: (Measures) -> Double?) -> Double? {
      let values = chance.compactMap(value)
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    for (position, partner) in layout.partners.enumerated() {
      guard let own = observed.partners[position] else { continue }
      partners[partner] = OfPartner(
        gini: own.gini, giniByChance: mean { $0.partners[position]?.gini }, theil: own.theil)
    }
    guard let all = observed.overall else { return }
    let ginis = chance.compactMap { $0.overall?.gini }.sorted()
    var finding = InequalityFinding(
      managers: all.units, requests: all.requests, gini: all.gini, giniByChance: mean { $0.overall?.gini },
      giniByChanceHigh: ginis.isEmpty ? nil : ginis[(ginis.count * 19 + 19) / 20 - 1], theil: all.theil,
      theilByChance: mean { $0.overall?.theil },
      lorenz: layout.lorenz(values), statement: "")
    finding.statement = Wording.inequality(finding)
    overall = finding
  }

  /// What one arrangement of waits gives.
  struct Measures: Sendable {
    struct One: Sendable {
      var units: Int
      var requests: Int
      var gini: Double
      var theil: Double

      init?(_ inequality: Inequality?) {
        guard let inequality, inequality.values.count > 1, let gini = inequality.gini, let theil = inequality.theilT
        else { return nil }
        units = inequality.values.count
        requests = Int(inequality.weights.reduce(0, +))
        // Rounding can leave either a hair below zero.
        (self.gini, self.theil) = (max(0, gini), max(0, theil))
      }
    }
    var overall: One?
    var partners: [One?]
  }

  /// Where each pair's rows stand once rows are sorted by partner, then pair.
  struct Layout: Sendable {
    /// Each partner's code, rows and pairs.
    private(set) var partners: [Int] = []
    private(set) var ranges: [Range<Int>] = []
    private var pairRanges: [Range<Int>] = []
    /// By pair in order: rows, and the manager's number.
    private var rows: [Range<Int>] = []
    private var managers: [Int] = []
    private let managerCount: Int

    init(pairs: [(manager: Int, partner: Int)], order: [Int], counts: [Int]) {
      managerCount = (pairs.map(\.manager).max() ?? -1) + 1
      var start = 0
      for (place, pair) in order.enumerated() {
        let range = start..<start + counts[pair]
        if partners.last == pairs[pair].partner {
          ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<range.upperBound
          pairRanges[pairRanges.count - 1] = pairRanges[pairRanges.count - 1].lowerBound..<place + 1
        } else {
          partners.append(pairs[pair].partner)
          ranges.append(range)
          pairRanges.append(place..<place + 1)
        }
        rows.append(range)
        managers.append(pairs[pair].manager)
        start = range.upperBound
      }
    }

    /// - Parameter values: waits in the order of the layout.
    func measures(_ values: [Double]) -> Measures {
      let sums = rows.map { range in range.reduce(0.0) { $0 + values[$1] } }
      return Measures(
        overall: Measures.One(overall(sums)),
        partners: pairRanges.map { pairs in Measures.One(inequality(pairs.map { (sums[$0], rows[$0].count) })) })
    }

    /// The Lorenz curve between managers at every twentieth.
    func lorenz(_ values: [Double]) -> [InequalityFinding.Point] {
      guard let inequality = overall(rows.map { range in range.reduce(0.0) { $0 + values[$1] } }) else { return [] }
      return (0...20).map { step in
        let share = Double(step) / 20
        return InequalityFinding.Point(requests: share, waiting: inequality.lorenzShare(share) ?? share)
      }
    }

    private func overall(_ sums: [Double]) -> Inequality? {
      var totals = [(Double, Int)](repeating: (0, 0), count: managerCount)
      for pair in rows.indices {
        totals[managers[pair]].0 += sums[pair]
        totals[managers[pair]].1 += rows[pair].count
      }
      return inequality(totals)
    }

    private func inequality(_ totals: [(sum: Double, count: Int)]) -> Inequality? {
      let told = totals.filter { $0.count >= InequalityOfWaiting.fewestRequests }
      guard told.count >= InequalityOfWaiting.fewestManagers else { return nil }
      return try? Inequality(told.map { $0.sum / Double($0.count) }, weights: told.map { Double($0.count) })
    }
  }
}
