import ArgumentParser
import Rapport

/// The names of commands and of the commands under them, to tell which one a misspelt word may have meant.
struct CommandNames {
  /// Every name, and the names under it.
  private let commands: [(name: String, under: [String])]

  init(_ commands: [any ParsableCommand.Type]) {
    self.commands = commands.flatMap { command in
      let under = command.configuration.subcommands.flatMap(Self.names)
      return Self.names(command).map { ($0, under) }
    }
  }

  private static func names(_ command: any ParsableCommand.Type) -> [String] {
    [command.configuration.commandName ?? ""] + command.configuration.aliases
  }

  /// What is wrong with the command that the arguments begin with; `nil` where it is known, or none is named.
  func complaint(about arguments: [String]) -> String? {
    guard let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return nil }
    guard let command = commands.first(where: { $0.name == word }) else {
      let meant = suggestion(word)
      return "'\(word)' is no command\(meant)\(meant.isEmpty ? ";" : "") `rapport --help` lists them"
    }
    guard !command.under.isEmpty, arguments.count > 1 else { return nil }
    let second = arguments[1]
    guard !second.hasPrefix("-"), second != "help", !command.under.contains(second) else { return nil }
    let meant = NearestWord.nearest(to: second, among: command.under).map { "; did you mean '\(word) \($0)'?" }
    return "'\(word) \(second)' is no command\(meant ?? ";") there are "
      + command.under.map { "\(word) \($0)" }.joined(separator: ", ")
  }

  /// A command's own name comes before one that is spelt alike under another.
  private func suggestion(_ word: String) -> String {
    let under = commands.flatMap { command in command.under.map { (name: $0, whole: "\(command.name) \($0)") } }
    if let exact = under.first(where: { $0.name == word }) { return "; did you mean '\(exact.whole)'?" }
    let names = commands.map(\.name)
    if let nearest = NearestWord.nearest(to: word, among: names) { return "; did you mean '\(nearest)'?" }
    guard let nearest = NearestWord.nearest(to: word, among: under.map(\.name)),
      let found = under.first(where: { $0.name == nearest })
    else { return "" }
    return "; did you mean '\(found.whole)'?"
  }
}
