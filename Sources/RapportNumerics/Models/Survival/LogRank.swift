import Glibc

/// Whether groups wait equally long: weighted log-rank tests.
///
///     O_g = Σⱼ wⱼ d_gj        E_g = Σⱼ wⱼ dⱼ n_gj/nⱼ        wⱼ = S(tⱼ−)^ρ
///
/// ρ = 0 is the log-rank test (Mantel 1966), ρ = 1 Peto and Peto's; between them Harrington & Fleming (1982). Strata are
/// summed.
public struct LogRank: Sendable, Equatable {
  /// Weighted events by group.
  public let observed: [Double]
  /// What would be expected if groups were alike.
  public let expected: [Double]
  /// The covariance of observed − expected.
  public let covariance: Matrix
  /// (O − E)' V⁻¹ (O − E).
  public let chiSquared: Double
  /// Groups with something expected, less one.
  public let degreesOfFreedom: Int
  /// The tail area of χ²; 1 without degrees of freedom.
  public let pValue: Double

  /// Compares groups.
  ///
  /// - Parameters: exit `times`; whether each is an event; `groups` from 0 ..< groupCount; `strata` any numbers.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined times and groups out of range;
  ///   ``NumericsError/notPositiveDefinite(order:)`` never, unless a group and a stratum coincide.
  public init(
    times: [Double], events: [Bool], groups: [Int], groupCount: Int, strata: [Int]? = nil, rho: Double = 0
  ) throws(NumericsError) {
    precondition(times.count == events.count && times.count == groups.count, "times, events and groups differ in count")
    for time in times where !time.isFinite { throw .invalidInput("a time is \(time), expected a finite number") }
    precondition(strata.map { $0.count == times.count } ?? true, "times and strata differ in count")
    for (row, group) in groups.enumerated() where group < 0 || group >= groupCount {
      throw .invalidInput("group \(row) is \(group), expected 0 to \(groupCount - 1)")
    }
    let strata = strata ?? [Int](repeating: 0, count: times.count)
    let order = times.indices.sorted { (strata[$0], times[$0]) < (strata[$1], times[$1]) }
    var observed = [Double](repeating: 0, count: groupCount)
    var expected = observed
    var covariance = Matrix(rows: groupCount, columns: groupCount)
    var start = 0
    while start < order.count {
      let stratum = strata[order[start]]
      var end = start
      var atRisk = [Double](repeating: 0, count: groupCount)
      while end < order.count && strata[order[end]] == stratum {
        atRisk[groups[order[end]]] += 1
        end += 1
      }
      var survival = 1.0
      var first = start
      while first < end {
        var last = first
        var ended = [Double](repeating: 0, count: groupCount)
        var leaving = ended
        while last < end && times[order[last]] == times[order[first]] {
          leaving[groups[order[last]]] += 1
          if events[order[last]] { ended[groups[order[last]]] += 1 }
          last += 1
        }
        let d = ended.reduce(0, +)
        let n = atRisk.reduce(0, +)
        if d > 0 {
          let weight = pow(survival, rho)
          let scale = n > 1 ? weight * weight * d * (n - d) / (n - 1) : 0
          for g in 0..<groupCount {
            observed[g] += weight * ended[g]
            expected[g] += weight * d * atRisk[g] / n
            for h in 0..<groupCount {
              covariance[g, h] += scale * atRisk[g] / n * ((g == h ? 1 : 0) - atRisk[h] / n)
            }
          }
          survival *= (n - d) / n
        }
        for g in 0..<groupCount { atRisk[g] -= leaving[g] }
        first = last
      }
      start = end
    }
    self.observed = observed
    self.expected = expected
    self.covariance = covariance
    // Differences sum to zero, so the last of the groups that count is left out.
    let counted = (0..<groupCount).filter { expected[$0] > 0 }.dropLast()
    degreesOfFreedom = counted.count
    if counted.isEmpty {
      chiSquared = 0
      pValue = 1
    } else {
      let indices = Array(counted)
      let difference = indices.map { observed[$0] - expected[$0] }
      let factor = try Cholesky(covariance.selecting(rows: indices).selecting(columns: indices))
      let scaled = factor.solveLower(difference)
      chiSquared = dot(scaled, scaled)
      pValue = ChiSquared(degreesOfFreedom: Double(indices.count)).survival(chiSquared)
    }
  }
}
