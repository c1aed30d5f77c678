import Glibc
import RapportNumerics

/// Which managers lie outside what chance alone would give, indicator by indicator.
///
/// From bare counts: nothing is borrowed and nothing held equal, unlike everywhere else.
enum Funnels {
  /// Of limits, the lower first.
  static let levels = [0.95, 0.998]
  /// Fewer managers have no usual to lie around.
  static let fewestManagers = 5
  /// More marks than these hide one another.
  private static let mostDrawn = 300
  private static let curvePoints = 50

  /// Limits that widen by a variance between managers. Corrected for moving the ends in: otherwise that variance comes out too
  /// small, and more managers would lie outside than the levels say.
  static let method: FunnelLimits = {
    var method = FunnelLimits()
    method.correctsForWinsorizing = true
    return method
  }()

  /// Every share and rate that at least ``fewestManagers`` have.
  static func find(_ set: IndicatorSet, names: [String], threads: Int) -> [Funnel] {
    set.indicators.compactMap { funnel($0, names: names, threads: threads) }
  }

  /// The funnel of one indicator; `nil` where it is no share or rate, too few managers have it, or all have the lowest or the
  /// highest share.
  static func funnel(
    _ indicator: IndicatorPosteriors, names: [String], method: FunnelLimits = method, threads: Int
  ) -> Funnel? {
    let units = names.indices.filter { indicator.isShown($0) }
    guard units.count >= fewestManagers else { return nil }
    let kind: Funnel.Kind
    let sizes: [Double]
    let fit: FunnelFit?
    switch indicator.evidence.measure {
    case .share(let successes, let trials, _):
      kind = .share
      sizes = units.map { trials[$0] }
      fit = try? method.fit(successes: units.map { Int(successes[$0]) }, trials: units.map { Int(trials[$0]) })
    case .rate(let events, let exposure):
      kind = .rate
      sizes = units.map { exposure[$0] }
      fit = try? method.fit(counts: units.map { Int(events[$0]) }, exposures: sizes)
    default: return nil
    }
    guard let fit, fit.target > 0, kind == .rate || fit.target < 1 else { return nil }
    // Many managers have one size, and exact limits cost tail probabilities.
    let distinct = Set(sizes).filter { $0 > 0 }.sorted()
    let limits = parallelMap(distinct.count, threads: threads) { i in
      levels.map { fit.limits(size: distinct[i], level: $0) }
    }
    let limitsBySize = Dictionary(uniqueKeysWithValues: zip(distinct, limits))
    var outside: [Funnel.Outside] = []
    var inside: [Funnel.Point] = []
    for (i, unit) in units.enumerated() {
      guard let value = fit.units[i].value, let limits = limitsBySize[sizes[i]] else { continue }
      if let beyond = levels.indices.last(where: { value < limits[$0].low || value > limits[$0].high }) {
        let own = limits[beyond]
        outside.append(
          Funnel.Outside(
            manager: names[unit], size: sizes[i], value: value, side: value < own.low ? .below : .above,
            level: levels[beyond], low: own.low, high: own.high))
      } else {
        inside.append(Funnel.Point(size: sizes[i], value: value))
      }
    }
    inside.sort { ($0.size, $0.value) < ($1.size, $1.value) }
    let grid = grid(distinct, isWhole: kind == .share)
    return Funnel(
      indicator: indicator.indicator.rawValue, kind: kind, managers: inside.count + outside.count, centre: fit.target,
      overdispersion: .init(dispersion: fit.dispersion, betweenDeviation: fit.betweenVariance.squareRoot()),
      curves: levels.map { level in
        Funnel.Curve(
          level: level,
          points: fit.curve(level: level, sizes: grid).map { .init(size: $0.size, low: $0.low, high: $0.high) })
      },
      outside: outside, inside: drawn(inside))
  }

  /// Sizes from the smallest to the largest, even in their logarithm.
  private static func grid(_ sizes: [Double], isWhole: Bool) -> [Double] {
    guard let smallest = sizes.first, let largest = sizes.last else { return [] }
    var grid = [smallest]
    for step in 1..<curvePoints {
      let share = Double(step) / Double(curvePoints - 1)
      let size = share == 1 ? largest : smallest * pow(largest / smallest, share)
      let drawn = isWhole ? size.rounded() : size
      if drawn > grid[grid.count - 1] { grid.append(drawn) }
    }
    return grid
  }

  private static func drawn(_ points: [Funnel.Point]) -> [Funnel.Point] {
    guard points.count > mostDrawn else { return points }
    return (0..<mostDrawn).map { points[$0 * (points.count - 1) / (mostDrawn - 1)] }
  }
}
