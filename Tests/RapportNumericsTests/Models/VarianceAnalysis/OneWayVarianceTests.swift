import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct OneWayVarianceTests {
  // By hand: 1, 3 and 5, 7: means 2 and 6 about 4: between 16, within 4; F = 16 / (4/2) = 8.
  @Test func `worked by hand, with any constant`() throws {
    for constant in [0, 1e12] {
      let analysis = try OneWayVariance(groups: [[1 + constant, 3 + constant], [5 + constant, 7 + constant], []])
      #expect(analysis.betweenSumOfSquares == 16)
      #expect(analysis.withinSumOfSquares == 4)
      #expect(analysis.fRatio == 8)
      #expect(analysis.rSquared == 0.8)
    }
    expectClose(try OneWayVariance(groups: [[1, 3], [5, 7]]).pValue, 0.10557280900008414, relative: 1e-12)
    #expect(throws: NumericsError.self) { try OneWayVariance(groups: [[1, 2]]) }
    #expect(throws: NumericsError.self) { try OneWayVariance(groups: [[1], [2]]) }
  }

  @Test func `small values beside large ones count`() throws {
    // By hand: means 1 and 10¹² + 1: within 2 + 2, however far apart the groups are.
    let analysis = try OneWayVariance(groups: [[1e12, 1e12 + 2], [0, 2]])
    #expect(analysis.withinSumOfSquares == 4)
    #expect(analysis.betweenSumOfSquares == 1e24)
  }

  // Where a double can't hold the decimals (SmLs07), the exact result on the doubles is what can be asked for.
  @Test func `NIST's analyses of variance`() throws {
    guard let reference = ReferenceCase("E05-nist-anova") else { return }
    let sets: [(name: String, level: ReferenceCase.Level)] = [
      ("SiRstv", .lower), ("SmLs01", .lower), ("SmLs02", .lower), ("SmLs04", .average), ("SmLs07", .higher),
    ]
    for (name, level) in sets {
      let table = reference.table("\(name).csv")
      let keys = table.texts(table.names[0])
      let values = table.numbers(table.names[1])
      let groups = Set(keys).sorted().map { key in keys.indices.filter { keys[$0] == key }.map { values[$0] } }
      let analysis = try OneWayVariance(groups: groups)
      let fit = name.lowercased()
      reference.check(fit: fit, "df_between", got: Double(analysis.betweenDegreesOfFreedom))
      reference.check(fit: fit, "df_within", got: Double(analysis.withinDegreesOfFreedom))
      for (quantity, got) in [
        ("F", analysis.fRatio), ("ss_between", analysis.betweenSumOfSquares),
        ("ss_within", analysis.withinSumOfSquares),
        ("r_squared", analysis.rSquared), ("residual_sd", analysis.residualStandardDeviation),
      ] {
        reference.check(fit: fit, quantity, got: got)
        if level != .higher { reference.checkDigits(fit: fit, quantity, level: level, got: [got]) }
      }
      for (quantity, got) in [
        ("F_on_doubles", analysis.fRatio), ("ss_between_on_doubles", analysis.betweenSumOfSquares),
        ("ss_within_on_doubles", analysis.withinSumOfSquares),
      ] {
        reference.check(fit: fit, quantity, got: got)
        reference.checkDigits(fit: fit, quantity, level: level, got: [got])
      }
      let between = try #require(reference.number(fit: fit, "ss_between_on_doubles"))
      let within = try #require(reference.number(fit: fit, "ss_within_on_doubles"))
      reference.checkDigits(
        fit: fit, "r_squared_on_doubles", level: level, got: [analysis.rSquared], want: [between / (between + within)])
      reference.checkDigits(
        fit: fit, "residual_sd_on_doubles", level: level, got: [analysis.residualStandardDeviation],
        want: [(within / Double(analysis.withinDegreesOfFreedom)).squareRoot()])
    }
  }
}
