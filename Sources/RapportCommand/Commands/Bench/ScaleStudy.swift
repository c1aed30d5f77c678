import ArgumentParser
import Glibc
import Rapport
import RapportNumerics
import RapportSimulation

/// How time and memory of whole jobs grow with events and with managers, measured on this machine.
///
/// Every job is a process of its own, so that its memory is its own, and logs are made by such a process too.
struct ScaleStudy {
  /// A whole job of the tool.
  enum Job: String, CaseIterable {
    /// From a CSV file to a ledger file.
    case ingest
    /// From a CSV file to the report and every table.
    case score
  }

  /// What is varied.
  enum Axis: String {
    case events, managers
  }

  /// One size of one job, medians over its runs.
  struct Measurement {
    var axis: Axis
    var job: Job
    var events: Int
    var managers: Int
    /// Of the CSV file.
    var bytes: Int
    var seconds: Double
    var processorSeconds: Double
    var peakMemoryBytes: Double

    /// What is varied along the axis.
    var size: Double { Double(axis == .events ? events : managers) }
  }

  /// The power of the size with which a figure grows: the slope of its logarithm by least squares.
  struct Exponent {
    var axis: Axis
    var job: Job
    var sizes: Int
    var time: Double
    var memory: Double
  }

  /// Events that a simulated manager makes in a year with the simulation's own settings, about.
  static let eventsPerManager = 438.0
  private static let managersPerPartner = 10

  let tool: String
  /// Holds the logs, one at a time.
  let scratch: String
  let runs: Int
  let threads: Int
  let seed: UInt64
  let jobs: [Job]

  /// Jobs on logs of about so many events; managers grow with them.
  func alongEvents(_ sizes: [Int], tell: (String) -> Void) throws -> [Measurement] {
    try sizes.flatMap { events in
      let managers = max(1, Int((Double(events) / Self.eventsPerManager).rounded()))
      return try measure(.events, managers: managers, events: events, tell: tell)
    }
  }

  /// Jobs on logs of about `events` events, made by so many managers.
  func alongManagers(_ sizes: [Int], events: Int, tell: (String) -> Void) throws -> [Measurement] {
    try sizes.flatMap { try measure(.managers, managers: $0, events: events, tell: tell) }
  }

  private func measure(
    _ axis: Axis, managers: Int, events: Int, tell: (String) -> Void
  ) throws -> [Measurement] {
    let busyness = Double(events) / Self.eventsPerManager / Double(managers)
    let log = "\(scratch)/log"
    try Self.remove(log)
    tell("making \(Figure.count(events)) events of \(Figure.count(managers, "manager"))")
    let requestsPerMonth = SimulationSettings().requestsPerMonth * busyness
    // Reference runs of queues tell the truth of waits, which nothing here asks.
    let settings = """
      managers = \(managers)
      partners = \(max(2, managers / Self.managersPerPartner))
      requestsPerMonth = \(requestsPerMonth)
      activity = \(busyness)
      referenceRequests = 0
      seed = \(seed)
      """
    try TextFile.write(FileText(settings + "\n"), to: "\(scratch)/settings.toml")
    _ = try run(["simulate", "--settings", "\(scratch)/settings.toml", "--output", log])
    let file = "\(log)/events.csv"
    let (rows, bytes) = try Self.extent(of: file)
    return try jobs.map { job in
      var ended: [ChildProcess.Ended] = []
      for run in 1...runs {
        tell("\(job.rawValue), \(Figure.count(rows)) events, run \(run) of \(runs)")
        ended.append(try self.run(job, log: log))
      }
      let median = { (value: (ChildProcess.Ended) -> Double) in SampleQuantile.median(ended.map(value)) }
      return Measurement(
        axis: axis, job: job, events: rows, managers: managers, bytes: bytes, seconds: median { $0.seconds },
        processorSeconds: median { $0.processorSeconds }, peakMemoryBytes: median { Double($0.peakMemoryBytes) })
    }
  }

  private func run(_ job: Job, log: String) throws -> ChildProcess.Ended {
    let input = ["\(log)/events.csv", "--config", "\(log)/rapport.toml", "--threads", String(threads)]
    let made = "\(scratch)/made"
    try Self.remove(made)
    defer { try? Self.remove(made) }
    switch job {
    case .ingest: return try run(["ingest"] + input + ["--ledger", made])
    case .score: return try run(["score"] + input + ["--output", made])
    }
  }

  private func run(_ arguments: [String]) throws -> ChildProcess.Ended {
    try Interruption.check()
    let errors = "\(scratch)/errors"
    let ended = try ChildProcess.run(
      tool, arguments + ["--quiet"], errors: errors,
      environment: ChildProcess.environment(["PATH", "HOME", "TMPDIR", "TZDIR", "LD_LIBRARY_PATH"]),
      stop: Interruption.stop)
    try Interruption.check()
    guard ended.exitCode == 0 else {
      let said = ((try? TextFile.read(errors, as: .output)) ?? "").split(separator: "\n").first ?? ""
      throw RapportError(
        .output, "rapport \(arguments[0]) ended with \(ended.exitCode)\(said.isEmpty ? "" : ": \(said)")")
    }
    return ended
  }

  /// Removes a file, or a folder of files, if it is there.
  static func remove(_ path: String) throws(RapportError) {
    guard access(path, F_OK) == 0 else { return }
    let ended = try ChildProcess.run("/bin/rm", ["-r", "--", path], errors: "/dev/null", environment: [])
    guard ended.exitCode == 0 else { throw RapportError(.output, "\(path): can't be removed") }
  }

  /// Rows below the heading, and bytes.
  private static func extent(of file: String) throws -> (rows: Int, bytes: Int) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RapportError(.output, "\(file): can't be read") }
    defer { close(descriptor) }
    var (lines, bytes) = (0, 0)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      bytes += count
      lines += buffer[..<count].count { $0 == UInt8(ascii: "\n") }
    }
    return (lines - 1, bytes)
  }

  /// How time and memory of each job grow; of two sizes or more.
  static func exponents(_ measurements: [Measurement]) -> [Exponent] {
    [Axis.events, .managers].flatMap { axis in
      Job.allCases.compactMap { job in
        let own = measurements.filter { $0.axis == axis && $0.job == job }
        let sizes = own.map { log($0.size) }
        guard let first = sizes.first, sizes.contains(where: { $0 != first }) else { return nil }
        return Exponent(
          axis: axis, job: job, sizes: own.count, time: slope(sizes, own.map { log($0.seconds) }),
          memory: slope(sizes, own.map { log($0.peakMemoryBytes) }))
      }
    }
  }

  /// The slope of y on x by least squares.
  static func slope(_ x: [Double], _ y: [Double]) -> Double {
    let (meanX, meanY) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    let products = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return products / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }
}
