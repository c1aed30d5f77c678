/// A category of requests whose rare levels stand together as `(other)`.
struct PooledCategory: Sendable {
  let name: String
  /// Level names: those kept in the order of their codes, then `(none)`, then `(other)`, as far as they occur.
  let levels: [String]
  /// Each row's position in `levels`.
  let codes: [Int32]
  /// How many levels were pooled.
  let pooled: Int

  /// Fewest answered requests that a level of its own needs.
  static let fewestAnswered = 30
  /// Most levels of their own.
  static let mostLevels = 50

  /// Pools levels with fewer than 30 answered requests, and all but the 50 commonest.
  ///
  /// - Parameters: `codes`: each row's level, −1 = none; `answered`: whether the row was answered.
  ///
  /// Source: METHODS.md §4.
  init(
    name: String, names: [String], codes: [Int32], answered: [Bool], mostLevels: Int = PooledCategory.mostLevels
  ) {
    self.name = name
    var counts = [Int](repeating: 0, count: names.count + 1)
    for (code, isAnswered) in zip(codes, answered) where isAnswered { counts[Int(code) + 1] += 1 }
    var occurs = [Bool](repeating: false, count: names.count + 1)
    for code in codes { occurs[Int(code) + 1] = true }
    let commonest = counts.indices.filter { counts[$0] >= Self.fewestAnswered }
      .sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(mostLevels)
    let kept = commonest.filter { $0 > 0 }.sorted()
    var position = [Int32](repeating: -1, count: names.count + 1)
    var levels: [String] = []
    for code in kept {
      position[code] = Int32(levels.count)
      levels.append(names[code - 1])
    }
    if commonest.contains(0) {
      position[0] = Int32(levels.count)
      levels.append("(none)")
    }
    let rest = occurs.indices.filter { occurs[$0] && position[$0] < 0 }
    for code in rest { position[code] = Int32(levels.count) }
    if !rest.isEmpty { levels.append("(other)") }
    self.levels = levels
    self.codes = codes.map { position[Int($0) + 1] }
    pooled = rest.count
  }
}
