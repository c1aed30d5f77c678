/// The drift that one or many series share, and the level of each.
public struct LocalLevelFit: Sendable, Equatable {
  /// Whether levels move: ``Spread/none`` where q = 0 fits best, ``Spread/undetermined`` where no level could have moved
  /// between two observations, so that any q fits alike and 0 stands for it.
  public let drift: Spread
  /// q, by period.
  public let driftVariance: Double
  /// What the variances of errors were multiplied by; 1 where they were taken as they are.
  public let errorFactor: Double
  /// The largest diffuse log likelihood.
  public let logLikelihood: Double
  /// The diffuse log likelihood at q = 0.
  public let logLikelihoodWithoutDrift: Double
  /// How q was found; `nil` where no search was needed.
  public let record: SearchRecord?
  /// The levels at q, in the order of the series.
  public let paths: [LevelPath]
}
