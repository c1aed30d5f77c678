import Rapport

/// What a scoring command has made.
struct ScoringResult {
  var assessment: Assessment
  var loaded: Loaded
  var times: StageTimes
}

extension Session {
  /// Reads and derives.
  func load(_ events: [String]) throws -> Loaded {
    try Rapport.load(events.map { InputSource(argument: $0) }, configuration: configuration, observer: observer)
  }

  /// Reads, derives and scores.
  func assess(_ events: [String]) throws -> ScoringResult {
    let loaded = try load(events)
    var times = loaded.times
    progress.begin("\(Stage.scoring)")
    let assessment = try Rapport.assess(loaded.history, options: configuration.assessmentOptions)
    times.end(.scoring)
    return ScoringResult(
      assessment: assessment, loaded: loaded, times: times)
  }

  /// Writes everything to a folder.
  func write(_ result: inout ScoringResult, to folder: OutputFolder) throws {
    progress.begin("\(Stage.reporting)")
    try Rapport.write(
      result.assessment, from: result.loaded, configuration: configuration, times: result.times,
      arguments: Array(CommandLine.arguments.dropFirst()), to: folder)
    result.times.end(.reporting)
  }

  /// Where time went, if asked.
  func tellTimes(_ result: ScoringResult) {
    if configuration.verbose { note(Timings.text(result.times, result.loaded.statistics)) }
  }
}
