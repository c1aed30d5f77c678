import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct InequalityTests {
  // By hand: 1 and 3 share 4. The Lorenz curve passes (½, ¼), so Gini = 1 − (½·¼ + ½·5/4) = ¼; Hoover = ¼.
  @Test func `worked by hand`() throws {
    let pair = try Inequality([3, 1])
    #expect(pair.mean == 2)
    expectClose(try #require(pair.gini), 0.25, relative: 1e-15)
    expectClose(try #require(pair.correctedGini), 0.5, relative: 1e-15)
    expectClose(try #require(pair.hoover), 0.25, relative: 1e-15)
    #expect(pair.lorenzShare(0.5) == 0.25)
    #expect(pair.lorenzShare(0.25) == 0.125)
    #expect(pair.lorenzShare(1) == 1)
    #expect(try Inequality([3, 1]).gini == Inequality([1, 1, 3, 3]).gini)
    let weighted = try Inequality([1, 3], weights: [2, 2])
    expectClose(try #require(weighted.gini), 0.25, relative: 1e-15)
  }

  @Test func `equal values are even, nothing has no measure`() throws {
    let equal = try Inequality([2, 2, 2])
    for value in [equal.gini, equal.theilT, equal.theilL, equal.hoover, equal.atkinson(aversion: 0.5)] {
      expectClose(try #require(value), 0, absolute: 1e-14)
    }
    let nothing = try Inequality([0, 0])
    #expect(nothing.gini == nil)
    #expect(nothing.theilT == nil)
    #expect(nothing.herfindahl == nil)
    #expect(nothing.lorenzShare(0.5) == nil)
    #expect(nothing.coefficientOfVariation == nil)
    #expect(try Inequality([5]).correctedGini == nil)
    #expect(try Inequality([0, 1]).theilL == .infinity)
    #expect(throws: NumericsError.self) { try Inequality([]) }
    #expect(throws: NumericsError.self) { try Inequality([-1]) }
  }

  @Test func `incomes in Ilocos, as R's ineq and quantile`() throws {
    guard let reference = ReferenceCase("D15-inequality") else { return }
    let table = reference.table("ilocos.csv")
    let incomes = table.numbers("income")
    let weights = table.numbers("weight")
    let whole = try Inequality(incomes)
    let measures: [String: Double?] = [
      "gini": whole.gini, "gini_corrected": whole.correctedGini, "theil_T": whole.theilT,
      "cv": whole.coefficientOfVariation, "herfindahl": whole.herfindahl, "hoover": whole.hoover,
      "theil_L": whole.theilL, "atkinson_half": whole.atkinson(aversion: 0.5),
      "atkinson_1": whole.atkinson(aversion: 1), "atkinson_2": whole.atkinson(aversion: 2),
      "ge2": whole.generalizedEntropy2,
    ]
    reference.check(fit: "ilocos", "measures", got: measures.compactMapValues { $0 })
    reference.check(
      fit: "ilocos", "lorenz_deciles", got: (1...9).map { whole.lorenzShare(Double($0) / 10) ?? .nan })
    let provinces = table.texts("province")
    let parts = try #require(
      try Inequality.theilParts(
        groups: Set(provinces).sorted().map { name in
          incomes.indices.filter { provinces[$0] == name }.map { incomes[$0] }
        }))
    reference.check(fit: "ilocos", "theil_between_provinces", got: parts.between)
    reference.check(fit: "ilocos", "theil_within_provinces", got: parts.within)
    let weighted = try Inequality(incomes, weights: weights)
    reference.check(fit: "ilocos.weighted", "gini", got: try #require(weighted.gini))
    reference.check(fit: "ilocos.weighted", "mean", got: weighted.mean)
    for (name, weighting) in [("var_frequency", Moments.Weighting.frequency), ("var_reliability", .reliability)] {
      reference.check(
        fit: "ilocos.weighted", name,
        got: try #require(Moments.weightedVariance(incomes, weights: weights, weighting)))
    }
    reference.check(fit: "ilocos.weighted", "theil_T", got: try #require(weighted.theilT))

    let small = reference.table("small.csv")
    let (x, w) = (small.numbers("x"), small.numbers("w"))
    reference.check(fit: "small", "gini", got: try #require(try Inequality(x).gini))
    reference.check(fit: "small", "gini_weighted", got: try #require(try Inequality(x, weights: w).gini))
    reference.check(fit: "small", "theil_T", got: try #require(try Inequality(x).theilT))
    let shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]
    reference.check(
      fit: "small", "weighted_quantile_inverse_cdf", got: shares.map { SampleQuantile.weighted(x, weights: w, $0) })
    let sorted = incomes.sorted()
    for type in 1...9 {
      reference.check(
        fit: "quantile_types", "type\(type)", got: shares.map { SampleQuantile.of(sorted: sorted, $0, type: type) })
    }
    reference.check(fit: "robust", "median", got: SampleQuantile.median(incomes))
    reference.check(fit: "robust", "mad", got: RobustLocation.medianAbsoluteDeviation(incomes))
    reference.check(
      fit: "robust", "iqr", got: SampleQuantile.of(sorted: sorted, 0.75) - SampleQuantile.of(sorted: sorted, 0.25))
    reference.check(fit: "robust", "trimmed", got: RobustLocation.trimmedMean(incomes, share: 0.1))
    reference.check(fit: "robust", "winsorised", got: RobustLocation.winsorizedMean(incomes, share: 0.1))
    reference.check(fit: "robust", "hodges_lehmann", got: RobustLocation.hodgesLehmann(incomes))
  }

  // By hand: 1, 1 and 3, 3 are even within; between, ¼ log ½ + ¾ log 3/2.
  @Test func `Theil's parts, worked by hand`() throws {
    let parts = try #require(try Inequality.theilParts(groups: [[1, 1], [], [3, 3]]))
    expectClose(parts.between, 0.25 * -0.6931471805599453 + 0.75 * 0.4054651081081644, relative: 1e-13)
    expectClose(parts.within, 0, absolute: 1e-15)
    #expect(try Inequality.theilParts(groups: [[0], [0]]) == nil)
  }

  // By hand: type 7 of 1, 2, 3, 4 at ¼ is 1 + ¾.
  @Test func `quantiles and locations by hand`() {
    #expect(SampleQuantile.of(sorted: [1, 2, 3, 4], 0.25) == 1.75)
    #expect(SampleQuantile.of(sorted: [5], 0.9) == 5)
    #expect(SampleQuantile.of(sorted: [1, 2], 1, type: 2) == 2)
    #expect(SampleQuantile.weighted([1, 2], weights: [1, 1], 1) == 2)
    #expect(RobustLocation.winsorizedMean([1, 2, 9], share: 0) == 4)
    #expect(RobustLocation.trimmedMean([1, 2, 3, 4, 90], share: 0.2) == 3)
    #expect(RobustLocation.hodgesLehmann([1, 3]) == 2)
  }
}
