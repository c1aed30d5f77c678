/// The words of keys that programs read.
public enum KeyWords {
  /// `bad time` for `badTime`, `bad JSON` for `badJSON`.
  public static func words(_ key: String) -> String {
    if let plain = plainWords(key) { return plain }
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

  /// Likewise, byte by byte, of ASCII without two capitals next to each other, as almost all keys are; otherwise `nil`.
  private static func plainWords(_ key: String) -> String? {
    var words: [UInt8] = []
    var isRun = false
    for byte in key.utf8 {
      let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      guard byte < 0x80, byte != UInt8(ascii: "\r"), !(isCapital && isRun) else { return nil }
      if isCapital && !words.isEmpty { words.append(UInt8(ascii: " ")) }
      words.append(isCapital ? byte + 0x20 : byte)
      isRun = isCapital
    }
    return String(decoding: words, as: UTF8.self)
  }
}
