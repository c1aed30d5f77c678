import Glibc

/// Whether coefficients change with time: the score test of β(t) = β + θ g(t).
///
///     χ² = U_g' (B − A' I⁻¹ A)⁻¹ U_g        U_g = Σ g(t) (x − x̄)    A = Σ g(t) V(t)    B = Σ g(t)² V(t)
///
/// V(t) is an event's part of the information. Source: Grambsch & Therneau (1994), as R's `cox.zph` works it out from
/// survival 3.0 on, without their approximation V(t) ≈ I/d.
public struct ProportionalHazardsTest: Sendable, Equatable {
  /// Which g is meant.
  public enum Transform: String, Sendable, Codable, CaseIterable {
    /// 1 − S(t−), S the Kaplan–Meier curve of all rows; late, sparse times have little weight.
    case kaplanMeier
    /// The rank of t among all exits.
    case rank
    /// t itself.
    case identity
    /// log t.
    case logarithm
  }

  /// The coefficients' names.
  public let names: [String]
  /// Each coefficient's test.
  public let tests: [ChiSquaredTest]
  /// All of them at once; `nil` where they can't be told apart.
  public let global: ChiSquaredTest?
}

extension CoxFit {
  /// Whether hazards are proportional.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where g is undefined, or after a prior or a divergence.
  public func proportionalHazardsTest(
    _ transform: ProportionalHazardsTest.Transform = .kaplanMeier
  ) throws(NumericsError) -> ProportionalHazardsTest {
    guard diverging.isEmpty && model.priorDeviation == nil else {
      throw .invalidInput("the test needs a plain maximum of the likelihood; fit without a prior and diverging columns")
    }
    var g = try transformed(sweep.sets.times, transform)
    // Σ g over events is subtracted: it changes nothing but the digits that are lost.
    let counts = sweep.sets.times.indices.map { Double(sweep.sets.eventEnd[$0] - sweep.sets.eventStart[$0]) }
    let mean = dot(g, counts) / counts.reduce(0, +)
    for step in g.indices { g[step] -= mean }
    let largest = g.reduce(0) { max($0, abs($1)) }
    if largest > 0 { for step in g.indices { g[step] /= largest } }
    guard let first = sweep.derivatives(scaledCoefficients, multipliers: g, threads: threads),
      let second = sweep.derivatives(scaledCoefficients, multipliers: g.map { $0 * $0 }, threads: threads)
    else { throw .invalidInput("hazards differ too much within a stratum") }
    var a = first.information
    a.mirrorLowerTriangle()
    var b = second.information
    b.mirrorLowerTriangle()
    let p = coefficients.count
    let inner: Cholesky
    do { inner = try Cholesky(scaledInformation) } catch {
      throw .invalidInput("the information isn't positive definite at the estimates")
    }
    let rest = b - inner.solveLower(a).crossProduct
    let tests = (0..<p).map { j in
      ChiSquaredTest(
        statistic: rest[j, j] > 0 ? first.gradient[j] * first.gradient[j] / rest[j, j] : 0, degreesOfFreedom: 1)
    }
    return ProportionalHazardsTest(
      names: coefficients.map(\.name), tests: tests, global: ChiSquaredTest(of: first.gradient, covariance: rest))
  }

  /// g at these times.
  private func transformed(
    _ times: [Double], _ transform: ProportionalHazardsTest.Transform
  ) throws(NumericsError) -> [Double] {
    let rows = data.exits.indices.filter { data.weight($0) > 0 }
    let exits = rows.map { data.exits[$0] }
    switch transform {
    case .identity: return times
    case .logarithm:
      guard times.allSatisfy({ $0 > 0 }) else {
        throw .invalidInput("an event's time isn't positive, so that it has no logarithm; choose another transform")
      }
      return times.map { log($0) }
    case .rank:
      let sorted = exits.sorted()
      return times.map { time in
        // The mean rank of equal times.
        let below = sorted.countBelow(time)
        let through = sorted.countBelow(time.nextUp)
        return 0.5 * Double(below + 1 + through)
      }
    case .kaplanMeier:
      let curve = try KaplanMeier(
        times: exits, events: rows.map { data.events[$0] },
        entries: data.entries.map { entries in rows.map { entries[$0] } })
      return times.map { 1 - curve.survival(at: $0.nextDown) }
    }
  }
}
