import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct FunnelLimitsTests {
  var plain: FunnelLimits {
    var method = FunnelLimits()
    method.overdispersion = .none
    return method
  }

  // By hand: of 4 trials at ½, 0 … 4 successes have 1, 4, 6, 4, 1 sixteenths. At level ¾ each tail is ⅛: P(R ≤ 1) = 5/16
  // is the first to reach it, so the lower limit is 1 − (5 − 2)/4 = ¼ of an event, the upper 3¾.
  @Test func `shares, worked by hand`() throws {
    let fit = try plain.fit(successes: [0, 1, 3, 4], trials: [4, 4, 4, 4], target: 0.5)
    let limits = fit.limits(size: 4, level: 0.75)
    expectClose(limits.low, 0.25 / 4, relative: 1e-13)
    expectClose(limits.high, 3.75 / 4, relative: 1e-13)
    #expect((0..<4).map { fit.position(unit: $0, level: 0.75) } == [.below, .within, .within, .above])
    // Two trials at ½ can't show anything at 95 %.
    let small = fit.limits(size: 2, level: 0.95)
    #expect(small.low == 0 && small.high == 1)
  }

  // By hand: z = −2, 0, 2 for 4, 8, 12 of 16 at ½ (s = ⅛). φ = 8/3 without winsorizing; with w = 64,
  // τ² = (8 − 2)/(192 − 64) = 3/64, so that s² + τ² = 4/64 and z halves.
  @Test func `overdispersion, worked by hand`() throws {
    var method = FunnelLimits()
    let additive = try method.fit(successes: [4, 8, 12], trials: [16, 16, 16])
    #expect(additive.target == 0.5)
    expectClose(additive.units.compactMap(\.z), [-2, 0, 2], absolute: 1e-14)
    expectClose(try #require(additive.dispersion), 8.0 / 3, relative: 1e-14)
    expectClose(additive.betweenVariance, 3.0 / 64, relative: 1e-14)
    expectClose(additive.units.compactMap(\.adjustedZ), [-1, 0, 1], absolute: 1e-14)
    #expect(additive.spread == .estimated)
    let exact = try plain.fit(successes: [4, 8, 12], trials: [16, 16, 16])
    let (wide, narrow) = (additive.limits(size: 16, level: 0.8), exact.limits(size: 16, level: 0.8))
    expectClose(wide.low - 0.5, 2 * (narrow.low - 0.5), relative: 1e-13)
    expectClose(wide.high - 0.5, 2 * (narrow.high - 0.5), relative: 1e-13)
    method.overdispersion = .multiplicative
    let multiplied = try method.fit(successes: [4, 8, 12], trials: [16, 16, 16])
    let factor = (8.0 / 3).squareRoot()
    expectClose(multiplied.units.compactMap(\.adjustedZ), [-2 / factor, 0, 2 / factor], absolute: 1e-14)
    expectClose(multiplied.limits(size: 16, level: 0.8).high - 0.5, factor * (narrow.high - 0.5), relative: 1e-13)
  }

  // By hand, as above with design effects of 4: s = ¼, z = −1, 0, 1, so φ = 2/3 and nothing is left between units. Limits lie
  // twice as far from the target; with D = 2 alone τ² = (3 · 4/3 − 2)/(96 − 32) = 1/32, and they are moved by √(2 + 2).
  @Test func `design effects, worked by hand`() throws {
    func fit(_ effect: Double) throws -> FunnelFit {
      try FunnelLimits().fit(successes: [4, 8, 12], trials: [16, 16, 16], designEffects: [effect, effect, effect])
    }
    let exact = try plain.fit(successes: [4, 8, 12], trials: [16, 16, 16]).limits(size: 16, level: 0.8)
    let four = try fit(4)
    expectClose(four.units.compactMap(\.z), [-1, 0, 1], absolute: 1e-14)
    expectClose(four.units.compactMap(\.standardError), [0.25, 0.25, 0.25], relative: 1e-14)
    #expect(four.betweenVariance == 0 && four.spread == .none)
    let wide = four.limits(size: 16, level: 0.8, designEffect: 4)
    expectClose(wide.low - 0.5, 2 * (exact.low - 0.5), relative: 1e-13)
    expectClose(wide.high - 0.5, 2 * (exact.high - 0.5), relative: 1e-13)
    let two = try fit(2)
    expectClose(two.betweenVariance, 1.0 / 32, relative: 1e-13)
    let both = two.limits(size: 16, level: 0.8, designEffect: 2)
    expectClose(both.high - 0.5, 2 * (exact.high - 0.5), relative: 1e-13)
    let chance = two.limits(size: 16, level: 0.8, designEffect: 2, byChanceAlone: true)
    expectClose(chance.high - 0.5, 2.0.squareRoot() * (exact.high - 0.5), relative: 1e-13)
    #expect(two.curve(level: 0.8, designEffect: { $0 / 8 }).first.map { $0.high == both.high } ?? false)
    // Four times the variance for one unit alone: it lies within where others don't.
    let mixed = try plain.fit(successes: [4, 4], trials: [16, 16], target: 0.5, designEffects: [4, 1])
    #expect((0..<2).map { mixed.position(unit: $0, level: 0.8) } == [.within, .below])
    #expect(throws: NumericsError.self) {
      try FunnelLimits().fit(successes: [1], trials: [4], designEffects: [0])
    }
  }

  // By hand: z of 1 … 10 in means of single observations with σ = 1 around 0; the 1 becomes 2, the 10 becomes 9.
  @Test func `winsorizing, worked by hand`() throws {
    var method = FunnelLimits()
    let means = (1...10).map(Double.init)
    let fit = try method.fit(means: means, counts: means.map { _ in 1 }, standardDeviation: 1, target: 0)
    // 4 + 4 + 9 + 16 + 25 + 36 + 49 + 64 + 81 + 81 = 369.
    expectClose(try #require(fit.dispersion), 36.9, relative: 1e-14)
    expectClose(fit.betweenVariance, (369 - 9) / 9, relative: 1e-14)
    method.winsorizedShare = 0
    let whole = try method.fit(means: means, counts: means.map { _ in 1 }, standardDeviation: 1, target: 0)
    expectClose(try #require(whole.dispersion), 38.5, relative: 1e-14)
  }

  // A count outside has less than the tail of probability, one inside has at least it, on either side and at every size.
  @Test(arguments: [0.01, 0.2, 0.5, 0.93]) func `without overdispersion limits are exact`(target: Double) throws {
    let fit = try plain.fit(successes: [1], trials: [2], target: target)
    let mirror = try plain.fit(successes: [1], trials: [2], target: 1 - target)
    for level in [0.8, 0.95, 0.998] {
      for size in [1, 2, 3, 7, 20, 61, 400, 5000] {
        let limits = fit.limits(size: Double(size), level: level)
        let distribution = Binomial(trials: size, probability: target)
        let tail = (1 - level) / 2
        let step = max(1, size / 50)
        for k in stride(from: 0, through: size, by: step) {
          let share = Double(k) / Double(size)
          #expect((share < limits.low) == (distribution.cumulative(k) < tail), "\(k) of \(size) at \(level)")
          #expect((share > limits.high) == (distribution.survival(k - 1) < tail), "\(k) of \(size) at \(level)")
        }
        let mirrored = mirror.limits(size: Double(size), level: level)
        expectClose(mirrored.low, 1 - limits.high, absolute: 1e-10)
        expectClose(mirrored.high, 1 - limits.low, absolute: 1e-10)
      }
    }
  }

  @Test func `rates are exact too, and come to the normal limits`() throws {
    let fit = try plain.fit(counts: [3, 4], exposures: [2, 3.5], target: 1.3)
    let small = fit.limits(size: 2.5, level: 0.9)
    let distribution = Poisson(mean: 1.3 * 2.5)
    for k in 0...15 {
      #expect((Double(k) / 2.5 < small.low) == (distribution.cumulative(k) < 0.05))
      #expect((Double(k) / 2.5 > small.high) == (distribution.survival(k - 1) < 0.05))
    }
    let size = 1e7
    let large = fit.limits(size: size, level: 0.95)
    let half = 1.959963984540054 * (1.3 / size).squareRoot()
    // Skewness and half an event are what remains.
    expectClose(large.low, 1.3 - half, absolute: 2 / size)
    expectClose(large.high, 1.3 + half, absolute: 2 / size)
    let means = try plain.fit(means: [1, .nan], counts: [4, 0], standardDeviation: 2, target: 1)
    expectClose(means.limits(size: 4, level: 0.95).high, 1 + 1.959963984540054, relative: 1e-12)
    #expect(means.units[1].value == nil && means.position(unit: 1, level: 0.95) == nil)
  }

  @Test func `curves narrow with size`() throws {
    let fit = try FunnelLimits().fit(successes: [5, 400, 0], trials: [10, 900, 0])
    let curve = fit.curve(level: 0.95)
    #expect(curve.first?.size == 10 && curve.last?.size == 900)
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.size < $1.size })
    #expect(curve.allSatisfy { $0.low <= fit.target && fit.target <= $0.high })
    #expect(curve.last.map { $0.high - $0.low } ?? 1 < curve.first.map { $0.high - $0.low } ?? 0)
    let chosen = fit.curve(level: 0.95, sizes: [30])
    #expect(chosen.map(\.low) == [fit.limits(size: 30, level: 0.95).low])
  }

  // Shares that differ by chance alone: limits at 95 % hold at least that, and φ corrected is one within its error.
  @Test func `holds its level under chance alone`() throws {
    var stream = RandomStream(seed: 31, purpose: "funnel")
    let trials = (0..<4000).map { _ in 1 + stream.integer(below: 120) }
    let successes = trials.map { stream.binomial(trials: $0, probability: 0.3) }
    var method = plain
    method.correctsForWinsorizing = true
    let fit = try method.fit(successes: successes, trials: trials, target: 0.3)
    let outside = trials.indices.filter { fit.position(unit: $0, level: 0.95) != .within }.count
    // Five standard errors above 5 %.
    #expect(Double(outside) / 4000 < 0.05 + 5 * (0.05 * 0.95 / 4000).squareRoot())
    #expect(outside > 50)
    // z² has a variance of about two.
    expectClose(try #require(fit.dispersion), 1, absolute: 5 * (2.0 / 4000).squareRoot())
  }

  // True shares spread by τ = 0.08: found again, and the limits then hold.
  @Test func `finds the variance between units`() throws {
    var stream = RandomStream(seed: 32, purpose: "funnel")
    let trials = (0..<3000).map { _ in 100 + stream.integer(below: 400) }
    let successes = trials.map {
      stream.binomial(trials: $0, probability: stream.normal(mean: 0.4, standardDeviation: 0.08))
    }
    var method = FunnelLimits()
    method.correctsForWinsorizing = true
    let fit = try method.fit(successes: successes, trials: trials)
    // Units of unequal size make a mixture of normals, which the correction for one normal meets within a few percent.
    expectClose(fit.betweenVariance.squareRoot(), 0.08, relative: 0.05)
    let outside = trials.indices.filter { fit.position(unit: $0, level: 0.95) != .within }.count
    expectClose(Double(outside) / 3000, 0.05, absolute: 0.02)
  }

  @Test func `nothing to go by`() throws {
    let single = try FunnelLimits().fit(successes: [1], trials: [4])
    #expect(single.spread == .undetermined && single.dispersion == nil)
    let silent = try FunnelLimits().fit(counts: [0, 0], exposures: [1, 2])
    #expect(silent.target == 0 && silent.spread == .undetermined)
    #expect(silent.units.compactMap(\.z) == [0, 0])
    #expect(silent.limits(size: 3, level: 0.95).low == 0)
    let equal = try FunnelLimits().fit(successes: [5, 5], trials: [10, 10])
    #expect(equal.spread == .none && equal.betweenVariance == 0)
    #expect(throws: NumericsError.self) { try FunnelLimits().fit(successes: [0], trials: [0]) }
    #expect(throws: NumericsError.self) { try FunnelLimits().fit(successes: [3], trials: [2]) }
    #expect(throws: NumericsError.self) { try FunnelLimits().fit(successes: [1], trials: [2], target: 1) }
    #expect(throws: NumericsError.self) { try FunnelLimits().fit(counts: [1], exposures: [0]) }
    #expect(throws: NumericsError.self) {
      try FunnelLimits().fit(means: [1], counts: [3], standardDeviation: 0)
    }
  }
}
