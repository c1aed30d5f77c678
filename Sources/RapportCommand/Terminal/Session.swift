import ArgumentParser
import Glibc
import Rapport
import RapportSimulation

/// One run of a command: its configuration, its outputs, and how errors become exit codes.
struct Session {
  var configuration: Configuration
  let progress: ProgressLine
  /// Whether it has been told where time went.
  var hasToldTimes = false

  /// Runs a command's body. Errors are told on standard error, and end the program with their exit code.
  ///
  /// - Parameters:
  ///   - config: the configuration file that the user named.
  ///   - options: option groups, which win over the file.
  static func run(
    config: String? = nil, _ options: [any SettingOptions], _ body: (inout Session) throws -> Void
  ) throws {
    let start = Machine.seconds
    Interruption.endRun()
    do {
      var configuration = Configuration()
      if let config {
        try checkIsReadable(config, option: "--config")
        let text = try TextFile.read(config, as: .configuration)
        try configuration.read(text, name: config, folder: folder(of: config))
        configuration.files.append(config)
      }
      for group in options { try group.apply(to: &configuration) }
      // What stands in a configuration file is a wish for where there can be colour.
      let asksForColor = options.contains { $0.settings.contains { $0.name == "color" && $0.value != nil } }
      if asksForColor, configuration.color == .always, configuration.format != .table {
        throw RapportError(
          .usage, "--color always: \(configuration.format.rawValue) has no colour; leave it out, or use --format table")
      }
      let progress = ProgressLine(isShown: Terminal.showsProgress && !configuration.quiet)
      var session = Session(configuration: configuration, progress: progress)
      defer { progress.end() }
      try body(&session)
      if session.configuration.verbose, !session.hasToldTimes { session.note(Timings.ofRun(since: start)) }
    } catch let code as ExitCode {
      throw code
    } catch {
      StandardError.write(Terminal.message(message(error)) + "\n")
      throw exitCode(error)
    }
  }

  /// What the library tells while it works.
  var observer: RunObserver {
    let progress = progress
    return RunObserver(begin: { progress.begin("\($0)") }, advance: { progress.advance($0) })
  }

  /// Where `score` writes, if anywhere.
  var outputFolder: OutputFolder? { configuration.output.map { OutputFolder($0) } }

  /// The console for people, where the format is a table.
  var console: Console { Terminal.console(color: configuration.color) }

  /// Writes a result in the format that was asked.
  ///
  /// - Parameters:
  ///   - place: the result where it is written already, and standard output only tells of it. That it can't be told there is said and
  ///     is no failure: whoever repeated the run would do all of it again, and a ledger refuses the same input twice.
  ///   - json: the text for `--format json`.
  ///   - csv: the table for `--format csv`.
  ///   - text: the text for people.
  func show(
    of place: String? = nil, json: @autoclosure () throws -> FileText, csv: @autoclosure () throws -> FlatTable,
    text: @autoclosure () -> String
  ) throws {
    progress.end()
    let shown: FileText
    switch configuration.format {
    case .json: shown = try json()
    case .csv: shown = try csv().csvText(spreadsheetSafe: configuration.spreadsheetSafe)
    case .table: shown = FileText(text())
    }
    do throws(RapportError) {
      try StandardOutput.write(shown)
    } catch {
      guard let place else { throw error }
      StandardError.write(Terminal.message("\(error.description); \(place) is written and whole.") + "\n")
    }
  }

  /// Tells something beside the result, unless quiet.
  func note(_ text: String) {
    guard !configuration.quiet else { return }
    progress.end()
    StandardError.write(text + "\n")
  }

  /// - Throws: kind `usage` where a file that an option names isn't there or can't be read; what it says is another matter.
  static func checkIsReadable(_ path: String, option: String) throws(RapportError) {
    var status = stat()
    var failure = access(path, R_OK) == 0 ? 0 : errno
    if failure == 0, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { failure = EISDIR }
    guard failure == 0 else {
      throw RapportError(.usage, "\(option): '\(path)' can't be read: \(String(cString: strerror(failure)))")
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func message(_ error: any Error) -> String {
    switch error {
    case let error as RapportError where error.kind == .defect: "Error: \(error.description) \(defectAdvice)"
    case let error as RapportError: "Error: \(error.description)"
    case let error as IngestionError: "Error: \(error.description)"
    case let error as ScoringError: "Error: \(error.description)"
    case let error as SimulationError: "Error: \(error.description)"
    case ExplanationError.unknownManager(let id, let known), PlotError.unknownManager(let id, let known):
      "Error: --manager '\(id)': no event names this manager\(hint(for: id, among: known))"
    case ExplanationError.unknownPartner(let id, let manager, let known):
      "Error: --partner '\(id)': manager '\(manager)' has no events with this partner\(hint(for: id, among: known))"
    case PlotError.unknownPartner(let id, let known):
      "Error: --partner '\(id)': no event names this partner\(hint(for: id, among: known))"
    case PlotError.unknownIndicator(let name, let known):
      "Error: --indicator '\(name)' isn't known; there are \(known.joined(separator: ", "))"
        + NearestWord.suggestion(for: name, among: known)
    case PlotError.nothingToDraw(let reason): "Error: there is nothing to draw: \(reason)"
    case let error as ValidationError: "Error: \(error.message)"
    default: "Error: \(error) \(defectAdvice)"
    }
  }

  private static func hint(for word: String, among words: [String]) -> String {
    let suggestion = NearestWord.suggestion(for: word, among: words)
    guard suggestion.isEmpty, !words.isEmpty else { return suggestion }
    return "; there are \(words.count), such as \(words.sorted().prefix(3).joined(separator: ", "))"
  }

  private static let defectAdvice =
    "This is a defect in rapport, not in your input; please report it with the command and what it read."

  /// The codes that DESIGN.md promises.
  static func exitCode(_ error: any Error) -> ExitCode {
    switch error {
    case let error as RapportError:
      switch error.kind {
      case .usage: ExitCode(64)
      case .configuration: ExitCode(78)
      case .outputExists: ExitCode(73)
      case .output: ExitCode(74)
      case .defect: ExitCode(70)
      }
    case let error as IngestionError:
      switch error.kind {
      case .usage: ExitCode(64)
      case .unusable: ExitCode(65)
      case .noInput: ExitCode(66)
      case .outputExists: ExitCode(73)
      case .output: ExitCode(74)
      case .configuration: ExitCode(78)
      }
    case let error as SimulationError:
      switch error.kind {
      case .settings: ExitCode(64)
      case .folderTaken: ExitCode(73)
      case .output: ExitCode(74)
      }
    case is ExplanationError: ExitCode(64)
    case PlotError.nothingToDraw: ExitCode(65)
    case is PlotError: ExitCode(64)
    case is ScoringError: ExitCode(65)
    case is ValidationError: ExitCode(64)
    default: ExitCode(70)
    }
  }
}
