import Glibc

/// One way to put health together.
///
///     points = 1 + 99 · clamp((position − start) / (end − start), 0, 1)
///     D_d = arithmetic or geometric mean of d's points        H = min((Σ w_d D_d^p)^(1/p), cap)
struct MethodPoint: Sendable {
  /// w by domain, adding to 1.
  var weights: [Double]
  /// p; 0 is the geometric mean.
  var exponent: Double
  /// Whether indicators combine by their geometric mean.
  var isGeometricWithin: Bool
  /// By indicator: where points begin, as a position between the fixed goalposts.
  var starts: [Double]
  /// By indicator: 1/(end − start).
  var slopes: [Double]

  /// Points of indicator `k` at this position between the fixed goalposts.
  @inline(__always) func points(_ k: Int, position: Double) -> Double {
    Goalposts.points(position: (position - starts[k]) * slopes[k])
  }

  /// The weighted power mean of the domains, given their logarithms.
  ///
  ///     log H = log1p(Σ w_d expm1(p log D_d)) / p        Σ w_d log D_d at p = 0
  ///
  /// Written so because the weights add to 1, and near p = 0 nothing cancels.
  func powerMean(_ logs: [Double]) -> Double {
    Self.powerMean(count: logs.count, exponent: exponent) { (logs[$0], weights[$0]) }
  }

  /// Likewise, of so many domains, each with its logarithm and weight.
  @inline(__always) static func powerMean(
    count: Int, exponent: Double, _ domain: (Int) -> (log: Double, weight: Double)
  ) -> Double {
    var sum = 0.0
    for d in 0..<count {
      let (log, weight) = domain(d)
      sum += weight * (exponent == 0 ? log : expm1(exponent * log))
    }
    return exponent == 0 ? exp(sum) : exp(log1p(sum) / exponent)
  }
}

extension Composite {
  /// The composite of these positions, one per indicator, put together this way.
  func health(positions: some RandomAccessCollection<Double>, _ method: MethodPoint) -> Double {
    var logs = [Double](repeating: 0, count: domains.count)
    var cap = 100.0
    for (k, position) in positions.enumerated() {
      let points = method.points(k, position: position)
      logs[domainOf[k]] += method.isGeometricWithin ? log(points) : points
      if capping.contains(k) { cap = min(cap, Health.cap(points)) }
    }
    for d in logs.indices {
      logs[d] /= sizes[d]
      if !method.isGeometricWithin { logs[d] = log(logs[d]) }
    }
    return min(method.powerMean(logs), cap)
  }
}
