import RapportScoring

/// How the figures come about, and what they can't say.
struct MethodsSection {
  let assessment: Assessment
  init(_ assessment: Assessment) { self.assessment = assessment }

  var section: Page.Section {
    let times = TimeWords(assessment.basis)
    return Page.Section(
      anchor: "methods", heading: "Methods and limits",
      blocks: [
        Block(bullets: [
          "Every indicator is estimated with strength borrowed from all units where its own evidence is small "
            + "(empirical "
            + "Bayes), and put on fixed scales (\(assessment.basis.goalpostsVersion)).",
          "A domain is the mean of its indicators; health is the weighted geometric mean of the domains, so that a "
            + "strength in one doesn't buy off a failing in another; very low points on evenness or on time to settle conflicts set it a "
            + "limit besides, where they are measured.",
          "Trust discounts old evidence by half every "
            + "\(Figure.number(assessment.basis.options.halfLifeDays, digits: 0)) days; silence widens the "
            + "interval and doesn't lower the mean.",
          "Open requests count as still waiting everywhere, but for those whose times can't be used; nothing averages answered requests "
            + "only.",
          "Ranks come from joint draws of all scores; where chance could have made most of the differences, "
            + "tiers stand in place of a list.",
        ]),
        Block(
          heading: "Limits",
          bullets: [
            "Scores describe recorded events, not people. What isn't recorded isn't here: no message text, "
              + "tone, emotion or private life is read.",
            "Differences are associations. A long wait can have a good reason that the data don't hold.",
            "Use the report to start a conversation and to look for causes, never as the only ground for a "
              + "decision about a person.",
          ]),
        Block(heading: "Words", bullets: Sentences.words(assessment)),
        Block(
          heading: "Goalposts", paragraphs: [Sentences.readingGoalposts],
          table: PageTable(
            caption: "Where each indicator's points begin and end",
            headings: [
              ("indicator", false), ("domain", false), ("whose behaviour", false), ("1 point at", false),
              ("100 points at", false), ("why", false),
            ],
            rows: assessment.goalposts.map {
              [
                Wording.indicator($0.indicator), Wording.domain($0.domain), $0.direction == "hr" ? "HR" : $0.direction,
                Wording.exact($0.lowest, of: $0.indicator, times: times),
                Wording.exact($0.highest, of: $0.indicator, times: times), $0.reason,
              ]
            })),
      ])
  }
}
