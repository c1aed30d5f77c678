import Glibc
import RapportNumerics

/// Which managers lie outside what chance and managers' usual differences would give, indicator by indicator.
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

  /// Every share and rate that at least ``fewestManagers`` have, and why one that they have is missing.
  static func find(
    _ indicators: [IndicatorPosteriors], names: [String], threads: Int
  ) -> (funnels: [Funnel], notes: [String]) {
    var notes: [String] = []
    let funnels = indicators.compactMap { indicator -> Funnel? in
      do throws(NumericsError) {
        return try funnel(indicator, names: names, threads: threads)
      } catch {
        notes.append("No limits around all managers' \(indicator.indicator.words): \(error.description).")
        return nil
      }
    }
    return (funnels, notes)
  }

  /// The funnel of one indicator; `nil` where it is no share or rate, too few managers have it, or all have the lowest or the
  /// highest share.
  static func funnel(
    _ indicator: IndicatorPosteriors, names: [String], method: FunnelLimits = method, threads: Int
  ) throws(NumericsError) -> Funnel? {
    let units = names.indices.filter { indicator.isShown($0) }
    guard units.count >= fewestManagers else { return nil }
    let clustering = indicator.evidence.clustering
    let effects = units.map { indicator.evidence.ownDesignEffect($0) }
    let kind: Funnel.Kind
    let sizes: [Double]
    let fit: FunnelFit
    switch indicator.evidence.measure {
    case .share(let successes, let trials):
      kind = .share
      sizes = units.map { trials[$0] }
      fit = try method.fit(
        successes: units.map { Int(successes[$0]) }, trials: units.map { Int(trials[$0]) }, designEffects: effects)
    case .rate(let events, let exposure):
      kind = .rate
      sizes = units.map { exposure[$0] }
      fit = try method.fit(counts: units.map { Int(events[$0]) }, exposures: sizes, designEffects: effects)
    default: return nil
    }
    guard fit.target > 0, kind == .rate || fit.target < 1 else { return nil }
    let limits = Limits(fit, levels: levels, threads: threads)
    var outside: [Funnel.Outside] = []
    var beyondChance: [Funnel.Outside] = []
    var countsBeyondChance = levels.map { _ in 0 }
    var expected = levels.map { _ in 0.0 }
    var inside: [Funnel.Point] = []
    for (i, unit) in units.enumerated() {
      guard let value = fit.units[i].value else { continue }
      func place(_ own: [(low: Double, high: Double)]) -> Funnel.Outside? {
        levels.indices.last { value < own[$0].low || value > own[$0].high }.map { beyond in
          Funnel.Outside(
            manager: names[unit], size: sizes[i], value: value, side: value < own[beyond].low ? .below : .above,
            level: levels[beyond], designEffect: effects[i], low: own[beyond].low, high: own[beyond].high)
        }
      }
      let own = limits.of(fit.units[i])
      for (k, limits) in own.all.enumerated() {
        let sides = (limits.low > 0 ? 1.0 : 0) + (kind == .rate || limits.high < 1 ? 1 : 0)
        expected[k] += sides * (1 - levels[k]) / 2
      }
      let byChance = place(own.byChance)
      for k in levels.indices where byChance.map({ $0.level >= levels[k] }) ?? false { countsBeyondChance[k] += 1 }
      if let place = place(own.all) {
        outside.append(place)
      } else {
        inside.append(Funnel.Point(size: sizes[i], value: value))
        if let byChance { beyondChance.append(byChance) }
      }
    }
    inside.sort { ($0.size, $0.value) < ($1.size, $1.value) }
    let drawnSizes = fit.drawnSizes(count: curvePoints)
    let usual = usualEffect(kind, sizes, effects)
    return Funnel(
      indicator: indicator.indicator.rawValue, kind: kind, managers: inside.count + outside.count, centre: fit.target,
      overdispersion: .init(dispersion: fit.dispersion, betweenDeviation: fit.betweenVariance.squareRoot()),
      clustering: clustering.map {
        .init(
          correlation: kind == .share ? $0.correlation : nil, rateVariation: kind == .rate ? $0.correlation : nil,
          smallestDesignEffect: effects.min() ?? 1, largestDesignEffect: effects.max() ?? 1)
      },
      curves: levels.indices.map { k in
        Funnel.Curve(
          level: levels[k], beyondChance: countsBeyondChance[k], expected: expected[k],
          points: fit.curve(level: levels[k], sizes: drawnSizes, designEffect: usual)
            .map { .init(size: $0.size, low: $0.low, high: $0.high) })
      },
      outside: outside, beyondChance: beyondChance, inside: drawn(inside))
  }

  /// The design effect of a manager whose cases spread over months as is usual: 1 + s (n − 1) of n cases, 1 + s e of an exposure e, with
  /// s from all together.
  private static func usualEffect(
    _ kind: Funnel.Kind, _ sizes: [Double], _ effects: [Double]
  ) -> (Double) -> Double {
    let own = kind == .share ? 1.0 : 0
    let together = zip(sizes, effects).reduce(0) { $0 + $1.0 * ($1.1 - 1) }
    let all = sizes.reduce(0) { $0 + $1 * ($1 - own) }
    let slope = all > 0 ? together / all : 0
    return { 1 + slope * max(0, $0 - own) }
  }

  /// The limits of every unit, by level.
  private struct Limits {
    /// What limits depend on; many managers have it alike, and exact limits cost tail probabilities.
    private struct Place: Hashable {
      var size: Double
      var designEffect: Double
    }
    /// By level: what chance alone would set, and what managers' usual differences make of it.
    struct Pair {
      var byChance: [(low: Double, high: Double)]
      var all: [(low: Double, high: Double)]
    }
    private let pairs: [Place: Pair]

    init(_ fit: FunnelFit, levels: [Double], threads: Int) {
      let places = Set(fit.units.filter { $0.size > 0 }.map { Place(size: $0.size, designEffect: $0.designEffect) })
        .sorted { ($0.size, $0.designEffect) < ($1.size, $1.designEffect) }
      let found = parallelMap(count: places.count, threads: threads) { i -> Pair in
        func limits(byChanceAlone: Bool) -> [(low: Double, high: Double)] {
          levels.map {
            fit.limits(
              size: places[i].size, level: $0, designEffect: places[i].designEffect, byChanceAlone: byChanceAlone)
          }
        }
        let byChance = limits(byChanceAlone: true)
        return Pair(byChance: byChance, all: fit.spread == .estimated ? limits(byChanceAlone: false) : byChance)
      }
      pairs = Dictionary(uniqueKeysWithValues: zip(places, found))
    }

    /// Of a unit that isn't empty.
    func of(_ unit: FunnelUnit) -> Pair { pairs[Place(size: unit.size, designEffect: unit.designEffect)]! }
  }

  private static func drawn(_ points: [Funnel.Point]) -> [Funnel.Point] {
    guard points.count > mostDrawn else { return points }
    return (0..<mostDrawn).map { points[$0 * (points.count - 1) / (mostDrawn - 1)] }
  }
}
