import RapportIngestion
import RapportNumerics
import RapportTestSupport
import Testing

@testable import RapportScoring

@Suite struct TimingGroupsTests {
  private static func cells(_ change: (inout QueueHistory) -> Void = { _ in }) -> TimingCells {
    var queue = QueueHistory()
    queue.partners = 5
    queue.managersPerPartner = 4
    queue.days = 90
    change(&queue)
    let history = queue.make()
    return TimingCells(TimingCohort(history, followUpDays: 30), history)
  }

  @Test func `every row is in a cell of its own pair`() {
    let queue = QueueHistory(partners: 3, managersPerPartner: 4, days: 60)
    let history = queue.make()
    let cohort = TimingCohort(history, followUpDays: 20)
    let cells = TimingCells(cohort, history)
    #expect(cells.responses.observations == Double(cohort.spells.count))
    #expect(cells.answered.observations == Double(cohort.answered.count { $0 }))
    #expect(
      cells.pairs.map { [$0.manager, $0.partner] }
        == cells.pairs.map { [$0.manager, $0.partner] }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) })
    for (row, spell) in cohort.spells.enumerated() {
      let pair = cells.pairs[Int(cells.pairOfCell[Int(cells.cellOfRow[row])])]
      #expect(pair.manager == Int(history.spells[spell].manager) && pair.partner == Int(history.spells[spell].partner))
    }
    #expect(cells.categories.map(\.name).starts(with: ["priority", "topic", "arrival"]))
  }

  // Where key and row fit into 64 bits they are sorted as numbers, else by comparison.
  @Test func `rows by key, as they stand`() {
    var stream = RandomStream(seed: 3, purpose: "keys")
    for offset in [0, UInt64.max - 100] {
      let keys = (0..<3000).map { _ in offset + UInt64(stream.integer(below: 90)) }
      let order = TimingCells.order(keys)
      #expect(order == keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) })
    }
    #expect(TimingCells.order([]).isEmpty && TimingCells.order([9]) == [0])
  }

  @Test func `pairs, managers, partners, months, and each partner's own way`() throws {
    let groups = TimingGroups(Self.cells())
    #expect(
      groups.groupings.map(\.name) == [
        "pair:month", "manager:partner", "manager", "partner", "partner:priority", "partner:topic",
      ])
    #expect(groups.notes.isEmpty)
    #expect(groups.treatment(ofPair: 0).effects.map(\.group) == [1, 2])
  }

  @Test func `partners with the fewest requests share a level where both sides are many`() throws {
    let cells = Self.cells()
    let groups = TimingGroups(cells, mostDenseLevels: 3)
    let partner = try #require(groups.partner)
    #expect(groups.groupings[partner].levelCount == 3)
    #expect((0..<5).map { groups.level(ofPartner: $0) }.sorted() == [0, 1, 2, 2, 2])
    #expect(
      groups.notes[0]
        == "Of 5 partners, the 3 with the fewest requests share one level: their own pace isn't told apart.")
    #expect(groups.notes.contains { $0.hasPrefix("Each partner's own way with priority is not adjusted for") })
    #expect(!groups.groupings.map(\.name).contains("partner:topic"))
  }

  // Five partners with one manager each, and nobody asks another.
  @Test func `one manager, one partner: pairs can't be told from either`() {
    let groups = TimingGroups(
      Self.cells { queue in
        queue.managersPerPartner = 1
        queue.secondPartnerShare = 0
      })
    #expect(groups.pair == nil && groups.manager != nil && groups.partner == nil)
    #expect(groups.notes == ["Every manager has one partner only, so that manager and pair can't be told apart."])
  }

  // Two managers, each with three partners of its own.
  @Test func `each partner has one manager: pairs can't be told from partners`() throws {
    var log = EventLog()
    for partner in 0..<6 {
      for day in 1...12 {
        let date = "2026-0\(1 + day / 7)-\(day < 10 ? "0" : "")\(day)"
        let key = "\(partner)-\(day)"
        log.event("\(date) 09:00", .request, "m\(partner % 2)", "p\(partner)", case: key)
        log.event("\(date) 1\((partner + day) % 8):30", .response, "m\(partner % 2)", "p\(partner)", case: key)
      }
    }
    let history = try history(log, asOf: "2026-06-30")
    let groups = TimingGroups(TimingCells(TimingCohort(history, followUpDays: 30), history))
    #expect(groups.pair == nil)
    #expect(groups.notes == ["Every partner has one manager only, so that partner and pair can't be told apart."])
    let summary = try #require(TimingModel.fit(history, options: quick).model).summary
    #expect(summary.notes.contains(groups.notes[0]))
  }

  // Without managers, partners, pairs or months to tell apart there is no group at all, as in one manager's export of a month; it ended
  // in a crash. Three partners answer at 10, 12 and 14 o'clock.
  @Test(arguments: [1, 3]) func `partners of one manager each in one month have times, and no effect of their own`(
    _ managers: Int
  ) throws {
    var log = EventLog()
    for partner in 0..<3 * managers {
      for request in 0..<25 {
        let (day, key) = (request % 20 + 1, "\(partner)-\(request)")
        let date = "2026-01-\(day < 10 ? "0" : "")\(day)"
        log.event("\(date) 09:0\(request % 5)", .request, "m\(partner % managers)", "p\(partner)", case: key)
        log.event(
          "\(date) 1\(2 * (partner % 3)):3\(request % 7)", .response, "m\(partner % managers)", "p\(partner)", case: key
        )
      }
    }
    let history = try history(log, asOf: "2026-03-31")
    let groups = TimingGroups(TimingCells(TimingCohort(history, followUpDays: 30), history))
    #expect(groups.groupings.isEmpty && groups.released(ofPair: 0) == nil)
    let model = try #require(TimingModel.fit(history, options: quick).model)
    #expect(model.pairs.count == 3 * managers)
    #expect(model.pairs.allSatisfy { $0.difference == nil && $0.estimate == nil && $0.effect.requests == 25 })
    let assessment = try assess(history, options: quick)
    #expect(assessment.partners.count == 3 * managers && assessment.partners.allSatisfy { $0.answered == 25 })
  }

  // Three partners with a topic each: topics are adjusted for, and leave nothing of partners, whose variance was shown as an estimate
  // that the likelihood knows nothing of.
  @Test func `partners whom topics tell have no variance of their own`() throws {
    func log(_ topic: (_ partner: Int, _ request: Int) -> Int) -> EventLog {
      var log = EventLog()
      for partner in 0..<3 {
        for request in 0..<48 {
          let (manager, day, key) = ((request * 5 + request / 4) % 4, request % 24 + 1, "\(partner)-\(request)")
          let date = "2026-0\(1 + request / 24)-\(day < 10 ? "0" : "")\(day)"
          log.event(
            "\(date) 09:0\(partner)", .request, "m\(manager)", "p\(partner)", case: key,
            topic: "t\(topic(partner, request))")
          log.event(
            "\(date) 1\(2 * partner + request % 3):\(10 + request * 7 % 50)", .response, "m\(manager)", "p\(partner)",
            case: key)
        }
      }
      return log
    }
    let told = try #require(
      TimingModel.fit(try history(log { partner, _ in partner }, asOf: "2026-06-30"), options: quick).model)
    let groups = told.summary.components.map(\.group)
    #expect(!groups.contains("partner") && !groups.contains("partner:topic") && groups.contains("manager:partner"))
    #expect(told.partnerVariance == 0)
    let note = try #require(told.summary.notes.first { $0.hasPrefix("What is adjusted for (") })
    #expect(
      note.contains("topic")
        && note.hasSuffix(" tells the levels of 'partner' already, so that they have no effect of their own."))
    #expect(!told.summary.adjustedFor.contains { $0.contains("own way with topic") })
    // The same requests with topics that go round: partners are told apart.
    let mixed = try #require(
      TimingModel.fit(try history(log { ($0 + $1) % 3 }, asOf: "2026-06-30"), options: quick).model)
    #expect(mixed.summary.components.contains { $0.group == "partner" && $0.variance > 0 })
    #expect(!mixed.summary.notes.contains { $0.contains("tells the levels of") })
  }

  // One Newton step is no search: the tests stop, the effects stand, and the note says so.
  @Test func `tests of variances that stop short are said`() throws {
    var queue = QueueHistory()
    (queue.partners, queue.managersPerPartner, queue.days) = (4, 4, 60)
    let history = queue.make()
    var options = quick
    options.bootstrap = 4
    var short = LinearMixedModel()
    short.maximumIterations = 1
    let timing = try #require(TimingModel.fit(history, options: options, testing: short).model)
    let notes = timing.summary.notes.filter { $0.hasPrefix("Intervals and tests of the variances stop short: ") }
    #expect(notes.count == 1 && notes[0].hasSuffix("iterations."), "\(timing.summary.notes)")
    #expect(timing.summary.components.allSatisfy { $0.test == nil } && timing.pairs.count > 1)
    let whole = try #require(TimingModel.fit(history, options: options).model)
    #expect(!whole.summary.notes.contains { $0.contains("stop short") })
    #expect(whole.summary.components.contains { $0.test != nil })
  }

  @Test func `samples without a fit are said`() {
    var test = VarianceFinding(
      statistic: 3, pValue: 0.04, bootstrapPValue: 0.05, samples: 98, failedSamples: 2)
    #expect(
      TimingModel.failures(test, of: "manager")
        == "In 2 of 100 samples drawn to test the variance of manager a fit did not converge; they are left out.")
    (test.bootstrapPValue, test.samples, test.failedSamples) = (nil, 90, 10)
    #expect(
      TimingModel.failures(test, of: "manager")
        == "In 10 of 100 samples drawn to test the variance of manager a fit did not converge; these are too many for a "
        + "bootstrap p.")
    (test.samples, test.failedSamples) = (100, 0)
    #expect(TimingModel.failures(test, of: "manager") == nil)
  }

  // Groups that are all alike: 0, 1, 2, 3 in each. The page told it as "the variance of 'partner:topic' is estimated …".
  @Test func `what a fit notes is told in sentences, and groups in words`() throws {
    let rows = (0..<40).map { Double($0 % 4) }
    let groups = ["partner:topic", "manager"].enumerated().map { k, name in
      Grouping(name: name, codes: (0..<40).map { Int32($0 / (4 << k)) }, levelCount: 10 >> k)
    }
    let x = (0..<40).map { Double($0 % 2) }
    let design = try DesignMatrix(
      rows: 40, terms: [.number(name: "x", values: x), .number(name: "twice", values: x.map { 2 * $0 })])
    let fit = try LinearMixedModel().fit(ResponseCells(rows: rows), design: design, groups: groups)
    #expect(
      TimingModel.notes(of: fit) == [
        "The variance of partner by topic is estimated at its boundary, zero: combinations differ no more than chance would "
          + "have it.",
        "The variance of manager is estimated at its boundary, zero: managers differ no more than chance would have it.",
        "The column 'twice' depends on those before it and was left out.",
      ])
    #expect(TimingModel.notes(of: fit).count == fit.notes.count)
    #expect(Wording.levels(of: "manager:partner") == "pairs" && Wording.levels(of: "pair:month") == "months of a pair")
    let history = QueueHistory(partners: 4, managersPerPartner: 4, days: 60).make()
    var short = LinearMixedModel()
    short.maximumIterations = 1
    let crossed = Grouping(name: "manager:partner", codes: (0..<40).map { Int32($0 % 4) }, levelCount: 4)
    let unfinished = try short.fit(
      ResponseCells(rows: rows), design: DesignMatrix(rows: 40, terms: []), groups: [crossed])
    #expect(TimingModel.notes(of: unfinished) == ["The search for the variances did not converge in 1 steps."])
    let notes = try #require(TimingModel.fit(history, options: quick).model).summary.notes
    #expect(notes.allSatisfy { $0.first!.isUppercase && $0.hasSuffix(".") }, "\(notes)")
  }
}
