import Glibc

/// What each indicator contributes to the difference between two composites.
///
///     c_i = (p_i − r_i) ∫₀¹ ∂H/∂p_i (r + t (p − r)) dt        Σ c_i = H(p) − H(r)
///
/// The composite is smooth between the points where a cap takes over, so the integral is split there and each piece is
/// done by Gauss–Legendre with 16 nodes on panels, doubled until the sum agrees to 1e-10.
///
/// Source: Aumann & Shapley (1974), Values of non-atomic games; Sun & Sundararajan (2011), axioms for attribution.
enum AumannShapley {
  /// Contributions of each of `composite`'s indicators to H(`points`) − H(`reference`).
  static func contributions(_ composite: Composite, points: [Double], reference: [Double]) -> [Double] {
    let difference = composite.health(points) - composite.health(reference)
    let steps = zip(points, reference).map { $0 - $1 }
    let breaks = self.breaks(composite, reference: reference, steps: steps)
    var panels = 1
    while true {
      var result = [Double](repeating: 0, count: points.count)
      for (start, end) in zip(breaks, breaks.dropFirst()) {
        let width = (end - start) / Double(panels)
        for panel in 0..<panels {
          let left = start + width * Double(panel)
          for node in nodes.indices {
            let t = left + width * nodes[node].0
            addGradient(
              composite, at: zip(reference, steps).map { $0 + t * $1 }, weight: width * nodes[node].1, to: &result)
          }
        }
      }
      for i in result.indices { result[i] *= steps[i] }
      let rest = difference - result.reduce(0, +)
      if abs(rest) < 1e-10 || panels >= 64 {
        // What quadrature leaves goes to the indicators by the size of their steps.
        let size = result.reduce(0) { $0 + abs($1) }
        if size > 0 { for i in result.indices { result[i] += rest * abs(result[i]) / size } }
        return result
      }
      panels *= 2
    }
  }

  /// 0, the places on the line where another piece of the composite takes over, and 1.
  private static func breaks(_ composite: Composite, reference: [Double], steps: [Double]) -> [Double] {
    guard !composite.capping.isEmpty else { return [0, 1] }
    func piece(_ t: Double) -> Int { active(composite, zip(reference, steps).map { $0 + t * $1 }) }
    var result = [0.0]
    let grid = 64
    for i in 0..<grid {
      var (low, high) = (Double(i) / Double(grid), Double(i + 1) / Double(grid))
      let first = piece(low)
      guard piece(high) != first else { continue }
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if piece(middle) == first { low = middle } else { high = middle }
      }
      if low > result.last! && low < 1 { result.append(low) }
    }
    result.append(1)
    return result
  }

  /// Which piece holds: −1 for the geometric mean, otherwise the position of the capping indicator.
  private static func active(_ composite: Composite, _ points: [Double]) -> Int {
    var lowest = composite.geometricMean(composite.domainScores(points))
    var piece = -1
    for i in composite.capping where Health.cap(points[i]) < lowest {
      lowest = Health.cap(points[i])
      piece = i
    }
    return piece
  }

  private static func addGradient(_ composite: Composite, at points: [Double], weight: Double, to sum: inout [Double]) {
    let piece = active(composite, points)
    if piece >= 0 {
      sum[piece] += weight * (100 - Health.capLowest) / (Health.capEnd - 1)
      return
    }
    let scores = composite.domainScores(points)
    let value = composite.geometricMean(scores)
    for i in points.indices {
      let d = composite.domainOf[i]
      sum[i] += weight * value * composite.weights[d] / (scores[d] * composite.sizes[d])
    }
  }

  /// Gauss–Legendre nodes and weights on 0–1, by Newton's method on the Legendre polynomial of order 16.
  private static let nodes: [(Double, Double)] = {
    let n = 16
    return (0..<n).map { i in
      var x = Glibc.cos(Double.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
      var slope = 0.0
      for _ in 0..<50 {
        var (previous, current) = (1.0, x)
        for k in 2...n {
          (previous, current) = (
            current, (Double(2 * k - 1) * x * current - Double(k - 1) * previous) / Double(k)
          )
        }
        slope = Double(n) * (x * current - previous) / (x * x - 1)
        let step = current / slope
        x -= step
        if abs(step) < 1e-16 { break }
      }
      return ((1 - x) / 2, 1 / ((1 - x * x) * slope * slope))
    }
  }()
}
