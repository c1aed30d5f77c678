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
    let text = "y,g,x\n1,a,0\n3,a,1\n5,b,0\n8,b,1\n9,c,\n10,c,1\n"
    let arguments = ["fit", "mixed", "-", "--response", "y", "--fixed", "x", "--random", "g"]
    let plain = try Tool.run(arguments, input: Data(text.utf8))
    #expect(plain.exitCode == 0 && plain.errors.isEmpty)
    #expect(plain.output.contains("y in 5 observations: linear mixed model by restricted likelihood (REML)"))
    #expect(plain.output.contains("1 of 6 rows left out because something is missing: 'x' in 1."))
    #expect(try Tool.run(arguments, input: try gzip(text)).output == plain.output)
    let csv = try Tool.run(arguments + ["--format", "csv"], input: Data(text.utf8)).output.split(separator: "\n")
    try #require(csv.count == 1 + 2 + 2 + 3)
    #expect(
      csv[0]
        == "part,name,group,level,estimate,standardError,standardDeviation,variance,levels,degreesOfFreedom,low,high"
    )
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

  // Line 2 has no response and is left out; what is wrong stands in line 3 of the file all the same.
  @Test func `weights are told, and bad ones with their line`() throws {
    let scratch = try Scratch()
    func run(_ weight: String, _ format: String...) throws -> (code: Int32, output: String, errors: String) {
      let path = try scratch.write("w.csv", "y,g,w\n,a,1\n1,a,\(weight)\n3,a,2\n5,b,1\n8,b,0.5\n9,c,1\n10,c,2\n")
      let run = try Tool.run(["fit", "mixed", path, "--response", "y", "--random", "g", "--weights", "w"] + format)
      return (run.exitCode, run.output, run.errors)
    }
    #expect(try run("1").output.hasPrefix("y in 6 observations, weighted by w: linear mixed model"))
    #expect(try run("1", "--format", "json").output.contains("\"weights\": \"w\""))
    for (found, expected) in [
      ("-0.366", "w.csv:3: column 'w': found '-0.366', expected a positive number as a weight"),
      ("0", "w.csv:3: column 'w': found '0', expected a positive number as a weight"),
      ("1e300", "w.csv:3: column 'w': found '1e300', expected a weight no more than 10¹² times larger or smaller"),
      ("1e-13", "w.csv:3: column 'w': found '1e-13', expected a weight no more than 10¹² times larger or smaller"),
      ("much", "w.csv:3: column 'w': found 'much', expected a positive number as a weight"),
    ] {
      let run = try run(found)
      #expect(run.code == 65 && run.errors.contains(expected), "\(run.errors)")
    }
  }

  // The fixed term has a low end, and so has each of the two variances where they have intervals.
  @Test func `intervals of variances can be left out`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("t.csv", "y,g\n1,a\n3,a\n5,b\n7,b\n9,c\n11,c\n4,d\n5,d\n")
    let arguments = ["fit", "mixed", path, "--response", "y", "--random", "g", "--format", "json"]
    func lows(_ more: String...) throws -> Int {
      try Tool.run(arguments + more).output.components(separatedBy: "\"low\"").count - 1
    }
    #expect(try lows() == 3)
    #expect(try lows("--intervals", "profile") == 3)
    #expect(try lows("--intervals", "none") == 1)
    let fit = try FitRun(["mixed", path, "--response", "y", "--random", "g"])
    let (low, high) = (try fit.numbers("variances", "low"), try fit.numbers("variances", "high"))
    for (k, variance) in try fit.numbers("variances", "variance").enumerated() {
      #expect(low[k] < variance && variance < high[k])
    }
    #expect(try Tool.run(arguments + ["--intervals", "bootstrap"]).exitCode == 64)
  }

  // x and z have a correlation of 0.8, as cross-products of length 1: √(1.8/0.2) = 3.
  @Test func `every kind of fit tells its condition number`() throws {
    let scratch = try Scratch()
    let rows = [(1.0, 0.8), (-1, -0.8), (0, 0.6), (0, -0.6)]
    let lines = (0..<24).map { i in "\(1 + i * 7 % 11),1,\(rows[i % 4].0),\(rows[i % 4].1),\(i % 5)" }
    let path = try scratch.write("t.csv", "t,e,x,z,u\n" + lines.joined(separator: "\n") + "\n")
    let mixed = try FitRun(["mixed", path, "--response", "t", "--fixed", "x,z"])
    #expect(abs(try mixed.number("conditionNumber") - 3) < 1e-9)
    let near = try FitRun(["cox", path, "--stop", "t", "--event", "e", "--fixed", "x,z"])
    #expect(try (1...10).contains(near.number("conditionNumber")))
    let factors = try FitRun(["factors", path, "--columns", "x,z,u", "--factors", "1"])
    #expect(try (2.9...4).contains(factors.number("conditionNumber")))
  }

  // Groups that differ by a million times what rows do: sums of 16 digits leave no degrees of freedom to tell.
  @Test func `intervals are called normal where they are`() throws {
    let scratch = try Scratch()
    func text(_ s: Double) throws -> String {
      let lines = (0..<60).map { i in
        "\(Double(i / 6 * 7 % 10) + s * Double(i * i * 31 % 101 - 50)),a\(i / 6),b\(i % 6)"
      }
      let path = try scratch.write("t.csv", "y,a,b\n" + lines.joined(separator: "\n") + "\n")
      let run = try Tool.run(["fit", "mixed", path, "--response", "y", "--random", "a,b"])
      return run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let known = "Intervals of fixed terms are by Student's distribution, degrees of freedom by Satterthwaite's method"
    let sure = try text(0.1)
    #expect(sure.contains(known))
    // How many digits are left hangs on the processor; what is said goes together all the same.
    let unsure = try text(3e-8)
    let isTold = unsure.contains(known)
    #expect(unsure.contains("Intervals of fixed terms are normal ones") != isTold)
    #expect(unsure.contains("degrees of freedom of the fixed terms can't be told") != isTold)
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
