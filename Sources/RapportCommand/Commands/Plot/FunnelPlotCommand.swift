import ArgumentParser
import Rapport

/// One indicator against chance.
struct FunnelPlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "funnel", abstract: "Managers' shares or rates of one indicator, with limits of chance.",
    discussion: """
      Examples:
        rapport plot funnel events.csv --indicator answered-within-target -o targets.svg
      """)

  @OptionGroup var options: PlotOptions

  @Option(
    help: ArgumentHelp(
      "A share or a rate, by this name or the page's title: \(Self.names.joined(separator: ", ")).", valueName: "name"),
    completion: .list(Self.names))
  var indicator: String

  /// What may be drawn, where enough managers have it.
  private static var names: [String] { Indicator.allCases.filter(\.isShareOrRate).map { Wording.spelled($0.rawValue) } }

  func validate() throws {
    guard Plot.indicator(named: indicator) == nil else { return }
    throw ValidationError(
      "--indicator '\(indicator)' isn't known; there are \(Self.names.joined(separator: ", "))"
        + NearestWord.suggestion(for: indicator, among: Self.names))
  }

  func run() throws {
    try options.run { try Plot.funnel($0.assessment, indicator: indicator) }
  }
}
