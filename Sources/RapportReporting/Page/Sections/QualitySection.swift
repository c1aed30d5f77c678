import RapportIngestion
import RapportScoring

/// What was read, what was refused, and what looks odd.
struct QualitySection {
  let quality: DataQuality
  /// What analysts must know of changes in rates.
  let unjudged: String?
  /// What the summary tells already.
  let told: [String]
  init(_ assessment: Assessment) {
    told = assessment.notes
    quality = assessment.dataQuality
    unjudged = assessment.trends.unjudgedNote
  }

  var section: Page.Section {
    var blocks = [Block(bullets: Sentences.quality(quality))]
    if let rejections = table(quality.rejections, caption: "Rows and values that can't be used") {
      blocks.append(Block(heading: "Not used", table: rejections))
    }
    if let observations = table(quality.observations, caption: "Rows that were used") {
      blocks.append(Block(heading: "Used, but worth a look", table: observations))
    }
    let kinds = quality.kinds.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !kinds.isEmpty {
      blocks.append(
        Block(
          heading: "Events by kind",
          table: PageTable(
            caption: "Events used", headings: [("kind", false), ("events", true)],
            rows: kinds.map { [Wording.words($0.key).replacing("_", with: " "), Figure.count($0.value)] })))
    }
    if !quality.ignoredColumns.isEmpty {
      blocks.append(Block(paragraphs: ["Columns not used: \(quality.ignoredColumns.joined(separator: ", "))."]))
    }
    let notes = quality.notes.filter { !told.contains($0) } + [unjudged].compactMap { $0 }
    if !notes.isEmpty { blocks.append(Block(heading: "Notes for analysts", bullets: notes)) }
    return Page.Section(anchor: "data-quality", heading: "Data quality", blocks: blocks)
  }

  private func table(_ findings: [String: DataQuality.Finding], caption: String) -> PageTable? {
    let found = findings.filter { $0.value.count > 0 }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    guard !found.isEmpty else { return nil }
    return PageTable(
      caption: caption,
      headings: [("what", false), ("count", true), ("for example", false), ("what it means", false)],
      rows: found.map {
        [
          Wording.words($0.key), Figure.count($0.value.count),
          $0.value.examples.prefix(3).map(\.description).joined(separator: "; "),
          $0.value.advice,
        ]
      })
  }
}
