import Glibc

/// Turns numbers between 0 and 1 into ways to put health together, evenly over ``MethodSettings``.
///
/// Inputs, in this order: a weight for each domain, the exponent across domains, the mean inside them, and for each
/// indicator its two goalposts.
struct MethodDesign: Sendable {
  let composite: Composite
  let settings: MethodSettings
  /// By indicator: how far each end may move, as positions between the fixed goalposts.
  private let moves: [(start: ClosedRange<Double>, end: ClosedRange<Double>)]

  init(_ composite: Composite, _ settings: MethodSettings) {
    self.composite = composite
    self.settings = settings
    let share = settings.goalpostShare
    moves = composite.indicators.map { indicator in
      let scale = Goalposts.scales[indicator.index]
      let ends = [scale.position(indicator.possible.lowerBound), scale.position(indicator.possible.upperBound)].sorted()
      return (max(-share, ends[0])...share, -share...min(share, ends[1] - 1))
    }
  }

  /// How many numbers a point takes.
  var inputCount: Int { composite.domains.count + 2 + 2 * composite.indicators.count }

  /// The inputs of each factor, in the order of ``MethodFactor``.
  var groups: [[Int]] {
    let domains = composite.domains.count
    return [Array(0..<domains), [domains], [domains + 1], Array((domains + 2)..<inputCount)]
  }

  /// The way that these numbers stand for.
  func point(_ u: [Double]) -> MethodPoint {
    precondition(u.count == inputCount, "\(u.count) numbers, expected \(inputCount)")
    let domains = composite.domains.count
    // The factor runs from 1/f to f.
    var weights = (0..<domains).map { composite.weights[$0] * pow(settings.weightFactor, 2 * u[$0] - 1) }
    if settings.weightFactor != 1 {
      let total = weights.reduce(0, +)
      for d in weights.indices { weights[d] /= total }
    }
    var method = MethodPoint(
      weights: weights, exponent: settings.exponentReach * (2 * u[domains] - 1),
      isGeometricWithin: settings.variesWithin && u[domains + 1] >= 0.5, starts: [], slopes: [])
    for (k, move) in moves.enumerated() {
      let start = Self.place(u[domains + 2 + 2 * k], in: move.start)
      let end = 1 + Self.place(u[domains + 3 + 2 * k], in: move.end)
      method.starts.append(start)
      method.slopes.append(1 / (end - start))
    }
    return method
  }

  private static func place(_ u: Double, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + u * (range.upperBound - range.lowerBound)
  }
}
