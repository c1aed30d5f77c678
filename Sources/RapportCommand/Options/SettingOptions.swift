import ArgumentParser
import Rapport

/// Options that stand for settings of the same name in `rapport.toml`.
protocol SettingOptions: ParsableArguments {
  /// Each setting that the user may have given here; `nil` where they haven't.
  var settings: [(name: String, value: JSONValue?)] { get }
}

extension SettingOptions {
  /// Puts what the user gave over what stands there.
  func apply(to configuration: inout Configuration) throws(RapportError) {
    for (name, value) in settings {
      if let value { try configuration.set(option: name, to: value) }
    }
  }

  static func text(_ text: String?) -> JSONValue? { text.map { .string($0) } }
  static func texts(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .array(texts.map { .string($0) }) }
  static func flag(_ flag: Bool) -> JSONValue? { flag ? .bool(true) : nil }
}
