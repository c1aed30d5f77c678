import RapportIngestion
import RapportScoring

/// What there is to know, in sentences.
struct SummarySection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  var section: Page.Section {
    let basis = assessment.basis
    var overview = Block(paragraphs: [
      "This report rests on \(Figure.count(assessment.dataQuality.eventsUsed, "event")) from \(Wording.day(basis.firstEvent)) to "
        + "\(Wording.day(basis.asOf)) (\(basis.timezone)), among them "
        + Sentences.requests(assessment.dataQuality),
      ([Sentences.measured(basis)] + [Sentences.lackingDomains(assessment)].compactMap { $0 }).joined(separator: " "),
    ])
    let warnings = [
      Sentences.sharedCases(assessment.dataQuality), Sentences.stepsOfOthers(assessment.dataQuality),
      Sentences.splitPeople(assessment.dataQuality),
    ]
    overview.paragraphs.insert(contentsOf: warnings.compactMap { $0 }, at: 1)
    if let old = Sentences.oldEvidence(assessment) { overview.paragraphs.append(old) }
    if !basis.workingCalendar { overview.note = History.noCalendar }
    let reading = Block(
      heading: "How to read it",
      paragraphs: [
        Sentences.readingScores(
          interval: basis.options.interval, managers: assessment.managers.count { $0.health.estimate != nil })
      ])
    let notes =
      assessment.notes.filter { $0 != History.noCalendar }
      + [
        Sentences.capped(assessment), Sentences.trustLacks(assessment.basis.trust),
        Sentences.unread(assessment.dataQuality),
        Sentences.crowdedEnds(assessment),
        Sentences.scaleEnds(assessment, ofPartners: false),
      ].compactMap { $0 }
    let improved = Sentences.changes(assessment.trends, better: true)
    let better = improved.isEmpty ? [] : [Block(heading: "What got better", told: improved)]
    let elsewhere =
      "the list of managers below has them first in the order “\(assessment.ranking.likeliestLowFirst)”; managers.csv has all"
    let attention =
      Sentences.attention(assessment, elsewhere: elsewhere) + Sentences.changes(assessment.trends, better: false)
    return Page.Section(
      anchor: "summary", heading: "Summary",
      blocks: [
        overview,
        Block(
          heading: "Relationships that may need attention", paragraphs: [Sentences.readingAttention(assessment)],
          told: attention),
      ] + better + [
        Block(
          heading: "Response times (\(assessment.favouritism.basis))",
          bullets: Sentences.favouritism(assessment.favouritism, elsewhere: "favouritism.csv lists all"),
          linked: assessment.favouritism.signals.prefix(5).map(\.manager)
            + assessment.favouritism.managerSignals.prefix(5).map(\.manager)),
        Block(
          heading: "Is one health number justified?",
          paragraphs: [Sentences.factors(assessment.factors)].filter { !$0.isEmpty }),
        reading,
        Block(
          heading: notes.isEmpty ? nil : "What to know before trusting a number", bullets: notes),
      ])
  }
}
