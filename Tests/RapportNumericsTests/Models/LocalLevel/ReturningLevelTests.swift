import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct ReturningLevelTests {
  // τ² = 1, σ² = 2, φ = ½, h = 1: V = (4 2; 2 4), g = (1 − 2, 2 − 1), V⁻¹g = (−½, ½). From 3 and 5 the change is 1, and its
  // variance 2 (2 − 1) − 1 = 1. In a pause nothing moves.
  @Test func `a change by hand`() throws {
    let model = ReturningLevel(mean: 7, usualVariance: 1, swingVariance: 2, persistence: 0.5)
    let change = try model.change(LevelSeries(observations: [3, 5], variances: [1, 1]), from: 0, to: 1)
    expectClose(change.level, 1, relative: 1e-12)
    expectClose(change.variance, 1, relative: 1e-12)
    let paused = try model.change(
      LevelSeries(observations: [3, 5], variances: [1, 1], isPaused: [true, false]), from: 0, to: 1)
    #expect(paused.level == 0 && paused.variance == 0)
    // Errors of twice the variance are the same as a factor of two.
    let factored = ReturningLevel(mean: 7, usualVariance: 1, swingVariance: 2, persistence: 0.5, errorFactor: 2)
    #expect(
      try factored.change(LevelSeries(observations: [3, nil, 5], variances: [1, 1, 1]), from: 0, to: 2)
        == model.change(LevelSeries(observations: [3, nil, 5], variances: [2, 1, 2]), from: 0, to: 2))
    #expect(try ReturningLevel.fit([LevelSeries(observations: [nil], variances: [1])]) == nil)
    #expect(throws: NumericsError.self) {
      try ReturningLevel.fit([LevelSeries(observations: [1, 2], variances: [1, 0])])
    }
  }

  // 600 series of 18 months of the model itself, errors 0.1 to 1 times 1.5, every fifth month empty.
  @Test func `what series were drawn from is found, and told directions are right`() throws {
    var stream = RandomStream(seed: 5, purpose: "returning level")
    let (usual, swing, persistence) = (0.5, 1.0, 0.6)
    var (series, truth): ([LevelSeries], [[Double]]) = ([], [])
    for _ in 0..<600 {
      let mean = 3 + usual.squareRoot() * stream.normal()
      var off = swing.squareRoot() * stream.normal()
      var (levels, observations, variances): ([Double], [Double?], [Double]) = ([], [], [])
      for month in 0..<18 {
        levels.append(mean + off)
        let variance = 0.1 + 0.9 * stream.uniform()
        let error = (1.5 * variance).squareRoot() * stream.normal()
        observations.append(month % 5 == 3 ? nil : mean + off + error)
        variances.append(variance)
        off = persistence * off + (swing * (1 - persistence * persistence)).squareRoot() * stream.normal()
      }
      truth.append(levels)
      series.append(LevelSeries(observations: observations, variances: variances))
    }
    let model = try #require(try ReturningLevel.fit(series, errorFactors: 0.25...8, threads: 2))
    #expect(try ReturningLevel.fit(series, errorFactors: 0.25...8) == model)
    #expect(abs(model.mean - 3) < 0.15 && abs(model.usualVariance - usual) < 0.15, "\(model)")
    #expect(abs(model.swingVariance - swing) < 0.2 && abs(model.persistence - persistence) < 0.1, "\(model)")
    #expect(abs(model.errorFactor - 1.5) < 0.25, "\(model)")
    var (told, wrong, held) = (0, 0, 0)
    for (series, levels) in zip(series, truth) {
      let change = try model.change(series, from: 11, to: 17)
      let real = levels[17] - levels[11]
      if abs(real - change.level) <= 1.645 * change.standardDeviation { held += 1 }
      guard abs(change.level) > 1.645 * change.standardDeviation else { continue }
      told += 1
      if real * change.level < 0 { wrong += 1 }
    }
    // 90 % of 600 with an error of 7; at most one in twenty is wrong, and fewer are by far where it is surer.
    #expect(abs(held - 540) < 22, "\(held) of 600")
    #expect(told > 100 && wrong * 20 <= told, "\(wrong) of \(told)")
  }
}
