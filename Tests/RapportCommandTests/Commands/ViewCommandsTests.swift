import Foundation
import RapportTestSupport
import Testing

@Suite struct ViewCommandsTests {
  let log: SampleLog
  init() throws { log = try SampleLog() }

  func object(_ arguments: String...) throws -> [String: Any] {
    // Findings have no draws.
    let draws = arguments[0].hasPrefix("favo") ? [] : ["--draws", "200"]
    let run = try Tool.run(arguments + ["--format", "json"] + draws)
    #expect(run.exitCode == 0)
    return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func `each command prints the part of the assessment that it shows`() throws {
    #expect(try object("rank", log.events, "--by", "trust").keys.sorted() == ["managers", "ranking"])
    #expect(try object("favouritism", log.events).keys.sorted() == ["favouritism"])
    #expect(try object("favoritism", log.events).keys.sorted() == ["favouritism"])
    #expect(try object("factors", log.events).keys.sorted() == ["factors"])
    let explained = try object("explain", log.events, "--manager", "M2", "--partner", "P2")
    #expect(
      explained.keys.sorted()
        == [
          "choiceKind", "choiceObstacle", "choiceRecord", "choiceTotal", "choices", "favouritism", "pairs", "peers",
          "trustGap",
        ])
    #expect((explained["pairs"] as? [[String: Any]])?.map { $0["partner"] as? String } == ["P2"])
    let manager = try object("explain", log.events, "--manager", "M2")
    #expect(
      manager.keys.sorted() == ["favouritism", "funnels", "managers", "moves", "pairs", "peers", "practices", "trends"])
  }

  @Test func `tables and CSV`() throws {
    for (arguments, text, header) in [
      (["rank", log.events], "manager", "id,"),
      (["favouritism", log.events], "queue choices", "level,"),
      (["factors", log.events], "managers", ""),
      (["explain", log.events, "--manager", "M1"], "Compared with the other managers", "manager,indicator,"),
      (
        ["explain", log.events, "--manager", "M2", "--partner", "P2"], "compared with the other pairs",
        "manager,partner,requests,answered,open,health."
      ),
    ] {
      let draws = arguments[0] == "favouritism" ? [] : ["--draws", "200"]
      let table = try Tool.run(arguments + draws)
      #expect(table.exitCode == 0)
      #expect(table.output.contains(text))
      let csv = try Tool.run(arguments + ["--format", "csv"] + draws)
      #expect(csv.output.hasPrefix(header))
    }
  }

  // They were listed, taken, and changed nothing.
  @Test func `favouritism takes the options that change what it finds`() throws {
    let help = try Tool.run(["favouritism", "--help"]).output
    for option in ["--interval", "--follow-up", "--bootstrap", "--seed"] { #expect(help.contains(option + " ")) }
    for (option, value) in [
      ("--by", "trust"), ("--weights", "voice=2"), ("--half-life", "30"), ("--asymmetry", "2"), ("--draws", "200"),
    ] {
      #expect(!help.contains(option + " "))
      #expect(try Tool.run(["favouritism", log.events, option, value]).exitCode == 64)
    }
    let plain = try Tool.run(["favouritism", log.events, "--format", "json"])
    for option in [["--interval", "0.6"], ["--follow-up", "3"]] {
      let run = try Tool.run(["favouritism", log.events, "--format", "json"] + option)
      #expect(run.exitCode == 0 && run.output != plain.output, "\(option)")
    }
  }

  @Test func `a pair's queues`() throws {
    let pair = ["explain", log.events, "--manager", "M2", "--partner", "P2", "--choices", "--draws", "200"]
    let table = try Tool.run(pair)
    #expect(table.exitCode == 0 && table.output.hasPrefix("The choices behind it"))
    let json = try Tool.run(pair + ["--format", "json", "--limit", "1"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object.keys.sorted() == ["choiceKind", "choiceObstacle", "choiceRecord", "choiceTotal", "choices"])
    #expect((object["choices"] as? [Any]).map { $0.count <= 1 } == true)
    for wrong in [["--choices"], ["--limit", "3"], ["--partner", "P2", "--limit", "-1"]] {
      #expect(try Tool.run(["explain", log.events, "--manager", "M2"] + wrong).exitCode == 64)
    }
  }

  @Test func `an unknown manager or partner is told with the nearest`() throws {
    let manager = try Tool.run(["explain", log.events, "--manager", "M11", "--draws", "200"])
    #expect(manager.exitCode == 64)
    #expect(manager.errors.contains("--manager 'M11'") && manager.errors.contains("did you mean 'M1'?"))
    let partner = try Tool.run(["explain", log.events, "--manager", "M1", "--partner", "Q", "--draws", "200"])
    #expect(partner.exitCode == 64)
    #expect(partner.errors.contains("has no events with this partner"))
  }
}
