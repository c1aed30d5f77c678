import Glibc
import RapportNumerics

/// A way to put health together for every posterior draw, the same for all units: so one distribution of ranks holds both what
/// isn't known of units and what could be chosen otherwise.
struct MethodPlan: Sendable {
  let composite: Composite
  /// How many draws.
  let count: Int
  /// By draw, then by domain.
  let weights: [Double]
  /// By draw.
  let exponents: [Double]
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
    count = draws
    weights = points.flatMap(\.weights)
    exponents = points.map(\.exponent)
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
    sums = [Double](repeating: 0, count: plan.composite.domains.count * plan.count)
    caps = [Double](repeating: 100, count: plan.count)
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
    let (count, sizes, weights) = (plan.count, plan.composite.sizes, plan.weights)
    return (0..<count).map { i in
      let isGeometric = plan.isGeometricWithin[i]
      let mean = MethodPoint.powerMean(count: sizes.count, exponent: plan.exponents[i]) { d in
        let mean = sums[d * count + i] / sizes[d]
        return (isGeometric ? mean : log(mean), weights[i * sizes.count + d])
      }
      return min(mean, caps[i], 100)
    }
  }
}
