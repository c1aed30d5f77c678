import Foundation
import RapportTestSupport
import Testing

/// A case table that is exported each month anew, with what the months before had.
@Suite struct OverlappingExportsCommandTests {
  let scratch: Scratch
  let january: String
  let february: String

  static func day(_ number: Int) -> String { number % 28 < 9 ? "0\(number % 28 + 1)" : "\(number % 28 + 1)" }

  /// 60 requests: in January a third is open, the rest answered, and half of those resolved; by the end of February all is answered
  /// and, where it was reopened, resolved again. Others answered than were asked.
  init() throws {
    let scratch = try Scratch()
    self.scratch = scratch
    let header = "case,manager,partner,opened,responded,resolved,topic\n"
    january = try scratch.write(
      "january.csv",
      header
        + (1...60).map { number in
          let day = Self.day(number)
          let steps =
            number % 3 == 0 ? "," : "2026-01-\(day)T12:00:00,\(number % 2 == 0 ? "2026-01-\(day)T13:00:00" : "")"
          return "C\(number),M\(number % 5),P\(number % 4),2026-01-\(day)T09:00:00,\(steps),a\n"
        }.joined())
    february = try scratch.write(
      "february.csv",
      header
        + (1...60).map { number in
          let day = Self.day(number)
          let answered = number % 3 == 0 ? "2026-02-\(day)T12:00:00" : "2026-01-\(day)T12:00:00"
          return "C\(number),M\(number % 5),P\((number + number / 7) % 4),2026-01-\(day)T09:00:00,\(answered),"
            + "2026-02-\(day)T15:00:00,b\n"
        }.joined())
  }

  /// The object of a run's JSON without what tells of reading.
  static func figures(_ text: String) throws -> NSDictionary {
    var object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    object["dataQuality"] = nil
    return object as NSDictionary
  }

  @Test func `a later export supersedes an earlier one, from files as from ledgers`() throws {
    let common = ["--draws", "200", "--format", "json"]
    let last = try Tool.run(["score", february] + common)
    #expect(last.exitCode == 0, "\(last.errors)")
    let expected = try Self.figures(last.output)

    var ledgers: [String] = []
    for path in [january, february] {
      ledgers += ["--ledger", path + ".ledger"]
      let ingested = try Tool.run(["ingest", path, "--ledger", path + ".ledger"])
      #expect(ingested.exitCode == 0 && ingested.output.contains("it now holds 60 rows in 60 cases from 1 input.\n"))
    }
    let grown = scratch["grown.ledger"].path
    #expect(try Tool.run(["ingest", february, "--ledger", grown, "--quiet"]).exitCode == 0)
    let added = try Tool.run(["ingest", january, "--ledger", grown])
    let says =
      "it now holds 60 rows in 60 cases from 2 inputs; 60 superseded (rapport check --ledger \(grown) says why)."
    #expect(added.exitCode == 0 && added.output.contains(says), "\(added.output)\(added.errors)")
    let summary = try Tool.run(["ingest", january, february, "--ledger", scratch["x.ledger"].path, "--format", "json"])
    #expect(
      summary.output.contains("\"rowsSuperseded\": 60") && summary.output.contains("\"rowsRefused\": 0")
        && summary.output.contains("\"rowsUsed\": 60"), "\(summary.output)")

    let ways = [
      [january, february], [february, january], ledgers, ["--ledger", january + ".ledger", february],
      ["--ledger", grown],
    ]
    for way in ways {
      let run = try Tool.run(["score"] + way + common)
      #expect(run.exitCode == 0, "\(way): \(run.errors)")
      #expect(try Self.figures(run.output) == expected, "\(way)")
      #expect(run.output.contains("\"superseded\": 60") && !run.output.contains("caseRepeats"), "\(way)")
      let check = try Tool.run(["check"] + way)
      let text = check.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(check.exitCode == 0, "\(way): \(check.errors)")
      let rows = "120 rows read: 60 superseded. The others hold 180 events, all used. A superseded row tells a request"
      #expect(text.contains(rows), "\(text)")
    }
  }

  // By hand: 60 of 120 rows are other managers' requests; the earlier 60 count. January's export once more changes no count of them.
  @Test func `requests of two systems with the same numbers are refused, from files as from ledgers`() throws {
    let text = try String(contentsOfFile: january, encoding: .utf8)
    let other = try scratch.write(
      "other.csv", text.replacing(",M", with: ",N").replacing("T09:00:00", with: "T10:00:00"))
    let share = "60 of 120 rows (50.0 %) can't be used, more than --max-bad allows (1 %): case repeats 60 ("
    let cure = "give each system's cases a prefix of their own."
    var ledgers: [String] = []
    for path in [january, other, february] {
      ledgers.append(path + ".ledger")
      #expect(try Tool.run(["ingest", path, "--ledger", path + ".ledger", "--quiet"]).exitCode == 0)
    }
    let both = ["--ledger", ledgers[0], "--ledger", ledgers[1]]
    for way in [[january, other], [other, january], both, ["--ledger", ledgers[1], january]] {
      for command in ["score", "check"] {
        let run = try Tool.run([command] + way)
        #expect(run.exitCode == 65 && run.errors.contains(share) && run.errors.contains(cure), "\(way): \(run.errors)")
      }
      let allowed = try Tool.run(["check", "--max-bad", "50", "--format", "json"] + way)
      #expect(
        allowed.exitCode == 0 && allowed.output.contains("\"rejected\": {\"caseRepeats\":60}"),
        "\(way): \(allowed.output)")
      #expect(allowed.output.contains("\"superseded\": 0"))
    }
    // A ledger that is added to stays as it was.
    let before = try Data(contentsOf: URL(fileURLWithPath: ledgers[0]))
    let added = try Tool.run(["ingest", other, "--ledger", ledgers[0]])
    #expect(added.exitCode == 65 && added.errors.contains(share), "\(added.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: ledgers[0])) == before)

    // Three files: 60 of 180 rows, and 60 superseded, however they come.
    let three = "60 of 180 rows (33.3 %) can't be used, more than --max-bad allows (1 %): case repeats 60 ("
    for way in [[other, january, february], both + ["--ledger", ledgers[2]], both + [february]] {
      let run = try Tool.run(["score"] + way)
      #expect(run.exitCode == 65 && run.errors.contains(three), "\(way): \(run.errors)")
      let allowed = try Tool.run(["check", "--max-bad", "34", "--format", "json"] + way)
      #expect(
        allowed.output.contains("\"rejected\": {\"caseRepeats\":60}") && allowed.output.contains("\"superseded\": 60"))
    }
  }

  // The file has the other system's rows and no superseded one; of those that only a ledger's requests refuse it says how many.
  @Test func `exactly the refused rows are written`() throws {
    let lines = try String(contentsOfFile: january, encoding: .utf8).split(separator: "\n").map(String.init)
    let others = [3, 7, 20].map {
      lines[$0].replacing(",M", with: ",N").replacing("T09:00:00", with: "T10:00:00")
    }
    let other = try scratch.write("other.csv", ([lines[0]] + others).joined(separator: "\n") + "\n")
    let refused = scratch["refused.csv"].path
    let rejects = ["--rejects", refused, "--max-bad", "5"]
    let run = try Tool.run(["check", january, other, february, "--format", "json"] + rejects)
    #expect(run.exitCode == 0 && run.output.contains("\"superseded\": 60"), "\(run.errors)")
    let expected = others.enumerated().map { index, line in
      "\(other),\(index + 2),caseRepeats,case 'C\([3, 7, 20][index])',\"\(line)\"\n"
    }
    #expect(
      try String(contentsOfFile: refused, encoding: .utf8) == "file,line,reason,found,row\n" + expected.joined())
    // Inputs are numbered by name: february, january, other.
    #expect(run.output.contains("input 3, line 3: case 'C7'") && !run.output.contains("lacks"), "\(run.output)")

    let ledger = scratch["january.ledger"].path
    #expect(try Tool.run(["ingest", january, "--ledger", ledger, "--quiet"]).exitCode == 0)
    let beside = try Tool.run(["check", "--ledger", ledger, other, february, "--format", "json"] + rejects)
    #expect(beside.exitCode == 0 && beside.output.contains("\"rejected\": {\"caseRepeats\":3}"), "\(beside.errors)")
    #expect(try String(contentsOfFile: refused, encoding: .utf8).split(separator: "\n").count == 4)
    let alone = try Tool.run(["check", "--ledger", ledger, other, "--format", "json"] + rejects)
    #expect(
      alone.output.contains("\"rejected\": {\"caseRepeats\":3}")
        && alone.output.contains(
          "The file of refused rows lacks 3 rows of saved ledgers, or with case numbers of theirs"),
      "\(alone.output)")
  }
}
