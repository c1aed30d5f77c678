@testable import RapportIngestion
@testable import RapportScoring
import Testing

/// What one manager's requests are alone.
@Suite struct OwnLevelsTests {
  /// Twelve managers of one partner; the requests of the first, and some of the second, in order, are changed.
  private static func history(
    others: Int = 0, favour: Double = 0, _ change: (inout RequestSpell, Int) -> Void
  ) -> History {
    var queue = QueueHistory()
    (queue.partners, queue.secondPartnerShare, queue.favours) = (1, 0, [[0, 0]: favour])
    var history = queue.make()
    history.topics += ["visas", "taxes", "permits", "moves", "pensions"]
    var (own, left) = (0, others)
    for index in history.spells.indices {
      if history.spells[index].manager == 0 {
        change(&history.spells[index], own)
        own += 1
      }
      if history.spells[index].manager == 1, left > 0 {
        change(&history.spells[index], others - left)
        left -= 1
      }
    }
    return history
  }

  /// The first manager's.
  private static func first(_ history: History) -> OwnLevels.Pair? { OwnLevels(history).pair(manager: 0, partner: 0) }

  private static func finding(_ history: History) throws -> PairFinding {
    let findings = try FavouritismFindings.find(in: history, options: AssessmentOptions())
    return try #require(findings.pairs.first { $0.manager == "m1000" })
  }

  @Test func `a topic of one's own is found`() throws {
    let alone = OwnLevels(Self.history { spell, _ in spell.topic = 4 })
    #expect(
      alone.pair(manager: 0, partner: 0)
        == OwnLevels.Pair(category: .topic, names: ["visas"], share: 1, isExclusive: true))
    // Topics that all ask belong to nobody.
    #expect((1..<12).allSatisfy { alone.pair(manager: $0, partner: 0) == nil })
    let nearly = try #require(Self.first(Self.history(others: 3) { spell, _ in spell.topic = 4 }))
    #expect(nearly.share == 1 && !nearly.isExclusive)
    #expect(Self.first(Self.history(others: 30) { spell, _ in spell.topic = 4 }) == nil)
  }

  // Some 180 requests: of 19 in 20 the rest says next to nothing, of 12 in 20 it tells the topic's effect from the manager's.
  @Test func `most requests of a topic aren't all`() throws {
    let nearly = try #require(Self.first(Self.history { spell, k in if k % 40 > 0 { spell.topic = 4 } }))
    #expect(nearly.share >= 0.95 && nearly.share < 1 && nearly.isExclusive)
    for kept in [12, 16, 18] {
      #expect(Self.first(Self.history { spell, k in if k % 20 < kept { spell.topic = 4 } }) == nil, "\(kept) in 20")
    }
  }

  // Two in three of the requests and one in three: neither topic is nearly all of them.
  @Test func `several topics of one's own are so together`() {
    let two = Self.first(Self.history { spell, k in spell.topic = k % 3 == 0 ? 5 : 4 })
    #expect(two == OwnLevels.Pair(category: .topic, names: ["visas", "taxes"], share: 1, isExclusive: true))
  }

  // One who asks nearly everything has nearly all of every topic; so have the others.
  @Test func `whoever asks most has no topics of its own`() {
    var history = Self.history { _, _ in }
    for index in history.spells.indices where index % 50 > 0 { history.spells[index].manager = 0 }
    let levels = OwnLevels(history)
    #expect((0..<12).allSatisfy { levels.pair(manager: $0, partner: 0) == nil })
  }

  @Test func `targets and escalations belong to one, too`() {
    let without = Self.history { spell, _ in spell.due = .absent }
    #expect(
      Self.first(without)
        == OwnLevels.Pair(category: .target, names: ["without a target"], share: 1, isExclusive: true))
    #expect(Self.first(Self.history(others: 30) { spell, _ in spell.due = .absent }) == nil)
    // The only one who sets targets.
    var given = without
    for index in given.spells.indices {
      given.spells[index].due = given.spells[index].manager == 0 ? given.spells[index].ended : .absent
    }
    #expect(
      Self.first(given) == OwnLevels.Pair(category: .target, names: ["given a target"], share: 1, isExclusive: true))

    /// Whose requests are escalated, after so much of their wait.
    func escalated(after part: Int64, _ isTheirs: (RequestSpell) -> Bool) -> History {
      var history = Self.history { _, _ in }
      for spell in history.spells where isTheirs(spell) {
        let wait = spell.ended.milliseconds - spell.entered.milliseconds
        history.escalations[spell.request] = Instant(milliseconds: spell.entered.milliseconds + wait / 100 * part)
      }
      return history
    }
    #expect(
      Self.first(escalated(after: 2) { $0.manager == 0 })
        == OwnLevels.Pair(category: .escalation, names: ["escalated"], share: 1, isExclusive: true))
    // Before they were escalated they were like others'; and one of two others' says what escalating does.
    #expect(Self.first(escalated(after: 50) { $0.manager == 0 }) == nil)
    #expect(Self.first(escalated(after: 2) { $0.manager == 0 || $0.request % 2 == 0 }) == nil)
  }

  @Test func `of several categories the one with most counts`() {
    let history = Self.history { spell, k in
      if k % 40 > 0 { spell.topic = 4 }
      spell.due = .absent
    }
    #expect(Self.first(history)?.category == .target)
    // Of equal ones the first.
    let equal = Self.history { spell, _ in (spell.topic, spell.due) = (4, .absent) }
    #expect(Self.first(equal)?.category == .topic)
  }

  @Test func `own levels, in words`() {
    func words(_ category: OwnLevels.Category, _ names: [String], share: Double = 1, alone: Bool = true) -> String {
      Wording.ownLevels(
        OwnLevels.Pair(category: category, names: names, share: share, isExclusive: alone), manager: "7",
        partner: "pat")
    }
    #expect(
      words(.topic, ["visas", "taxes", "permits", "moves", "pensions"])
        == "At pat, all of Manager 7's requests are of topics visas, taxes, permits and 2 more, and nobody else's are: whether it is the "
        + "topic or the manager can't be told from choices there, however many.")
    #expect(words(.topic, ["a", "b", "c"]).contains(" are of topics a, b and c, and"))
    #expect(
      words(.priority, ["low", "urgent"], share: 0.97)
        == "At pat, nearly all of Manager 7's requests are of priorities low and urgent, and nobody else's are: whether it is the "
        + "priority or the manager can hardly be told from choices there, even many times as many.")
    #expect(
      words(.channel, ["fax"], alone: false)
        == "At pat, all of Manager 7's requests are of channel fax, and hardly any of others are: whether it is the channel or the "
        + "manager can hardly be told from choices there, even many times as many.")
    #expect(
      words(.target, ["without a target"])
        == "At pat, all of Manager 7's requests are without a target, and nobody else's are: whether it is the target or the manager "
        + "can't be told from choices there, however many.")
    #expect(
      words(.escalation, ["escalated"]).contains(
        " are escalated, and nobody else's are: whether it is the escalation or"))
  }

  // "About 2,890 more choices would show it" was said of one that three and nine times the data told no better.
  @Test func `whether it is the topic or the manager isn't a matter of more choices`() throws {
    let history = Self.history { spell, k in spell.topic = k % 2 == 0 ? 4 : 5 }
    let findings = try FavouritismFindings.find(in: history, options: AssessmentOptions())
    let pair = try #require(findings.pairs.first { $0.manager == "m1000" })
    #expect(pair.verdict == .insufficientEvidence && pair.furtherChoices == nil)
    #expect(
      pair.statement.contains(
        " At p100, all of m1000's requests are of topics visas and taxes, and nobody else's are: whether it is the topic or the manager "
          + "can't be told from choices there, however many."), "\(pair.statement)")
    #expect(!pair.statement.contains("would show"))
    #expect(findings.pairs.dropFirst().allSatisfy { !$0.statement.contains("visas") })
  }

  // Picked three times as readily, all of which goes to the column of requests without a target.
  @Test func `nor is whether it is the lack of targets`() throws {
    let pair = try Self.finding(Self.history(favour: 1.1) { spell, _ in spell.due = .absent })
    #expect(pair.verdict == .insufficientEvidence && pair.furtherChoices == nil)
    #expect(
      pair.statement.contains(" m1000's requests are without a target, and nobody else's are: "), "\(pair.statement)")
  }

  // What the topic does is known from five other partners, where everybody asks of it; so is the favour, six times.
  @Test func `a signal isn't taken back`() throws {
    var queue = QueueHistory()
    (queue.secondPartnerShare, queue.favours) = (0, [[0, 0]: 1.8])
    var history = queue.make()
    history.topics.append("visas")
    for index in history.spells.indices {
      let isTheirs = history.spells[index].partner == 0 ? history.spells[index].manager == 0 : index % 3 == 0
      if isTheirs { history.spells[index].topic = 4 }
    }
    #expect(Self.first(history)?.names == ["visas"])
    let pair = try Self.finding(history)
    #expect(pair.verdict == .signal && (pair.ratio ?? 0) > 2, "\(pair.statement)")
    #expect(!pair.statement.contains("visas"), "\(pair.statement)")
  }

  // Two in five of the requests are of topics that others ask, too: with more of them its effect is told.
  @Test func `where others ask some of it, more choices would show`() throws {
    let pair = try Self.finding(Self.history { spell, k in if k % 5 < 3 { spell.topic = 4 } })
    #expect(!pair.statement.contains("however many") && !pair.statement.contains("visas"), "\(pair.statement)")
    #expect((pair.furtherChoices != nil) == (pair.verdict == .insufficientEvidence), "\(pair.statement)")
  }
}
