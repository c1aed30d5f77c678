import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct IntraclassCorrelationTests {
  @Test func `Shrout and Fleiss' six`() throws {
    guard let reference = ReferenceCase("D13-icc") else { return }
    for (fit, file) in [("shrout_fleiss", "shrout_fleiss.csv"), ("ergo_stool", "ergo_stool.csv")] {
      let table = reference.table(file)
      let ratings = Matrix(columns: table.names.dropFirst().map(table.numbers))
      let found = try IntraclassCorrelation(ratings)
      func byKind(_ value: (IntraclassCorrelation.Estimate) -> Double) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: found.estimates.map { ($0.kind.rawValue, value($0)) })
      }
      reference.check(fit: fit, "icc", got: byKind(\.value))
      reference.check(fit: fit, "F", got: byKind(\.fRatio))
      reference.check(fit: fit, "df1", got: byKind(\.numeratorDegrees))
      reference.check(fit: fit, "df2", got: byKind(\.denominatorDegrees))
      reference.check(fit: fit, "p", got: byKind(\.pValue))
      reference.check(fit: fit, "lower95", got: byKind(\.low))
      reference.check(fit: fit, "upper95", got: byKind(\.high))
      reference.check(
        fit: fit, "ms",
        got: [
          "subjects": found.subjectMeanSquare, "judges": found.judgeMeanSquare, "residual": found.residualMeanSquare,
        ])
    }
  }

  @Test func `what can't be used is refused`() {
    #expect(throws: NumericsError.self) { try IntraclassCorrelation(Matrix(rows: [[1, 2]])) }
    #expect(throws: NumericsError.self) { try IntraclassCorrelation(Matrix(rows: [[1, 2], [2, 3]])) }
    #expect(throws: NumericsError.self) { try IntraclassCorrelation(Matrix(rows: [[1, .nan], [2, 3]])) }
  }
}
