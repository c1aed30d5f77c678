import ArgumentParser

/// Cox's model of a table.
struct CoxFitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cox", abstract: "Fits Cox's proportional hazards: how soon an event comes.",
    discussion: """
      Rows whose event has not happened by --stop are censored, not left out. With --start, rows enter late, and one \
      subject may have several rows. Estimates are log hazard ratios, as survival's coxph has them; --random gives normal \
      effects, as coxme, of up to 6,000 levels: a second or two for a thousand, minutes for five thousand.

      Examples:
        rapport fit cox waits.csv --stop hours --event answered --fixed topic,priority --strata partner --cluster manager
        rapport fit cox spells.csv --start from --stop until --event status=left --fixed age --ties breslow
        rapport fit cox waits.csv --stop hours --event answered --fixed topic --random manager --format json
      """)

  @OptionGroup var options: FitOptions
  @OptionGroup var hazard: HazardOptions
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in try hazard.run(.cox, options, session) }
  }
}
