import RapportTestSupport
import Testing

@testable import RapportIngestion

/// The derived tables of `shared/data/real`, read straight from their files.
///
/// Rows, blank requesters and times before the request were counted independently with Python 3's `csv.DictReader`:
/// `sum(not r["requester_id"].strip() for r in rows)`, and, of the others, `r["responded_at"] < r["requested_at"]` where
/// there is an answer.
@Suite struct RealLogReadingTests {
  static let mapping =
    "case=event_id,manager=requester_id,partner=responder_id,opened=requested_at,"
    + "responded=responded_at,resolved=resolved_at,due=due_at,topic=category"

  static let logs: [(String, rows: Int, rejects: [RejectReason: Int])] = [
    ("uci_incident/interactions.csv.gz", 24_918, [.missingManager: 3, .respondedBeforeOpened: 2]),
    ("uk_written_questions/interactions.csv.gz", 8_885, [:]),
    ("manufacturing_email/interactions.csv.gz", 52_210, [:]),
    ("stl_311_jan2018/interactions.csv", 1_532, [.missingManager: 118, .respondedBeforeOpened: 12]),
    ("bpic2020_request_for_payment/interactions.csv.gz", 15_123, [:]),
    ("irc_ubuntu/interactions.csv.gz", 38_326, [:]),
  ]

  @Test(.enabled(if: SharedData.isPresent), arguments: logs.indices)
  func `reads a real log`(_ index: Int) throws {
    let (log, rows, rejects) = Self.logs[index]
    guard let path = SharedData.path("data/real/" + log) else { return }
    var options = ReadingFixture.options {
      $0.threads = 2
      $0.maximumBadShare = 0.1
    }
    options.mapping = try ColumnMapping(parsing: Self.mapping)
    let result = try ingest([.path(path)], options: options)
    #expect(result.statistics.rows == rows)
    #expect(result.ledger.rejects.entries.mapValues(\.count) == rejects)
    #expect(result.ledger.caseCount == rows - (rejects[.missingManager] ?? 0))
  }
}
