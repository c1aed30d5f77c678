import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct MultipleTestsTests {
  @Test func `as R's p.adjust`() {
    guard let reference = ReferenceCase("D03-padjust") else { return }
    let table = reference.table("pvalues.csv")
    for set in ["bh1995", "ties_zero_one_missing", "mixture300"] {
      let p = zip(table.texts("set"), table.numbers("p")).filter { $0.0 == set }.map(\.1)
      let tests = MultipleTests(p)
      reference.check(fit: set, "BH", got: tests.benjaminiHochberg())
      reference.check(fit: set, "BY", got: tests.benjaminiYekutieli())
      reference.check(fit: set, "holm", got: tests.holm())
      reference.check(fit: set, "hochberg", got: tests.hochberg())
      reference.check(fit: set, "hommel", got: tests.hommel())
      reference.check(fit: set, "bonferroni", got: tests.bonferroni())
      reference.check(
        fit: set, "rejections_BH_05", got: Double(tests.benjaminiHochberg().filter { $0 <= 0.05 }.count))
      reference.check(fit: set, "rejections_holm_05", got: Double(tests.holm().filter { $0 <= 0.05 }.count))
      if reference.expected(fit: set, "fisher") != nil {
        reference.check(fit: set, "fisher", got: tests.fisherCombined())
      }
      if reference.expected(fit: set, "stouffer") != nil {
        reference.check(fit: set, "stouffer", got: tests.stoufferCombined())
      }
    }
  }

  // By hand: of 10 p-values, 2 at or above ½, so the null share is 2/(10 · ½) = 0.4; q of the largest is 0.4 · 0.8.
  @Test func `Storey's q-values, worked by hand`() {
    let p = [0.001, 0.002, 0.003, 0.004, 0.01, 0.02, 0.03, 0.04, 0.5, 0.8]
    let storey = MultipleTests(p).storey()
    expectClose(storey.nullShare, 0.4, relative: 1e-15)
    expectClose(storey.qValues[9], 0.32, relative: 1e-14)
    expectClose(storey.qValues[0], 0.004, relative: 1e-14)
  }

  @Test func `nothing tested`() {
    let none = MultipleTests([.nan])
    #expect(none.benjaminiHochberg()[0].isNaN)
    #expect(none.fisherCombined() == 1)
    #expect(none.stoufferCombined() == 1)
    #expect(MultipleTests([]).storey().nullShare == 1)
    #expect(MultipleTests([0.02]).hommel() == [0.02])
  }
}
