/// The valid word that a misspelt one most resembles.
public enum NearestWord {
  /// The nearest of the words, or `nil` when none is near: more than a third of the letters would have to change.
  ///
  /// Ties go to the word that stands first in the list. Case doesn't count.
  public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8)
    var best: (word: String, distance: Int)?
    for candidate in words {
      let letters = Array(candidate.lowercased().utf8)
      let distance = editDistance(wanted, letters)
      guard distance <= max(1, max(wanted.count, letters.count) / 3), distance < max(wanted.count, letters.count) else {
        continue
      }
      if best == nil || distance < best!.distance { best = (candidate, distance) }
    }
    return best?.word
  }

  /// `; did you mean 'response'?`, or nothing.
  public static func suggestion(for word: String, among words: some Sequence<String>) -> String {
    nearest(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other.
  ///
  /// Source: Damerau (1964), A technique for computer detection and correction of spelling errors; the restricted
  /// ("optimal string alignment") form.
  static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i] + [Int](repeating: 0, count: b.count)
      for j in 1...b.count {
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
