import Foundation
import RapportTestSupport
import Testing

/// What `rapport fit … --format json` printed, read as any program would.
struct FitRun {
  let tree: JSONValue

  /// Runs `rapport fit` with these arguments; expects that it ends well and prints JSON and nothing else.
  init(_ arguments: [String], input: Data = Data()) throws {
    let run = try Tool.run(["fit"] + arguments + ["--format", "json"], input: input)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    tree = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
  }

  /// A number of the object itself.
  func number(_ key: String) throws -> Double { try #require(tree[key]?.number, "no number '\(key)'") }

  /// One member of every entry of a list.
  func numbers(_ list: String, _ key: String) throws -> [Double] {
    try #require(tree[list]?.array, "no list '\(list)'").map { try #require($0[key]?.number, "no '\(key)' in \($0)") }
  }

  /// One member of every entry of a list, as text.
  func texts(_ list: String, _ key: String) throws -> [String] {
    try #require(tree[list]?.array, "no list '\(list)'").map { try #require($0[key]?.text, "no '\(key)' in \($0)") }
  }

  /// The effects of one group, by level.
  func effects(of group: String, _ key: String) throws -> [String: Double] {
    let effects = try #require(tree["effects"]?.array).filter { $0["group"]?.text == group }
    return Dictionary(
      uniqueKeysWithValues: try effects.map { (try #require($0["level"]?.text), try #require($0[key]?.number)) })
  }

  /// The doubts that were told.
  var notes: [String] { tree["notes"]?.texts ?? [] }
}
