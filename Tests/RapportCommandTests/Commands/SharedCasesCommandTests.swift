import Foundation
import RapportTestSupport
import Testing

/// Two departments' systems that both number their cases from C1 on.
@Suite struct SharedCasesCommandTests {
  let scratch: Scratch
  let first: String
  let second: String
  let atOnce: String

  init() throws {
    let scratch = try Scratch()
    self.scratch = scratch
    func log(_ name: String, manager: String, hour: String) throws -> String {
      try scratch.write(
        name,
        "timestamp,kind,manager,partner,case\n"
          + (1...40).map {
            let day = $0 % 28 < 9 ? "0\($0 % 28 + 1)" : "\($0 % 28 + 1)"
            return "2026-03-\(day)T\(hour):00:00,request,\(manager)\($0 % 3),P1,C\($0)\n"
              + "2026-03-\(day)T\(hour):30:00,response,\(manager)\($0 % 3),P1,C\($0)\n"
          }.joined())
    }
    first = try log("first.csv", manager: "M", hour: "09")
    second = try log("second.csv", manager: "N", hour: "10")
    atOnce = try log("at-once.csv", manager: "N", hour: "09")
  }

  static let cure = "Give each system's cases a prefix of their own."

  @Test func `two logs end with 65 and the cure, in any order, together or as ledgers`() throws {
    let share = "40 of 160 rows (25.0 %) can't be used, more than --max-bad allows (1 %): case shared 40"
    for other in [second, atOnce] {
      for files in [[first, other], [other, first]] {
        let run = try Tool.run(["score"] + files)
        #expect(run.exitCode == 65 && run.output.isEmpty)
        #expect(run.errors.contains(share) && run.errors.contains(Self.cure), "\(run.errors)")
      }
      let lines = try [first, other].map { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n") }
      let one = try scratch.write(
        "one.csv", (lines[0] + lines[1].dropFirst()).joined(separator: "\n") + "\n")
      #expect(try Tool.run(["score", one]).errors.contains(share))

      var ledgers: [String] = []
      for path in [first, other] {
        ledgers.append(path + ".ledger")
        _ = try Tool.run(["ingest", path, "--ledger", path + ".ledger", "--quiet"])
      }
      let merged = try Tool.run(["rank", "--ledger", ledgers[0], "--ledger", ledgers[1]])
      #expect(merged.exitCode == 65 && merged.errors.contains(share), "\(merged.errors)")
      #expect(merged.errors.contains("first.csv.ledger, "))
      let mixed = try Tool.run(["rank", "--ledger", ledgers[1], first])
      #expect(mixed.exitCode == 65 && mixed.errors.contains(share))

      // A ledger that is added to stays as it was.
      let before = try Data(contentsOf: URL(fileURLWithPath: ledgers[0]))
      let added = try Tool.run(["ingest", other, "--ledger", ledgers[0]])
      #expect(added.exitCode == 65 && added.errors.contains(share))
      #expect(try Data(contentsOf: URL(fileURLWithPath: ledgers[0])) == before)
    }
  }

  @Test func `a check tells them before it ends, and where they are allowed every view says it`() throws {
    // Of two responses at one moment the ledger keeps one; the requests are no duplicates.
    for (other, duplicates) in [(second, 0), (atOnce, 40)] {
      let check = try Tool.run(["check", first, other])
      #expect(check.exitCode == 65 && check.errors.contains("case shared 40"))
      #expect(check.output.contains("events: \(120 - duplicates) used, 40 left out."), "\(check.output)")
      #expect(!check.output.contains("all used") && check.output.contains("case shared: 40. One case number stands"))
      #expect(
        check.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains("For example request 'C"))
      let json = try Tool.run(["check", first, other, "--format", "json", "--max-bad", "30"])
      #expect(json.exitCode == 0 && json.output.contains("\"caseShared\""))
      #expect(json.output.contains("\"duplicates\": \(duplicates)"), "\(json.output)")
    }
    let folder = scratch["out"].path
    let score = try Tool.run(["score", first, second, "--max-bad", "30", "-o", folder, "--draws", "200"])
    #expect(score.exitCode == 0, "\(score.errors)")
    let text = score.output.replacing("\n", with: " ").replacing("  ", with: " ")
    let beginning = "40 openings of cases aren't counted, since another manager's case has the same number"
    #expect(text.prefix(500).contains(beginning), "\(score.output)")
    #expect(text.contains("120 used, 40 left out.") && text.contains("Left out: case shared 40."), "\(score.output)")
    let page = try String(contentsOfFile: folder + "/report.html", encoding: .utf8)
    #expect(page.replacing("&#39;", with: "'").contains(beginning))
    #expect(page.contains("120 used, 40 left out.") && page.contains("Left out: case shared 40."))
    let ingested = try Tool.run([
      "ingest", first, second, "--max-bad", "30", "--ledger", scratch["both.ledger"].path,
    ])
    #expect(ingested.output.contains("; 40 under another case's number (rapport check --ledger "), "\(ingested.output)")
  }

  // Of the second system the answers alone were read, without what they answer: all rows were called used, or duplicates.
  @Test func `steps that name other managers are told in every view`() throws {
    for (other, duplicates) in [(second, 0), (atOnce, 40)] {
      let lines = try String(contentsOfFile: other, encoding: .utf8).split(separator: "\n")
      let answers = try scratch.write(
        "answers.csv", lines.filter { !$0.contains(",request,") }.joined(separator: "\n") + "\n")
      for files in [[first, answers], [answers, first]] {
        let check = try Tool.run(["check"] + files)
        let text = check.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
          check.exitCode == 0 && text.contains("steps of others: 40. Cases with steps that name"), "\(check.output)")
        #expect(text.contains("For example request 'C"))
        let json = try Tool.run(["check"] + files + ["--format", "json"])
        #expect(json.output.contains("\"duplicates\": \(duplicates)"), "\(json.output)")
      }
      let score = try Tool.run(["score", first, answers, "-o", scratch["others"].path, "--draws", "200"])
      #expect(score.exitCode == 0, "\(score.errors)")
      let told = "40 cases have steps that name another manager than the opening does"
      #expect(
        score.output.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(told), "\(score.output)")
      #expect(
        try String(contentsOfFile: scratch["others"].path + "/report.html", encoding: .utf8).contains(told))
    }
  }

  @Test func `with prefixes both departments count`() throws {
    let text = try String(contentsOfFile: second, encoding: .utf8).replacing(",C", with: ",second-C")
    let renamed = try scratch.write("renamed.csv", text)
    let run = try Tool.run(["check", first, renamed])
    #expect(run.exitCode == 0 && run.output.contains("160 rows read, none refused. They hold 160 events, all used."))
  }
}
