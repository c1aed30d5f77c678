import RapportNumerics
import RapportReporting

/// How a result came about: everything that may differ between two runs of the same input, and what is needed to make
/// it again.
public struct Manifest: Sendable {
  /// The arguments after the program's name.
  public var arguments: [String]
  public var configuration: Configuration
  public var statistics: ReadingStatistics
  /// Which inputs the numbers in examples mean.
  public var inputNames: InputNames
  public var times: StageTimes
  public var started: Instant

  public init(
    arguments: [String], configuration: Configuration, statistics: ReadingStatistics,
    inputNames: InputNames, times: StageTimes, started: Instant
  ) {
    self.arguments = arguments
    self.configuration = configuration
    self.statistics = statistics
    self.inputNames = inputNames
    self.times = times
    self.started = started
  }

  /// The manifest as a tree; the `format` marks the folder as rapport's.
  public var tree: JSONValue {
    .object([
      "format": "rapport-manifest/1",
      "version": .string(rapportVersion),
      "arguments": .array(arguments.map { .string($0) }),
      "options": configuration.tree,
      "seed": (try? JSONValue(encoding: configuration.seed)) ?? .null,
      // Without their rows: what they have more than the report tells would be what it doesn't (`DataQuality.confidential`).
      "inputs": .array(
        statistics.inputs.map {
          ["name": .string($0.name), "bytes": .integer(Int64($0.bytes)), "sha256": .string($0.sha256)]
        }),
      "inputsInExamples": .object(
        Dictionary(
          inputNames.names.enumerated().map { ("input \($0 + 1)", .string($1)) }, uniquingKeysWith: { $1 })),
      "ledgers": .array(configuration.ledgers.map { .string($0) }),
      "started": .string(Self.text(started)),
      "finished": .string(Self.text(.now)),
      "seconds": .object(
        Dictionary(times.stages.map { ($0.stage.rawValue, .number($0.seconds)) }, uniquingKeysWith: { $1 })),
      "threads": .integer(Int64(configuration.threads)),
      "blas": .string(BLASInformation.name),
      "peakMemoryBytes": .integer(Int64(Machine.peakMemoryBytes)),
    ])
  }

  /// ISO 8601 in universal time.
  static func text(_ instant: Instant) -> String {
    let seconds = Int(instant.milliseconds / 1000)
    let date = TimeZoneRules.utc.date(of: instant).components
    let second = seconds % 86_400
    func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return
      "\(date.year)-\(padded(date.month))-\(padded(date.day))T\(padded(second / 3600)):\(padded(second / 60 % 60)):"
      + "\(padded(second % 60))Z"
  }
}
