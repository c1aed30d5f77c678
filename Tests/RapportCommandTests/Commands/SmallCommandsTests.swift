import Foundation
import RapportTestSupport
import Testing

@Suite struct SmallCommandsTests {
  @Test func `config prints what a configuration file says, options over it`() throws {
    let scratch = try Scratch()
    let config = try scratch.write("rapport.toml", "half-life = 90\nseed = 5\n")
    let run = try Tool.run(["config", "--config", config, "--seed", "6"])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("half-life = 90\n") && run.output.contains("seed = 6\n"))
    let printed = try scratch.write("printed.toml", run.output)
    #expect(try Tool.run(["config", "--config", printed]).output == run.output)
    #expect(try Tool.run(["config", "--format", "json"]).output.contains("\"half-life\": 180"))
  }

  // The file held every machine to the processors of the one where it was written.
  @Test func `config prints threads where they were asked for`() throws {
    let plain = try Tool.run(["config"])
    #expect(plain.exitCode == 0 && plain.output.contains("\n# threads: a whole number from 1 to 1024\n"))
    #expect(try Tool.run(["config", "--threads", "3"]).output.contains("\nthreads = 3\n"))
    #expect(try Tool.run(["config", "--format", "json"]).output.contains("\"threads\": null"))
  }

  @Test func `config prints what reads back as the same, wherever it is written`() throws {
    let scratch = try Scratch()
    let folder = scratch["sub/deeper"]
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let roster = try scratch.write("sub/managers.csv", "manager,unit\nM1,sales\n")
    let config = try scratch.write("sub/r.toml", "roster = \"managers.csv\"\n")
    let run = try Tool.run(["config", "--config", config, "--seed", "18446744073709551615", "--output", "here"])
    #expect(run.exitCode == 0 && run.output.contains("seed = \"18446744073709551615\"\n"), "\(run.errors)")
    #expect(run.output.contains(roster))
    let printed = try scratch.write("sub/deeper/r2.toml", run.output)
    let again = try Tool.run(["config", "--config", printed])
    #expect(again.exitCode == 0 && again.output == run.output, "\(again.errors)")
  }

  @Test func `verbose goes over a quiet file`() throws {
    let log = try SampleLog()
    let quiet = try log.scratch.write("quiet.toml", "quiet = true\n")
    #expect(try Tool.run(["check", log.events, "--config", quiet]).errors.isEmpty)
    #expect(try Tool.run(["check", log.events, "--config", quiet, "--verbose"]).errors.contains("reading"))
    let both = try log.scratch.write("both.toml", "quiet = true\nverbose = true\n")
    #expect(try Tool.run(["check", log.events, "--config", both]).exitCode == 78)
  }

  @Test func `profiles are listed, and one is shown as TOML`() throws {
    let list = try Tool.run(["profiles"])
    #expect(list.output.contains("servicenow-incidents") && list.output.contains("zendesk-tickets"))
    let one = try Tool.run(["profiles", "jira-service"])
    #expect(one.output.hasPrefix("name = \"jira-service\"\n"))
    #expect(try Tool.run(["profiles", "--format", "csv"]).output.hasPrefix("name,description"))
  }

  @Test func `help has examples, and the version is told`() throws {
    for command in [
      "score", "rank", "favouritism", "factors", "explain", "check", "ingest", "fit", "simulate", "bench", "profiles",
      "config",
    ] {
      let help = try Tool.run([command, "--help"])
      #expect(help.exitCode == 0)
      #expect(help.output.contains("rapport \(command)"))
    }
    #expect(try Tool.run(["--version"]).output.split(separator: ".").count == 3)
  }

  // OpenBLAS takes its kernels by the processor's model; of one that it doesn't know it takes the oldest, unless it is told.
  @Test func `OpenBLAS runs on kernels that suit the processor, or on those that the user names`() throws {
    let log = try SampleLog()
    func kernels(_ environment: [String: String]) throws -> String {
      let run = try Tool.run(
        ["score", log.events, "-o", log["result"], "--draws", "100"], environment: environment)
      #expect(run.exitCode == 0, "\(run.errors)")
      let manifest = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: log["result/manifest.json"])))
      return try #require((manifest as? [String: Any])?["blas"] as? String)
    }
    let told = try kernels(["OPENBLAS_CORETYPE": "Prescott"])
    guard told.contains("DYNAMIC_ARCH") else {
      print("Skipped: this BLAS isn't an OpenBLAS with kernels to choose from (\(told)).")
      return
    }
    #expect(told.contains("Prescott"))
    let flags = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    if flags.contains(" avx2 ") && flags.contains(" fma ") {
      #expect(try !kernels([:]).contains("Prescott"))
    }
  }

  // /proc/self/exe is the loader then: started anew for kernels, it took `check` for a program.
  @Test func `a program started through the dynamic loader does the same`() throws {
    let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"]
    guard let loader = loaders.first(where: FileManager.default.isExecutableFile) else {
      print("Skipped: none of \(loaders.joined(separator: ", ")) is here.")
      return
    }
    let log = try SampleLog()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "\"$0\" \"$1\" check \"$2\" > \"$3\"", loader, Tool.executable.path, log.events, log["output"],
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try String(contentsOfFile: log["output"], encoding: .utf8) == Tool.run(["check", log.events]).output)
  }

  @Test func `a simulation is repeatable, checks and scores`() throws {
    let scratch = try Scratch()
    for folder in ["a", "b"] {
      let run = try Tool.run([
        "simulate", "--managers", "8", "--partners", "3", "--months", "3", "--dirty-share", "0.002", "--seed", "4",
        "--output", scratch[folder].path,
      ])
      #expect(run.exitCode == 0)
      #expect(run.output.contains("8 managers, seed 4"))
    }
    for file in ["events.csv", "truth.json"] {
      #expect(try Data(contentsOf: scratch["a/\(file)"]) == Data(contentsOf: scratch["b/\(file)"]))
    }
    let check = try Tool.run([
      "check", scratch["a/events.csv"].path, "--config", scratch["a/rapport.toml"].path, "--roster",
      scratch["a/managers.csv"].path, "--roster", scratch["a/partners.csv"].path, "--max-bad", "10",
    ])
    #expect(check.exitCode == 0)
    #expect(check.output.contains("Refused\n"))
  }

  // Before 1970 it was a crash in the middle of writing, and of the future no word was said.
  @Test func `a simulation lies in time that can be read`() throws {
    let scratch = try Scratch()
    let small = ["simulate", "--managers", "4", "--partners", "2", "--months", "2", "--output", scratch["out"].path]
    let early = try Tool.run(small + ["--start", "1969-12-01"])
    #expect(early.exitCode == 64 && early.errors.contains("startDate is '1969-12-01'; expected a date from 1970-01-02"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).isEmpty)
    for (start, isToCome) in [("1970-01-02", false), ("2900-01-01", true)] {
      let run = try Tool.run(small + ["--start", start, "--timezone", "Pacific/Kiritimati"])
      #expect(run.exitCode == 0 && run.output.contains("Score it: ") == !isToCome, "\(run.errors)")
      #expect(run.errors.contains("The log ends in the future") == isToCome)
      let check = try Tool.run(["check", scratch["out/events.csv"].path, "--config", scratch["out/rapport.toml"].path])
      #expect(check.exitCode == (isToCome ? 65 : 0), "\(check.errors)")
      #expect(isToCome || check.output.contains(" rows read, none refused."), "\(check.output)")
    }
  }

  @Test func `a simulation removes nothing that isn't one`() throws {
    let scratch = try Scratch()
    let small = ["--managers", "4", "--partners", "2", "--months", "2", "--output", scratch["out"].path]
    for _ in 0..<2 { #expect(try Tool.run(["simulate"] + small).exitCode == 0) }
    try scratch.write("out/notes.txt", "mine")
    let refused = try Tool.run(["simulate"] + small)
    #expect(refused.exitCode == 73 && refused.output.isEmpty && refused.errors.contains("holds notes.txt"))
    #expect(try String(contentsOf: scratch["out/notes.txt"], encoding: .utf8) == "mine")
    // Before a simulation that would take minutes.
    let large = try Tool.run(["simulate", "--managers", "20000", "--partners", "2000", "--output", scratch["out"].path])
    #expect(large.exitCode == 73)
  }

  @Test func `simulation settings come from a file, options over it`() throws {
    let scratch = try Scratch()
    let settings = try scratch.write(
      "settings.toml", "managers = 7\npartners = 2\nmonths = 2\nseed = 9\nreferenceRequests = 0\nrequestsPerMonth = 4\n"
    )
    let run = try Tool.run([
      "simulate", "--settings", settings, "--managers", "6", "--output", scratch["out"].path, "--format", "json",
    ])
    #expect(run.output.contains("\"managers\": 6") && run.output.contains("\"seed\": 9"))
    // Whole numbers are numbers in tables too.
    let nested = try scratch.write(
      "nested.toml",
      """
      managers = 6
      partners = 2
      months = 2
      referenceRequests = 0
      volumeSpread = 1
      domainSpreads = { responsiveness = 2 }
      [[groupDifferences]]
      attribute = "location"
      value = "remote"
      factor = 2
      """)
    let whole = try Tool.run(["simulate", "--settings", nested, "--output", scratch["nested"].path])
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let truth = try String(contentsOf: scratch["nested/truth.json"], encoding: .utf8)
    #expect(truth.contains("\"factor\" : 2,"))
    let wrong = try scratch.write("wrong.toml", "manager = 7\n")
    let refused = try Tool.run(["simulate", "--settings", wrong, "--output", scratch["x"].path])
    #expect(refused.exitCode == 78 && refused.errors.contains("did you mean 'managers'?"))
    for (line, option, says) in [
      ("managers = 0", ["--managers", "0"], "managers is 0; expected 1 to"),
      ("timeZone = \"Europe/Londn\"", ["--timezone", "Europe/Londn"], "did you mean 'Europe/London'?"),
      ("discipline = \"mixd\"", ["--discipline", "mixd"], "did you mean 'mixed'?"),
    ] {
      let file = try scratch.write("wrong.toml", line + "\n")
      let fromFile = try Tool.run(["simulate", "--settings", file, "--output", scratch["x"].path])
      #expect(fromFile.exitCode == 78 && fromFile.errors.contains(says) && fromFile.errors.contains("wrong.toml"))
      let fromOption = try Tool.run(["simulate", "--output", scratch["x"].path] + option)
      #expect(fromOption.exitCode == 64 && fromOption.errors.contains(says))
    }
  }
}
