import Glibc
import RapportIngestion
import RapportNumerics

/// Pairs' hazards of being answered: Cox's model of working time to the response, within each partner.
///
///     h(t) = h_topic,priority(t) · exp(u_manager)        Efron's ties; unanswered requests censored
///
/// Stands beside the queue choices: it sees how long requests waited among others of their kind, not what else was open.
/// Each effect is against the mean of the partner's other managers, weighted by 1/(s² + τ²): by precision alone one manager with most of
/// the requests would be what all others are held against, and 1 itself.
///
/// Source: Cox (1972), Regression models and life-tables; Efron (1977); METHODS.md §6.
struct PairHazards: Sendable {
  private let ratios: [Int64: RatioInterval]
  /// Partners without a fit: fewer than two managers, too many for one model, or no convergence.
  let unfitted: Int

  /// A partner with more managers is left out: the model's cost grows with their square.
  static let mostManagers = 200
  /// The prior's standard deviation; keeps managers finite who were never answered.
  private static let priorDeviation = 2.5

  init(_ history: History, options: AssessmentOptions) {
    let ranges = QueueChoices.ranges(history)
    let fitted = parallelMap(count: ranges.count, threads: options.threads) { index in
      Self.fit(history, ranges[index].spells, interval: options.interval)
    }
    var ratios: [Int64: RatioInterval] = [:]
    for (range, own) in zip(ranges, fitted) {
      for (manager, ratio) in own ?? [] { ratios[Self.key(Int(manager), range.partner)] = ratio }
    }
    self.ratios = ratios
    unfitted = fitted.count { $0 == nil }
  }

  /// The pair's ratio; above 1 = answered sooner.
  func ratio(manager: Int, partner: Int) -> RatioInterval? { ratios[Self.key(manager, partner)] }

  private static func key(_ manager: Int, _ partner: Int) -> Int64 { Int64(manager) << 32 | Int64(partner) }

  /// One partner's managers.
  private static func fit(_ history: History, _ range: Range<Int>, interval: Double) -> [(Int32, RatioInterval)]? {
    let spells = range.map { history.spells[$0] }.filter {
      $0.asker == .manager && $0.manager >= 0 && !$0.excludedFromWaits
    }
    let managers = Set(spells.map(\.manager)).sorted()
    guard managers.count > 1, managers.count <= mostManagers, spells.contains(where: { $0.outcome == .answered }) else {
      return nil
    }
    let column = Dictionary(uniqueKeysWithValues: managers.enumerated().map { ($1, $0) })
    var strata: [[Int32]: Int32] = [:]
    let codes = spells.map { spell -> Int32 in
      let key = [spell.topic, spell.priority]
      if let known = strata[key] { return known }
      strata[key] = Int32(strata.count)
      return Int32(strata.count - 1)
    }
    var counts = [Int](repeating: 0, count: managers.count)
    for spell in spells { counts[column[spell.manager]!] += 1 }
    let reference = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) }!
    let levels = managers.map { String($0) }
    var model = CoxModel()
    model.priorDeviation = priorDeviation
    // Errors of estimates are what they are read with.
    model.tolerance = 1e-6
    guard
      let design = try? DesignMatrix(
        rows: spells.count, intercept: false,
        terms: [
          .category(
            .init(
              name: "", levels: levels, codes: spells.map { Int32(column[$0.manager]!) }, reference: reference))
        ]),
      let fit = try? model.fit(
        SurvivalData(
          exits: spells.map { Double(max($0.workingSeconds, 1)) }, events: spells.map { $0.outcome == .answered },
          strata: codes), design: design, threads: 1)
    else { return nil }
    // The reference is known exactly: a row of zeros among the covariances. Who never waited beside another of the same
    // kind has no column.
    let found = Dictionary(uniqueKeysWithValues: fit.coefficients.enumerated().map { ($1.name, $0) })
    let places = managers.indices.map { found["=\(levels[$0])"] }
    let known = managers.indices.filter { $0 == reference || places[$0] != nil }
    guard known.count > 1 else { return nil }
    var covariance = Matrix(rows: known.count, columns: known.count)
    for (i, first) in known.enumerated() {
      for (j, second) in known.enumerated() {
        if let a = places[first], let b = places[second] { covariance[i, j] = fit.covariance[a, b] }
      }
    }
    let variances = QuasiVariances.fit(covariance).values.map { max($0, 1e-12) }
    let estimates = known.map { manager in places[manager].map { fit.coefficients[$0].estimate } ?? 0 }
    guard let spread = try? NormalNormal(.pauleMandel).fit(estimates: estimates, variances: variances).betweenVariance
    else { return nil }
    let weights = variances.map { 1 / ($0 + spread) }
    let total = weights.reduce(0, +)
    let sum = dot(weights, estimates)
    let squares = zip(weights, variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let z = Normal.standard.quantile(0.5 + interval / 2)
    return known.enumerated().map { position, manager in
      let (weight, variance) = (weights[position], variances[position])
      let others = total - weight
      let effect = estimates[position] - (sum - weight * estimates[position]) / others
      let error = (variance + (squares - weight * weight * variance) / (others * others)).squareRoot()
      return (managers[manager], .fromLog(-effect, -effect - z * error, -effect + z * error))
    }
  }
}
