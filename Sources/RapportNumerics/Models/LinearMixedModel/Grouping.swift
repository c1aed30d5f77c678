/// What one random intercept goes by: each cell's level, as a code.
public struct Grouping: Sendable, Equatable {
  /// As in `manager` or `manager:partner`.
  public var name: String
  /// Each cell's level, from 0.
  public var codes: [Int32]
  /// How many levels there are; a level may have no cell.
  public var levelCount: Int

  /// A grouping from codes.
  public init(name: String, codes: [Int32], levelCount: Int) {
    self.name = name
    self.codes = codes
    self.levelCount = levelCount
  }

  /// Whether both put the same rows together, whatever their levels are called and in whichever order they come.
  public func separates(as other: Grouping) -> Bool {
    MixedModelSystem.isNested(self, in: other) && MixedModelSystem.isNested(other, in: self)
  }

  /// The grouping whose levels are the combinations of two groupings' levels that occur, in the order of their codes.
  public static func crossing(_ a: Grouping, _ b: Grouping) -> (grouping: Grouping, levels: [(Int32, Int32)]) {
    precondition(a.codes.count == b.codes.count, "\(a.codes.count) and \(b.codes.count) cells")
    let keys = zip(a.codes, b.codes).map { Int($0) * b.levelCount + Int($1) }
    let levels = Set(keys).sorted()
    let codes = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, Int32($0)) })
    let grouping = Grouping(name: "\(a.name):\(b.name)", codes: keys.map { codes[$0]! }, levelCount: levels.count)
    return (grouping, levels.map { (Int32($0 / b.levelCount), Int32($0 % b.levelCount)) })
  }
}
