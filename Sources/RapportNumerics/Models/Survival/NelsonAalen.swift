import Glibc

/// The cumulative hazard.
///
///     H(t) = Σ_{tⱼ ≤ t} dⱼ/nⱼ        Var H = Σ dⱼ/nⱼ²
///
/// Source: Nelson (1972); Aalen (1978). Tied events may instead be taken one after another, 1/n + 1/(n − 1) + …, after
/// Fleming & Harrington (1984).
public struct NelsonAalen: Sendable, Equatable {
  /// The counts.
  public let table: RiskTable
  /// H just after each of the table's times.
  public let cumulativeHazard: [Double]
  /// The standard error of H.
  public let standardErrors: [Double]

  /// The cumulative hazard of these counts.
  public init(_ table: RiskTable, tiesOneAfterAnother: Bool = false) {
    self.table = table
    var hazard = 0.0
    var variance = 0.0
    var curve: [Double] = []
    var errors: [Double] = []
    for (d, n) in zip(table.events, table.atRisk) {
      if tiesOneAfterAnother {
        for k in 0..<d {
          hazard += 1 / Double(n - k)
          variance += 1 / (Double(n - k) * Double(n - k))
        }
      } else if d > 0 {
        hazard += Double(d) / Double(n)
        variance += Double(d) / (Double(n) * Double(n))
      }
      curve.append(hazard)
      errors.append(variance.squareRoot())
    }
    cumulativeHazard = curve
    standardErrors = errors
  }

  /// exp(−H): Fleming and Harrington's survival curve.
  public var survival: [Double] { cumulativeHazard.map { exp(-$0) } }
}
