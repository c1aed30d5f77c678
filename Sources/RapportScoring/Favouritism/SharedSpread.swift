import Glibc
import RapportNumerics

/// How far apart each partner's managers lie, drawn to what is usual among all partners.
///
///     bᵢ ~ N(θᵢ, sᵢ²)        θᵢ ~ N(μ_p, σ_p²), μ_p anything        σ_p ~ 0.95 N(m, ω²) above 0 + 0.05 U(0, 1.5)
///
/// Of many partners who are alike, those whose estimates lie farthest apart are there by chance; what all show of m and ω takes
/// that off. m and ω are summed over a grid (ω counts as uniform), not fitted: a handful of partners leaves them open. The second
/// part leaves one partner in twenty out of what is usual: without it a single uneven one among fifty who are nearly even would be told
/// too even, with an interval of 90 % that holds the truth in 6 of 10 simulated cases (with it, 8 of 10).
///
/// What is told is the median of |θᵢ − θⱼ| over twosomes of these very managers, drawn from its posterior: not exp(0.6745 √2 σ_p),
/// which is of managers whom the partner might have.
///
/// Source: Gelman (2006), Prior distributions for variance parameters in hierarchical models; Morris (1983), Parametric empirical
/// Bayes inference, for what choosing the largest does; Larsen & Merlo (2005) for the median ratio.
struct SharedSpread: Sendable {
  /// By partner.
  private let partners: [[Evenness.Unit]]
  /// Likelihood of each of ``deviations``, the largest being 1, by partner.
  private let likelihoods: [[Double]]
  /// Chances of each of ``deviations`` under every m and ω.
  private let priors: [(chances: [Double], spread: Double)]
  /// Log likelihood of every m and ω, by partner.
  private let evidence: [[Double]]
  /// Its sum over partners, with what is thought of m and ω before.
  private let total: [Double]

  /// The σ that are looked at; closer together towards zero.
  private static let deviations = (0...120).map { 3 * pow(Double($0) / 120, 2) }
  static let draws = 400

  /// - Parameters: `partners`: effects of each one's managers and their variances, two or more.
  init(_ partners: [[Evenness.Unit]]) {
    self.partners = partners
    let likelihoods = partners.map(Self.likelihood)
    let priors = Self.priors()
    (self.likelihoods, self.priors) = (likelihoods, priors)
    let evidence = likelihoods.map { own in
      priors.map { prior in log(max(zip(own, prior.chances).reduce(0) { $0 + $1.0 * $1.1 }, .leastNormalMagnitude)) }
    }
    self.evidence = evidence
    total = priors.indices.map { prior in
      // The grid is even in log ω.
      evidence.reduce(log(priors[prior].spread)) { $0 + $1[prior] }
    }
  }

  /// The ratio that one of any two of this partner's managers typically is picked at, to the other's.
  func medianRatio(_ partner: Int, interval: Double, seed: UInt64, unit: UInt64) -> RatioInterval {
    let units = partners[partner]
    let chances = posterior(partner)
    let total = chances.reduce(0, +)
    var stream = RandomStream(seed: seed, purpose: "median ratio", unit: unit)
    var (place, reached) = (0, chances[0])
    let distances = (0..<Self.draws).map { draw -> Double in
      // One σ from each four-hundredth of its posterior.
      let share = (Double(draw) + 0.5) / Double(Self.draws) * total
      while reached < share && place + 1 < chances.count {
        place += 1
        reached += chances[place]
      }
      let between = Self.deviations[place] * Self.deviations[place]
      var (precision, sum) = (0.0, 0.0)
      for unit in units {
        precision += 1 / (unit.variance + between)
        sum += unit.mean / (unit.variance + between)
      }
      let centre = sum / precision + stream.normal() / precision.squareRoot()
      return Self.typicalDistance(
        units.map { unit in
          let whole = unit.variance + between
          return (unit.mean * between + centre * unit.variance) / whole
            + (unit.variance * between / whole).squareRoot() * stream.normal()
        })
    }
    let sorted = distances.sorted()
    func ratio(_ p: Double) -> Double { exp(min(20, SampleQuantile.of(sorted: sorted, p))) }
    return RatioInterval(ratio: ratio(0.5), low: ratio(0.5 - interval / 2), high: ratio(0.5 + interval / 2))
  }

  /// Chances of each of ``deviations`` of one partner, to a factor: its own likelihood times what the others say.
  private func posterior(_ partner: Int) -> [Double] {
    let others = zip(total, evidence[partner]).map { $0 - $1 }
    let largest = others.max()!
    var chances = [Double](repeating: 0, count: Self.deviations.count)
    for (value, prior) in zip(others, priors) {
      let weight = exp(value - largest)
      for place in chances.indices { chances[place] += weight * prior.chances[place] }
    }
    return zip(chances, likelihoods[partner]).map { $0 * $1 }
  }

  /// Likelihood of each of ``deviations`` with μ_p integrated out.
  private static func likelihood(_ units: [Evenness.Unit]) -> [Double] {
    let logs = deviations.map { deviation in
      var (precision, sum, logs) = (0.0, 0.0, 0.0)
      for unit in units {
        let whole = unit.variance + deviation * deviation
        precision += 1 / whole
        sum += unit.mean / whole
        logs += log(whole)
      }
      let centre = sum / precision
      return units.reduce(-0.5 * (logs + log(precision))) {
        $0 - 0.5 * ($1.mean - centre) * ($1.mean - centre) / ($1.variance + deviation * deviation)
      }
    }
    let largest = logs.max()!
    return logs.map { exp($0 - largest) }
  }

  /// What σ_p is like for m from 0 to 1.5, closer together towards zero, and ω from 0.02 to 1.5; each sums to 1.
  private static func priors() -> [(chances: [Double], spread: Double)] {
    let last = deviations.count - 1
    let widths = deviations.indices.map { (deviations[min($0 + 1, last)] - deviations[max($0 - 1, 0)]) / 2 }
    func normalised(_ density: (Double) -> Double) -> [Double] {
      let chances = zip(deviations, widths).map { density($0) * $1 }
      let sum = chances.reduce(0, +)
      return chances.map { $0 / sum }
    }
    let any = normalised { $0 <= 1.5 ? 1 : 0 }
    return (0...24).flatMap { i in
      let mean = 1.5 * pow(Double(i) / 24, 2)
      return (0...15).map { j in
        let spread = 0.02 * pow(75, Double(j) / 15)
        let usual = normalised { exp(-0.5 * pow(($0 - mean) / spread, 2)) }
        return (zip(usual, any).map { 0.95 * $0 + 0.05 * $1 }, spread)
      }
    }
  }

  /// The median of |θᵢ − θⱼ| over twosomes, to a 16,000th of the largest: the smallest distance within which half of them lie.
  static func typicalDistance(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let twosomes = sorted.count * (sorted.count - 1) / 2
    var (low, high) = (0.0, sorted[sorted.count - 1] - sorted[0])
    for _ in 0..<14 {
      let middle = (low + high) / 2
      var (within, first) = (0, 0)
      for last in sorted.indices {
        while sorted[last] - sorted[first] > middle { first += 1 }
        within += last - first
      }
      if 2 * within >= twosomes { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }
}
