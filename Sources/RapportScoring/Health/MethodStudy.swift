/// How far ranks hang on how health is put together.
public struct MethodStudy: Codable, Sendable, Equatable {
  /// What one choice makes of it.
  public struct Factor: Codable, Sendable, Equatable {
    public var name: MethodFactor
    /// The share of the variance of the mean rank shift that knowing this choice alone would take away, and its standard
    /// error; `nil` where nothing shifts. Estimates near 0 and 1 may lie beyond.
    public var firstOrder: Double?
    public var firstOrderError: Double?
    /// The share that would remain if all other choices were known, and its standard error.
    public var total: Double?
    public var totalError: Double?
    /// The same two of all managers' ranks together: whose they are counts here, and not only how far.
    public var ranksFirstOrder: Double?
    public var ranksFirstOrderError: Double?
    public var ranksTotal: Double?
    public var ranksTotalError: Double?
  }
  /// What is varied, and how far.
  public var varied: MethodSettings
  /// By how many places a rank differs on average from what is configured.
  public var meanRankShift: Double
  /// In the order of ``MethodFactor``.
  public var factors: [Factor]
  /// How many managers the study rests on; of very many every so many are taken.
  public var managers: Int
  /// Base points of the design.
  public var points: Int

  /// So many standard errors of a difference are more than chance: the 97.5 % point of t with the 7 degrees of freedom
  /// that the batches of the design leave.
  static let tellingErrors = 2.365

  /// The choice that the mean rank shift hangs on most (``Factor/total``); `nil` where none leads all others beyond the
  /// errors, and where nothing shifts.
  public var mostInfluential: MethodFactor? {
    let known = factors.compactMap { factor -> (name: MethodFactor, total: Double, error: Double)? in
      guard let total = factor.total, let error = factor.totalError else { return nil }
      return (factor.name, total, error)
    }
    guard let first = known.max(by: { $0.total < $1.total }) else { return nil }
    let leads = known.allSatisfy { other in
      let error = (first.error * first.error + other.error * other.error).squareRoot()
      return other.name == first.name || first.total - other.total > Self.tellingErrors * error
    }
    return leads ? first.name : nil
  }
}

/// A place in the ranking with what isn't known and what could be chosen otherwise in one distribution.
public struct RankWithMethod: Codable, Sendable, Equatable {
  /// Expected rank; 1 = highest.
  public var expected: Double
  /// The interval that holds both the rank's own and that over all ways to put health together.
  public var low: Double
  public var high: Double
  /// Of the rank alone, by ``MethodFactor``: the share of what the choices move it by that comes from each of them; `nil`
  /// where they don't move it, or managers are too many to tell of each.
  public var firstOrder: [String: Double]?
  public var total: [String: Double]?
}
