import Glibc

/// The ratio of two shares, on the log scale, with its error.
///
///     log RR = log (a/m) − log (c/n)        Var = 1/a − 1/m + 1/c − 1/n
///
/// a of m in the first group, c of n in the second. Source: Katz, Baptista, Azen & Pike (1978), Obtaining confidence intervals
/// for the risk ratio in cohort studies.
public struct RiskRatio: Sendable, Equatable {
  /// log RR.
  public let logarithm: Double
  /// Its standard error.
  public let standardError: Double

  /// Counts of two groups: with the event, and in all.
  public struct Counts: Sendable, Equatable {
    public var events: (Int, Int)
    public var totals: (Int, Int)
    /// The first group's counts, then the second's.
    public init(events: (Int, Int), totals: (Int, Int)) {
      self.events = events
      self.totals = totals
    }

    /// Compares every count.
    public static func == (a: Self, b: Self) -> Bool { a.events == b.events && a.totals == b.totals }

    func check() throws(NumericsError) {
      for (events, total) in [(events.0, totals.0), (events.1, totals.1)] where events < 0 || events > total {
        throw .invalidInput("\(events) events of \(total), expected 0 to \(total)")
      }
    }
  }

  /// Of one table.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for counts that can't be, or a group without events, whose logarithm isn't
  ///   finite.
  public init(_ counts: Counts) throws(NumericsError) {
    try counts.check()
    let (a, c) = (Double(counts.events.0), Double(counts.events.1))
    let (m, n) = (Double(counts.totals.0), Double(counts.totals.1))
    guard a > 0, c > 0 else { throw .invalidInput("a group has no event; the logarithm of the ratio isn't finite") }
    logarithm = log(a / m) - log(c / n)
    standardError = (1 / a - 1 / m + 1 / c - 1 / n).squareRoot()
  }

  /// The common ratio of several tables, by Mantel and Haenszel.
  ///
  ///     RR = R/S, R = Σ a n/N, S = Σ c m/N        Var log RR = Σ (m n (a + c) − a c N)/N² / (R S)
  ///
  /// Tables with few events count for what they tell, and none is left out for having no event in one group.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for counts that can't be, or no event in one of the groups of any table.
  ///
  /// Source: Greenland & Robins (1985), Estimation of a common effect parameter from sparse follow-up data.
  public init(common tables: [Counts]) throws(NumericsError) {
    var (r, s, p) = (0.0, 0.0, 0.0)
    for table in tables {
      try table.check()
      let (a, c) = (Double(table.events.0), Double(table.events.1))
      let (m, n) = (Double(table.totals.0), Double(table.totals.1))
      let total = m + n
      guard total > 0 else { continue }
      r += a * n / total
      s += c * m / total
      p += (m * n * (a + c) - a * c * total) / (total * total)
    }
    guard r > 0, s > 0 else { throw .invalidInput("a group has no event in any table; the ratio isn't finite") }
    logarithm = log(r / s)
    standardError = (p / (r * s)).squareRoot()
  }
}
