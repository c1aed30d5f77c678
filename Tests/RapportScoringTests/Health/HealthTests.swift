import Testing

@testable import RapportScoring

@Suite struct HealthTests {
  // By hand: promises 0.7 → 50.5 points and slippage 0 → 100 points make follow-through 75.25; joint decisions 0.5 → 50.5
  // points make alignment 50.5. √(75.25 · 50.5) = 61.6451…
  @Test func `arithmetic inside a domain, geometric across, by hand`() throws {
    let health = try #require(
      Health.composite(indicatorValues: [.promisesKeptOnTime: 0.7, .slippage: 0, .jointDecisions: 0.5]))
    #expect(abs(health - (75.25 * 50.5).squareRoot()) < 1e-9)
  }

  // By hand, with alignment three times as heavy: 75.25^¼ · 50.5^¾.
  @Test func `weights of domains`() throws {
    let health = try #require(
      Health.composite(
        indicatorValues: [.promisesKeptOnTime: 0.7, .slippage: 0, .jointDecisions: 0.5],
        domainWeights: ["alignment": 3]))
    let root = 75.25.squareRoot().squareRoot()
    let other = 50.5.squareRoot() * 50.5.squareRoot().squareRoot()
    #expect(abs(health - root * other) < 1e-9)
    #expect(Health.composite(indicatorValues: [.jointDecisions: 0.5], domainWeights: ["alignment": 0]) == nil)
    #expect(Health.composite(indicatorValues: [:]) == nil)
  }

  // By hand: evenness 2 has 1 point, so the composite can't exceed 50 although √(1 · …) would: consistency is the mean of
  // 1 and 100 (regularity 1) and 100 = 67, geometric mean with 100 is 81.9.
  @Test func `unevenness caps the composite`() throws {
    let values: [Indicator: Double] = [.evenness: 2, .regularity: 1, .predictability: 1.5, .jointDecisions: 0.9]
    #expect(try #require(Health.composite(indicatorValues: values)) == 50)
    #expect(Health.cap(25) == 100 && Health.cap(60) == 100 && Health.cap(1) == 50)
    #expect(abs(Health.cap(13) - 75) < 1e-12)
    var even = values
    even[.evenness] = 1
    #expect(abs(try #require(Health.composite(indicatorValues: even)) - 100) < 1e-9)
  }

  @Test func `one value changed at a time gives the bits of the composite of the changed values`() throws {
    let values: [Indicator: Double] = [
      .evenness: 1.3, .regularity: 0.4, .predictability: 1.5, .jointDecisions: 0.9, .promisesKeptOnTime: 0.71,
    ]
    let weights = ["alignment": 3.0, "consistency": 0.5]
    let changes: [(indicator: Indicator, value: Double)] = [
      (.evenness, 1.2), (.promisesKeptOnTime, 0.95), (.regularity, 0.8), (.evenness, 1.97),
    ]
    let found = try #require(
      Health.composites(
        points: Dictionary(uniqueKeysWithValues: values.map { ($0, Goalposts.points(for: $0, value: $1)) }),
        domainWeights: weights, changes: changes.map { ($0, Goalposts.points(for: $0, value: $1)) }))
    #expect(found.now == Health.composite(indicatorValues: values, domainWeights: weights))
    #expect(Set(found.changed).count == 4)
    for (change, then) in zip(changes, found.changed) {
      let changed = values.merging([change.indicator: change.value]) { $1 }
      #expect(then == Health.composite(indicatorValues: changed, domainWeights: weights))
    }
    #expect(Health.composites(points: [:], changes: []) == nil)
  }
}

@Suite struct AumannShapleyTests {
  // In one domain the composite is the mean of the points, so each contributes half its step.
  @Test func `linear inside a domain`() throws {
    let composite = try #require(Composite([.promisesKeptOnTime, .slippage], domainWeights: [:]))
    let parts = AumannShapley.contributions(composite, points: [80, 30], reference: [50, 50])
    #expect(abs(parts[0] - 15) < 1e-9 && abs(parts[1] + 10) < 1e-9)
  }

  // H = √(xy) from (1, 1) to (4, 16): c_x = 3 ∫ ½ √((1 + 15t)/(1 + 3t)) dt, here by Simpson's rule with 100,000 steps.
  @Test func `geometric across domains`() throws {
    let composite = try #require(Composite([.promisesKeptOnTime, .jointDecisions], domainWeights: [:]))
    let parts = AumannShapley.contributions(composite, points: [4, 16], reference: [1, 1])
    func slope(_ t: Double) -> Double { 1.5 * ((1 + 15 * t) / (1 + 3 * t)).squareRoot() }
    var sum = slope(0) + slope(1)
    let n = 100_000
    for i in 1..<n { sum += (i % 2 == 1 ? 4 : 2) * slope(Double(i) / Double(n)) }
    #expect(abs(parts[0] - sum / Double(3 * n)) < 1e-9)
    #expect(abs(parts[0] + parts[1] - 7) < 1e-9)
  }

  @Test(arguments: 1...40)
  func `contributions sum to the difference, caps included`(_ seed: Int) throws {
    let composite = try #require(
      Composite([.typicalWait, .predictability, .evenness, .settlementTime, .surveyScore], domainWeights: ["voice": 2]))
    var state = UInt64(seed)
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 1 + 99 * Double(state >> 40) / Double(1 << 24)
    }
    let points = (0..<5).map { _ in next() }
    let reference = (0..<5).map { _ in next() }
    let parts = AumannShapley.contributions(composite, points: points, reference: reference)
    #expect(abs(parts.reduce(0, +) - (composite.health(points) - composite.health(reference))) < 1e-9)
  }

  @Test func `nothing contributes between equal points`() throws {
    let composite = try #require(Composite([.evenness, .jointDecisions], domainWeights: [:]))
    #expect(AumannShapley.contributions(composite, points: [10, 50], reference: [10, 50]) == [0, 0])
  }
}
