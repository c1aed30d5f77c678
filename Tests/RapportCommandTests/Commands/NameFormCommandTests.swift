import Foundation
import RapportTestSupport
import Testing

/// Exports of two systems that write one person's name in two Unicode forms, as a user runs them.
@Suite struct NameFormCommandTests {
  private static let (apart, composed) = ("Mu\u{308}ller", "M\u{fc}ller")

  private static func events(_ manager: String, _ partner: String, days: ClosedRange<Int>) -> String {
    "timestamp,kind,manager,partner,case\n"
      + days.flatMap { day -> [String] in
        let date = "2026-01-\(day < 10 ? "0" : "")\(day)"
        return [
          "\(date)T09:00:01,request,\(manager),\(partner),c\(day)",
          "\(date)T10:20:31,response,\(manager),\(partner),c\(day)", "\(date)T11:00:05,request,Ann,\(partner),a\(day)",
          "\(date)T11:30:17,response,Ann,\(partner),a\(day)",
        ]
      }.joined(separator: "\n") + "\n"
  }

  @Test func `they are read as one person, whom either form finds`() throws {
    let scratch = try Scratch()
    let first = try scratch.write("1.csv", Self.events(Self.apart, "Jo\u{308}rg", days: 1...12))
    let second = try scratch.write("2.csv", Self.events(Self.composed, "J\u{f6}rg", days: 13...25))
    let roster = try scratch.write("managers.csv", "manager,unit\n\(Self.apart),Sales\nAnn,Sales\n")
    let partners = try scratch.write("partners.csv", "partner,function\nJ\u{f6}rg,hr\n")
    let people = ["--roster", roster, "--roster", partners]

    let score = ["score", "--format", "json", "--draws", "200"] + people
    let both = try Tool.run(score + [first, second])
    #expect(both.exitCode == 0, "\(both.errors)")
    // Searched by scalars, since strings are equal in either form.
    #expect(both.output.unicodeScalars.contains("\u{fc}") && !both.output.unicodeScalars.contains("\u{308}"))
    #expect(!both.output.contains("notInRoster") && !both.output.contains("notInEvents"))

    let (one, two) = (scratch["1.ledger"].path, scratch["2.ledger"].path)
    for (input, ledger) in [(first, one), (second, two)] {
      #expect(try Tool.run(["ingest", input, "--ledger", ledger, "--quiet"]).exitCode == 0)
    }
    let merged = try Tool.run(score + ["--ledger", one, "--ledger", two])
    #expect(merged.output == both.output, "\(merged.errors)")

    let explained = try [Self.apart, Self.composed].map {
      try Tool.run(["explain", first, second, "--manager", $0, "--partner", "Jo\u{308}rg", "--draws", "200"])
    }
    #expect(explained[0].exitCode == 0, "\(explained[0].errors)")
    #expect(explained[0].output == explained[1].output && !explained[0].output.unicodeScalars.contains("\u{308}"))
  }
}
