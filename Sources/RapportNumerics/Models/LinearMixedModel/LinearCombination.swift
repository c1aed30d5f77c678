/// A weighted sum of random effects and coefficients, such as one effect, a difference of two, or a fitted value.
public struct LinearCombination: Sendable, Equatable {
  /// One random effect's part.
  public struct Term: Sendable, Equatable {
    /// The group's position among the model's groups.
    public var group: Int
    public var level: Int
    public var weight: Double
    /// A part of a combination.
    public init(group: Int, level: Int, weight: Double) {
      self.group = group
      self.level = level
      self.weight = weight
    }
  }
  /// Parts of random effects.
  public var effects: [Term]
  /// Weight of each coefficient, by design column; empty = none.
  public var coefficients: [Double]

  /// A combination of these parts.
  public init(effects: [Term], coefficients: [Double] = []) {
    self.effects = effects
    self.coefficients = coefficients
  }

  /// One random effect.
  public static func effect(group: Int, level: Int) -> Self {
    Self(effects: [Term(group: group, level: level, weight: 1)])
  }

  /// The difference of two levels of one group.
  public static func difference(group: Int, _ a: Int, _ b: Int) -> Self {
    Self(effects: [Term(group: group, level: a, weight: 1), Term(group: group, level: b, weight: -1)])
  }
}
