import RapportTestSupport
import Testing

@testable import RapportIngestion

@Suite struct RequestNamesTests {
  // Three requests among events, two in a case table, one of which is the same case as one of the former.
  @Test func `requests of both tables have the keys that were read`() throws {
    var log = EventLog()
    for (key, manager) in [("r-1", "ann"), ("r-2", "bob"), ("ü 3", "cleo")] {
      log.event("2026-03-02 09:00", .request, manager, "pat", case: key)
      log.event("2026-03-02 10:00", .response, manager, "pat", case: key)
    }
    log.row(case: "r-4", "dan", "pat", opened: "2026-03-02 08:00")
    log.row(case: "r-2", "bob", "pat", opened: "2026-03-02 09:00")
    let ledger = log.ledger
    let history = try HistoryTests.history(log)
    let names = ledger.requestNames(Set(history.spells.map(\.request)))
    let byManager = Dictionary(
      uniqueKeysWithValues: history.spells.map { (history.managers[Int($0.manager)], names[$0.request]) })
    #expect(byManager == ["ann": "r-1", "bob": "r-2", "cleo": "ü 3", "dan": "r-4"])
    #expect(ledger.requestNames([]).isEmpty)
    #expect(ledger.requestNames([history.spells[0].request]).count == 1)
    #expect(ledger.requestNames([-1, 99]).isEmpty)
  }
}
