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
    var blocks = [
      Block(
        bullets: Sentences.quality(quality)
          + [
            Sentences.anonymous(quality), Sentences.protected(quality), Sentences.confidential(quality),
            Sentences.duplicates(quality), Sentences.superseded(quality),
          ].compactMap { $0 })
    ]
    for consequence in DataQuality.Consequence.allCases {
      guard let table = table(consequence) else { continue }
      blocks.append(Block(heading: Wording.heading(consequence), table: table))
    }
    let kinds = quality.kinds.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let confidential = quality.confidential > 0 ? [["confidential", Figure.count(quality.confidential)]] : []
    if !kinds.isEmpty || !confidential.isEmpty {
      blocks.append(
        Block(
          heading: "Events by kind",
          table: PageTable(
            caption: "Events used", headings: [("kind", false), ("events", true)],
            rows: kinds.map { [Wording.eventKind($0.key), Figure.count($0.value)] }
              + confidential)))
    }
    if !quality.ignoredColumns.isEmpty {
      blocks.append(Block(paragraphs: ["Columns not read: \(quality.ignoredColumns.joined(separator: ", "))."]))
    }
    let notes = quality.notes.filter { !told.contains($0) } + [unjudged].compactMap { $0 }
    if !notes.isEmpty { blocks.append(Block(heading: "Notes for analysts", bullets: notes)) }
    return Page.Section(anchor: "data-quality", heading: "Data quality", blocks: blocks)
  }

  private func table(_ consequence: DataQuality.Consequence) -> PageTable? {
    let found = quality.findings(consequence)
    guard !found.isEmpty else { return nil }
    return PageTable(
      caption: Self.caption(consequence),
      headings: [("what", false), ("count", true), ("for example", false), ("what it means", false)],
      rows: found.map { name, finding in
        [
          Wording.words(name), Figure.count(finding.count),
          finding.examples.prefix(3).map(\.description).joined(separator: "; "), finding.advice,
        ]
      })
  }

  private static func caption(_ consequence: DataQuality.Consequence) -> String {
    switch consequence {
    case .refused: "Rows that can't be used"
    case .leftOut: "Rows and events that are left out"
    case .merged: "Rows that repeat another and count once"
    case .valueRemoved: "Rows that are used without one of their values"
    case .used: "Events that are used as they are"
    }
  }
}
