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

  @Test func `NIST's analyses of variance`() throws {
    guard let reference = ReferenceCase("E05-nist-anova") else { return }
    for name in ["SiRstv", "SmLs01", "SmLs02", "SmLs04", "SmLs07"] {
      let table = reference.table("\(name).csv")
      let keys = table.texts(table.names[0])
      let values = table.numbers(table.names[1])
      let groups = Set(keys).sorted().map { key in keys.indices.filter { keys[$0] == key }.map { values[$0] } }
      let analysis = try OneWayVariance(groups: groups)
      let fit = name.lowercased()
      reference.check(fit: fit, "F", got: analysis.fRatio)
      reference.check(fit: fit, "F_on_doubles", got: analysis.fRatio)
      reference.check(fit: fit, "df_between", got: Double(analysis.betweenDegreesOfFreedom))
      reference.check(fit: fit, "df_within", got: Double(analysis.withinDegreesOfFreedom))
      reference.check(fit: fit, "ss_between", got: analysis.betweenSumOfSquares)
      reference.check(fit: fit, "ss_within", got: analysis.withinSumOfSquares)
      reference.check(fit: fit, "r_squared", got: analysis.rSquared)
      reference.check(fit: fit, "residual_sd", got: analysis.residualStandardDeviation)
      reference.check(fit: fit, "ss_between_on_doubles", got: analysis.betweenSumOfSquares)
      reference.check(fit: fit, "ss_within_on_doubles", got: analysis.withinSumOfSquares)
    }
  }
}
