import ArgumentParser
import Rapport
import RapportSimulation

/// An organisation with known truth.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Makes an organisation with known truth: events, rosters, calendars, truth.json.",
    discussion: """
      Writes events.csv, managers.csv, partners.csv, rapport.toml and truth.json. The same settings give the same bytes.

      Examples:
        rapport simulate --output organisation
        rapport simulate --managers 200 --partners 12 --months 24 --favoured-factor 2 --seed 7 --output study
        rapport simulate --events 1000000 --output big
        rapport score organisation/events.csv --config organisation/rapport.toml
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The folder to write; replaced if simulate wrote it.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("Settings in TOML by the names in truth.json; options win over it.", valueName: "file"))
  var settings: String?

  @Option(help: "Line managers (default: 100).") var managers: Int?
  @Option(help: "HR and L&D partners (default: 10).") var partners: Int?
  @Option(help: "Calendar months of data (default: 12).") var months: Int?
  @Option(help: "About how many events; managers and partners are scaled to reach it.") var events: Int?
  @Option(help: "Requests per manager and month (default: 6).") var requestsPerMonth: Double?
  @Option(help: "Spread of the latent traits; 0 plants no difference (default: 1).") var traitSpread: Double?
  @Option(help: "Share of pairs that are favoured (default: 0.05).") var favouredShare: Double?
  @Option(help: "Odds of being picked next for a favoured pair (default: 2.5).") var favouredFactor: Double?
  @Option(help: "Share of managers whose traits change over time (default: 0.2).") var trendShare: Double?
  @Option(help: "How differently managers' requests are composed (default: 0.6).") var confounding: Double?
  @Option(help: "Rows that no reader should accept, as a share (default: 0).") var dirtyShare: Double?
  @Option(
    help: "How partners choose: choice, first-in-first-out, strict-priority, shortest-job-first, batching, mixed.")
  var discipline: String?
  @Option(help: "The first day, as 2024-07-01; what lies in the future can't be scored.") var start: String?
  @Option(help: "The organisation's time zone (default: Europe/London).") var timezone: String?
  @OptionGroup(title: "Run") var running: RunOptions

  func run() throws {
    try Session.run([running]) { session in
      var settings = try settings.map(Self.settings) ?? SimulationSettings()
      try apply(to: &settings)
      if running.seed != nil || self.settings == nil { settings.seed = session.configuration.seed }
      try SimulatedOrganisation.check(folder: output)
      session.progress.begin("simulating")
      var organisation = try simulate(settings)
      organisation.truth.plantHealth { values in
        var known: [Indicator: Double] = [:]
        for (name, value) in values {
          if let indicator = Indicator(rawValue: name) { known[indicator] = value }
        }
        return Health.composite(indicatorValues: known)
      }
      try organisation.write(to: output)
      let summary: JSONValue = [
        "output": .string(output), "events": .integer(Int64(organisation.eventCount)),
        "managers": .integer(Int64(organisation.truth.managers.count)), "seed": try JSONValue(encoding: settings.seed),
      ]
      let isToCome = organisation.lastEvent.map { $0 > .now } ?? false
      try session.show(
        of: output, json: FileText(JSONValue.object(["simulation": summary]).text()),
        csv: FlatTable([summary], leading: ["output"]),
        text: "\(output): \(Figure.count(organisation.eventCount)) events of "
          + "\(Figure.count(organisation.truth.managers.count, "manager")), seed \(settings.seed); the truth is "
          + "in \(output)/truth.json.\n"
          + (isToCome
            ? "" : "Score it: rapport score \(output)/events.csv --config \(output)/rapport.toml --output result\n"))
      if isToCome {
        session.note(
          "The log ends in the future, about which rapport is told nothing: rows after the moment of reading are refused. "
            + "--start begins it earlier.")
      }
    }
  }

  private static func settings(from file: String) throws -> SimulationSettings {
    try Session.checkIsReadable(file, option: "--settings")
    var keys = ["events", "startDate", "volumeSpread"]
    if case .object(let members) = try JSONValue(encoding: SimulationSettings()) { keys += members.keys }
    let settings = try TOMLFile.decode(
      SimulationSettings.self, from: TextFile.read(file, as: .configuration), name: file, keys: keys,
      choices: ["discipline": QueueDiscipline.allCases.map(\.rawValue)])
    do {
      try settings.check()
      _ = try TimeZoneRules(named: settings.timeZone)
    } catch {
      throw RapportError(.configuration, "\(file): \(error)")
    }
    return settings
  }

  private func apply(to settings: inout SimulationSettings) throws {
    if let managers { settings.managers = managers }
    if let partners { settings.partners = partners }
    if let months { settings.months = months }
    if let events { settings.events = events }
    if let requestsPerMonth { settings.requestsPerMonth = requestsPerMonth }
    if let traitSpread { settings.traitSpread = traitSpread }
    if let favouredShare { settings.favouredShare = favouredShare }
    if let favouredFactor { settings.favouredFactor = favouredFactor }
    if let trendShare { settings.trendShare = trendShare }
    if let confounding { settings.confounding = confounding }
    if let dirtyShare { settings.dirtyShare = dirtyShare }
    if let start { settings.startDate = start }
    if let timezone {
      do throws(IngestionError) {
        _ = try TimeZoneRules(named: timezone)
      } catch {
        throw RapportError(.usage, "--timezone: \(error)")
      }
      settings.timeZone = timezone
    }
    if let discipline {
      let spelled = Dictionary(
        uniqueKeysWithValues: QueueDiscipline.allCases.map { (Wording.spelled($0.rawValue), $0) })
      guard let found = spelled[discipline] ?? QueueDiscipline(rawValue: discipline) else {
        let known = spelled.keys.sorted()
        throw RapportError(
          .usage,
          "--discipline: found '\(discipline)', expected one of \(known.joined(separator: ", "))"
            + NearestWord.suggestion(for: discipline, among: known))
      }
      settings.discipline = found
    }
  }
}
