import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct RankTestsTests {
  // By hand: 3, 1, 3 have ranks 2½, 1, 2½, and one group of two: 2³ − 2 = 6.
  @Test func `ranks and ties`() {
    #expect(Ranks.of([3, 1, 3]) == [2.5, 1, 2.5])
    #expect(Ranks.tieCorrection([3, 1, 3]) == 6)
    #expect(Ranks.of([]).isEmpty)
  }

  // By hand: of 1, 2, 3, 4 two are chosen: sums 3, 4, 5, 5, 6, 7. Of signs of 1, 2: sums 0, 1, 2, 3.
  @Test func `distributions of sums`() {
    let pairs = PermutationDistribution(choosing: 2, of: [1, 2, 3, 4])
    #expect(pairs.total == 6)
    #expect(pairs.mean == 5)
    #expect(pairs.cumulative(4) == 2.0 / 6)
    #expect(pairs.survival(7) == 1.0 / 6)
    #expect(pairs.twoSided(4) == 4.0 / 6)
    let signs = PermutationDistribution(signing: [1, 2, 0])
    #expect(signs.total == 8)
    #expect(signs.cumulative(0) == 0.25)
  }

  // By hand: 1, 2 against 3, 4: W = 0, one of six divisions as low.
  @Test func `the smallest tests, worked by hand`() throws {
    let low = MannWhitney([1, 2], [3, 4])
    #expect(low.statistic == 0)
    #expect(low.probabilityLarger == 0)
    #expect(low.exact().less == 1.0 / 6)
    #expect(low.exact().twoSided == 2.0 / 6)
    #expect(MannWhitney([2, 2], [2, 2]).approximate() == 1)
    let signed = SignedRank([1, 2, 0])
    #expect(signed.statistic == 3)
    #expect(signed.exact().greater == 0.25)
    #expect(SignedRank([0]).center() == nil)
    #expect(try KruskalWallis([[1, 1], [1]]).pValue == 1)
    #expect(throws: NumericsError.self) { try KruskalWallis([[1], []]) }
    #expect(MedianInterval([1, 2, 3], level: 0.9) == nil)
    #expect(Correlation.pearson([1, 2, 3, 4], [2, 2, 2, 2]) == nil)
    #expect(Correlation.spearman([1, 2], [1, 1]) == nil)
    #expect(Correlation.kendall([1, 1], [1, 2]) == nil)
    #expect(Correlation.kendall([1, 2, 3], [1, 2, 3])?.tau == 1)
    #expect(StudentTest.welch([1, 1], [1, 1]) == nil)
    #expect(StudentTest.paired([1, 2], [0, 1]) == nil)
    #expect(StudentTest.pooled([1], [2]) == nil)
  }

  // A sort leaves NaN, and what stands beside it, anywhere, so that numbers came out that looked like any other.
  @Test func `what isn't a number has no rank`() throws {
    let (x, y) = ([3, .nan, 1, 2], [1.0, 2, 3, 4])
    #expect(Correlation.pearson(x, y) == nil && Correlation.pearson(y, x) == nil)
    #expect(Correlation.spearman(x, y) == nil && Correlation.spearman(y, x) == nil)
    #expect(Correlation.spearmanExact(x, y) == nil && Correlation.spearmanExact(y, x) == nil)
    #expect(Correlation.kendall(x, y) == nil && Correlation.kendall(y, x) == nil)
    #expect(MedianInterval(x + y, level: 0.5) == nil)
    #expect(throws: NumericsError.invalidInput("value 1 of sample 2 is NaN, expected a number")) {
      try KruskalWallis([y, [], x])
    }
    #expect(throws: NumericsError.self) { try PermutationTest.signFlip(x) }
    // Infinity is larger than every number, and so has a rank.
    #expect(Ranks.of([.infinity, 1, -.infinity]) == [3, 2, 1])
  }

  @Test func `a test that has no other answer stops, and names what isn't a number`() async {
    await #expect(processExitsWith: .failure) { _ = Ranks.of([1, .nan]) }
    await #expect(processExitsWith: .failure) { _ = MannWhitney([1, 2], [.nan, 3]) }
    await #expect(processExitsWith: .failure) { _ = SignedRank([1, .nan]) }
    await #expect(processExitsWith: .failure) { _ = PermutationTest.twoSample([1, .nan], [2]) }
    await #expect(processExitsWith: .failure) { _ = SampleQuantile.median([1, .nan, 3]) }
    await #expect(processExitsWith: .failure) { _ = RobustLocation.trimmedMean([1, .nan, 3], share: 0.4) }
    let stopped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SampleQuantile.weighted([1, 2, .nan], weights: [1, 1, 1], 0.5)
    }
    let said = String(decoding: stopped?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("value 2 is NaN"))
  }

  @Test func `values that can't be counted are drawn`() throws {
    let x = [0.1234567891, 2.5, 3.7182818284]
    let y = [9.8765432101, 8.1, 7.3]
    let test = PermutationTest.twoSample(x, y, draws: 1999)
    #expect(!test.isExact)
    // Exactly 1/20 have so low a first mean; five standard errors are 0.024.
    expectClose(test.less, 0.05, absolute: 0.025)
    expectClose(test.twoSided, 0.1, absolute: 0.034)
    #expect(test == PermutationTest.twoSample(x, y, draws: 1999))
    #expect(throws: NumericsError.self) { try PermutationTest.signFlip(x) }
  }

  @Test func `as R's tests, and coin's`() throws {
    guard let reference = ReferenceCase("D17-rank-tests") else { return }
    let depression = reference.table("depression.csv")
    let before = depression.numbers("x")
    let differences = zip(before, depression.numbers("y")).map { $0 - $1 }
    let signed = SignedRank(differences)
    let center = try #require(signed.center())
    reference.check(fit: "wilcoxon_signed", "V", got: signed.statistic)
    reference.check(fit: "wilcoxon_signed", "p", got: signed.exact().greater)
    reference.check(fit: "wilcoxon_signed", "hodges_lehmann", got: center.estimate)
    reference.check(fit: "wilcoxon_signed", "ci95", got: [center.low, center.high])

    let x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    let rank = MannWhitney(x, [1.15, 0.88, 0.9, 0.74, 1.21])
    reference.check(fit: "mann_whitney", "W", got: rank.statistic)
    reference.check(fit: "mann_whitney", "p_two_sided", got: rank.exact().twoSided)
    reference.check(fit: "mann_whitney", "p_greater", got: rank.exact().greater)
    reference.check(fit: "mann_whitney", "hodges_lehmann", got: rank.shift().estimate)
    reference.check(fit: "mann_whitney", "ci95", got: [rank.shift().low, rank.shift().high])

    let air = reference.table("airquality.csv")
    let (ozone, month) = (air.numbers("ozone"), air.numbers("month"))
    let known = ozone.indices.filter { !ozone[$0].isNaN }
    func of(_ wanted: Double) -> [Double] { known.filter { month[$0] == wanted }.map { ozone[$0] } }
    let tied = MannWhitney(of(5), of(8))
    reference.check(fit: "mann_whitney_ties", "W", got: tied.statistic)
    reference.check(fit: "mann_whitney_ties", "p", got: tied.approximate())
    let months = try KruskalWallis(Set(month).sorted().map(of))
    reference.check(fit: "kruskal", "H", got: months.statistic)
    reference.check(fit: "kruskal", "p", got: months.pValue)

    let sleep = reference.table("sleep.csv")
    let (extra, group) = (sleep.numbers("extra"), sleep.numbers("group"))
    let g1 = extra.indices.filter { group[$0] == 1 }.map { extra[$0] }
    let g2 = extra.indices.filter { group[$0] == 2 }.map { extra[$0] }
    reference.check(fit: "mann_whitney_ties_exact", "p", got: MannWhitney(g1, g2).exact().twoSided)
    let split = PermutationTest.twoSample(g1, g2)
    reference.check(
      fit: "permutation_two_sample", "p", got: [split.twoSided, split.greater, split.less, split.divisions])
    let paired = zip(g2, g1).map { $0 - $1 }
    let flips = try PermutationTest.signFlip(paired.map { ($0 * 10).rounded() / 10 })
    reference.check(fit: "permutation_sign_flip", "p", got: [flips.twoSided, flips.greater, flips.divisions])
    let small = PermutationTest.twoSample(
      [24, 43, 58, 67, 61, 44, 67, 49, 59, 52, 62, 50], [42, 43, 55, 26, 33, 41, 19, 54, 46, 10, 17, 60])
    reference.check(fit: "permutation_small", "p", got: [small.twoSided, small.greater, small.less, small.divisions])

    for (name, values) in [("depression_x", before), ("sleep", extra), ("ozone", known.map { ozone[$0] })] {
      let interval = try #require(MedianInterval(values, level: 0.95))
      reference.check(fit: "median_ci", name, got: [interval.low, interval.high, interval.coverage])
    }
    let signs = paired.filter { $0 != 0 }
    let positive = signs.filter { $0 > 0 }.count
    reference.check(fit: "sign_test", "n", got: Double(signs.count))
    reference.check(fit: "sign_test", "positive", got: Double(positive))
    reference.check(
      fit: "sign_test", "p",
      got: ExactTest.binomial(successes: positive, trials: signs.count, probability: 0.5).twoSided)

    let wind = air.numbers("wind")
    let (o, w) = (known.map { ozone[$0] }, known.map { wind[$0] })
    let pearson = try #require(Correlation.pearson(o, w))
    reference.check(fit: "correlations", "pearson", got: pearson.value)
    reference.check(fit: "correlations", "pearson_ci95", got: [pearson.low, pearson.high])
    reference.check(fit: "correlations", "pearson_p", got: pearson.pValue)
    reference.check(fit: "correlations", "spearman", got: try #require(Correlation.spearman(o, w)))
    let kendall = try #require(Correlation.kendall(o, w))
    reference.check(fit: "correlations", "kendall_tau_b", got: kendall.tau)
    reference.check(fit: "correlations", "kendall_z", got: kendall.deviate)
    let tunaX = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    let tunaY = [2.6, 3.1, 2.5, 5, 3.6, 4, 5.2, 2.8, 3.8]
    reference.check(fit: "kendall_exact", "tau", got: try #require(Correlation.kendall(tunaX, tunaY)).tau)
    reference.check(fit: "kendall_exact", "p", got: Correlation.kendallExact(tunaX, tunaY))
    reference.check(fit: "kendall_exact", "spearman", got: try #require(Correlation.spearman(tunaX, tunaY)))
    reference.check(
      fit: "kendall_exact", "spearman_p_exact", got: try #require(Correlation.spearmanExact(tunaX, tunaY)))
    // 1, 2, 3 in order: of six orders one has Σ d² = 0, twice 1/6.
    expectClose(try #require(Correlation.spearmanExact([1, 2, 3], [4, 5, 6])), 1.0 / 3, relative: 1e-14)
    #expect(Correlation.spearmanExact([1, 1, 3], [4, 5, 6]) == nil)

    let tests = [
      ("welch", StudentTest.welch(g1, g2)), ("pooled", .pooled(g1, g2)), ("paired", .paired(g1, g2)),
    ]
    for (name, test) in tests {
      let found = try #require(test)
      reference.check(fit: "t_tests", name, got: [found.statistic, found.degreesOfFreedom, found.pValue])
    }
    let welch = try #require(StudentTest.welch(g1, g2))
    reference.check(fit: "t_tests", "welch_ci95", got: [welch.low, welch.high])
  }
}
