import Foundation
import RapportTestSupport
import Testing

/// Real event logs of `../shared/data/real`, straight from their files, against an independent computation.
///
/// Recipe: `Independent/independent_counts.py`, standard-library Python that shares nothing with Rapport, counts requests
/// and computes each partner's Kaplan–Meier median in exact fractions on the same file with the same column mapping.
@Suite struct RealLogTests {
  /// A log, how its columns are named, and what share of its rows may be refused.
  struct Log: Sendable, CustomTestStringConvertible {
    var path: String
    var columns: [(contract: String, foreign: String)] = [
      ("case", "event_id"), ("manager", "requester_id"), ("partner", "responder_id"), ("opened", "requested_at"),
      ("responded", "responded_at"), ("resolved", "resolved_at"),
    ]
    var maxBad = "1%"
    var testDescription: String { path }
  }

  static let logs = [
    Log(path: "uci_incident/interactions.csv.gz"),
    Log(path: "uk_written_questions/interactions.csv.gz"),
    Log(path: "manufacturing_email/interactions.csv.gz"),
    // 118 of 1,532 rows have no ward, 7.7 %.
    Log(
      path: "stl_311_jan2018/interactions.csv",
      columns: [
        ("case", "event_id"), ("manager", "requester_id"), ("partner", "responder_id"), ("opened", "requested_at"),
        ("responded", "responded_at"), ("resolved", "resolved_at"), ("withdrawn", "cancelled_at"),
      ], maxBad: "10%"),
    Log(path: "bpic2020_request_for_payment/interactions.csv.gz"),
    Log(path: "irc_ubuntu/interactions.csv.gz"),
  ]

  struct Counts: Decodable {
    var rowsRead, refused, selfRequest, impossible, total, answered, open, withdrawn, unassigned: Int
    var medians: [String: Double?]
  }
  struct Answer: Decodable {
    struct Partner: Decodable {
      struct Wait: Decodable { var median: Double? }
      var id: String
      var wait: Wait
    }
    struct Quality: Decodable {
      struct Requests: Decodable { var total, answered, open, withdrawn, unassigned: Int }
      var rowsRead: Int
      var requests: Requests
    }
    var partners: [Partner]
    var dataQuality: Quality
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data/real beside the project"), arguments: logs)
  func `equals an independent computation`(_ log: Log) throws {
    let file = try #require(SharedData.path("data/real/\(log.path)"))
    let expected = try JSONDecoder().decode(Counts.self, from: independent(file, log))
    let run = try Tool.run([
      "score", file, "--format", "json", "--max-bad", log.maxBad, "--map",
      log.columns.map { "\($0.contract)=\($0.foreign)" }.joined(separator: ","),
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    let requests = answer.dataQuality.requests
    #expect(answer.dataQuality.rowsRead == expected.rowsRead)
    #expect(requests.total == expected.total)
    #expect(requests.answered == expected.answered)
    #expect(requests.open == expected.open)
    #expect(requests.withdrawn == expected.withdrawn)
    #expect(requests.unassigned == expected.unassigned)
    let medians = Dictionary(uniqueKeysWithValues: answer.partners.map { ($0.id, $0.wait.median) })
    #expect(medians.count == expected.medians.count)
    for (partner, median) in expected.medians {
      #expect(medians[partner] == median, "partner \(partner)")
    }
  }

  private func independent(_ file: String, _ log: Log) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "python3",
        Repository.root.appendingPathComponent("Tests/RapportCommandTests/Independent/independent_counts.py").path,
        file,
      ] + log.columns.map { "\($0.contract)=\($0.foreign)" }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return data
  }
}
