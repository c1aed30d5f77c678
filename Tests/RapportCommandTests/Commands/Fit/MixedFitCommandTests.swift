import Foundation
import RapportTestSupport
import Testing

/// `rapport fit mixed`: agreement with lme4 through the tool, and what it prints.
@Suite struct MixedFitCommandTests {
  private func compare(
    _ reference: ReferenceCase, fit id: String, file: String, _ arguments: [String], groups: [String],
    named: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let isRestricted = id.hasSuffix("reml")
    let fit = try FitRun(["mixed", reference.path(file)] + arguments + (isRestricted ? [] : ["--ml"]))
    func check(_ name: String, _ got: [Double]) {
      reference.check(fit: id, name, got: got, sourceLocation: sourceLocation)
    }
    check("fixef", try fit.numbers("fixed", "estimate"))
    check("se", try fit.numbers("fixed", "standardError"))
    check("logLik", [try fit.number("logLikelihood")])
    check("nobs", [try fit.number("observations")])
    if isRestricted {
      check("REMLcrit", [try fit.number("remlCriterion")])
    } else {
      #expect(fit.tree["remlCriterion"] == nil)
    }
    #expect(try fit.texts("variances", "group") == groups + ["residual"])
    let labels = groups.map { "\(named[$0] ?? $0):(Intercept)" } + ["Residual"]
    reference.check(
      fit: id, "varcomp",
      got: Dictionary(uniqueKeysWithValues: zip(labels, try fit.numbers("variances", "variance"))),
      sourceLocation: sourceLocation)
    for group in groups where named[group] == nil {
      reference.check(
        fit: id, "ranef.\(group)", got: try fit.effects(of: group, "estimate"), sourceLocation: sourceLocation)
      reference.check(
        fit: id, "ranef.\(group).condSD", got: try fit.effects(of: group, "standardDeviation"),
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ["ri.reml", "ri.ml"]) func `sleepstudy`(_ id: String) throws {
    guard let reference = ReferenceCase("A01-sleepstudy") else { return }
    try compare(
      reference, fit: id, file: "sleepstudy.csv",
      ["--response", "Reaction", "--fixed", "Days", "--random", "Subject"], groups: ["Subject"])
  }

  @Test(arguments: ["reml", "ml"]) func `penicillin, crossed`(_ id: String) throws {
    guard let reference = ReferenceCase("A04-penicillin") else { return }
    try compare(
      reference, fit: id, file: "penicillin.csv", ["--response", "diameter", "--random", "plate,sample"],
      groups: ["plate", "sample"])
  }

  @Test(arguments: ["nested.reml", "three.ml"]) func `oats, nested by a product of columns`(_ id: String) throws {
    guard let reference = ReferenceCase("A10-oats") else { return }
    let groups = id.hasPrefix("three") ? ["Block", "Variety", "Block:Variety"] : ["Block", "Block:Variety"]
    try compare(
      reference, fit: id, file: "oats.csv",
      ["--response", "yield", "--fixed", "nitro", "--random", groups.joined(separator: ",")], groups: groups,
      named: ["Block:Variety": "BV"])
  }

  @Test func `a compressed table from standard input gives the same, in every format`() throws {
    let text = "y,g,x\n1,a,0\n3,a,1\n5,b,0\n7,b,1\n9,c,\n10,c,1\n"
    let arguments = ["fit", "mixed", "-", "--response", "y", "--fixed", "x", "--random", "g"]
    let plain = try Tool.run(arguments, input: Data(text.utf8))
    #expect(plain.exitCode == 0 && plain.errors.isEmpty)
    #expect(plain.output.contains("y in 5 observations: linear mixed model by restricted likelihood (REML)"))
    #expect(plain.output.contains("1 of 6 rows left out because something is missing: 'x' in 1."))
    #expect(try Tool.run(arguments, input: try gzip(text)).output == plain.output)
    let csv = try Tool.run(arguments + ["--format", "csv"], input: Data(text.utf8)).output.split(separator: "\n")
    try #require(csv.count == 1 + 2 + 2 + 3)
    #expect(csv[0] == "part,name,group,level,estimate,standardError,standardDeviation,variance,levels")
    #expect(csv[1].hasPrefix("fixed,(Intercept),,,"))
  }

  @Test func `bad input ends with its code and one line that says the cure`() throws {
    let scratch = try Scratch()
    let good = try scratch.write("good.csv", "y,g\n1,a\n2,a\n4,b\n7,b\n")
    let header = try scratch.write("header.csv", "y,g\n")
    let empty = try scratch.write("empty.csv", "")
    for (arguments, code, says) in [
      (["mixed", good, "--response", "y", "--random", "gg"], 64, "did you mean 'g'?"),
      (["mixed", good, "--response", "g"], 65, "good.csv:2: column 'g': found 'a', expected a number"),
      (["mixed", header, "--response", "y"], 65, "a header but no rows"),
      (["mixed", empty, "--response", "y"], 66, "nothing in it"),
      (["mixed", scratch["none.csv"].path, "--response", "y"], 66, "no such file"),
      (["mixed", good], 64, "--response"),
    ] {
      let run = try Tool.run(["fit"] + arguments)
      #expect(run.exitCode == code && run.output.isEmpty && run.errors.contains(says), "\(arguments): \(run.errors)")
    }
  }

  @Test func `help has examples`() throws {
    #expect(try Tool.run(["fit", "--help"]).output.contains("rapport fit cox"))
    #expect(try Tool.run(["fit", "mixed", "--help"]).output.contains("rapport fit mixed waits.csv --response"))
  }

  private func gzip(_ text: String) throws -> Data {
    let scratch = try Scratch()
    try scratch.write("t.csv", text)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", scratch["t.csv"].path]
    try process.run()
    process.waitUntilExit()
    return try Data(contentsOf: scratch["t.csv.gz"])
  }
}
