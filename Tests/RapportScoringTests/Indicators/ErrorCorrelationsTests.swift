import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct ErrorCorrelationsTests {
  static func parts(_ values: [[Double?]]) -> [[Departures.Part?]] {
    values.map { $0.map { $0.map { .init(value: $0, variance: 4) } } }
  }

  // Two indicators of five units that nearly err alike: u = (2, 1, 0, −1, −2) and (2, 0, 0, 0, −2), Σ u u' = 4 + 4 over √(10 · 8),
  // so that r = (1, 0, 0, 0, 1)/√5, ĉ = 2/√5, V̂ = 5/4 (2/5 − 4/25) = 0.3 and λ = 0.3 / 0.8 would leave 0.56: no more than a half is left,
  // nor where two always err alike, or always the other way. Of halves (2, 1, 0, −1, −2) and (2, −1, 0, 0, −1), Σ u u' = 5 over √(10 · 6),
  // r = (4, −1, 0, 0, 2)/√60, V̂ = 5/4 (21 − 5)/60 = 1/3 and ĉ² = 5/12: λ = 0.8. What moves all units of one indicator is no error. Four
  // units tell nothing.
  @Test func `by hand`() {
    let alike: [[Double?]] = [[5, 14], [4, 12], [3, 10], [2, 8], [1, 6]]
    let own = ErrorCorrelations([.regularity, .oneToOneTime], differences: [Self.parts(alike)])
    #expect(abs(own.matrix([.oneToOneTime, .regularity])[1] - 0.5) < 1e-12)
    let opposed = ErrorCorrelations(
      [.regularity, .oneToOneTime], differences: [Self.parts(alike.map { [$0[0], -$0[1]!] })])
    #expect(abs(opposed.matrix([.oneToOneTime, .regularity])[1] + 0.5) < 1e-12)
    let four = ErrorCorrelations([.regularity, .oneToOneTime], differences: [Self.parts(Array(alike.dropLast()))])
    #expect(four.matrix([.oneToOneTime, .regularity])[1] == 0)
    let five = ErrorCorrelations(
      [.regularity, .oneToOneTime], differences: [Self.parts([[5, 12], [4, 10], [3, 10], [2, 10], [1, 8]])])
    #expect(abs(five.matrix([.oneToOneTime, .regularity])[1] - 0.5) < 1e-12)
    let less = ErrorCorrelations(
      [.regularity, .oneToOneTime], differences: [Self.parts([[5, 12], [4, 9], [3, 10], [2, 10], [1, 9]])])
    #expect(abs(less.matrix([.oneToOneTime, .regularity])[1] - 0.2 * 5 / 60.0.squareRoot()) < 1e-12)
    // Of what halves tell nothing, nothing is taken to go together.
    #expect(own.matrix([.regularity, .surveyScore]) == [1, 0, 0, 1])
    #expect(ErrorCorrelations.none.matrix([.regularity, .oneToOneTime]) == [1, 0, 0, 1])
  }

  // Ten indicators of which two err together, 0.4, and the others by themselves, one of them known of half of the units only.
  // Of thousands of units the two are found, of thirty hardly anything is left; whatever is left has an inverse.
  @Test(arguments: [(units: 4000, found: 0.35...0.45), (30, 0...0.3)])
  func `few units tell nothing`(_ units: Int, _ found: ClosedRange<Double>) {
    var stream = RandomStream(seed: 3, purpose: "error correlations")
    let differences = (0..<units).map { unit in
      var own = (0..<10).map { _ in Optional(2 * stream.normal()) }
      own[1] = 0.4 * own[0]! + 0.84.squareRoot() * own[1]!
      if unit % 2 == 0 { own[9] = nil }
      return own
    }
    let indicators = Array(Indicator.allCases.prefix(10))
    let matrix = ErrorCorrelations(indicators, differences: [Self.parts(differences)]).matrix(indicators)
    #expect(found.contains(matrix[1]), "\(matrix[1])")
    for j in 0..<10 {
      for k in 0..<j where (j, k) != (1, 0) { #expect(abs(matrix[j * 10 + k]) < 0.2) }
    }
    let inverse = SmallCholesky(matrix, size: 10).inverse()
    #expect(inverse.allSatisfy { $0.isFinite })
  }
  // Ten ways to halve twelve months of sixty units: what is chance there varies far less than 1/n. Four pairs of twenty indicators
  // err together, as in simulated organisations, or none.
  @Test func `several splits of a few dozen units tell of errors that go together`() {
    let planted = [(0, 0.55), (2, -0.7), (4, -0.54), (6, 0.34)]
    let (units, months, size) = (60, 12, 20)
    func found(_ isPlanted: Bool, seed: UInt64) -> [Double] {
      var stream = RandomStream(seed: seed, purpose: "error correlations")
      let errors = (0..<units).map { _ in
        (0..<months).map { _ in
          var month = (0..<size).map { _ in stream.normal() }
          if isPlanted {
            for (k, correlation) in planted {
              month[k + 1] = correlation * month[k] + (1 - correlation * correlation).squareRoot() * month[k + 1]
            }
          }
          return month
        }
      }
      let differences = (0..<10).map { _ -> [[Double?]] in
        var order = Array(0..<months)
        stream.shuffle(&order, in: order.indices)
        return errors.map { own in
          (0..<size).map { k in
            order[..<6].reduce(0) { $0 + own[$1][k] / 6 } - order[6...].reduce(0) { $0 + own[$1][k] / 6 }
          }
        }
      }
      let indicators = Array(Indicator.allCases.prefix(size))
      return ErrorCorrelations(indicators, differences: differences.map(Self.parts)).matrix(indicators)
    }
    for seed in 4..<7 as Range<UInt64> {
      let (together, apart) = (found(true, seed: seed), found(false, seed: seed))
      // Six tenths or so of each are kept; 1/n as what chance makes kept nothing.
      for (k, correlation) in planted where abs(correlation) > 0.5 {
        let share = together[(k + 1) * size + k] / correlation
        #expect((0.3...1).contains(share), "\(seed): \(share) of \(correlation)")
      }
      let left = (0..<size).flatMap { j in (0..<j).map { abs(apart[j * size + $0]) } }
      #expect(left.max()! < 0.1, "\(seed): \(left.max()!)")
    }
  }
  // Of two or three units everything errs alike or the other way, and one that alone knows two indicators says nothing of them.
  @Test(arguments: [1, 2, 3, 4])
  func `a handful of units leaves a matrix that has an inverse`(_ units: Int) {
    var stream = RandomStream(seed: 9, purpose: "error correlations")
    let differences = (0..<10).map { _ in
      Self.parts(
        (0..<units).map { unit in (0..<20).map { k in k < 18 || unit == 0 ? 2 * stream.normal() : nil } })
    }
    let indicators = Array(Indicator.allCases.prefix(20))
    let matrix = ErrorCorrelations(indicators, differences: differences).matrix(indicators)
    #expect(SmallCholesky(matrix, size: 20).inverse().allSatisfy { $0.isFinite })
    let same = ErrorCorrelations(indicators, differences: [differences[0]]).matrix(indicators)
    #expect(SmallCholesky(same, size: 20).inverse().allSatisfy { $0.isFinite })
  }
}
