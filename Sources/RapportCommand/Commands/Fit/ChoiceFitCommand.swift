import ArgumentParser

/// A model of choices from queues.
struct ChoiceFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "choice", abstract: "Fits a conditional logit of choices: who is picked next from those who wait.",
    discussion: """
      A row waits in the queue of its stratum from --start to --stop, and --event says whether it was then picked. Each \
      pick is compared with everything that waited in the same queue at that moment. Without --stop, every stratum is one \
      set to choose from. Estimates are log odds of being picked, as survival's clogit has them.

      Examples:
        rapport fit choice queue.csv --start opened --stop answered --event picked --strata partner --fixed priority,topic
        rapport fit choice queue.csv --start opened --stop answered --event picked --strata partner --fixed topic --random manager
        rapport fit choice sets.csv --event chosen --strata set --fixed price,time
      """)

  @OptionGroup var options: FitOptions
  @OptionGroup var hazard: HazardOptions
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in try hazard.run(.choice, options, session) }
  }
}
