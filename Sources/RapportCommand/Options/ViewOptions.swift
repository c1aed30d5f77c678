import ArgumentParser
import Rapport

/// What every command takes that shows a part of the assessment.
struct ViewOptions: ParsableArguments {
  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Scoring") var scoring: ScoringOptions
  @OptionGroup(title: "Run") var running: RunOptions

  /// Reads, derives and scores, shows what the command shows, and tells where time went, if asked.
  ///
  /// - Parameters:
  ///   - prepare: what comes before any work; it may change the session's configuration.
  ///   - show: writes the result.
  func run(
    prepare: (inout Session) throws -> Void = { _ in }, show: (Session, inout ScoringResult<Assessment>) throws -> Void
  ) throws {
    try Session.run(config: input.config, [input, scoring, running]) { session in
      try prepare(&session)
      var result = try session.assess(input.events)
      try show(session, &result)
      session.tellTimes(result)
    }
  }
}
