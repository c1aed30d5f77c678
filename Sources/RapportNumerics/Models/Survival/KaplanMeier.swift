import Glibc

/// The share that is still waiting, without assumptions on its shape.
///
///     S(t) = Π_{tⱼ ≤ t} (1 − dⱼ/nⱼ)        Var log S(t) = Σ dⱼ / (nⱼ (nⱼ − dⱼ))
///
/// Source: Kaplan & Meier (1958); Greenwood (1926); Kalbfleisch & Prentice (2002), §1.4. With left truncation the curve
/// is conditional on what entered; where early on everyone at risk ends at once, it stays at zero, and
/// ``riskSetEmptied`` says so.
public struct KaplanMeier: Sendable, Equatable {
  /// On which scale limits are symmetric.
  public enum Scale: String, Sendable, Codable, CaseIterable {
    /// S itself; limits are cut to 0 … 1.
    case plain
    /// log S, as R's survfit has it by default; the upper limit is cut to 1.
    case log
    /// log(−log S): always within 0 … 1, and the best in small samples.
    case logLog
  }

  /// The counts.
  public let table: RiskTable
  /// S just after each of the table's times.
  public let survival: [Double]
  /// The standard error of log S: infinite once S is 0.
  public let logStandardErrors: [Double]
  /// The standard error of S (Greenwood); 0 once S is 0.
  public let standardErrors: [Double]
  /// The first time at which everyone at risk ended while others were still to come; `nil` as a rule.
  public let riskSetEmptied: Double?

  /// The curve.
  public init(_ table: RiskTable) {
    self.table = table
    var survival = 1.0
    var variance = 0.0
    var curve: [Double] = []
    var errors: [Double] = []
    var emptied: Double?
    curve.reserveCapacity(table.times.count)
    errors.reserveCapacity(table.times.count)
    for index in table.times.indices {
      let (d, n) = (Double(table.events[index]), Double(table.atRisk[index]))
      if d > 0 {
        survival *= (n - d) / n
        variance += d == n ? .infinity : d / (n * (n - d))
        if d == n && index < table.times.count - 1 && emptied == nil { emptied = table.times[index] }
      }
      curve.append(survival)
      errors.append(variance.squareRoot())
    }
    self.survival = curve
    logStandardErrors = errors
    standardErrors = zip(curve, errors).map { $0 > 0 ? $0 * $1 : 0 }
    riskSetEmptied = emptied
  }

  /// The curve of these subjects; see ``RiskTable/init(times:events:entries:)``.
  public init(times: [Double], events: [Bool], entries: [Double]? = nil) throws(NumericsError) {
    self.init(try RiskTable(times: times, events: events, entries: entries))
  }

  /// The index of the first of the table's times by which at most a share still waits; `nil` where the curve stays above.
  ///
  /// Unlike ``quantile(_:level:scale:)`` it gives the beginning of a flat piece, which is a time that was seen.
  public func firstIndex(downTo share: Double) -> Int? {
    var (low, high) = (0, survival.count)
    while low < high {
      let middle = (low + high) / 2
      if survival[middle] <= share + Self.slack { high = middle } else { low = middle + 1 }
    }
    return low < survival.count ? low : nil
  }

  /// The first time by which at most a share still waits, of subjects who are all at risk from the start: what
  /// ``firstIndex(downTo:)`` finds, without the rest of the curve. `nil` where the curve stays above.
  ///
  /// - Parameters: `events`: when those leave whose exit is the event, finite; `others`: when the others do, who are censored
  ///   there.
  public static func firstTime(downTo share: Double, events: [Double], others: [Double]) -> Double? {
    var (events, others) = (events, others)
    events.sortByRadix()
    others.sortByRadix()
    var survival = 1.0
    var (i, j) = (0, 0)
    while i < events.count {
      let time = events[i]
      while j < others.count && others[j] < time { j += 1 }
      let n = Double(events.count - i + others.count - j)
      let first = i
      while i < events.count && events[i] == time { i += 1 }
      survival *= (n - Double(i - first)) / n
      if survival <= share + slack { return time }
    }
    return nil
  }

  /// Products of fractions meet a share only up to rounding; as large as in R's survfit.
  package static let slack = 1.5e-8

  /// S(t).
  public func survival(at t: Double) -> Double { table.times.lastIndex(notAbove: t).map { survival[$0] } ?? 1 }

  /// The standard error of S(t).
  public func standardError(at t: Double) -> Double {
    table.times.lastIndex(notAbove: t).map { standardErrors[$0] } ?? 0
  }

  /// Limits of S(t), pointwise; `nil` where S is 0, since its error is then unknown.
  public func limits(at t: Double, level: Double = 0.95, scale: Scale = .log) -> (low: Double, high: Double)? {
    guard let step = table.times.lastIndex(notAbove: t) else { return (1, 1) }
    return limits(step: step, quantile: Normal.standard.quantile(1 - (1 - level) / 2), scale: scale)
  }

  private func limits(step: Int, quantile z: Double, scale: Scale) -> (low: Double, high: Double)? {
    let s = survival[step]
    let error = logStandardErrors[step]
    if s == 0 { return nil }
    if error == 0 { return (1, 1) }
    switch scale {
    case .plain: return (max(0, s - z * s * error), min(1, s + z * s * error))
    case .log: return (s * exp(-z * error), min(1, s * exp(z * error)))
    case .logLog:
      let width = z * error / abs(log(s))
      return (pow(s, exp(width)), pow(s, exp(-width)))
    }
  }

  /// The time by which the share p has ended, with limits; each is `nil` where the data end before it.
  ///
  /// Where S meets 1 − p exactly, the middle of the flat piece is taken. Limits are those times at which the pointwise
  /// limits of S cross 1 − p (Brookmeyer & Crowley 1982).
  public func quantile(
    _ p: Double, level: Double = 0.95, scale: Scale = .log
  ) -> (time: Double?, low: Double?, high: Double?) {
    checkProbability(p)
    let z = Normal.standard.quantile(1 - (1 - level) / 2)
    let bounds = table.times.indices.map { limits(step: $0, quantile: z, scale: scale) }
    return (
      crossing(1 - p) { survival[$0] }, crossing(1 - p) { bounds[$0]?.low ?? -1 },
      crossing(1 - p) { bounds[$0]?.high ?? .nan }
    )
  }

  /// The median wait with limits.
  public func median(level: Double = 0.95, scale: Scale = .log) -> (time: Double?, low: Double?, high: Double?) {
    quantile(0.5, level: level, scale: scale)
  }

  /// The time at which the curve falls to the target; the middle of the flat piece where it stays on it.
  ///
  /// Limits of late steps need not fall: as in R's survfit, the step nearest below the target counts.
  private func crossing(_ target: Double, _ curve: (Int) -> Double) -> Double? {
    func nearest(below value: Double) -> Int? {
      var best: Int?
      for index in table.times.indices where curve(index) <= value {
        if best.map({ curve(index) > curve($0) }) ?? true { best = index }
      }
      return best
    }
    guard let first = nearest(below: target + Self.slack) else { return nil }
    let second = nearest(below: target - Self.slack) ?? table.times.count - 1
    return 0.5 * (table.times[first] + table.times[second])
  }

  /// The mean time up to a horizon, the area under the curve, with its standard error.
  ///
  ///     Var = Σⱼ (∫_{tⱼ}^{τ} S)² dⱼ / (nⱼ (nⱼ − dⱼ))
  ///
  /// Past the last time the curve is carried on as it is.
  public func restrictedMean(until horizon: Double) -> (mean: Double, standardError: Double) {
    precondition(horizon >= 0, "horizon is \(horizon), expected 0 or more")
    let steps = table.times.indices.filter { table.times[$0] < horizon }
    // Areas from each step to the horizon, last to first.
    var area = 0.0
    var variance = 0.0
    var end = horizon
    for index in steps.reversed() {
      area += survival[index] * (end - table.times[index])
      end = table.times[index]
      let (d, n) = (Double(table.events[index]), Double(table.atRisk[index]))
      if d > 0 && d < n { variance += area * area * d / (n * (n - d)) }
    }
    return (area + end, variance.squareRoot())
  }
}
