import Glibc
import Rapport

/// What a scoring command has made.
struct ScoringResult<Answer> {
  var answer: Answer
  var loaded: Loaded
  var times: StageTimes
}

extension ScoringResult where Answer == Assessment {
  var assessment: Assessment { answer }
}

extension Session {
  /// Reads and derives.
  ///
  /// - Parameter keepsRefused: whether too many refused rows end the run only after they are told.
  func load(_ events: [String], keepsRefused: Bool = false) throws -> Loaded {
    let loaded = try Rapport.load(
      events.map { InputSource(argument: $0) }, configuration: configuration, keepsRefused: keepsRefused,
      observer: observer)
    if let note = loaded.statistics.emptyNote { self.note(note) }
    return loaded
  }

  /// Reads, derives and scores.
  func assess(_ events: [String]) throws -> ScoringResult<Assessment> {
    let progress = progress
    return try score(events) { history, options in
      try Rapport.assess(history, options: options) { step in
        progress.begin("\(Stage.scoring), \(step.rawValue + 1) of \(AssessmentStep.allCases.count): \(step.words)")
      }
    }
  }

  /// Reads, derives and finds favouritism, which needs no other score.
  func findFavouritism(_ events: [String]) throws -> ScoringResult<FavouritismFindings> {
    try score(events) { history, options in try FavouritismFindings.find(in: history, options: options) }
  }

  private func score<Answer>(
    _ events: [String], _ work: (History, AssessmentOptions) throws -> Answer
  ) throws -> ScoringResult<Answer> {
    let loaded = try load(events)
    var times = loaded.times
    progress.begin("\(Stage.scoring)")
    let answer = try work(loaded.history, configuration.assessmentOptions)
    times.end(.scoring)
    return ScoringResult(answer: answer, loaded: loaded, times: times)
  }

  /// Writes everything to a folder.
  func write(_ result: inout ScoringResult<Assessment>, to folder: OutputFolder) throws {
    progress.begin("\(Stage.reporting)")
    try Rapport.write(
      result.assessment, from: result.loaded, configuration: configuration, times: result.times,
      arguments: Array(CommandLine.arguments.dropFirst()), to: folder)
    result.times.end(.reporting)
  }

  /// Where time went, if asked.
  mutating func tellTimes<Answer>(_ result: ScoringResult<Answer>) {
    tell(result.times, result.loaded.statistics, events: result.loaded.ledger.toldRowCount)
  }

  /// Where time went, if asked.
  ///
  /// - Parameter events: what stages after the reading work on.
  mutating func tell(_ times: StageTimes, _ statistics: ReadingStatistics, events: Int) {
    guard configuration.verbose else { return }
    hasToldTimes = true
    note(
      Timings.text(
        times, statistics, events: events, console: Terminal.console(on: STDERR_FILENO, color: configuration.color)))
  }
}
