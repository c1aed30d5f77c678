import Glibc

/// How strong something unmeasured would have to be to explain an association away.
///
///     E = RR + √(RR (RR − 1))        for RR ≥ 1; otherwise of 1/RR
///
/// The unmeasured thing would have to be tied to both, exposure and outcome, by a risk ratio of at least E each. Source:
/// VanderWeele & Ding (2017), Sensitivity analysis in observational research: introducing the E-value.
public struct EValue: Sendable, Equatable, Codable {
  /// Of the estimate, 1 or more.
  public let point: Double
  /// Of the interval's limit nearer to 1; 1 where the interval holds 1.
  public let limit: Double

  /// Of a risk ratio with limits.
  public init(ratio: Double, low: Double, high: Double) {
    precondition(low > 0 && low <= ratio && ratio <= high, "ratio \(ratio) with limits \(low) and \(high)")
    point = Self.of(ratio)
    limit = low > 1 ? Self.of(low) : high < 1 ? Self.of(high) : 1
  }

  /// Of a single risk ratio.
  public static func of(_ ratio: Double) -> Double {
    precondition(ratio > 0, "ratio is \(ratio), expected above 0")
    let above = ratio < 1 ? 1 / ratio : ratio
    return above + (above * (above - 1)).squareRoot()
  }

  /// The risk ratio near an odds ratio of a common outcome: its root.
  public static func riskRatio(commonOddsRatio odds: Double) -> Double { odds.squareRoot() }

  /// The risk ratio near a hazard ratio of a common outcome: (1 − ½^√h)/(1 − ½^√(1/h)).
  public static func riskRatio(commonHazardRatio hazard: Double) -> Double {
    (1 - pow(0.5, hazard.squareRoot())) / (1 - pow(0.5, (1 / hazard).squareRoot()))
  }

  /// The risk ratio near a standardized difference d with standard error s: exp(0.91 d), limits exp(0.91 d ∓ 1.78 s).
  public static func riskRatio(
    standardizedDifference d: Double, standardError s: Double
  ) -> (ratio: Double, low: Double, high: Double) {
    (exp(0.91 * d), exp(0.91 * d - 1.78 * s), exp(0.91 * d + 1.78 * s))
  }

  /// By how much two associations of the unmeasured thing can distort a risk ratio at most: a b/(a + b − 1).
  public static func boundingFactor(exposure a: Double, outcome b: Double) -> Double { a * b / (a + b - 1) }
}
