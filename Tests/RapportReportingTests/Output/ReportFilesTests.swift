import Foundation
import RapportReporting
import RapportScoring
import Testing

@Suite struct ReportFilesTests {
  @Test func `all ten files, the manifest last`() throws {
    let files = ReportFiles.all(SampleAssessment.make(), manifest: ["format": "x"], version: "0.1.0")
    #expect(
      files.map(\.name) == [
        "assessment.json", "managers.csv", "pairs.csv", "partners.csv", "favouritism.csv", "factors.csv",
        "trends.csv", "data-quality.json", "report.html", "manifest.json",
      ])
    #expect(files.map(\.name) == ReportFiles.names)
    #expect(try files.allSatisfy { !(try $0.make().pieces.isEmpty) })
  }

  @Test func `the assessment reads back as it was`() throws {
    let assessment = SampleAssessment.make()
    let text = try ReportFiles.all(assessment, manifest: [:], version: "0.1.0")[0].make().string
    #expect(try JSONDecoder().decode(Assessment.self, from: Data(text.utf8)) == assessment)
  }
}
