import RapportNumerics

/// How unevenly waiting is shared out among managers, everything comparable held equal.
///
/// Each manager counts with the mean adjusted wait of their requests,
///
///     x_m = (1/n_m) Σ_i exp(y_i − ŷ_i)        ŷ: the timing model without manager and pair
///
/// in multiples of what comparable requests wait with the same partner, weighted by their number of requests n_m. Means of
/// few requests differ by chance, so each measure stands beside what chance alone would give: its mean over exchanges of
/// requests among the managers of each partner.
///
/// Source: METHODS.md §6; Cowell (2011), Measuring Inequality.
public struct InequalityFinding: Codable, Sendable, Equatable {
  /// A manager with fewer requests in the timing model has no part in it.
  public static let fewestRequests = InequalityOfWaiting.fewestRequests

  /// A point of the Lorenz curve.
  public struct Point: Codable, Sendable, Equatable {
    /// The share of requests, those of the managers with the shortest adjusted waits first.
    public var requests: Double
    /// The share of all adjusted waiting that falls to them.
    public var waiting: Double
  }
  /// Managers with at least 5 requests in the timing model, and their requests.
  public var managers: Int
  public var requests: Int
  /// 0 where all managers wait alike; nearly 1 where one of many waits for all.
  public var gini: Double
  /// Mean over exchanges, and the value that 19 in 20 of them stay below; absent beyond 5 million requests.
  public var giniByChance: Double?
  public var giniByChanceHigh: Double?
  /// Theil's T, which is what lies between managers of the inequality between requests.
  public var theil: Double
  public var theilByChance: Double?
  /// The Lorenz curve at every twentieth of the requests.
  public var lorenz: [Point]
  /// The finding in one sentence.
  public var statement: String
}
