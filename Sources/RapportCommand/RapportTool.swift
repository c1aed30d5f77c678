import ArgumentParser
import Rapport

@main
struct RapportTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rapport", abstract: "Measures how healthy working relationships between HR and managers are.",
    version: rapportVersion)
}
