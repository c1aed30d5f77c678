import RapportIngestion

/// What the timing model says about who is answered how fast: effects on the logarithm of working time.
///
///     y = log min(T, L) = Xβ + u_manager + v_partner + w_pair + e        T in working seconds, at least 60 (``TimingCohort``)
///
/// A positive effect means slower. Effects are predictions with their posterior variance (fixed effects' uncertainty
/// included); exp(effect) is the adjusted response ratio of METHODS.md §2. They rest on the variances of u, v and w at their
/// posterior mode, since of a few managers the likelihood often has none, and then nobody's ratio has an error; the summary tells
/// the likelihood's.
///
/// Source: METHODS.md §4, §14.5.
public struct TimingModel: Sendable {
  /// An effect on log working time.
  public struct Effect: Codable, Sendable, Equatable {
    /// Predicted effect; positive = slower.
    public var mean: Double
    /// Its posterior variance.
    public var variance: Double
    /// Requests behind it.
    public var requests: Int
    /// Likewise, those answered within the follow-up limit.
    public var answered: Int
    /// Moderated variance of what remains of the answered requests' log working time once the model is taken off; squared spread of "predictability".
    public var residualVariance: Double
    /// Degrees of freedom of `residualVariance`, the prior's included.
    public var residualDegrees: Double
  }
  /// One pair's effect: manager and pair together, relative to the partner's usual.
  public struct PairEffect: Codable, Sendable, Equatable {
    /// Codes of the history.
    public var manager: Int
    public var partner: Int
    /// u_manager + w_pair, shrunken.
    public var effect: Effect
    /// The effect less the average of the partner's other pairs' effects, and the variance of that difference: effects are
    /// predicted together, so their variances don't add. `nil` where the partner has no other pair.
    public var difference: Estimate?
    /// The same quantity as `effect`, not shrunken, from the pair's own requests against the partner's usual, and its squared
    /// standard error; `nil` where the partner has no other manager to compare with.
    public var estimate: Double?
    public var estimateVariance: Double?
  }
  /// An effect that isn't shrunken.
  public struct Estimate: Codable, Sendable, Equatable {
    public var mean: Double
    public var variance: Double
  }
  /// By manager code; `nil` where the manager has no request in the model.
  public var managers: [Effect?]
  /// Managers' effects not shrunken, by manager code.
  public var managerEstimates: [Estimate?]
  /// Raw mean of log working seconds, nothing adjusted, by manager code.
  public var managerRawMeans: [Double?]
  /// By partner code; `nil` where the partner has no request in the model.
  public var partners: [Effect?]
  /// By manager, then partner.
  public var pairs: [PairEffect]
  /// σ² of u, v, w at their posterior mode, and that of e beside them.
  public var managerVariance: Double
  public var partnerVariance: Double
  public var pairVariance: Double
  public var residualVariance: Double
  public var summary: TimingSummary
  /// Whether the likelihood has the variances of managers and pairs at zero.
  let seesNoDifference: Bool
  /// How unevenly adjusted waiting falls to managers.
  let inequality: InequalityOfWaiting
  /// What remains of waits by manager and month.
  let monthlyWaits: MonthlyWaits
  /// Whose waits are known by the day only.
  let byDay: TimesByDay

  /// The effect of a pair, found by bisection.
  public func pair(manager: Int, partner: Int) -> PairEffect? {
    var (low, high) = (0, pairs.count)
    while low < high {
      let middle = (low + high) / 2
      if (pairs[middle].manager, pairs[middle].partner) < (manager, partner) { low = middle + 1 } else { high = middle }
    }
    guard low < pairs.count, pairs[low].manager == manager, pairs[low].partner == partner else { return nil }
    return pairs[low]
  }
}
