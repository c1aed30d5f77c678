import ArgumentParser
import Glibc
import Rapport

/// The scale study on the user's machine.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures how time and memory grow with events and managers on this machine.",
    discussion: """
      Makes organisations of several sizes and times whole jobs on each: ingest (CSV to ledger) and score (CSV to report). \
      Every run is a process of its own. The largest log needs about 100 bytes of disk per event, and what score makes of it \
      about 100 kB per manager.

      Examples:
        rapport bench
        rapport bench --events 1000000,10000000,100000000 --jobs ingest --output scale
        rapport bench --events 100000,1000000 --managers 100,1000,10000 --runs 5 --format csv
      """)

  @Option(
    help: ArgumentHelp(
      "Sizes of logs; managers grow with them, about one per \(Int(ScaleStudy.eventsPerManager)) events.",
      valueName: "n,…"))
  var events = "100000,300000,1000000,3000000"

  @Option(help: ArgumentHelp("Numbers of managers who make --at events together; none by default.", valueName: "n,…"))
  var managers: String?

  @Option(help: ArgumentHelp("Events of the logs along --managers.", valueName: "n")) var at = 1_000_000

  @Option(
    help: ArgumentHelp("What is timed: ingest, score, or both.", valueName: "job,…"),
    completion: .list(ScaleStudy.Job.allCases.map(\.rawValue)))
  var jobs = "ingest,score"

  @Option(help: "Runs of each job and size; medians are told.") var runs = 3

  @Option(
    name: [.short, .long], help: ArgumentHelp("Writes scale.csv and the plots there.", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp("Where logs are made, and removed afterwards (default: TMPDIR, or /tmp).", valueName: "dir"),
    completion: .directory)
  var scratch: String?

  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in
      let sizes = try Self.numbers(events, of: "--events", from: 1000)
      let counts = try managers.map { try Self.numbers($0, of: "--managers", from: 2) } ?? []
      guard at >= 1000 else { throw RapportError(.usage, "--at: found \(at), expected a whole number from 1000") }
      guard (1...1000).contains(runs) else {
        throw RapportError(.usage, "--runs: found \(runs), expected a whole number from 1 to 1000")
      }
      let jobs = try jobs.split(separator: ",", omittingEmptySubsequences: false).map { word throws(RapportError) in
        guard let job = ScaleStudy.Job(rawValue: String(word)) else {
          throw RapportError(
            .usage,
            "--jobs: found '\(word)', expected ingest or score"
              + NearestWord.suggestion(for: String(word), among: ScaleStudy.Job.allCases.map(\.rawValue)))
        }
        return job
      }
      if let output { try Self.prepare(output) }
      // Whoever presses Ctrl-C stops the job that runs, and with it the study; the logs are removed all the same.
      Interruption.listen()
      let folder = try Self.temporaryFolder(in: scratch)
      defer {
        Interruption.ignore()
        try? ScaleStudy.remove(folder)
      }
      let study = ScaleStudy(
        tool: try Self.tool(), scratch: folder, runs: runs, threads: session.configuration.threads,
        seed: session.configuration.seed, jobs: ScaleStudy.Job.allCases.filter(jobs.contains))
      let progress = session.progress
      let measurements =
        try study.alongEvents(sizes) { progress.begin($0) }
        + study.alongManagers(counts, events: at) { progress.begin($0) }
      let view = ScaleView(measurements, threads: session.configuration.threads, runs: runs)
      try session.show(
        json: FileText(view.tree.text()), csv: FlatTable(view.rows, leading: ["along", "job"]),
        text: view.text(on: session.console))
      if let output {
        try TextFile.write(FlatTable(view.rows, leading: ["along", "job"]).csvText(), to: "\(output)/scale.csv")
        for plot in view.plots { try TextFile.write(FileText(plot.svg), to: "\(output)/\(plot.name).svg") }
      }
    }
  }

  /// `1000,3000` as numbers.
  private static func numbers(_ text: String, of option: String, from least: Int) throws(RapportError) -> [Int] {
    var numbers: [Int] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(word), (least...1_000_000_000).contains(number) else {
        throw RapportError(
          .usage, "\(option): found '\(word)', expected whole numbers from \(least), separated by commas")
      }
      numbers.append(number)
    }
    return numbers
  }

  private static func prepare(_ folder: String) throws(RapportError) {
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
      throw RapportError(.output, "\(folder): can't be made: \(String(cString: strerror(errno)))")
    }
    // Told before the measuring, not after it.
    guard access("\(folder)/.", W_OK) == 0 else {
      throw RapportError(.output, "\(folder): can't be written to: \(String(cString: strerror(errno)))")
    }
  }

  private static func temporaryFolder(in parent: String?) throws(RapportError) -> String {
    let parent = parent ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/rapport-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw RapportError(.output, "\(parent): no folder can be made there: \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// This program's own file.
  private static func tool() throws(RapportError) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { throw RapportError(.defect, "/proc/self/exe names no file") }
    return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
