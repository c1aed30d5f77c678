import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct RankingTests {
  static func ranking(
    _ means: [Double], _ deviations: [Double], draws: Int = 2000, threads: Int = 1
  ) -> PosteriorRanking {
    PosteriorRanking(unitCount: means.count, draws: draws, threads: threads) { index, values in
      var stream = RandomStream(seed: 1, purpose: "ranking test", unit: UInt64(index))
      for unit in means.indices { values[unit] = stream.normal(mean: means[unit], standardDeviation: deviations[unit]) }
    }
  }

  /// E(rank) of independent normal posteriors: 1 + Σ P(another is higher).
  static func exactExpectedRanks(means: [Double], standardDeviations: [Double]) -> [Double] {
    means.indices.map { i in
      var rank = 1.0
      for j in means.indices where j != i {
        let variance = standardDeviations[i] * standardDeviations[i] + standardDeviations[j] * standardDeviations[j]
        rank += Normal.standard.cumulative((means[j] - means[i]) / variance.squareRoot())
      }
      return rank
    }
  }

  // By hand: with equal errors 1/√2, P(another is higher) = Φ(difference): 0 against 1 and 2.
  @Test func `exact expected ranks, worked by hand`() {
    let half = 0.5.squareRoot()
    let exact = Self.exactExpectedRanks(means: [0, 1, 2], standardDeviations: [half, half, half])
    let phi = Normal.standard
    expectClose(exact[0], 1 + phi.cumulative(1) + phi.cumulative(2), relative: 1e-14)
    expectClose(exact[1], 2, relative: 1e-14)
    expectClose(exact.reduce(0, +), 6, relative: 1e-14)
  }

  @Test func `draws agree with the exact ranks`() {
    let means = (0..<12).map { Double($0) * 0.3 }
    let deviations = (0..<12).map { 0.5 + 0.1 * Double($0 % 3) }
    let exact = Self.exactExpectedRanks(means: means, standardDeviations: deviations)
    let ranking = Self.ranking(means, deviations)
    // A rank's deviation is at most 3, so five standard errors over 2,000 draws are 0.34.
    expectClose(ranking.expectedRanks, exact, absolute: 0.34)
    expectClose(ranking.expectedRanks.reduce(0, +), 78, relative: 1e-12)
    expectClose(ranking.probabilityHighestTenth.reduce(0, +), 1, relative: 1e-12)
    expectClose(ranking.probabilityLowestTenth.reduce(0, +), 1, relative: 1e-12)
    for unit in means.indices {
      #expect(ranking.lowerRanks[unit] <= ranking.expectedRanks[unit])
      #expect(ranking.expectedRanks[unit] <= ranking.upperRanks[unit])
    }
  }

  @Test func `the number of threads changes nothing`() {
    let means = (0..<40).map { Double(($0 * 7) % 11) }
    let deviations = means.map { _ in 1.5 }
    let one = Self.ranking(means, deviations, draws: 200)
    for threads in [2, 3, 8] { #expect(Self.ranking(means, deviations, draws: 200, threads: threads) == one) }
  }

  @Test func `certain values rank exactly, ties share`() {
    let ranking = PosteriorRanking(unitCount: 4, draws: 3) { _, values in values = [1, 5, 3, 3] }
    #expect(ranking.expectedRanks == [4, 1, 2.5, 2.5])
    #expect(ranking.percentiles == [12.5, 87.5, 50, 50])
    #expect(ranking.probabilityHighestTenth == [0, 1, 0, 0])
    #expect(ranking.probabilityLowestTenth == [1, 0, 0, 0])
    #expect(ranking.lowerRanks == [4, 1, 2, 2])
    let alone = PosteriorRanking(unitCount: 1, draws: 1) { _, values in values = [1] }
    #expect(alone.expectedRanks == [1])
    #expect(PosteriorRanking(unitCount: 0, draws: 1) { _, _ in }.expectedRanks.isEmpty)
  }

  // By hand: three of five stand at the upper end, where they share ranks 1 to 3 and none is above the middle one; of two equal ones of
  // four the higher two are. Two in the middle of six stand on it.
  @Test func `who shares a value with the middle one isn't above it`() {
    func above(_ certain: [Double]) -> [Double] {
      PosteriorRanking(unitCount: certain.count, draws: 2) { _, values in values = certain }.probabilityAboveMiddle
    }
    #expect(above([100, 100, 100, 60, 70]) == [0.5, 0.5, 0.5, 0, 0])
    #expect(above([100, 100, 60, 60]) == [1, 1, 0, 0])
    #expect(above([1, 2, 3, 3, 4, 5]) == [0, 0, 0.5, 0.5, 1, 1])
    #expect(above([3, 1, 2]) == [1, 0, 0.5])
  }

  @Test func `rank limits of many units are those of their bins`() {
    let n = 2500
    let ranking = PosteriorRanking(unitCount: n, draws: 2) { _, values in
      for unit in 0..<n { values[unit] = -Double(unit) }
    }
    for unit in stride(from: 0, to: n, by: 97) {
      #expect(ranking.expectedRanks[unit] == Double(unit + 1))
      #expect(ranking.lowerRanks[unit] <= Double(unit + 1) && Double(unit + 1) <= ranking.upperRanks[unit])
      #expect(ranking.upperRanks[unit] - ranking.lowerRanks[unit] <= 3)
    }
    #expect(ranking.probabilityHighestTenth.reduce(0, +) == 250)
  }

  @Test func `many units stand as a plain sort has them, ties and signed zeros too`() {
    var stream = RandomStream(seed: 17, purpose: "order")
    var values = (0..<600).map { _ in stream.normal() * 1e3 }
    values[5] = 0
    values[77] = -0.0
    values[300] = values[12]
    values[301] = .infinity
    values[302] = -.infinity
    let given = values
    let ranking = PosteriorRanking(unitCount: given.count, draws: 1) { _, values in values = given }
    // By definition: how many are higher, and half of the equal ones.
    for unit in given.indices {
      let higher = Double(given.filter { $0 > given[unit] }.count)
      let equal = Double(given.filter { $0 == given[unit] }.count)
      #expect(ranking.expectedRanks[unit] == higher + (equal + 1) / 2)
    }
  }

  // By hand: means 0, 3, 6 vary by 9, draws of each by 2, which with two draws moves means by 1: (9 − 1)/(9 − 1 + 2).
  @Test func `rankability, by hand`() throws {
    expectClose(try #require(Rankability.share(ofDraws: [[-1, 1], [2, 4], [5, 7]])), 0.8, relative: 1e-12)
    #expect(Rankability.share(ofDraws: [[1, 3], [3, 1]]) == 0)
    #expect(Rankability.share(ofDraws: [[100, 100], [100, 100]]) == 0)
    #expect(Rankability.share(ofDraws: [[1, 3]]) == nil && Rankability.share(ofDraws: []) == nil)
    // Errors twice as large: 1 − 2 · 2/10. They explain all from φ = 5 on.
    let draws: [[Float]] = [[-1, 1], [2, 4], [5, 7]]
    expectClose(try #require(Rankability.share(ofDraws: draws, errorInflation: 2)), 0.6, relative: 1e-9)
    #expect(Rankability.share(ofDraws: draws, errorInflation: 5) == 0)
    #expect(Rankability.share(ofDraws: draws, errorInflation: 9) == 0)
  }

  /// Draws from the posteriors of a normal-normal model with τ² = `real`, and how well its means follow the truth.
  static func normal(_ errors: [Double], real: Double, seed: UInt64) -> (draws: [[Float]], squaredCorrelation: Double) {
    var stream = RandomStream(seed: seed, purpose: "rankability")
    var (truths, means): ([Double], [Double]) = ([], [])
    let draws = errors.map { error -> [Float] in
      let truth = real.squareRoot() * stream.normal()
      let kept = real / (real + error)
      truths.append(truth)
      means.append(kept * (truth + error.squareRoot() * stream.normal()))
      return (0..<200).map { _ in Float(means.last! + (kept * error).squareRoot() * stream.normal()) }
    }
    let (a, b) = (Moments(truths), Moments(means))
    let product = zip(truths, means).reduce(0) { $0 + ($1.0 - a.mean) * ($1.1 - b.mean) }
    return (draws, product * product / (a.sumOfSquares * b.sumOfSquares))
  }

  // τ² = 4: with errors of 1 alike ρ is 4/5; of 1 and 100 by turns the mean of 4/5 and 4/104. Of 4,000 units both the squared
  // correlation of means with the truth and ρ come out so.
  @Test func `rankability is what means share with the truth`() throws {
    for (errors, expected) in [([1.0, 1], 0.8), ([1, 100], (0.8 + 4.0 / 104) / 2)] {
      let made = Self.normal((0..<4000).map { errors[$0 % 2] }, real: 4, seed: 3)
      expectClose(try #require(Rankability.share(ofDraws: made.draws)), expected, absolute: 0.03)
      expectClose(made.squaredCorrelation, expected, absolute: 0.03)
    }
  }

  // Errors that are believed half as large in squares as they are: units alike (τ² = 0) seem to differ by 1, of which 1 is error. With
  // φ = 2 nothing is left.
  @Test func `errors known to be too small take their part from the differences`() throws {
    var stream = RandomStream(seed: 4, purpose: "rankability")
    // The naive posterior of values that vary by 2 with errors of 1: mean y/2, variance 1/2.
    let alike = (0..<2000).map { _ -> [Float] in
      let mean = 2.0.squareRoot() * stream.normal() / 2
      return (0..<200).map { _ in Float(mean + 0.5.squareRoot() * stream.normal()) }
    }
    expectClose(try #require(Rankability.share(ofDraws: alike)), 0.5, absolute: 0.04)
    expectClose(try #require(Rankability.share(ofDraws: alike, errorInflation: 2)), 0, absolute: 0.08)
  }

  // χ² with 59 degrees of freedom is below 77.93 in 19 of 20 samples, with 2 below 5.99 (R: qchisq).
  @Test func `what chance gives`() {
    expectClose(Rankability.chanceLimit(unitCount: 60), 1 - 59 / 77.93052, absolute: 1e-6)
    expectClose(Rankability.chanceLimit(unitCount: 3), 1 - 2 / 5.991465, absolute: 1e-6)
  }

  // Twenty units, two places in a tenth: five that are equal at the bottom share two, three at the top two thirds each. By their mean
  // ranks all five were in the lowest tenth for sure.
  @Test func `equal values share the places of a tenth`() {
    let ranking = PosteriorRanking(unitCount: 20, draws: 3) { _, values in
      for unit in values.indices { values[unit] = unit < 5 ? 1 : unit < 17 ? Double(unit) : 99 }
    }
    for unit in 0..<5 { expectClose(ranking.probabilityLowestTenth[unit], 0.4, absolute: 1e-8) }
    for unit in 17..<20 { expectClose(ranking.probabilityHighestTenth[unit], 2.0 / 3, absolute: 1e-8) }
    expectClose(ranking.probabilityLowestTenth.reduce(0, +), 2, absolute: 1e-7)
    expectClose(ranking.probabilityHighestTenth.reduce(0, +), 2, absolute: 1e-7)
  }

  // By hand: the first is always highest, the others take turns at rank 2, the middle, and 3: above in ¼ of the draws.
  @Test func `tiers around the middle`() {
    let ranking = PosteriorRanking(unitCount: 3, draws: 20) { draw, values in
      values = draw.isMultiple(of: 2) ? [9, 1, 2] : [9, 2, 1]
    }
    #expect(ranking.probabilityAboveMiddle == [1, 0.25, 0.25])
    #expect(Tiers.assign(ranking) == [.above, .notTold, .notTold])
    #expect(Tiers.assign(ranking, probability: 0.75) == [.above, .below, .below])
    // Equal values all stand on the middle.
    let equal = PosteriorRanking(unitCount: 4, draws: 2) { _, values in values = [1, 1, 1, 1] }
    #expect(equal.probabilityAboveMiddle == [0.5, 0.5, 0.5, 0.5])
    #expect(Tiers.assign(equal) == Array(repeating: .notTold, count: 4))
    #expect(Tiers.assign(PosteriorRanking(unitCount: 0, draws: 1) { _, _ in }).isEmpty)
  }

  // By hand: of twelve, the first is lowest in 6 of 10 draws and highest in 4, the second the other way round. Below, and
  // above, is only that sure, but a tenth decides among ten or more. Among nine nothing does.
  @Test(arguments: [(12, [Tiers.Side.below, .above]), (9, [.notTold, .notTold])])
  func `a place in a tenth decides the tier`(_ count: Int, _ sides: [Tiers.Side]) {
    let ranking = PosteriorRanking(unitCount: count, draws: 10) { draw, values in
      // The others rotate, so that each stands everywhere.
      for unit in 2..<count { values[unit] = Double((unit + draw) % (count - 2)) }
      values[0] = draw < 6 ? -1 : 100
      values[1] = draw < 6 ? 100 : -1
    }
    #expect(ranking.probabilityLowestTenth[0] == 0.6 && ranking.probabilityHighestTenth[1] == 0.6)
    #expect(Array(Tiers.assign(ranking).prefix(2)) == sides)
    #expect(!Tiers.assign(ranking).dropFirst(2).contains(.below))
  }
}
