import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct ErrorCorrelationsTests {
  static func parts(_ values: [[Double?]]) -> [[Departures.Part?]] {
    values.map { $0.map { $0.map { .init(value: $0, variance: 4) } } }
  }

  // Two indicators of three units that always err alike: ĉ = 1, and λ = 1/3. What moves all units of one indicator is no error.
  @Test func `by hand`() {
    let own = ErrorCorrelations(
      [.regularity, .oneToOneTime], differences: [Self.parts([[1, 12], [0, 10], [-1, 8]])])
    #expect(abs(own.matrix([.oneToOneTime, .regularity])[1] - 2.0 / 3) < 1e-12)
    // Of what halves tell nothing, nothing is taken to go together.
    #expect(own.matrix([.regularity, .surveyScore]) == [1, 0, 0, 1])
    #expect(ErrorCorrelations.none.matrix([.regularity, .oneToOneTime]) == [1, 0, 0, 1])
  }

  // Ten indicators of which two err together, 0.6, and the others by themselves, one of them known of half of the units only.
  // Of thousands of units the two are found, of thirty hardly anything is left; whatever is left has an inverse.
  @Test(arguments: [(units: 4000, found: 0.55...0.65), (30, 0...0.4)])
  func `few units tell nothing`(_ units: Int, _ found: ClosedRange<Double>) {
    var stream = RandomStream(seed: 3, purpose: "error correlations")
    let differences = (0..<units).map { unit in
      var own = (0..<10).map { _ in Optional(2 * stream.normal()) }
      own[1] = 0.6 * own[0]! + 0.8 * own[1]!
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
}
