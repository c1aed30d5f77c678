import Glibc

/// Groups' usual effects, and what is known of each unit around them.
public struct ReferencedFit: Sendable {
  /// The mixture; `nil` where the family was too small to show it.
  public let mixture: ShrinkageFit?
  /// What effects are shrunken by, and what usual effects were placed by.
  let prior: HalvedNormals
  let placing: HalvedNormals
  /// By group.
  public let references: [Reference]
  /// Whether usual effects and the mixture that places them settled, and in how many rounds.
  public let record: SearchRecord
  let groups: [[ReferencedShrinkage.Unit]]

  /// A unit's effect against the group's usual.
  public struct Effect: Sendable {
    /// The estimate that isn't shrunken, and its error with the reference's; the reference is found without this unit.
    public var estimate: Double
    public var standardError: Double
    /// The posterior.
    public var mean: Double
    public var low: Double
    public var high: Double
    public var localFalseSignRate: Double
  }

  /// How many places stand in for a reference's distribution.
  private static let places = 9

  /// What is known of the units of a group; `nil` for a group of one, which has nothing to be compared with.
  public func effects(group: Int, interval: Double) -> [Effect]? {
    let units = groups[group]
    guard units.count > 1 else { return nil }
    let reference = references[group]
    let places = reference.points(Self.places)
    return units.map { unit in
      let own = reference.grid.map(PlacedLikelihood([unit], placing).logDensity)
      let others = reference.probabilities(without: own)
      let mean = zip(others, reference.grid).reduce(0) { $0 + $1.0 * $1.1 }
      let variance = zip(others, reference.grid).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
      let posterior = PlacedPosterior(unit, prior: prior, places: places)
      let limits = posterior.interval(level: interval)
      return Effect(
        estimate: unit.estimate - mean,
        standardError: (unit.standardError * unit.standardError + variance).squareRoot(), mean: posterior.mean,
        low: min(limits.low, posterior.mean), high: max(limits.high, posterior.mean),
        localFalseSignRate: posterior.localFalseSignRate)
    }
  }
}
