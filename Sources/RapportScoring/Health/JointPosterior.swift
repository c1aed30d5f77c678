import RapportNumerics

/// What is believed about all indicators of one unit together: multivariate empirical Bayes on normal scores.
///
///     g_k = Φ⁻¹(F_k(θ_k))        g ~ N(0, R)        z | g ~ N(g, V)        g | z ~ N(P⁻¹ V⁻¹ z, P⁻¹),  P = R⁻¹ + V⁻¹
///
/// F_k is the prior of indicator k, so that all are on one scale, on which priors are exactly normal whatever their shape
/// (a Gaussian copula). m and s, the middle and half the distance of the places where the indicator's own posterior has
/// its normal scores −1 and 1, say what its own evidence adds: 1/V_kk = 1/s² − 1, z/V_kk = m/s². R is estimated from all
/// units; off its diagonal V = √(V_jj V_kk) c_jk with the errors' correlations c (``ErrorCorrelations``). Indicators of the
/// same events err together: taken as independent, one would confirm the other's luck, in a unit's posterior as in R (among
/// 5,000 simulated managers, own intervals that held 90 % then held 83 %).
/// Correlations matter for composites: shrinking each indicator by itself pulls a manager who does well on all of them down
/// on all of them at once, and an interval that takes these errors as independent is a third too narrow (on simulated
/// organisations it held 66 % instead of 90 %).
///
/// The way back goes through each indicator's own posterior (``HeardPosterior``), the wider the more it rests on R
/// (``caveat``).
///
/// Evenness is a sum of absolute values, to which no such scale belongs; it keeps its own posterior.
///
/// Source: Efron & Morris (1972), Empirical Bayes on vector observations; EM after Dempster, Laird & Rubin (1977), §4.2.
struct JointPosterior: Sendable {
  /// What a unit's own evidence says of one indicator, in the prior's normal scores.
  struct Own: Sendable {
    /// m and s; those of the prior where there is no evidence.
    var middle = 0.0
    var deviation = 1.0

    /// 1/V.
    var precision: Double { 1 / (deviation * deviation) - 1 }
    /// z/V.
    var pull: Double { middle / (deviation * deviation) }
    /// z/√V, of which m beyond four of its standard deviations √(1 − s²) is left out: such a posterior is hardly the prior
    /// times evidence, and must not be taken for luck that others share.
    var standardized: Double {
      let spread = (1 - deviation * deviation).squareRoot()
      return middle.clamped(to: (-4 * spread)...(4 * spread)) / (deviation * spread)
    }
  }

  /// Positions of the indicators that take part.
  let members: [Int]
  /// R over units; members × members, row by row.
  private(set) var correlations: [Double]
  /// R⁻¹.
  private let precision: [Double]
  /// How many times less certain R makes of an indicator than it would if it weren't an estimate itself:
  ///
  ///     t² = 1 + (K − 1) n / (n + ν)²        K indicators, n units, ν of caution
  ///
  /// as the predictions of a regression on the others, estimated from n cases, are that much less certain. What the indicator's own
  /// evidence says isn't any less certain for it: of the posterior's precision 1/d² it has 1/V, and what is left counts for 1/t²
  /// of itself.
  let caveat: Double
  /// By unit and member.
  let own: [[Own]]
  /// c and its inverse; members × members.
  private let errors: [Double]
  private let errorPrecision: [Double]

  /// Correlations count as if estimated beside so many units without any.
  private static let caution = 10.0
  /// More units than these say little more about correlations.
  private static let mostUnits = 1000

  init(_ indicators: [IndicatorPosteriors], unitCount: Int, errors: ErrorCorrelations = .none, threads: Int) {
    let members = indicators.indices.filter { indicators[$0].prior.scale != nil }
    self.members = members
    let own = parallelMap(count: unitCount, threads: threads) { unit in
      members.map { k in
        indicators[k].plain[unit] == nil ? Own() : Own(indicators[k].posteriors[unit], prior: indicators[k].prior)
      }
    }
    self.own = own
    let stride = max(1, (unitCount + Self.mostUnits - 1) / Self.mostUnits)
    let sample = Swift.stride(from: 0, to: unitCount, by: stride).filter { unit in
      own[unit].contains { $0.precision > 0 }
    }
    let size = members.count
    let errors = errors.matrix(members.map { indicators[$0].indicator })
    let errorPrecision = SmallCholesky(errors, size: size).inverse()
    (self.errors, self.errorPrecision) = (errors, errorPrecision)
    let evidence = parallelMap(count: sample.count, threads: threads) {
      Self.evidence(own[sample[$0]], errors, errorPrecision)
    }
    var correlations = [Double](repeating: 0, count: size * size)
    for j in 0..<size { correlations[j * size + j] = 1 }
    for _ in 0..<60 where sample.count > 2 {
      let precision = SmallCholesky(correlations, size: size).inverse()
      // Sums by fixed blocks, so that threads can't change them.
      let block = 64
      let blocks = (sample.count + block - 1) / block
      let sums = parallelMap(count: blocks, threads: threads) { b -> [Double] in
        var sum = [Double](repeating: 0, count: size * size)
        for unit in evidence[(b * block)..<min((b + 1) * block, sample.count)] {
          let (center, factor) = Self.condition(precision, unit)
          let covariance = factor.inverse()
          for i in 0..<size {
            for j in 0...i { sum[i * size + j] += covariance[i * size + j] + center[i] * center[j] }
          }
        }
        return sum
      }
      var total = [Double](repeating: 0, count: size * size)
      for sum in sums { for i in total.indices { total[i] += sum[i] } }
      for j in 0..<size { total[j * size + j] += Self.caution }
      var change = 0.0
      for i in 0..<size {
        for j in 0..<i {
          let next = total[i * size + j] / (total[i * size + i] * total[j * size + j]).squareRoot()
          change = max(change, abs(next - correlations[i * size + j]))
          correlations[i * size + j] = next
          correlations[j * size + i] = next
        }
      }
      if change < 1e-3 { break }
    }
    self.correlations = correlations
    let trust = Double(sample.count) + Self.caution
    // Two units tell nothing of correlations: none were estimated, so nothing is uncertain about them.
    caveat = sample.count > 2 ? 1 + Double((size - 1) * sample.count) / (trust * trust) : 1
    precision = SmallCholesky(correlations, size: size).inverse()
  }

  /// Mean and covariance factor of a unit's g.
  func posterior(_ unit: Int) -> (mean: [Double], factor: SmallCholesky) {
    Self.condition(precision, Self.evidence(own[unit], errors, errorPrecision))
  }

  /// Each member's posterior once all of the unit's indicators have been heard, with the factor behind draws and the
  /// standard deviations of what it draws.
  func heard(
    _ indicators: [IndicatorPosteriors], _ unit: Int
  ) -> (posteriors: [HeardPosterior], factor: SmallCholesky, deviations: [Double]) {
    let (mean, factor) = posterior(unit)
    let covariance = factor.inverse()
    let deviations = members.indices.map { covariance[$0 * members.count + $0].squareRoot() }
    let posteriors = members.indices.map { j in
      let own = own[unit][j]
      let fromOthers = max(0, 1 / covariance[j * members.count + j] - own.precision)
      let deviation = (1 / (fromOthers / caveat + own.precision)).squareRoot()
      return HeardPosterior(
        indicators[members[j]].posteriors[unit], shift: (mean[j] - own.middle) / own.deviation,
        ratio: deviation / own.deviation)
    }
    return (posteriors, factor, deviations)
  }

  /// V⁻¹, members × members, and V⁻¹ z.
  private typealias Evidence = (precision: [Double], pull: [Double])

  /// - Parameters: `errors`: c; `inverse`: c⁻¹.
  private static func evidence(_ own: [Own], _ errors: [Double], _ inverse: [Double]) -> Evidence {
    let size = own.count
    let roots = own.map { $0.precision.squareRoot() }
    let standardized = own.map { $0.precision > 0 ? $0.standardized : 0 }
    var precision = inverse
    if roots.contains(0) {
      // Errors that aren't there say nothing of the others.
      precision = errors
      for j in 0..<size where roots[j] == 0 {
        for k in 0..<size where k != j { (precision[j * size + k], precision[k * size + j]) = (0, 0) }
      }
      precision = SmallCholesky(precision, size: size).inverse()
    }
    var pull = own.map(\.pull)
    for j in 0..<size {
      for k in 0..<size {
        // What differs from independent errors, so that these leave every posterior as it is.
        pull[j] += roots[j] * (precision[j * size + k] - (j == k ? 1 : 0)) * standardized[k]
        precision[j * size + k] *= roots[j] * roots[k]
      }
    }
    return (precision, pull)
  }

  private static func condition(_ precision: [Double], _ evidence: Evidence) -> (mean: [Double], factor: SmallCholesky)
  {
    let total = zip(precision, evidence.precision).map { $0 + $1 }
    let factor = SmallCholesky(total, size: evidence.pull.count)
    return (factor.solve(evidence.pull), factor)
  }
}

extension JointPosterior.Own {
  /// From an indicator's own posterior and its prior.
  ///
  /// A posterior can't be wider than the prior here: one that is, because it contradicts the prior, counts as 0.1 % narrower
  /// and keeps its middle. A middle beyond ±3 counts as ±3: out there the prior's shape is a guess, and a unit that lies
  /// outside it should neither be pulled back by it nor pull its other indicators along. Without width in the prior there
  /// is nothing to be said.
  init(_ posterior: Posterior, prior: Posterior) {
    guard let low = posterior.link(score: -1).flatMap({ prior.score(link: $0) }),
      let high = posterior.link(score: 1).flatMap({ prior.score(link: $0) }),
      low.isFinite, high.isFinite
    else { return }
    middle = ((low + high) / 2).clamped(to: -3...3)
    deviation = ((high - low) / 2).clamped(to: 1e-3...0.999)
  }
}
