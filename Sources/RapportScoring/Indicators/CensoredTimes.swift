import Glibc
import RapportIngestion
import RapportNumerics

/// Logarithms of times to an end, by unit; those that haven't ended are censored.
///
///     y = μ_unit + σ ε        middle of unit = exp(μ_unit + c)
///
/// It is no unit's own median, but would be if all units' times were spread alike. μ and the common σ by maximum likelihood of the
/// censored normal (EM), which needs few cases per unit where a Kaplan–Meier median needs many. Where fewer than ``fewestTelling`` ends
/// are beyond each unit's first, σ is that of all times around one μ at most: of units with one end and times that haven't ended the
/// likelihood rises with σ nearly for ever. c is the Kaplan–Meier median of all residuals, so that the middle is right whatever shape
/// they have in common. Times of one month go together, so each unit's variance is multiplied by its own design effect. Source:
/// METHODS.md §2, §14.7; Wolynetz (1979), AS 139.
struct CensoredTimes: Sendable {
  private var units: [Int32] = []
  private var times: [Double] = []
  private var isEvent: [Bool] = []
  private var months: [Month] = []
  private let count: Int
  private let allMonths: ClosedRange<Month>

  init(_ count: Int, months: ClosedRange<Month>) {
    self.count = count
    allMonths = months
  }

  /// Adds one; unit −1 is none. A time beyond `limit` counts as censored there, so that what never ends, or ends far
  /// beyond where points end, doesn't pull the middle.
  mutating func add(_ unit: Int, in month: Month, logTime: Double, isEvent: Bool, limit: Double) {
    guard unit >= 0 else { return }
    units.append(Int32(unit))
    months.append(month)
    times.append(min(logTime, limit))
    self.isEvent.append(isEvent && logTime <= limit)
  }

  /// Evidence on log time, month by month.
  ///
  /// - Parameters: as of ``evidence(_:isLog:ended:all:)``; `details`: what a reader is told of all months besides.
  func monthly(
    _ indicator: Indicator, isLog: Bool, ended: String, all: String, details: [(name: String, values: [Double?])] = []
  ) -> MonthlyEvidence? {
    MonthlyEvidence(allMonths, details: details) {
      part($0).evidence(indicator, isLog: isLog, ended: ended, all: all)
    }
  }

  /// What began in these months.
  private func part(_ selection: MonthSelection) -> CensoredTimes {
    var part = CensoredTimes(count, months: allMonths)
    for i in units.indices where selection.contains(months[i]) {
      part.units.append(units[i])
      part.times.append(times[i])
      part.isEvent.append(isEvent[i])
      part.months.append(months[i])
    }
    return part
  }

  /// Evidence on log time; `nil` where nothing ended.
  ///
  /// - Parameters: `isLog`: whether the indicator's value is exp of it; `ended`, `all`: names of the counts.
  func evidence(_ indicator: Indicator, isLog: Bool, ended: String, all: String) -> IndicatorEvidence? {
    var ends = [Double](repeating: 0, count: count)
    var total = ends
    for i in units.indices {
      total[Int(units[i])] += 1
      if isEvent[i] { ends[Int(units[i])] += 1 }
    }
    guard ends.contains(where: { $0 > 0 }) else { return nil }
    var fit = overdueFit(ends: ends, total: total)
    let clustering = clustering(fit.estimates)
    for unit in fit.variances.indices { fit.variances[unit] *= clustering.designEffect(unit) }
    return IndicatorEvidence(
      indicator: indicator, measure: .mean(estimates: fit.estimates, variances: fit.variances, isLog: isLog),
      counts: total.map { Int($0) }, details: [(ended, ends), (all, total)])
  }

  /// How times of one month go together in being below their unit's own middle, as waits do below its median (``Responsiveness``).
  private func clustering(_ middles: [Double?]) -> Clustering {
    var clusters = MonthClusters(unitCount: count, months: allMonths)
    for i in units.indices {
      let isBelow = middles[Int(units[i])].map { times[i] <= $0 } ?? false
      // Censored before the middle: which side it ends on isn't known.
      guard isEvent[i] || !isBelow else { continue }
      clusters.add(Int(units[i]), months[i], isBelow)
    }
    return clusters.clustering
  }

  /// The fit, with units in it where nothing has ended although it should have.
  ///
  /// Such a unit's estimate would run to infinity. Where its longest time has passed that of the middle unit, that time
  /// counts as ended: the least that the data allow. Before, it is too early to tell and the unit takes no part.
  private func overdueFit(ends: [Double], total: [Double]) -> (estimates: [Double?], variances: [Double]) {
    let first = fit(ends: ends, total: total)
    let known = first.estimates.compactMap { $0 }.sorted()
    let usual = known[known.count / 2]
    var longest = [Int?](repeating: nil, count: count)
    for i in units.indices where ends[Int(units[i])] == 0 {
      if let known = longest[Int(units[i])], times[known] >= times[i] { continue }
      longest[Int(units[i])] = i
    }
    var completed = self
    var completedEnds = ends
    for case (let unit, let row?) in zip(0..., longest) where times[row] >= usual {
      completed.isEvent[row] = true
      completedEnds[unit] = 1
    }
    return completedEnds == ends ? first : completed.fit(ends: completedEnds, total: total)
  }

  /// Estimates of the units' middles, in logarithms, with squared standard errors; `nil` where none of a unit's times ended.
  private func fit(ends: [Double], total: [Double]) -> (estimates: [Double?], variances: [Double]) {
    // Units without an end would run away to infinity; they take no part.
    let rows = units.indices.filter { ends[Int(units[$0])] > 0 }
    var means = [Double](repeating: 0, count: count)
    for i in rows { means[Int(units[i])] += times[i] / total[Int(units[i])] }
    let unitsTold = ends.count { $0 > 0 }
    let degrees = Double(rows.count - unitsTold)
    // Where no unit has two ends, times that haven't ended would drive σ to infinity: their likelihood rises with it for ever.
    let further = Int(ends.reduce(0, +)) - unitsTold
    let tellsDeviation = further > 0
    // Side by side, since every step goes through them.
    let cases = rows.map { (unit: Int(units[$0]), time: times[$0], isEvent: isEvent[$0]) }
    var deviation = 1.0
    let isHardlyTold = tellsDeviation && further < Self.fewestTelling && cases.contains { !$0.isEvent }
    let largest = isHardlyTold ? Self.wholeDeviation(cases.map { ($0.time, $0.isEvent) }) : .infinity
    for _ in 0..<500 {
      var sums = [Double](repeating: 0, count: count)
      var squares = 0.0
      for (unit, time, isEvent) in cases {
        if isEvent {
          sums[unit] += time
          squares += (time - means[unit]) * (time - means[unit])
        } else {
          let z = (time - means[unit]) / deviation
          let mills = Self.millsRatio(z)
          sums[unit] += means[unit] + deviation * mills
          squares += deviation * deviation * (1 + z * mills)
        }
      }
      // With one end per unit there is nothing to tell σ from; 1 on the log scale is a factor of 2.7 either way.
      let next = tellsDeviation ? min(max((squares / degrees).squareRoot(), 0.05), largest) : 1
      var change = abs(next - deviation)
      deviation = next
      for unit in means.indices where ends[unit] > 0 {
        let mean = sums[unit] / total[unit]
        change = max(change, abs(mean - means[unit]))
        means[unit] = mean
      }
      if change < 1e-9 { break }
    }
    var information = [Double](repeating: 0, count: count)
    for (unit, time, isEvent) in cases {
      let z = (time - means[unit]) / deviation
      let mills = isEvent ? 0 : Self.millsRatio(z)
      information[unit] += isEvent ? 1 : max(mills * (mills - z), 0)
    }
    let shift = residualMedian(rows, means)
    return (
      means.indices.map { ends[$0] > 0 ? means[$0] + shift : nil },
      information.map { deviation * deviation / max($0, 0.5) }
    )
  }

  /// So many ends beyond each unit's first tell σ well enough.
  private static let fewestTelling = 10

  /// σ of the censored normal with one mean, which any two ends that differ tell.
  private static func wholeDeviation(_ cases: [(time: Double, isEvent: Bool)]) -> Double {
    let count = Double(cases.count)
    var mean = cases.reduce(0) { $0 + $1.time } / count
    var deviation = 1.0
    for _ in 0..<500 {
      var (sum, squares) = (0.0, 0.0)
      for (time, isEvent) in cases {
        let z = (time - mean) / deviation
        let mills = isEvent ? 0 : millsRatio(z)
        sum += isEvent ? time : mean + deviation * mills
        squares += isEvent ? (time - mean) * (time - mean) : deviation * deviation * (1 + z * mills)
      }
      let next = max((squares / (count - 1)).squareRoot(), 0.05)
      let change = max(abs(next - deviation), abs(sum / count - mean))
      (deviation, mean) = (next, sum / count)
      if change < 1e-9 { break }
    }
    return deviation
  }

  /// Kaplan–Meier median of the residuals; 0 where the curve doesn't come down to one half.
  private func residualMedian(_ rows: [Int], _ means: [Double]) -> Double {
    var (ended, others) = ([Double](), [Double]())
    ended.reserveCapacity(rows.count)
    for i in rows {
      let residual = times[i] - means[Int(units[i])]
      if isEvent[i] { ended.append(residual) } else { others.append(residual) }
    }
    return KaplanMeier.firstTime(downTo: 0.5, events: ended, others: others) ?? 0
  }

  /// φ(z) / (1 − Φ(z)).
  private static func millsRatio(_ z: Double) -> Double {
    // Beyond 30 the ratio is z + 1/z to every digit that matters, and both parts round to zero.
    z > 30 ? z + 1 / z : Normal.standard.density(z) / Normal.standard.survival(z)
  }
}
