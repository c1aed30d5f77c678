/// Managers' own shares or rates of one indicator against what chance, and how much managers usually differ, would give
/// around all of them together: a funnel plot (METHODS.md §10).
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
  /// How cases of one month go together: chance is larger than that of independent cases.
  public struct Clustering: Codable, Sendable, Equatable {
    /// Of shares: of two cases of one manager's month.
    public var correlation: Double?
    /// Of rates: the squared coefficient of variation of one manager's rate from month to month.
    public var rateVariation: Double?
    /// How many times the variance of independent cases the managers' shares or rates have, the least and the most.
    public var smallestDesignEffect: Double
    public var largestDesignEffect: Double
  }
  /// The limits of one level by size.
  public struct Curve: Codable, Sendable, Equatable {
    public struct Point: Codable, Sendable, Equatable {
      public var size: Double
      public var low: Double
      public var high: Double
    }
    /// The share of managers that chance and managers' usual differences leave within.
    public var level: Double
    /// Managers beyond the limits that chance alone would set.
    public var beyondChance: Int
    /// How many managers would lie beyond these limits anyway: fewer than 1 − ``level`` of them where a limit stands at an end that
    /// no value passes, such as 100 %.
    public var expected: Double
    /// Where cases of one month go together, for managers whose cases spread over months as is usual.
    public var points: [Point]
  }
  /// A manager beyond limits.
  public struct Outside: Codable, Sendable, Equatable {
    public enum Side: String, Codable, Sendable { case below, above }
    public var manager: String
    public var size: Double
    public var value: Double
    public var side: Side
    /// The highest level whose limits it lies beyond.
    public var level: Double
    /// Its design effect; 1 where cases are independent, or months aren't looked at.
    public var designEffect: Double
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
  /// `nil` where months aren't looked at.
  public var clustering: Clustering?
  /// By level, the lower first.
  public var curves: [Curve]
  /// In the order of identifiers.
  public var outside: [Outside]
  /// Managers within the limits whom chance alone would leave outside, with the limits that it would set: managers usually
  /// differ that much. In the order of identifiers.
  public var beyondChance: [Outside]
  /// By size; where they are very many, evenly every so many.
  public var inside: [Point]

  /// Managers beyond the limits of this level.
  public func outside(level: Double) -> Int { outside.count { $0.level >= level } }
}
