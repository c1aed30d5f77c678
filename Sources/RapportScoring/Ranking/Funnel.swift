/// Managers' own shares or rates of one indicator against what chance alone would give around all of them together: a
/// funnel plot (METHODS.md §10).
public struct Funnel: Codable, Sendable, Equatable {
  /// What a value is made of.
  public enum Kind: String, Codable, Sendable {
    /// Successes of cases.
    case share
    /// Events in an exposure.
    case rate
  }
  /// How much more values spread than chance explains.
  public struct Overdispersion: Codable, Sendable, Equatable {
    /// φ, the mean squared distance in standard errors once the ends are moved in; about 1 by chance alone.
    public var dispersion: Double?
    /// τ, the standard deviation between managers that limits allow for, in the indicator's unit.
    public var betweenDeviation: Double
  }
  /// The limits of one level by size.
  public struct Curve: Codable, Sendable, Equatable {
    public struct Point: Codable, Sendable, Equatable {
      public var size: Double
      public var low: Double
      public var high: Double
    }
    /// The share of managers that chance alone leaves within.
    public var level: Double
    public var points: [Point]
  }
  /// A manager beyond the limits.
  public struct Outside: Codable, Sendable, Equatable {
    public enum Side: String, Codable, Sendable { case below, above }
    public var manager: String
    public var size: Double
    public var value: Double
    public var side: Side
    /// The highest level whose limits it lies beyond.
    public var level: Double
    /// Those limits at its size.
    public var low: Double
    public var high: Double
  }
  /// A manager within the limits, to draw.
  public struct Point: Codable, Sendable, Equatable {
    public var size: Double
    public var value: Double
  }

  public var indicator: String
  public var kind: Kind
  /// Managers whose value is shown, and who are compared.
  public var managers: Int
  /// The value of all of them together.
  public var centre: Double
  public var overdispersion: Overdispersion
  /// By level, the lower first.
  public var curves: [Curve]
  /// In the order of identifiers.
  public var outside: [Outside]
  /// By size; where they are very many, evenly every so many.
  public var inside: [Point]

  /// Managers beyond the limits of this level.
  public func outside(level: Double) -> Int { outside.count { $0.level >= level } }
}
