/// How the spread between units stands, once estimated: a boundary is an answer of its own, and is said in words.
public enum Spread: String, Sendable, Equatable, Codable {
  /// The units differ, and by how much was estimated.
  case estimated
  /// The units differ no more than chance alone would make them: the estimate is at its boundary, zero.
  case none
  /// The data can't tell, such as rates of units with one trial each, or fewer than two units.
  case undetermined
}
