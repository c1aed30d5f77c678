import RapportIngestion
import RapportNumerics

/// Adjusted log waits by manager and month: what remains of them once everything but the manager is taken off.
///
///     r = y − ŷ        ŷ the timing model without manager, pair and pair's month
///     mean r̄ over the month's requests        variance σ²/n + σ²_month Σ (n_pair/n)²
///
/// Requests count in the month in which their follow-up ended: those made in one month, with the limit of 30 days, in the
/// next. Whatever changed for all managers alike in a quarter is in ŷ.
struct MonthlyWaits: Sendable {
  /// By manager code and month, the months of manager m at m · months.
  private(set) var means: [Double]
  private(set) var variances: [Double]
  private(set) var counts: [Int32]

  init(
    _ history: History, _ cells: TimingCells, _ groups: TimingGroups, _ design: DesignMatrix,
    _ fit: LinearMixedModelFit, followUpDays: Double
  ) {
    let monthCount = history.months.upperBound.index - history.months.lowerBound.index + 1
    let lag = Int((followUpDays / 30).rounded(.up))
    means = [Double](repeating: 0, count: history.managers.count * monthCount)
    variances = means
    counts = [Int32](repeating: 0, count: means.count)
    var sizes = means
    let own = [groups.manager, groups.pair, groups.pairMonth]
    let others = groups.groupings.indices.filter { !own.contains($0) }
    /// Requests of the pair's month so far, and where they go.
    var (current, ofPairMonth) = (-1, 0.0)
    var place = 0
    func close() { variances[place] += ofPairMonth * ofPairMonth }
    for cell in cells.pairOfCell.indices {
      let pairMonth = Int(cells.pairMonthOfCell[cell])
      if pairMonth != current {
        if current >= 0 { close() }
        (current, ofPairMonth) = (pairMonth, 0)
        let month = min(Int(cells.monthOfPairMonth[pairMonth]) + lag, monthCount - 1)
        place = cells.pairs[Int(cells.pairOfCell[cell])].manager * monthCount + month
      }
      var fitted = fit.fixedPart(design, row: cell)
      for index in others { fitted += fit.effects[index][Int(groups.groupings[index].codes[cell])] }
      let n = cells.responses.counts[cell]
      means[place] += cells.responses.sums[cell] - n * fitted
      sizes[place] += n
      ofPairMonth += n
    }
    if current >= 0 { close() }
    let ofMonths = groups.pairMonth.map { fit.components[$0].variance } ?? 0
    for place in means.indices where sizes[place] > 0 {
      let n = sizes[place]
      means[place] /= n
      // Where all waits are alike, an error of next to nothing rather than none.
      variances[place] = max(fit.residualVariance / n + ofMonths * variances[place] / (n * n), 1e-12)
      counts[place] = Int32(n)
    }
  }
}
