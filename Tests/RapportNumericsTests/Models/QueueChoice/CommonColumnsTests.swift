@testable import RapportNumerics
import Testing

@Suite struct CommonColumnsTests {
  /// A chooser whose own β̂ is all that matters, known to J from a normal likelihood.
  ///
  ///     J β̂ ~ N(J β_p, J)        J = s Σ x xᵀ over `rows` random x
  ///
  /// J has rank `rows` at most, so with fewer than columns it has no inverse.
  private static func chooser(_ own: [Double], rows: Int, _ stream: inout RandomStream) -> ChooserFit {
    let columns = own.count
    var information = Matrix(rows: columns, columns: columns)
    var evidence = [Double](repeating: 0, count: columns)
    for _ in 0..<rows {
      let x = (0..<columns).map { _ in 0.8 * stream.normal() }
      let answer = dot(x, own) + stream.normal()
      for j in 0..<columns {
        evidence[j] += x[j] * answer
        for k in 0..<columns { information[j, k] += x[j] * x[k] }
      }
    }
    return ChooserFit(
      units: [], columns: own, unitVariances: [], columnCovariance: information, logLikelihood: 0,
      record: SearchRecord(method: "planted", stop: .gradient, evaluations: 1), pickedProbabilities: [],
      columnInformation: information, columnEvidence: evidence, unitShifts: Matrix(rows: 0, columns: 0))
  }

  // 150 organisations of 20 choosers, each of whom one to eight noisy rows tell of: far less is known of each chooser's own β_p
  // than choosers differ, and of some not every column. Of 450 intervals of 90 %, four standard errors are 0.057. As if each β_p
  // were known, they held two thirds.
  @Test func `intervals of what choosers have in common hold it`() {
    let common = [0.8, -0.5, 0.2]
    var held = 0
    for organisation in 0..<150 {
      var stream = RandomStream(seed: 81, purpose: "choosers", unit: UInt64(organisation))
      let fits = (0..<20).map { chooser in
        let own = common.map { $0 + 0.4 * stream.normal() }
        return Self.chooser(own, rows: 1 + chooser % 8, &stream)
      }
      var columns = CommonColumns(means: [0, 0, 0], variances: [6.25, 6.25, 6.25], choosers: fits.count)
      columns.estimate(fits, priorVariance: 6.25, maximumRounds: 1000)
      #expect(columns.record?.converged == true)
      for (j, planted) in common.enumerated()
      where abs(columns.means[j] - planted) <= 1.6449 * columns.meanVariances[j].squareRoot() {
        held += 1
      }
    }
    #expect(abs(Double(held) / 450 - 0.9) < 0.057, "\(held) of 450")
  }

  // By hand, one column: choosers known to J = 4, none at all, and J = 4 again, Ω as found. Whoever is unknown tells nothing.
  @Test func `the error of the mean, by hand`() {
    func chooser(_ own: Double, _ information: Double) -> ChooserFit {
      let matrix = Matrix(rows: 1, columns: 1, repeating: information)
      return ChooserFit(
        units: [], columns: [own], unitVariances: [], columnCovariance: matrix, logLikelihood: 0,
        record: SearchRecord(method: "planted", stop: .gradient, evaluations: 1), pickedProbabilities: [],
        columnInformation: matrix, columnEvidence: [information * own], unitShifts: Matrix(rows: 0, columns: 0))
    }
    var columns = CommonColumns(means: [0], variances: [6.25], choosers: 3)
    columns.estimate([chooser(1, 4), chooser(7, 0), chooser(2, 4)], priorVariance: 6.25, maximumRounds: 1000)
    let spread = columns.variances[0]
    #expect(abs(columns.meanVariances[0] - 1 / (2 / (spread + 0.25) + 1 / 6.25)) < 1e-12)
  }
}
