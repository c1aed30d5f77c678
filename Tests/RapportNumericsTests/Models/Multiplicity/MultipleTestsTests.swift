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

  // The same curve in SciPy 1.17.1: make_smoothing_spline at λ = 0.05 … 0.95 with the penalty (0.01572004) at which its
  // smoother, column by column from unit vectors, has trace 3; its last value for the p-values of D03.
  @Test func `the null share from a smooth curve`() throws {
    guard let reference = ReferenceCase("D03-padjust") else { return }
    let table = reference.table("pvalues.csv")
    let shares = ["bh1995": 0.7948720535996909, "mixture300": 0.9798281523007687, "ties_zero_one_missing": 1]
    for (set, share) in shares {
      let tests = MultipleTests(zip(table.texts("set"), table.numbers("p")).filter { $0.0 == set }.map(\.1))
      let found = try tests.storeyTibshirani()
      expectClose(found.nullShare, share, relative: 1e-8)
      for (q, adjusted) in zip(found.qValues, tests.benjaminiHochberg()) where adjusted < 1 {
        expectClose(q, found.nullShare * adjusted, relative: 1e-13)
      }
    }
  }

  // 20 000 p-values, 70 % uniform: over a thousand such sets in numpy the curve's end has mean 0.6998 and deviation 0.0173.
  @Test func `the smooth null share finds the truth`() throws {
    var stream = RandomStream(seed: 8, purpose: "null share")
    let p = (0..<20_000).map { _ in stream.uniform() < 0.7 ? stream.uniform() : stream.beta(0.3, 12) }
    expectClose(try MultipleTests(p).storeyTibshirani().nullShare, 0.7, absolute: 5 * 0.0173)
    // All small: the curve falls to zero or below, and q-values stay those of Benjamini and Hochberg.
    let small = try MultipleTests([0.01, 0.02, 0.03]).storeyTibshirani()
    #expect(small.nullShare == 1)
    #expect(small.qValues == MultipleTests([0.01, 0.02, 0.03]).benjaminiHochberg())
    #expect(try MultipleTests([.nan]).storeyTibshirani().nullShare == 1)
  }

  // By hand: Φ⁻¹ of ¼ and ¾ is ∓0.6745, so s = 0.9539, IQR/1.34 = 0.5034, and h = 1.5 · 0.9 · 0.5034 · 2^(−1/5) = 0.5916.
  // f there is (φ(0) + φ(1.349/0.5916))/(2 h) = 0.3372 · (1 + 0.0743), φ(0.6745) = 0.3178: the ratio is 0.877.
  @Test func `local rates, worked by hand`() {
    let rates = MultipleTests([0.75, .nan, 0.25]).localFalseDiscoveryRates(nullShare: 0.5)
    #expect(rates[1].isNaN)
    expectClose(rates[2], 0.5 * 0.877, relative: 1e-3)
    expectClose(rates[0], 0.5 * 0.877, relative: 1e-3)
    #expect(MultipleTests([0.2]).localFalseDiscoveryRates(nullShare: 0.4) == [0.4])
    #expect(MultipleTests([0.2, 0.2]).localFalseDiscoveryRates(nullShare: 0.4) == [0.4, 0.4])
  }

  // z of N(0, 1) in four of five cases, else N(−3, 1): p = Φ(z), and the true rate is known.
  @Test func `local rates find the truth`() {
    var stream = RandomStream(seed: 9, purpose: "local rates")
    let z = (0..<20_000).map { _ in stream.normal() - (stream.uniform() < 0.2 ? 3 : 0) }
    let rates = MultipleTests(z.map(Normal.standard.cumulative)).localFalseDiscoveryRates(nullShare: 0.8)
    for (z, rate) in zip(z, rates) where z > -3.5 && z < 0 {
      let null = 0.8 * Normal.standard.density(z)
      // The kernel blurs, and some tens of p-values make the density at the far end.
      expectClose(rate, null / (null + 0.2 * Normal.standard.density(z + 3)), absolute: 0.08)
    }
    let order = z.indices.sorted { z[$0] < z[$1] }
    #expect(zip(order, order.dropFirst()).allSatisfy { rates[$0] <= rates[$1] })
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
