import Glibc
import RapportNumerics

/// A way to put health together for every posterior draw, the same for all units: so one distribution of ranks holds both what
/// isn't known of units and what could be chosen otherwise.
struct MethodPlan: Sendable {
  let composite: Composite
  /// By draw.
  let points: [MethodPoint]
  /// By indicator, then by draw.
  let starts: [[Double]]
  let slopes: [[Double]]
  /// By draw.
  let isGeometricWithin: [Bool]

  /// Apart from the batches of the sensitivity study, which count from 0.
  private static let replicate = 1000

  init(_ design: MethodDesign, draws: Int, seed: UInt64) {
    composite = design.composite
    let sequence = SobolSequence(dimensions: design.inputCount, seed: seed, replicate: Self.replicate)
    let points = (0..<draws).map { design.point(sequence.point($0)) }
    self.points = points
    starts = composite.indicators.indices.map { k in points.map { $0.starts[k] } }
    slopes = composite.indicators.indices.map { k in points.map { $0.slopes[k] } }
    isGeometricWithin = points.map(\.isGeometricWithin)
  }
}

/// Draws of one unit's health, each put together in another way; indicators are added one at a time.
struct MethodDraws {
  private let plan: MethodPlan
  /// Domain by domain, sums over indicators of points, or of their logarithms.
  private var sums: [Double]
  private var caps: [Double]

  init(_ plan: MethodPlan) {
    self.plan = plan
    sums = [Double](repeating: 0, count: plan.composite.domains.count * plan.points.count)
    caps = [Double](repeating: 100, count: plan.points.count)
  }

  /// Adds draws of indicator `k`, as positions between the fixed goalposts.
  mutating func add(_ k: Int, positions: [Double]) {
    let (starts, slopes, isGeometric) = (plan.starts[k], plan.slopes[k], plan.isGeometricWithin)
    let first = plan.composite.domainOf[k] * positions.count
    let isCapping = plan.composite.capping.contains(k)
    for i in positions.indices {
      let points = Goalposts.points(position: (positions[i] - starts[i]) * slopes[i])
      sums[first + i] += isGeometric[i] ? log(points) : points
      if isCapping { caps[i] = min(caps[i], Health.cap(points)) }
    }
  }

  /// Health, draw by draw, once all indicators are added.
  func health() -> [Double] {
    let count = plan.points.count
    let sizes = plan.composite.sizes
    var logs = [Double](repeating: 0, count: sizes.count)
    return plan.points.enumerated().map { i, method in
      for d in sizes.indices {
        let mean = sums[d * count + i] / sizes[d]
        logs[d] = method.isGeometricWithin ? mean : log(mean)
      }
      return min(method.powerMean(logs), caps[i], 100)
    }
  }
}
