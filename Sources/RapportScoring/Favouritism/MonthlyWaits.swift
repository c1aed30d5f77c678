import Glibc
import RapportIngestion
import RapportNumerics

/// Adjusted log waits by manager and month: what remains of them once everything but the manager is taken off.
///
///     r = y − ŷ − (w_pair − w̄)        ŷ the timing model without manager, pair and pair's month, w̄ the manager's mean of w
///     mean r̄ over the month's requests        variance σ²/n + σ²_month Σ (n_pair/n)²
///
/// A request counts in the month in which its follow-up ended, never earlier. Whatever changed for all managers alike in a
/// quarter is in ŷ. Pairs' effects w differ, so that who moves from one partner to another would seem to drift; what they
/// differ by is taken off, as far as it is known.
struct MonthlyWaits: Sendable {
  /// By manager code and month, the months of manager m at m · months.
  private(set) var means: [Double]
  private(set) var variances: [Double]
  private(set) var counts: [Int32]
  /// Of the same remains, likewise by manager and month, but by the month in which requests were opened.
  private var opened: [Remains]
  private let months: ClosedRange<Month>

  private struct Remains {
    var count = 0.0
    var sum = 0.0
    var squares = 0.0

    var mean: Double { sum / count }
    var variance: Double { (squares - sum * mean) / (count - 1) }
  }

  /// - Parameter fixed: each cell's Xβ.
  init(
    _ history: History, _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, fixed: [Double],
    _ fit: LinearMixedModelFit, followUpDays: Double
  ) {
    let months = HistoryMonths(history)
    means = [Double](repeating: 0, count: history.managers.count * months.count)
    variances = means
    counts = [Int32](repeating: 0, count: means.count)
    opened = [Remains](repeating: Remains(), count: means.count)
    self.months = history.months
    let own = [groups.manager, groups.pair, groups.pairMonth]
    let others = groups.groupings.indices.filter { !own.contains($0) }
    let pairEffects = Self.centred(cells, groups, fit)
    var fitted = zip(fixed, cells.pairOfCell).map { $0 + pairEffects[Int($1)] }
    groups.addEffects(of: others, fit, to: &fitted)
    let followUp = Int64((followUpDays * 86_400_000).rounded(.up))
    /// Of each request the pair's month and the month in which it counts.
    var counted: [UInt64] = []
    counted.reserveCapacity(cohort.spells.count)
    for (row, spell) in cohort.spells.enumerated() {
      let spell = history.spells[spell]
      let cell = Int(cells.cellOfRow[row])
      let end = Instant(milliseconds: spell.entered.milliseconds + followUp)
      let place = months.place(of: end) ?? months.count - 1
      let at = Int(spell.manager) * months.count + place
      let remains = cohort.responses[row] - fitted[cell]
      if let place = months.place(spell.openedMonth) {
        let at = Int(spell.manager) * months.count + place
        opened[at].count += 1
        opened[at].sum += remains
        opened[at].squares += remains * remains
      }
      means[at] += remains
      counts[at] += 1
      counted.append(UInt64(Int(cells.pairMonthOfCell[cell]) * months.count + place))
    }
    var managers = [Int](repeating: 0, count: cells.pairMonthCount)
    for (cell, pair) in cells.pairOfCell.enumerated() {
      managers[Int(cells.pairMonthOfCell[cell])] = cells.pairs[Int(pair)].manager
    }
    counted.sortByRadix()
    var start = 0
    while start < counted.count {
      let key = Int(counted[start])
      var end = start + 1
      while end < counted.count && counted[end] == counted[start] { end += 1 }
      let size = Double(end - start)
      variances[managers[key / months.count] * months.count + key % months.count] += size * size
      start = end
    }
    let ofMonths = groups.pairMonth.map { fit.components[$0].variance } ?? 0
    for place in means.indices where counts[place] > 0 {
      let n = Double(counts[place])
      means[place] /= n
      // Where all waits are alike, an error of next to nothing rather than none.
      variances[place] = max(fit.residualVariance / n + ofMonths * variances[place] / (n * n), 1e-12)
    }
  }

  /// What differs between two halves of the months in which requests were opened, by manager, with squared errors but for a
  /// common factor: of the means (`level`), and of the logarithms of the variances (`spread`).
  func differences(_ halves: [MonthSelection]) -> [(level: Departures.Part?, spread: Departures.Part?)] {
    let count = months.upperBound.index - months.lowerBound.index + 1
    return (0..<opened.count / count).map { manager in
      var (first, second) = (Remains(), Remains())
      for (place, month) in months.enumerated() {
        let own = opened[manager * count + place]
        func add(_ half: inout Remains) {
          half.count += own.count
          half.sum += own.sum
          half.squares += own.squares
        }
        if halves[0].contains(month) { add(&first) } else if halves[1].contains(month) { add(&second) }
      }
      let fewest = Int(min(first.count, second.count))
      let isSpread = fewest >= Indicator.predictability.needed && first.variance > 0 && second.variance > 0
      return (
        fewest >= Indicator.adjustedResponseRatio.needed
          ? .init(value: first.mean - second.mean, variance: 1 / first.count + 1 / second.count) : nil,
        isSpread
          ? .init(
            value: log(first.variance / second.variance), variance: 1 / (first.count - 1) + 1 / (second.count - 1))
          : nil
      )
    }
  }

  /// By pair, its effect less the mean of its manager's pairs, each as often as it has requests; 0 without such effects.
  private static func centred(_ cells: TimingCells, _ groups: TimingGroups, _ fit: LinearMixedModelFit) -> [Double] {
    guard let pair = groups.pair else { return [Double](repeating: 0, count: cells.pairs.count) }
    let effects = fit.effects[pair]
    let managers = cells.pairs.indices.map { groups.manager(ofPair: $0) }
    var sums = [(effect: Double, requests: Double)](repeating: (0, 0), count: cells.managers.count)
    for (cell, pair) in cells.pairOfCell.enumerated() {
      let n = cells.responses.counts[cell]
      sums[managers[Int(pair)]].effect += n * effects[Int(pair)]
      sums[managers[Int(pair)]].requests += n
    }
    return managers.indices.map { effects[$0] - sums[managers[$0]].effect / sums[managers[$0]].requests }
  }
}
