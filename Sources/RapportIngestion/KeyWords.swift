/// The words of keys that programs read.
public enum KeyWords {
  /// `bad time` for `badTime`, `bad JSON` for `badJSON`.
  public static func words(_ key: String) -> String {
    var words: [String] = []
    var isRun = false
    for character in key {
      if character.isUppercase, isRun, !words.isEmpty {
        // A run of capitals is one word and stays as it is: HR, UTF8.
        words[words.count - 1] = words[words.count - 1].uppercased() + String(character)
      } else if character.isUppercase || words.isEmpty {
        words.append(character.lowercased())
      } else {
        words[words.count - 1].append(character)
      }
      isRun = character.isUppercase
    }
    return words.joined(separator: " ")
  }
}
