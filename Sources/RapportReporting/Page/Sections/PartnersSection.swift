import RapportScoring

/// HR and L&D partners: how long requests wait with them, and how evenly they answer.
struct PartnersSection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  var section: Page.Section {
    var blocks = [
      Block(paragraphs: [
        "HR is measured as managers are: health and consistency by the same indicators, over all managers with whom a "
          + "partner works\(trust). "
          + (Sentences.isOfHRAlone(assessment) ? "" : "No score is one side's alone. ")
          + Sentences.comparing(assessment.managers)
      ])
    ]
    if !assessment.partners.isEmpty {
      let ends = Sentences.scaleEnds(assessment, ofManagers: false)
      blocks.append(Block(paragraphs: [ends].compactMap { $0 }, table: scores))
      blocks.append(
        Block(
          heading: "Waits",
          paragraphs: [
            "\(assessment.basis.workingCalendar ? "Working times" : "Times") until the first answer to managers' requests, with open requests taken "
              + "into account as still "
              + "waiting: leaving them out would make a backlog look fast. In the mean every wait counts as \(limit) at "
              + "most, so that a few very long ones don't set it; where too few were waited for so long it isn't known. Intervals allow for "
              + "waits of one month that go together, and are about the time of this report."
              + (Sentences.requestsOfManagers(assessment.partners.map(\.ofManagers)).map { " \($0)" } ?? "")
          ], table: waits))
    }
    if let evenness { blocks.append(evenness) }
    return Page.Section(anchor: "partners", heading: "Partners", blocks: blocks)
  }

  /// What trust is of, as far as the input tells of it.
  private var trust: String {
    guard assessment.hasTrustOfOneDirection else { return ", and trust in both directions" }
    let isOfPartners = assessment.managers.contains { $0.trustInPartner.estimate != nil }
    return ", and trust in \(isOfPartners ? "partners" : "managers")"
  }

  private var limit: String { Sentences.followUp(assessment) }

  private var scores: PageTable {
    func cells(_ score: Score, _ name: RankedScore) -> [String] {
      [Figure.points(score), Wording.interval(score, of: name, assessment.basis)]
    }
    // How many managers each partner works with.
    let managers: [String: Int] = assessment.pairs.reduce(into: [:]) { $0[$1.partner, default: 0] += 1 }
    return PageTable(
      caption: "Scores by partner with their intervals: health and consistency from 1 to 100, trust from 0 to 100",
      headings: [
        ("partner", false), ("managers", true), ("health", true), ("interval", false), ("trust", true),
        ("interval", false),
        ("consistency", true), ("interval", false),
      ],
      rows: assessment.partners.map { partner in
        [partner.id, Figure.count(managers[partner.id] ?? 0)] + cells(partner.health, .health)
          + cells(partner.trust, .trust) + cells(partner.consistency, .consistency)
      })
  }

  private var waits: PageTable {
    // Without any such step read it isn't known of anybody.
    let isPassingOnRead = assessment.dataQuality.holds(.reassign)
    let isPauseRead = assessment.dataQuality.holds(.pause)
    return PageTable(
      caption: "Requests and waits by partner",
      headings: [
        ("partner", false), ("requests", true), ("answered", true), ("open", true), ("passed on", true),
        ("median wait", true), ("interval", true), ("mean, to \(limit)", true), ("paused", true),
      ],
      rows: assessment.partners.map { partner in
        let wait = partner.wait
        func duration(_ seconds: Double) -> String {
          TimeWords(assessment.basis).workingDuration(seconds)
        }
        /// Where too few requests lie beyond the median, one of its limits isn't known.
        func interval(_ low: String?, _ high: String?) -> String {
          // One to three answers all lie on one side of the median far too often for an interval of 90 %.
          guard partner.answered > 3 else { return "too few answers" }
          return switch (low, high) {
          case (let low?, let high?): Wording.range(low, high)
          case (let low?, nil): low.hasPrefix("under") ? "not known" : "\(low) or more"
          case (nil, let high?): "\(high) or less"
          case (nil, nil): "not known"
          }
        }
        return [
          partner.id, Figure.count(partner.requests), Figure.count(partner.answered), Figure.count(partner.open),
          isPassingOnRead ? Figure.count(partner.reassigned) : "–", wait.median.map(duration) ?? "not reached",
          interval(wait.low.map(duration), wait.high.map(duration)),
          wait.restrictedMean.map(duration) ?? "not known",
          isPauseRead ? partner.pausedShare.map(Figure.percent) ?? "–" : "–",
        ]
      })
  }

  private var evenness: Block? {
    Plot.medianRatios(assessment.favouritism).map {
      Block(heading: $0.title, paragraphs: $0.captions, drawing: ($0.svg, $0.label))
    }
  }
}
