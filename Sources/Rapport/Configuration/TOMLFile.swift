import TOMLKit

/// Any value that decodes itself, from TOML.
public enum TOMLFile {
  /// - Parameters:
  ///   - keys: those that may stand at top level.
  ///   - choices: the words that a key of that name may have as its value.
  /// - Throws: ``RapportError`` of kind `configuration`: TOML that can't be read, an unknown key with the nearest known,
  ///   a value of the wrong type.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from text: String, name: String, keys: [String], choices: [String: [String]] = [:]
  ) throws(RapportError) -> Value {
    let document = try TOMLDocument(text, name: name)
    if case .object(let members) = document.root {
      for key in members.keys.sorted() where !keys.contains(key) {
        let suggestion = NearestWord.suggestion(for: key, among: keys)
        throw RapportError(
          .configuration,
          "\(document.place(of: [key])): key '\(key)' isn't known"
            + (suggestion.isEmpty ? "; known are \(keys.sorted().joined(separator: ", "))" : suggestion))
      }
    }
    for (key, words) in choices.sorted(by: { $0.key < $1.key }) {
      guard case .string(let word) = document.root[key], !words.contains(word) else { continue }
      throw RapportError(
        .configuration,
        "\(document.place(of: [key])): \(key): found '\(word)', expected one of \(words.joined(separator: ", "))"
          + NearestWord.suggestion(for: word, among: words))
    }
    do {
      return try TOMLDecoder().decode(type, from: text)
    } catch {
      throw RapportError(.configuration, "\(name): \(reason(error))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
    case DecodingError.typeMismatch(let type, let context), DecodingError.valueNotFound(let type, let context):
      return "\(path(context)): expected \(type)"
    case DecodingError.dataCorrupted(let context): return "\(path(context)): \(context.debugDescription)"
    default: return "\(error)"
    }
  }
}
