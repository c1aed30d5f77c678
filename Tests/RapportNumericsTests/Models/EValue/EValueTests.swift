import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct EValueTests {
  // By hand: RR 2 gives 2 + √2; RR ½ the same; a limit across 1 gives 1.
  @Test func `worked by hand`() {
    expectClose(EValue.of(2), 2 + 2.0.squareRoot(), relative: 1e-15)
    expectClose(EValue.of(0.5), EValue.of(2), relative: 1e-15)
    #expect(EValue(ratio: 1, low: 1, high: 1).point == 1)
    #expect(EValue(ratio: 1.3, low: 0.9, high: 1.9).limit == 1)
  }

  @Test func `as VanderWeele and Ding's package`() {
    guard let reference = ReferenceCase("D19-evalue") else { return }
    func check(_ fit: String, _ ratio: Double, _ low: Double, _ high: Double) {
      let value = EValue(ratio: ratio, low: low, high: high)
      reference.check(fit: fit, "evalue", got: [value.point, value.limit])
    }
    check("victora", 3.9, 1.8, 8.7)
    check("moorman", 0.5, 0.3, 0.8)
    check("crosses", 1.3, 0.9, 1.9)
    reference.check(fit: "null", "evalue", got: EValue.of(1))
    check("rr_080", 0.8, 0.71, 0.91)
    let odds = [0.86, 0.75, 0.99].map(EValue.riskRatio(commonOddsRatio:))
    reference.check(fit: "or_common", "rr", got: odds)
    check("or_common", odds[0], odds[1], odds[2])
    let hazards = [0.56, 0.46, 0.69].map(EValue.riskRatio(commonHazardRatio:))
    reference.check(fit: "hr_common", "rr", got: hazards)
    check("hr_common", hazards[0], hazards[1], hazards[2])
    let difference = EValue.riskRatio(standardizedDifference: 0.5, standardError: 0.25)
    reference.check(fit: "smd", "rr", got: [difference.ratio, difference.low, difference.high])
    check("smd", difference.ratio, difference.low, difference.high)
    reference.check(
      fit: "bias_factor", "factor",
      got: [(2.0, 2.0), (3, 1.5), (1, 9), (7.26, 7.26)].map { EValue.boundingFactor(exposure: $0.0, outcome: $0.1) })
  }
}
