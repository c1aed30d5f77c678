import Foundation
import RapportTestSupport
import Testing

/// `rapport fit cox` and `rapport fit choice`: agreement with R's survival and coxme through the tool.
@Suite struct HazardFitCommandTests {
  private func compare(
    _ reference: ReferenceCase, fit id: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let fit = try FitRun(arguments)
    func check(_ name: String, _ got: [Double]) {
      reference.check(fit: id, name, got: got, sourceLocation: sourceLocation)
    }
    check("coef", try fit.numbers("coefficients", "estimate"))
    check("se", try fit.numbers("coefficients", "standardError"))
    check("loglik", [try fit.number("nullLogLikelihood"), try fit.number("logLikelihood")])
    check("n", [try fit.number("observations")])
    check("nevent", [try fit.number("events")])
    if arguments.contains("--cluster") {
      check("robust_se", try fit.numbers("coefficients", "robustStandardError"))
    }
    if arguments[0] == "cox", !arguments.contains("exact") {
      check("concordance", [try fit.number("concordance")])
    } else {
      #expect(fit.tree["concordance"] == nil, sourceLocation: sourceLocation)
    }
  }

  /// A table with only the rows that a case uses.
  private func filtered(_ reference: ReferenceCase, _ file: String, _ scratch: Scratch, _ keep: (Substring) -> Bool)
    throws -> String
  {
    let text = try String(contentsOfFile: reference.path(file), encoding: .utf8)
    let lines = text.split(separator: "\n")
    return try scratch.write(file, ([lines[0]] + lines.dropFirst().filter(keep)).joined(separator: "\n") + "\n")
  }

  @Test func `lung cancer: ties, clusters, strata`() throws {
    guard let reference = ReferenceCase("B01-lung") else { return }
    let base = [reference.path("lung.csv"), "--stop", "time", "--event", "status"]
    let three = ["--fixed", "age,sex,ph.ecog"]
    for ties in ["efron", "breslow", "exact"] {
      try compare(reference, fit: ties, ["cox"] + base + three + ["--ties", ties])
    }
    try compare(reference, fit: "exact", ["choice"] + base + three + ["--ties", "exact"])
    try compare(reference, fit: "five", ["cox"] + base + ["--fixed", "age,sex,ph.ecog", "--fixed", "ph.karno,wt.loss"])
    try compare(reference, fit: "robust.inst", ["cox"] + base + three + ["--cluster", "inst"])
    try compare(reference, fit: "strata.sex", ["cox"] + base + ["--fixed", "age,ph.ecog", "--strata", "sex"])
  }

  @Test func `ovarian cancer`() throws {
    guard let reference = ReferenceCase("B03-ovarian") else { return }
    let base = ["cox", reference.path("ovarian.csv"), "--stop", "futime", "--event", "fustat"]
    try compare(reference, fit: "age.rx", base + ["--fixed", "age,rx"])
    try compare(reference, fit: "four", base + ["--fixed", "age,rx,resid.ds,ecog.ps"])
    try compare(reference, fit: "strata.rx", base + ["--fixed", "age", "--strata", "rx"])
  }

  @Test func `rats in litters: clusters, strata, random effects`() throws {
    guard let reference = ReferenceCase("B05-rats") else { return }
    let scratch = try Scratch()
    let females = try filtered(reference, "rats.csv", scratch) { $0.hasSuffix("\"f\"") }
    let options = ["--stop", "time", "--event", "status", "--fixed", "rx"]
    try compare(reference, fit: "plain", ["cox", females] + options)
    try compare(reference, fit: "cluster", ["cox", females] + options + ["--cluster", "litter"])
    try compare(
      reference, fit: "strata.sex",
      ["cox", reference.path("rats.csv")] + options + ["--strata", "sex", "--cluster", "litter"])
    let fit = try FitRun(["cox", females] + options + ["--random", "litter"])
    reference.check(fit: "coxme.ml", "coef", got: try fit.numbers("coefficients", "estimate"))
    reference.check(fit: "coxme.ml", "se", got: try fit.numbers("coefficients", "standardError"))
    reference.check(fit: "coxme.ml", "variance", got: try fit.numbers("variances", "variance"))
    reference.check(fit: "coxme.ml", "integrated_loglik", got: try fit.number("logLikelihood"))
    reference.check(fit: "coxme.ml", "ranef.head", got: try fit.effects(of: "litter", "estimate"))
  }

  @Test func `heart transplants: rows that enter late, as times and as choices`() throws {
    guard let reference = ReferenceCase("B06-heart") else { return }
    let base = [reference.path("heart.csv"), "--start", "start", "--stop", "stop", "--event", "event"]
    let main = ["--fixed", "age,year,surgery,transplant"]
    for kind in ["cox", "choice"] {
      try compare(reference, fit: "main", [kind] + base + main)
      try compare(reference, fit: "breslow", [kind] + base + main + ["--ties", "breslow"])
      try compare(reference, fit: "cluster.id", [kind] + base + main + ["--cluster", "id"])
      try compare(
        reference, fit: "strata.transplant", [kind] + base + ["--fixed", "age,surgery", "--strata", "transplant"])
      try compare(
        reference, fit: "interaction",
        [kind] + base + ["--fixed", "age,surgery,transplant,year,age:transplant,surgery:transplant"])
    }
  }

  @Test func `tables tell ratios, separation and what was left out`() throws {
    let sets = "s,c,x,z\n1,1,1,3\n1,0,0,1\n2,1,1,2\n2,0,0,2\n3,0,0,\n3,1,1,1\n"
    let arguments = ["fit", "choice", "-", "--event", "c", "--strata", "s", "--fixed", "x"]
    let run = try Tool.run(arguments + ["--fixed", "z"], input: Data(sets.utf8))
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    #expect(run.output.hasPrefix("Choice model: 5 rows, 3 choices, 3 strata\n"))
    #expect(run.output.contains("diverges") && run.output.contains("a prior"))
    #expect(run.output.contains("1 of 6 rows left out because something is missing: 'z' in 1."))
    let held = try Tool.run(arguments + ["--prior", "2.5"], input: Data(sets.utf8))
    #expect(held.output.contains("odds ratio") && held.output.contains("standard deviation 2.50"))
    let csv = try Tool.run(arguments + ["--prior", "2.5", "--format", "csv"], input: Data(sets.utf8))
    #expect(csv.output.hasPrefix("part,name,estimate,standardError,low,high,pValue\ncoefficients,x,"))
  }

  // Two clusters of one set each tell the error of one column, by Student's distribution with one degree of freedom; one doesn't.
  @Test func `few clusters make intervals wide, and one is refused`() throws {
    let sets = "s,c,x,k\n1,1,1,a\n1,0,0,a\n2,1,0,b\n2,0,1,b\n3,1,1,b\n3,0,0,b\n"
    let arguments = ["fit", "choice", "-", "--event", "c", "--strata", "s", "--fixed", "x", "--cluster"]
    let run = try Tool.run(arguments + ["k"], input: Data(sets.utf8))
    #expect(run.exitCode == 0)
    let text = run.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      text.contains(
        "rest on 2 clusters: intervals and p-values take their variance times 2/1, and Student's distribution with 1 degree"
      ))
    #expect(text.contains("'k' makes only 2 clusters"))
    // log 2 over an error of √V √2, squared, on one degree of freedom and one.
    #expect(text.contains("; robust Wald test F ") && text.contains(" on 1 and 1, p "))
    #expect(!text.contains("likelihood ratio"))
    let fit = try FitRun(Array(arguments.dropFirst()) + ["k"], input: Data(sets.utf8))
    #expect(fit.tree["likelihoodRatioTest"] == nil)
    let test = try #require(fit.tree["waldTest"])
    #expect(test["degreesOfFreedom"]?.number == 1 && test["denominatorDegreesOfFreedom"]?.number == 1)
    let pValue = try #require(test["pValue"]?.number)
    let own = try fit.numbers("coefficients", "pValue")[0]
    #expect(abs(pValue - own) < 1e-9)
    let two = try Tool.run(arguments + ["k,s"], input: Data(sets.utf8))
    #expect(two.exitCode == 64 && two.errors.contains("--cluster: found 'k,s', expected one column; k:s makes"))
    let alone = sets.replacingOccurrences(of: ",b", with: ",a")
    let refused = try Tool.run(arguments + ["k"], input: Data(alone.utf8))
    #expect(refused.exitCode == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("robust errors of 1 column need 2 clusters or more"))
  }

  @Test func `wrong options end with their code and one line that says the cure`() throws {
    let scratch = try Scratch()
    let good = try scratch.write("good.csv", "t,e,x\n1,1,1\n2,1,0\n3,0,1\n")
    let never = try scratch.write("never.csv", "t,e,x\n1,0,1\n2,0,0\n")
    for (arguments, code, says) in [
      (["cox", good, "--stop", "t", "--event", "e", "--fixed", "x", "--ties", "efrom"], 64, "did you mean 'efron'?"),
      (["cox", good, "--stop", "tt", "--event", "e", "--fixed", "x"], 64, "--stop: \(good): there is no column 'tt'"),
      (["cox", good, "--event", "e", "--fixed", "x"], 64, "--stop is missing"),
      (["cox", good, "--stop", "t", "--event", "t", "--fixed", "x"], 65, "good.csv:3: column 't': found '2'"),
      (
        ["cox", good, "--stop", "t", "--event", "e", "--fixed", "x", "--prior", "1e-160"], 64,
        "--prior: found 1e-160, expected a standard deviation from 1e-100 to 1e100"
      ),
      (["cox", never, "--stop", "t", "--event", "e", "--fixed", "x"], 65, "no event happened"),
      (["choice", good, "--event", "e", "--fixed", "x"], 64, "--strata is missing"),
      (
        ["cox", good, "--stop", "t", "--event", "e", "--fixed", "x", "--timezone", "Europe/Londn"], 64,
        "did you mean 'Europe/London'?"
      ),
    ] {
      let run = try Tool.run(["fit"] + arguments)
      #expect(run.exitCode == code && run.output.isEmpty && run.errors.contains(says), "\(arguments): \(run.errors)")
    }
    for kind in ["cox", "choice"] {
      #expect(try Tool.run(["fit", kind, "--help"]).output.contains("rapport fit \(kind) "))
    }
  }
}
