import Glibc

/// Whether a group's levels differ at all: a test of a variance, which under the hypothesis lies on its boundary.
///
///     T = d(without the group) − d(with it)        p = ½ P(χ²₁ > T)
///
/// Half of the time the estimate would be zero under the hypothesis, so that the plain χ² is twice too large.
///
/// Source: Self & Liang (1987), Asymptotic properties of maximum likelihood estimators under nonstandard conditions;
/// Stram & Lee (1994), Variance components testing in the longitudinal mixed effects model.
public struct VarianceTest: Sendable, Equatable {
  /// T; what rounding puts below 0 is 0.
  public let statistic: Double
  /// With one degree of freedom, the boundary ignored.
  public let chiSquaredPValue: Double
  /// The mixture's.
  public let mixturePValue: Double
  /// The share of simulated fits with a T as large, (1 + count) / (1 + samples); `nil` where none were drawn, or where more
  /// than ``mostFailures`` of them failed.
  public let bootstrapPValue: Double?
  /// Simulated samples whose two fits both converged.
  public let bootstrapSamples: Int
  /// Simulated samples with a fit that didn't converge; they count for nothing.
  public let bootstrapFailures: Int

  /// The share of samples that may fail: more, and those that are left needn't stand for all.
  public static let mostFailures = 0.02

  init(statistic: Double, bootstrap drawn: [Double?]) {
    let bootstrap = drawn.compactMap { $0 }
    bootstrapFailures = drawn.count - bootstrap.count
    self.statistic = statistic
    chiSquaredPValue = ChiSquared(degreesOfFreedom: 1).survival(statistic)
    mixturePValue = statistic > 0 ? chiSquaredPValue / 2 : 1
    let larger = bootstrap.count { $0 >= statistic - 1e-9 }
    let isKnown = !bootstrap.isEmpty && Double(bootstrapFailures) <= Self.mostFailures * Double(drawn.count)
    bootstrapPValue = isKnown ? Double(1 + larger) / Double(1 + bootstrap.count) : nil
    bootstrapSamples = bootstrap.count
  }
}

extension LinearMixedModel {
  /// Tests the variance of one group against zero.
  ///
  /// - Parameters:
  ///   - group: its position among the groups.
  ///   - samples: responses drawn from the model without the group, both models fitted to each.
  ///   - seed: of these draws.
  /// - Throws: ``NumericsError/didNotConverge(method:iterations:)`` where one of the two fits didn't, or the one without the
  ///   group is better; samples whose fits don't converge are counted.
  /// - Complexity: two fits, and two more per sample.
  public func testVariance(
    of group: Int, _ cells: ResponseCells, design: DesignMatrix, groups: [Grouping], samples: Int = 0, seed: UInt64 = 1
  ) throws(NumericsError) -> VarianceTest {
    precondition(groups.indices.contains(group), "group \(group) of \(groups.count)")
    var rest = groups
    rest.remove(at: group)
    let full = try fit(cells, design: design, groups: groups)
    let reduced = try fit(cells, design: design, groups: rest)
    try full.requireConvergence()
    try reduced.requireConvergence()
    let statistic = try full.rise(to: reduced.deviance)
    var alone = self
    alone.threads = 1
    let (single, remaining) = (alone, rest)
    let statistics = try parallelMap(count: samples, threads: threads) {
      (sample: Int) throws(NumericsError) -> Double? in
      var stream = RandomStream(seed: seed, purpose: "variance test", unit: UInt64(sample))
      let drawn = reduced.draw(cells, design: design, groups: remaining, &stream)
      let without = try single.fit(drawn, design: design, groups: remaining)
      let with = try single.fit(drawn, design: design, groups: groups)
      guard with.search.converged, without.search.converged else { return nil }
      do {
        return try with.rise(to: without.deviance)
      } catch {
        return nil
      }
    }
    return VarianceTest(statistic: statistic, bootstrap: statistics)
  }
}

extension LinearMixedModelFit {
  /// Responses drawn from the fitted model: new effects, new residuals, the same cells.
  ///
  /// A cell of n rows, or a row of weight n, gets its mean from a normal; its inner squares come from σ² χ²(n − 1).
  public func draw(
    _ cells: ResponseCells, design: DesignMatrix, groups: [Grouping], _ stream: inout RandomStream
  ) -> ResponseCells {
    let effects = zip(groups, components).map { group, component in
      (0..<group.levelCount).map { _ in component.variance.squareRoot() * stream.normal() }
    }
    var drawn = cells
    for cell in cells.counts.indices {
      let n = cells.counts[cell]
      if n == 0 { continue }
      let expected = groups.indices.reduce(fixedPart(design, row: cell)) {
        $0 + effects[$1][Int(groups[$1].codes[cell])]
      }
      let mean = expected + sigma / n.squareRoot() * stream.normal()
      let within = !cells.isSingle(cell) && n > 1 ? residualVariance * 2 * stream.gamma(shape: (n - 1) / 2) : 0
      drawn.sums[cell] = n * mean
      drawn.squares[cell] = n * mean * mean + within
    }
    return drawn
  }
}
