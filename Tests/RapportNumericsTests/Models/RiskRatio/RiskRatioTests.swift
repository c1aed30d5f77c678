import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct RiskRatioTests {
  // 2 of 10 against 1 of 20: ratio 4, variance 1/2 − 1/10 + 1 − 1/20 = 1.35. One table is its own common ratio: R = 2 · 20/30,
  // S = 10/30, and (10 · 20 · 3 − 2 · 30)/900 / (4/9) = 0.6 · 9/4 = 1.35.
  @Test func `worked by hand`() throws {
    let counts = RiskRatio.Counts(events: (2, 1), totals: (10, 20))
    for ratio in [try RiskRatio(counts), try RiskRatio(common: [counts])] {
      expectClose(exp(ratio.logarithm), 4, relative: 1e-14)
      expectClose(ratio.standardError, 1.35.squareRoot(), relative: 1e-14)
    }
  }

  @Test func `exchanging the groups turns the sign`() throws {
    let one = try RiskRatio(common: [.init(events: (3, 5), totals: (9, 30)), .init(events: (0, 2), totals: (4, 8))])
    let other = try RiskRatio(common: [.init(events: (5, 3), totals: (30, 9)), .init(events: (2, 0), totals: (8, 4))])
    expectClose(one.logarithm, -other.logarithm, relative: 1e-14)
    expectClose(one.standardError, other.standardError, relative: 1e-14)
  }

  @Test func `no event, and counts that can't be`() {
    #expect(throws: NumericsError.self) { try RiskRatio(.init(events: (0, 1), totals: (5, 5))) }
    #expect(throws: NumericsError.self) { try RiskRatio(common: [.init(events: (0, 1), totals: (5, 5))]) }
    #expect(throws: NumericsError.self) { try RiskRatio(.init(events: (6, 1), totals: (5, 5))) }
  }

  @Test func `trials of a vaccine, as metafor has them`() throws {
    guard let reference = ReferenceCase("D10-meta-bcg") else { return }
    let table = reference.table("bcg.csv")
    func counts(_ name: String) -> [Int] { table.numbers(name).map { Int($0) } }
    let (a, b, c, d) = (counts("tpos"), counts("tneg"), counts("cpos"), counts("cneg"))
    let tables = a.indices.map { RiskRatio.Counts(events: (a[$0], c[$0]), totals: (a[$0] + b[$0], c[$0] + d[$0])) }
    let ratios = try tables.map { try RiskRatio($0) }
    reference.check(fit: "effects", "yi", got: ratios.map(\.logarithm))
    reference.check(fit: "effects", "vi", got: ratios.map { $0.standardError * $0.standardError })
    let common = try RiskRatio(common: tables)
    reference.check(fit: "mh", "log_rr", got: common.logarithm)
    reference.check(fit: "mh", "se", got: common.standardError)
  }
}
