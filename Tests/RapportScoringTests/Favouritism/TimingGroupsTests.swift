import RapportIngestion
@testable import RapportScoring
import Testing

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
        == "of 5 partners, the 3 with the fewest requests share one level: their own pace isn't told apart")
    #expect(groups.notes.contains { $0.hasPrefix("each partner's own way with priority is not adjusted for") })
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
    #expect(groups.notes == ["every manager has one partner only, so that manager and pair can't be told apart"])
  }
}
