import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct PosteriorModeTests {
  private static func oneWay(_ rows: [Double], levels: Int) throws -> (
    fit: LinearMixedModelFit, design: DesignMatrix, groups: [Grouping]
  ) {
    let design = LinearMixedModelTests.intercept(rows.count)
    let size = rows.count / levels
    let groups = [LinearMixedModelTests.group("g", rows.indices.map { Int32($0 / size) })]
    return (try LinearMixedModel().fit(ResponseCells(rows: rows), design: design, groups: groups), design, groups)
  }

  // By hand: k levels of n rows with the same mean. With x = n θ² the deviance is (k − 1) log(1 + x) and the prior, v = 1/n, adds
  // 4 log(1 + x) − 2 log x, so that x = 2/(k + 1). Of three levels {1, 3}: θ² = 1/4, σ² = 6/5, and a level's effect, 0, has the
  // variance σ² θ²/(1 + x) = 0.2 given the mean. The restricted likelihood has 0 for all of it.
  @Test func `levels that are all alike, by hand`() throws {
    let (fit, design, groups) = try Self.oneWay([1, 3, 1, 3, 1, 3], levels: 3)
    #expect(fit.components[0].variance == 0)
    #expect(fit.conditionalDeviations(group: 0) == [0, 0, 0])
    let mode = try fit.posteriorMode(of: [0], design: design, groups: groups)
    expectClose(mode.components[0].ratio, 0.5, relative: 1e-6)
    expectClose(mode.residualVariance, 1.2, relative: 1e-9)
    expectClose(mode.conditionalDeviations(group: 0), Array(repeating: 0.2.squareRoot(), count: 3), relative: 1e-6)
    expectClose(mode.effects[0], [0, 0, 0], relative: 0, absolute: 1e-12)
    // What is told of the likelihood is what it is there.
    expectClose(mode.deviance, try fit.deviance(at: [0.5]), relative: 1e-9)
    #expect(mode.deviance > fit.deviance)
    // Without groups to be informed of, nothing changes.
    let same = try fit.posteriorMode(of: [], design: design, groups: groups)
    #expect(same.components == fit.components)
  }

  // Two levels have a mode too, however far apart: x = n θ² with k = 2 and SSB, r² = SSW + SSB/(1 + x).
  @Test(arguments: [0.1, 1, 10, 1000])
  func `two levels`(_ apart: Double) throws {
    let (fit, design, groups) = try Self.oneWay([-1, 0, 1, apart - 1, apart, apart + 1], levels: 2)
    let mode = try fit.posteriorMode(of: [0], design: design, groups: groups)
    let (within, between) = (4.0, 1.5 * apart * apart)
    // The derivative by x of log(1 + x) + 5 log r² + 4 log(1 + x) − 2 log x is 0.
    let x = 3 * mode.components[0].ratio * mode.components[0].ratio
    let square = within + between / (1 + x)
    let slope = 5 / (1 + x) - 2 / x - 5 * between / ((1 + x) * (1 + x) * square)
    #expect(abs(slope) < 1e-6 * (2 / x), "\(x): \(slope)")
  }

  @Test func `many levels agree with the restricted likelihood`() throws {
    let data = LinearMixedModelTests.crossed(managers: 400, partners: 100, rows: 40_000, seed: 8)
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    let mode = try fit.posteriorMode(of: [0, 1, 2], design: data.design, groups: data.groups)
    #expect(mode.search.converged)
    expectClose(mode.components.map(\.ratio), fit.components.map(\.ratio), relative: 0.02)
    let alone = try fit.posteriorMode(of: [0, 1, 2], design: data.design, groups: data.groups, threads: 3)
    #expect(alone.components == mode.components)
  }

  // Levels that the fixed columns tell already: nothing is known of the group's variance, and none is made up.
  @Test func `a group that the data tell nothing about keeps its ratio`() throws {
    let codes: [Int32] = [0, 0, 1, 1, 2, 2]
    let design = try DesignMatrix(
      rows: 6, terms: [.category(DesignTerm.Category(name: "g", levels: ["a", "b", "c"], codes: codes))])
    let groups = [LinearMixedModelTests.group("g", codes)]
    let fit = try LinearMixedModel().fit(ResponseCells(rows: [1, 3, 2, 5, 4, 9]), design: design, groups: groups)
    let mode = try fit.posteriorMode(of: [0], design: design, groups: groups)
    #expect(mode.components == fit.components)
  }
}
