import RapportIngestion
import RapportScoring

/// What `rapport score` says in a terminal: enough to know who needs attention, and how sure that is.
public struct ScoreSummary {
  private let assessment: Assessment
  private let console: Console
  private let folder: String?

  /// - Parameter folder: where the files were written, if they were.
  public init(_ assessment: Assessment, console: Console, folder: String? = nil) {
    self.assessment = assessment
    self.console = console
    self.folder = folder
  }

  /// The text, ending in a line break.
  public var text: String {
    (basis + [""] + attention + [""] + ranking + [""] + favouritism + factors + [""] + quality + closing)
      .joined(separator: "\n") + "\n"
  }

  private var basis: [String] {
    let basis = assessment.basis
    var lines = [
      console.heading(
        "\(Figure.count(assessment.managers.count, "manager")), "
          + "\(Figure.count(assessment.partners.count, "partner")), "
          + "\(Figure.count(assessment.dataQuality.eventsUsed, "event")) up to \(Wording.day(basis.asOf))")
    ]
    lines += console.paragraph(Sentences.requests(assessment.dataQuality))
    if let shared = Sentences.sharedCases(assessment.dataQuality) { lines += console.paragraph(shared) }
    if let others = Sentences.stepsOfOthers(assessment.dataQuality) { lines += console.paragraph(others) }
    if let split = Sentences.splitPeople(assessment.dataQuality) { lines += console.paragraph(split) }
    lines += console.paragraph(
      ([Sentences.measured(basis)] + [Sentences.lackingDomains(assessment)].compactMap { $0 }).joined(separator: " "))
    if let old = Sentences.oldEvidence(assessment) { lines += console.paragraph(old) }
    if !basis.workingCalendar { lines += console.paragraph(History.noCalendar) }
    return lines
  }

  private var attention: [String] {
    var lines =
      [console.heading("Relationships that may need attention")]
      + console.paragraph(Sentences.readingAttention(assessment))
    for told in Sentences.attention(assessment) + Sentences.changes(assessment.trends, better: false) {
      lines += console.paragraph(told.sentence, bullet: "• ")
    }
    let better = Sentences.changes(assessment.trends, better: true)
    if !better.isEmpty { lines += ["", console.heading("What got better")] }
    for told in better { lines += console.paragraph(told.sentence, bullet: "• ") }
    return lines
  }

  private var ranking: [String] {
    let table = RankingTable(assessment, console: console, limit: 10)
    return [console.heading(table.title)] + table.reasons + table.lines
  }

  private var favouritism: [String] {
    var lines = [console.heading("Response-time findings (\(assessment.favouritism.basis))")]
    for sentence in Sentences.favouritism(assessment.favouritism) { lines += console.paragraph(sentence, bullet: "• ") }
    if let evenness = assessment.favouritism.evenness { lines += console.paragraph(evenness.statement, bullet: "• ") }
    if assessment.favouritism.choice != nil { lines += console.paragraph(Sentences.followingFindings) }
    return lines
  }

  private var factors: [String] {
    let answer = Sentences.factors(assessment.factors)
    return answer.isEmpty ? [] : ["", console.heading("Is one health number justified?")] + console.paragraph(answer)
  }

  private var quality: [String] {
    var lines = [console.heading("Data quality")]
    for sentence in Sentences.quality(assessment.dataQuality) { lines += console.paragraph(sentence, bullet: "• ") }
    let notes =
      assessment.notes.filter { $0 != History.noCalendar }
      + [
        Sentences.capped(assessment), Sentences.trustLacks(assessment.basis.trust),
        Sentences.unread(assessment.dataQuality),
        assessment.trends.unjudgedNote,
      ].compactMap { $0 }
    for note in notes {
      lines += console.paragraph(note, bullet: "• ")
    }
    return lines
  }

  private var closing: [String] {
    guard let folder else {
      return [""] + console.paragraph("Add --output DIR for the report (report.html), tables and everything in JSON.")
    }
    return ["", "Report: \(folder)/report.html", "Everything else: \(folder)/"]
  }
}
