import Glibc
import RapportNumerics
@testable import RapportScoring
import RapportTestSupport
import Testing

/// Shrinking, judging, evenness and wording.
@Suite struct TreatmentTests {
  // Prior variance 3, error variance 1: 3/4 of the estimate, variance 3/4.
  @Test func `a normal posterior by hand`() {
    let posterior = TreatmentPosterior.normal(estimate: 2, variance: 1, prior: 3, interval: 0.9)
    expectClose(posterior.mean, 1.5, relative: 1e-12)
    expectClose(posterior.high - posterior.low, 2 * 1.6448536269514722 * 0.75.squareRoot(), relative: 1e-9)
    expectClose(posterior.localFalseSignRate, Normal.standard.survival(1.5 / 0.75.squareRoot()), relative: 1e-12)
    let flat = TreatmentPosterior.normal(estimate: 2, variance: 1, prior: 0, interval: 0.9)
    #expect(flat.mean == 0 && flat.localFalseSignRate == 0.5)
  }

  @Test func `slower is below one, and interval ends turn round`() {
    let ratio = RatioInterval.fromLog(log(2), log(1.6), log(2.5))
    expectClose([ratio.ratio, ratio.low, ratio.high], [0.5, 0.4, 0.625], relative: 1e-12)
    #expect(ratio.isMaterial && !ratio.isImmaterial)
    #expect(RatioInterval(ratio: 1, low: 0.81, high: 1.2).isImmaterial)
    #expect(RatioInterval.fromLog(0, -1e6, 1e6).high.isFinite)
  }

  // Four of forty units differ by 1 with error 0.05, the rest not at all; the last has too few requests to be judged.
  @Test func `a family with three that differ, and one too small to judge`() {
    var stream = RandomStream(seed: 4, purpose: "family")
    let units = (0..<40).map { index -> TreatmentFamily.Unit in
      let effect = index == 7 || index == 11 || index == 39 ? 1.0 : index == 20 ? -1 : 0
      return .init(mean: effect + 0.05 * stream.normal(), variance: 0.0025, requests: index == 39 ? 19 : 30)
    }
    let family = TreatmentFamily(units, prior: 0.1, interval: 0.9)
    #expect(family.familyCount == 39)
    #expect(family.note("pair", prior: "a variance") == nil)
    let signals = family.judged.indices.filter { family.judged[$0].verdict == .signal }
    #expect(signals == [7, 11, 20])
    #expect(family.judged[7].posterior.ratio.ratio < 0.5 && family.judged[20].posterior.ratio.ratio > 2)
    #expect(family.judged[39].sValue == nil && family.judged[39].verdict == .insufficientEvidence)
    #expect(family.judged[0].verdict == .noMaterialDifference)
    #expect(family.judged.allSatisfy { ($0.sValue ?? 0) <= 1 && $0.posterior.localFalseSignRate >= 0 })
  }

  @Test func `a small family leans on the model's variance and says so`() {
    let family = TreatmentFamily(
      [.init(mean: 0.5, variance: 0.01, requests: 50), .init(mean: 0, variance: 0.01, requests: 50)], prior: 0.09,
      interval: 0.9)
    expectClose(family.judged[0].posterior.mean, 0.45, relative: 1e-12)
    #expect(family.judged[0].verdict == .signal)
    #expect(family.judged[1].verdict == .noMaterialDifference)
    #expect(
      family.note("pair", prior: "the timing model's variance")
        == "only 2 pairs have 20 requests or more: they are shrunken by the timing model's variance, not by their own mixture"
    )
  }

  @Test(arguments: [
    (1, "only 1 manager has 20 requests or more: all are"), (0, "no manager has 20 requests or more: all are"),
  ]) func `one, or none, with requests enough is told so`(_ count: Int, _ words: String) {
    let family = TreatmentFamily(
      (0..<3).map { .init(mean: 0.1, variance: 0.01, requests: $0 < count ? 50 : 5) }, prior: 0.09, interval: 0.9)
    #expect(
      family.note("manager", prior: "a variance") == "\(words) shrunken by a variance, not by their own mixture")
  }

  // The timing model has no part in what queue choices say of managers.
  @Test(arguments: [(true, "the variance between managers"), (false, "the timing model's variance")])
  func `few managers are shrunken by the variance of what they rest on`(_ isFromChoices: Bool, _ prior: String) {
    let units = (0..<2).map {
      ManagerTreatment.Unit(manager: $0, mean: 0.1, variance: 0.01, requests: 30, partners: 1, parts: [])
    }
    let (findings, note) = FavouritismFindings.managerFindings(
      in: PartnerChoicesTests.history([]),
      ManagerTreatment(units: units, between: 0.09, isFromChoices: isFromChoices), AssessmentOptions())
    #expect(findings.map(\.manager) == ["a", "b"] && findings.allSatisfy { $0.ratio != nil && $0.sValue != nil })
    #expect(
      note == "only 2 managers have 20 requests or more: they are shrunken by \(prior), not by their own mixture")
  }

  // Estimates −1, 0, 1, error variance 0.04: Σ (b − b̄)² = 2, so τ² + 0.04 = 2/2, τ = √0.96. The interval's ends: τ² = 2/χ² − 0.04.
  @Test func `evenness by hand`() throws {
    let evenness = try #require(
      Evenness([(-1, 0.04), (0, 0.04), (1, 0.04)], pValue: 0.02, interval: 0.9))
    func ratio(_ variance: Double) -> Double { exp(0.6744897501960817 * (2 * variance).squareRoot()) }
    expectClose(evenness.medianRatio, ratio(0.96), relative: 1e-9)
    expectClose(evenness.low, ratio(2 / (-2 * log(0.05)) - 0.04), relative: 1e-6)
    expectClose(evenness.high, ratio(2 / (-2 * log(0.95)) - 0.04), relative: 1e-6)
    #expect(evenness.pValue == 0.02)
    #expect(Evenness([(0, 1), (1, 1)], pValue: 1, interval: 0.9) == nil)
    let even = try #require(Evenness([(0, 1), (0.1, 1), (-0.1, 1)], pValue: 1, interval: 0.9))
    #expect(even.medianRatio == 1 && even.low == 1)
  }

  // Nine managers near one another and one far off: nearly all of the spread is that one's, and of two of the ten it isn't typical.
  // By hand: without it Q = 6 · 0.01/0.01 = 6 < 8, so the others have no spread; −4/√(0.04 + 0.01/9) = −19.7, which t₈ exceeds
  // once in 20 million.
  @Test func `one manager too far from the others is told apart from them`() throws {
    let near = (0..<9).map { (mean: 0.1 * Double($0 % 3 - 1), variance: 0.01) }
    let evenness = try #require(Evenness(near + [(-4, 0.04)], pValue: 0.001, interval: 0.9))
    #expect(evenness.outlier == 9 && evenness.others.map(\.mean) == near.map(\.mean))
    #expect(evenness.medianRatio > 3 && evenness.count == 10)
    let told = SharedSpread([evenness.others]).medianRatio(0, interval: 0.9, seed: 1, unit: 0)
    #expect(told.ratio < 1.2)
    // Though the others are even, it is a signal: of the one.
    #expect(FavouritismFindings.verdict(evenness, shrunken: told.ratio, anyApart: true, qValue: 0.001) == .signal)
    // Of many who differ none is, nor is the farthest of four of whom three are alike by chance.
    let spread = (0..<9).map { (mean: 0.5 * Double($0 % 3 - 1), variance: 0.01) }
    #expect(try #require(Evenness(spread, pValue: 0.001, interval: 0.9)).outlier == nil)
    let four = [(0, 0.04), (0.1, 0.04), (-0.1, 0.04), (-1, 0.04)].map { (mean: $0.0, variance: $0.1) }
    #expect(try #require(Evenness(four, pValue: 0.001, interval: 0.9)).outlier == nil)

    var pair = PairFinding(
      manager: "M4", partner: "pat", ratio: 0.07, low: 0.03, high: 0.2, localFalseSignRate: 0,
      verdict: .insufficientEvidence,
      method: "choice", estimate: RatioInterval(ratio: 0.05, low: 0.03, high: 0.2), requests: 10, answered: 10,
      eValue: 1,
      eValueOfLimit: 1, minimumDetectableRatio: 1, adjustedFor: [], notAdjustedFor: [], statement: "")
    func statement() -> String {
      Wording.evenness(
        "pat", evenness, RatioInterval(ratio: 1.1, low: 1.05, high: 1.2), .signal, apart: [pair], managers: 12,
        interval: 0.9)
    }
    #expect(
      statement()
        == "pat treats one manager apart: M4 is picked 0.07× as readily as others (10 requests in queues, too few for a finding of its "
        + "own). Of any two of the others, one is typically picked 1.10 times as readily as the other (90 % interval 1.05–1.20, 9 "
        + "managers with enough requests in queues): worth looking into.")
    (pair.requests, pair.sValue) = (30, 0.01)
    #expect(statement().contains("as others (30 requests in queues). Of any two of the others"))
    // Nothing tells the others apart, and two stand apart from them.
    #expect(
      Wording.evenness(
        "pat", evenness, RatioInterval(ratio: 1.1, low: 1, high: 1.2), .signal, apart: [pair, pair], managers: 10,
        interval: 0.9)
        == "pat treats 2 managers apart: M4 is picked 0.07× as readily as others (30 requests in queues), M4 is picked 0.07× as readily "
        + "as others (30 requests in queues). The others may all be answered alike (of any two, one is picked 1.10 times as readily; 90 % "
        + "interval 1.00–1.20, 8 managers): worth looking into.")
    #expect(
      Wording.evenness(
        "pat", evenness, RatioInterval(ratio: 1.1, low: 1, high: 1.5), .insufficientEvidence, signals: 1, managers: 10,
        interval: 0.9
      )
      .hasSuffix("managers). But 1 pair is a signal."))
  }

  // By hand: estimates −0.7, 0, 0.7 with error variance 0.3 have Q = 0.98/0.3 = 3.3 on 2 degrees of freedom, below the 95 %
  // quantile of 6.0, so the interval of the ratio, 1.52, begins at 1: no signal, whatever the permutation test says.
  @Test func `a partner is a signal only where test and interval agree`() throws {
    let near = try #require(Evenness([(-0.7, 0.3), (0, 0.3), (0.7, 0.3)], pValue: 0.001, interval: 0.9))
    #expect(near.medianRatio > RatioInterval.material && near.low == 1)
    #expect(FavouritismFindings.verdict(near, shrunken: 1.5, anyApart: false, qValue: 0.001) == .insufficientEvidence)
    let clear = try #require(Evenness([(-0.7, 0.04), (0, 0.04), (0.7, 0.04)], pValue: 0.001, interval: 0.9))
    #expect(
      clear.low > 1 && FavouritismFindings.verdict(clear, shrunken: 1.5, anyApart: false, qValue: 0.001) == .signal)
    #expect(FavouritismFindings.verdict(clear, shrunken: 1.5, anyApart: false, qValue: 0.06) == .insufficientEvidence)
    // Nor where beside all other partners, who are even, what is left of it doesn't matter.
    #expect(FavouritismFindings.verdict(clear, shrunken: 1.2, anyApart: false, qValue: 0.001) == .insufficientEvidence)
  }

  // Twenty-seven managers with two or three requests each: errors of 1, and estimates that hardly differ. Q is far below
  // what chance gives, and the interval is 1.00 to 1.00: nothing that says they are answered alike. By hand: with τ = 0.234
  // Q would be 1.055 times a χ² with 26 degrees, whose 20 % quantile is 19.8, and 38.9 is the 95 % quantile. With errors of
  // 0.2 it would be 2.37 times that, 47.0.
  @Test func `few requests of each manager are no evenness`() throws {
    func partner(_ variance: Double) throws -> Evenness {
      let units = (0..<27).map { (mean: 0.01 * Double($0 % 3 - 1), variance: variance) }
      return try #require(Evenness(units, pValue: 1, interval: 0.9))
    }
    let few = try partner(1)
    let even = RatioInterval(ratio: 1, low: 1, high: 1)
    #expect(few.low == 1 && few.high == 1 && !few.couldShow)
    #expect(FavouritismFindings.verdict(few, shrunken: 1.3, anyApart: false, qValue: 1) == .insufficientEvidence)
    #expect(
      Wording.evenness("pat", few, even, .insufficientEvidence, managers: 27, interval: 0.9)
        == "How evenly pat answers managers can't be told: with this many requests of 27 managers, an unevenness of 1.25× might "
        + "not show.")
    #expect(
      Wording.evenness("pat", few, even, .insufficientEvidence, managers: 470, interval: 0.9).contains(
        "with this many requests of 27 of 470 managers"))
    let many = try partner(0.04)
    #expect(
      many.couldShow
        && FavouritismFindings.verdict(many, shrunken: 1.1, anyApart: false, qValue: 1) == .noMaterialDifference)
  }

  // At the border of errors with which an unevenness of 1.25× is said to show, it shows in four of five partners, of three
  // managers as of twenty, whether errors are alike or one is a fifth of the others'. Simulated as the definition has it:
  // b ~ N(0, s² + τ²), and Q at τ = 0 beyond its 95 % quantile makes an interval that begins above 1. (By the mean of Q, which
  // came before, 37 % for three and 46 % for twenty.)
  @Test(arguments: [(3, 1.0), (6, 1.0), (20, 1.0), (3, 0.05), (6, 0.05), (20, 0.05)])
  func `what could show does in four of five`(count: Int, first: Double) throws {
    let between = pow(log(1.25) / (0.6744897501960817 * 2.0.squareRoot()), 2)
    func variances(_ scale: Double) -> [Double] { (0..<count).map { scale * ($0 == 0 ? first : 1) } }
    var (low, high) = (1e-6, 1e3)
    for _ in 0..<40 {
      let middle = (low * high).squareRoot()
      let units = variances(middle).map { (mean: 0.0, variance: $0) }
      if try #require(Evenness(units, pValue: 1, interval: 0.9)).couldShow { low = middle } else { high = middle }
    }
    var stream = RandomStream(seed: 8, purpose: "evenness at its border")
    let partners = 1000
    var shown = 0
    for _ in 0..<partners {
      let units = variances(low).map { (mean: (between + $0).squareRoot() * stream.normal(), variance: $0) }
      if try #require(Evenness(units, pValue: 1, interval: 0.9)).low > 1 { shown += 1 }
    }
    // Three standard errors of a share of 0.8: 0.038; with unlike errors the rule is a little strict.
    #expect(shown > 762 && shown < 880, "\(shown) of \(partners)")
  }

  // Estimate 0 with error 0.12: 90 % reach to 1.22, within 1.25, 99 % to 1.36. Error 0.2: 50 % reach to 1.14, 90 % to 1.39.
  @Test func `verdicts rest on 90 % whatever is shown`() throws {
    for level in [0.5, 0.9, 0.99] {
      let family = TreatmentFamily(
        [.init(mean: 0, variance: 0.0144, requests: 50), .init(mean: 0, variance: 0.04, requests: 50)], prior: 0.09,
        interval: level)
      #expect(family.judged.map(\.verdict) == [.noMaterialDifference, .insufficientEvidence], "\(level)")
      // By hand: Q = 2 · 0.4²/0.04 = 8 lies between the quantiles of 90 % (5.99) and 99 % (10.6), and 2 · 0.31²/0.04 = 4.8
      // between those of 50 % (2.77) and 90 %.
      func partner(_ spread: Double) throws -> Evenness {
        try #require(
          Evenness([(-spread, 0.04), (0, 0.04), (spread, 0.04)], pValue: 0.001, interval: level))
      }
      #expect(
        FavouritismFindings.verdict(try partner(0.4), shrunken: 1.5, anyApart: false, qValue: 0.001) == .signal,
        "\(level)")
      #expect(
        FavouritismFindings.verdict(try partner(0.31), shrunken: 1.5, anyApart: false, qValue: 0.001)
          == .insufficientEvidence,
        "\(level)")
    }
  }

  // Beside every signal, with both figures; of size the Cox model decides.
  @Test func `what waits say of a signal`() {
    func ratio(_ ratio: Double, _ width: Double = 1.1) -> RatioInterval {
      RatioInterval(ratio: ratio, low: ratio / width, high: ratio * width)
    }
    func waits(_ choice: RatioInterval, _ timing: RatioInterval?, _ cox: RatioInterval?) -> String? {
      Wording.waits(beside: choice, timing: timing, cox: cox, interval: 0.9)
    }
    #expect(waits(ratio(2), nil, nil) == nil)
    #expect(
      waits(ratio(2), ratio(1.3), ratio(1.9))
        == "Waits point the same way (by the timing model answers take 0.77× as long; by the Cox model they come 1.90× as readily)."
    )
    #expect(
      waits(ratio(0.5), ratio(0.95, 1.2), ratio(0.6))
        == "Waits point the same way (by the timing model answers take 1.05× as long, 90 % interval 0.88–1.26, which is not clear; by the Cox model they come 0.60× as readily)."
    )
    // A ratio of times waited is smaller by its nature, which says nothing.
    #expect(
      waits(ratio(4), ratio(1.4), nil) == "Waits point the same way (by the timing model answers take 0.71× as long).")
    #expect(
      waits(ratio(4), ratio(25), ratio(1.4))
        == "By waits in the Cox model the difference is clear, but much smaller (by the timing model answers take less than 0.05× as long; by the Cox model they come 1.40× as readily)."
    )
    #expect(
      waits(ratio(0.25), ratio(0.9), ratio(0.7))
        == "By waits the difference is clear, but much smaller (by the timing model answers take 1.11× as long; by the Cox model they come 0.70× as readily)."
    )
    #expect(
      waits(ratio(2), ratio(1.05), ratio(1.1, 1.2))
        == "By waits no difference is clear (by the timing model answers take 0.95× as long, 90 % interval 0.87–1.05, which is not clear; by the Cox model they come 1.10× as readily, 90 % interval 0.92–1.32, which is not clear): the order of picks "
        + "needn't change waits much.")
    #expect(
      waits(ratio(2), ratio(1.3), ratio(1.1, 1.2))?.hasPrefix(
        "Of waits the models differ in how sure they are (by the timing model answers take 0.77×")
        == true)
    #expect(
      waits(ratio(2), ratio(0.7), ratio(0.6))
        == "By waits it looks the other way (by the timing model answers take 1.43× as long; by the Cox model they come 0.60× as readily): what was picked and how long it "
        + "took differ.")
    // Both stand on the other side, one of them clearly.
    #expect(
      waits(ratio(2), ratio(0.7, 1.5), ratio(0.7))?.hasPrefix(
        "By waits it looks the other way (by the timing model answers take 1.43× as long")
        == true)
    #expect(
      waits(ratio(2), ratio(1.3), ratio(0.6))
        == "By waits in the Cox model it looks the other way (by the timing model answers take 0.77× as long; by the Cox model they come 0.60× as readily): what was picked and how "
        + "long it took differ.")
  }

  @Test func `a signal that is clear only among others says so`() {
    #expect(Wording.unsure(0.049, endsAtOne: true).isEmpty)
    #expect(
      Wording.unsure(0.114, endsAtOne: false)
        == " By itself less sure: 11 % that there is no such difference. It is listed because of all signals "
        + "together few are expected to be wrong.")
    #expect(
      Wording.unsure(0.084, endsAtOne: true)
        == " By itself less sure: 8 % that there is no such difference, so its interval reaches 1.00. It is listed because of all "
        + "signals together few are expected to be wrong.")
  }

  // The interval that is shown holds the plain one, whatever the others are like: here all but one are hardly anything.
  @Test func `a posterior's interval isn't narrower than the plain one`() {
    let units = (0..<40).map {
      TreatmentFamily.Unit(mean: $0 == 0 ? -0.9 : 0.02 * Double($0 % 3 - 1), variance: 0.09, requests: 40)
    }
    let family = TreatmentFamily(units, prior: 0.1, interval: 0.9)
    for judged in family.judged {
      #expect(judged.shown.ratio == judged.posterior.ratio.ratio)
      #expect(judged.shown.low == min(judged.posterior.ratio.low, judged.estimate.low))
      #expect(judged.shown.high == max(judged.posterior.ratio.high, judged.estimate.high))
    }
    let first = family.judged[0]
    #expect(first.posterior.ratio.high < first.estimate.high && first.shown.high == first.estimate.high)
    expectClose(first.shown.high, exp(0.9 + 1.6448536269514722 * 0.3), relative: 1e-9)
  }

  @Test func `picks beside what was expected`() {
    #expect(
      Wording.picks(PickRecord(queues: 1098, picks: 34, expected: 9.66))
        == "picked in 34 of 1098 choices, 3.1 %; with equal chances 0.9 % each time")
    #expect(
      Wording.picks(PickRecord(queues: 1, picks: 1, expected: 0.0996))
        == "picked in 1 of 1 choice, 100 %; with equal chances 10 % each time")
    #expect(
      Wording.picks(PickRecord(queues: 5000, picks: 0, expected: 1.9))
        == "picked in 0 of 5000 choices, 0 %; with equal chances less than 0.1 % each time")
  }

  @Test func `an identifier without a letter has a noun`() {
    #expect(Wording.named("Partner", "P01") == "P01" && Wording.named("Partner", "11") == "Partner 11")
    #expect(Wording.named("Manager", "é") == "é" && Wording.named("Manager", "1-7") == "Manager 1-7")
  }

  @Test func `numbers in sentences`() {
    #expect(
      [0, 0.049, 0.05, 0.5, 1, 1.236, 9.949, 9.951, 20, 20.01, .infinity].map(Wording.ratio) == [
        "less than 0.05", "less than 0.05", "0.05", "0.50", "1.00", "1.24", "9.95", "10.0", "20.0", "more than 20",
        "more than 20",
      ])
    #expect(Wording.count(1, "partner") == "1 partner" && Wording.count(0, "request") == "0 requests")
    #expect(Wording.interval(RatioInterval(ratio: 1, low: 0.8, high: 1.3), level: 0.9) == "90 % interval 0.80–1.30")
    #expect(
      Wording.interval(RatioInterval(ratio: 210, low: 3.1, high: 13_887), level: 0.9)
        == "90 % interval 3.10 to more than 20")
    #expect(
      Wording.interval(RatioInterval(ratio: 210, low: 31, high: 900), level: 0.9) == "90 % interval more than 20")
    #expect(
      Wording.interval(RatioInterval(ratio: 0.01, low: 0.001, high: 0.04), level: 0.9)
        == "90 % interval less than 0.05")
  }

  @Test(arguments: [
    (
      FavouritismVerdict.signal,
      "p answers m 2.00× as readily as others (90 % interval 0.90–2.50; 40 requests): worth looking into."
    ),
    (
      .noMaterialDifference,
      "p answers m about as readily as others (1.10×, 90 % interval 0.90–1.20; 40 requests)."
    ),
    (
      .insufficientEvidence,
      "Whether p answers m sooner or later than others can't be told (2.00×, 90 % interval 0.90–2.50; 40 requests)."
    ),
  ])
  func `what a verdict says`(_ verdict: FavouritismVerdict, _ sentence: String) {
    let judged = TreatmentFamily.Judged(
      posterior: TreatmentPosterior(mean: -log(2), low: -log(2.5), high: -log(1.5), localFalseSignRate: 0.01),
      estimate: RatioInterval(ratio: 1.1, low: 0.9, high: 1.2), sValue: 0.01, verdict: verdict)
    #expect(Wording.sentence("p answers m", judged, than: "others", basis: "40 requests", interval: 0.9) == sentence)
  }

  // Managers with location remote, 0.89× (0.82–0.98), p 0.044, were said to be answered about as readily as others.
  @Test func `a difference that doesn't matter is told as one`() throws {
    func pair(_ ratio: Double, _ low: Double, _ high: Double) -> String {
      let judged = TreatmentFamily.Judged(
        posterior: TreatmentPosterior(mean: 0, low: -0.1, high: 0.1, localFalseSignRate: 0.3),
        estimate: RatioInterval(ratio: ratio, low: low, high: high), sValue: 0.3, verdict: .noMaterialDifference)
      return Wording.sentence("p answers m", judged, than: "others", basis: "40 requests", interval: 0.9)
    }
    #expect(
      pair(0.89, 0.82, 0.98)
        == "p answers m less readily than others: a difference, but by less than a fifth (0.89×, 90 % interval 0.82–0.98; 40 requests)."
    )
    #expect(
      pair(1.1, 1.02, 1.2)
        == "p answers m more readily than others: a difference, but by less than a quarter (1.10×, 90 % interval 1.02–1.20; 40 requests)."
    )
    // An interval that is told to end at 1.00 leaves that open.
    #expect(pair(0.9, 0.82, 0.998).hasPrefix("p answers m about as readily as others (0.90×, 90 % interval 0.82–1.00;"))

    func group(_ low: Double, _ high: Double) -> String {
      let finding = GroupFinding(
        attribute: "location", value: "remote", managers: 60, requests: 900, ratio: 0.89, low: low, high: high,
        unadjusted: RatioInterval(ratio: 1, low: 0.9, high: 1.1), withinTargetRatio: nil, pValue: 0.044, qValue: 0.2,
        verdict: .noMaterialDifference, statement: "")
      return Wording.group(finding, basis: "queue choices", interval: 0.9)
    }
    #expect(
      group(0.82, 0.98)
        == "Managers with location remote are answered less readily than others with comparable requests: a difference, but by less than "
        + "a fifth (0.89×, 90 % interval 0.82–0.98, by waits without adjustment 1.00×, 60 managers, 900 requests, queue "
        + "choices).")
    #expect(group(0.82, 1.02).hasPrefix("Managers with location remote are answered about as readily as others (0.89×"))

    // Picked first, and yet answered later: a reader must not learn one without the other.
    func signal(_ unadjusted: RatioInterval, basis: String = "queue choices") -> String {
      let finding = GroupFinding(
        attribute: "unit", value: "night", managers: 9, requests: 400, ratio: 3.45, low: 2.6, high: 4.6,
        unadjusted: unadjusted, withinTargetRatio: nil, pValue: 0.001, qValue: 0.002, verdict: .signal, statement: "")
      return Wording.group(finding, basis: basis, interval: 0.9)
    }
    let later = RatioInterval(ratio: 0.15, low: 0.1, high: 0.22)
    #expect(
      signal(later)
        == "Managers with unit night are answered 3.45× as readily as others with comparable requests (90 % interval 2.60–4.60, by waits "
        + "without adjustment 0.15×, 9 managers, 400 requests, queue choices): worth looking into. By waits without adjustment it looks "
        + "the other way (0.15×, 90 % interval 0.10–0.22): what was picked and how long it took differ.")
    #expect(
      signal(later, basis: "timing model only").hasSuffix(
        " Without adjustment it looks the other way (0.15×, 90 % interval 0.10–0.22): what is adjusted for differs between them and others."
      ))
    #expect(signal(RatioInterval(ratio: 0.8, low: 0.6, high: 1.1)).hasSuffix("queue choices): worth looking into."))
    // Without a timing model nothing is known of waits.
    #expect(!signal(RatioInterval(ratio: 1, low: 1, high: 1)).contains("without adjustment"))

    let spread = try #require(
      Evenness((0..<9).map { (mean: 0.1 * Double($0 % 3 - 1), variance: 0.01) }, pValue: 1, interval: 0.9))
    func partner(_ low: Double) -> String {
      Wording.evenness(
        "pat", spread, RatioInterval(ratio: 1.1, low: low, high: 1.2), .noMaterialDifference, managers: 9, interval: 0.9
      )
    }
    #expect(
      partner(1.05)
        == "pat answers managers not quite alike: of any two, one is typically picked more readily, but by less than a quarter (1.10×, 90 % "
        + "interval 1.05–1.20, 9 managers).")
    #expect(partner(1.001) == "pat answers all managers about alike (1.10×, 90 % interval 1.00–1.20, 9 managers).")
  }
}
