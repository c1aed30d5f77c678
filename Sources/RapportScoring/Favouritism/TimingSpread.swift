import Glibc
import RapportNumerics

/// How widely answered requests scatter around the timing model, by pair, manager and partner.
struct TimingSpread: Sendable {
  /// One unit's sums.
  struct Unit: Sendable {
    var requests = 0
    var answered = 0.0
    /// Squared deviations of answered residuals from their pair's mean, and their degrees of freedom.
    var squares = 0.0
    var degrees = 0.0
    /// Raw log working seconds over all requests.
    var logSum = 0.0
    /// Fourth powers of those deviations; over months, squares of the month's sum of squares, the month's answers times that
    /// sum, and squared answers.
    var fourths = 0.0
    var monthSquares = 0.0
    var monthProducts = 0.0
    var monthAnswers = 0.0
  }
  var pairs: [Unit]
  var managers: [Unit]
  var partners: [Unit]

  /// Residuals are taken from the model without its months, so that a pair that changes from month to month counts as
  /// less predictable.
  init(
    _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, _ design: DesignMatrix,
    _ fit: LinearMixedModelFit
  ) {
    pairs = [Unit](repeating: Unit(), count: cells.pairs.count)
    managers = [Unit](repeating: Unit(), count: cells.managers.count)
    partners = [Unit](repeating: Unit(), count: cells.partners.count)
    let fitted = cells.pairOfCell.indices.map { cell in
      var sum = fit.fixedPart(design, row: cell)
      for (index, grouping) in groups.groupings.enumerated() where index != groups.pairMonth {
        sum += fit.effects[index][Int(grouping.codes[cell])]
      }
      return sum
    }
    var sums = [Double](repeating: 0, count: cells.pairs.count)
    for cell in cells.pairOfCell.indices {
      let pair = Int(cells.pairOfCell[cell])
      let n = cells.answered.counts[cell]
      pairs[pair].requests += Int(cells.responses.counts[cell])
      pairs[pair].answered += n
      sums[pair] += cells.answered.sums[cell] - n * fitted[cell]
      pairs[pair].logSum += cells.responses.sums[cell]
    }
    let means = pairs.indices.map { pairs[$0].answered > 0 ? sums[$0] / pairs[$0].answered : 0 }
    var ofPairMonth = [MonthSum](repeating: MonthSum(), count: cells.pairMonthCount)
    var pairOfPairMonth = [Int](repeating: 0, count: cells.pairMonthCount)
    for row in cohort.spells.indices where cohort.answered[row] {
      let cell = Int(cells.cellOfRow[row])
      let pair = Int(cells.pairOfCell[cell])
      let deviation = cohort.responses[row] - fitted[cell] - means[pair]
      let square = deviation * deviation
      pairs[pair].fourths += square * square
      let place = Int(cells.pairMonthOfCell[cell])
      ofPairMonth[place].squares += square
      ofPairMonth[place].answered += 1
      pairOfPairMonth[place] = pair
    }
    let monthCount = Int(cells.monthOfPairMonth.max() ?? 0) + 1
    var ofManager = [MonthSum](repeating: MonthSum(), count: managers.count * monthCount)
    var ofPartner = [MonthSum](repeating: MonthSum(), count: partners.count * monthCount)
    for (place, month) in cells.monthOfPairMonth.enumerated() {
      let pair = pairOfPairMonth[place]
      pairs[pair].squares += ofPairMonth[place].squares
      pairs[pair].add(ofPairMonth[place])
      ofManager[groups.manager(ofPair: pair) * monthCount + Int(month)].add(ofPairMonth[place])
      ofPartner[groups.partner(ofPair: pair) * monthCount + Int(month)].add(ofPairMonth[place])
    }
    for index in pairs.indices {
      pairs[index].degrees = max(0, pairs[index].answered - 1)
      managers[groups.manager(ofPair: index)].add(pairs[index])
      partners[groups.partner(ofPair: index)].add(pairs[index])
    }
    for place in ofManager.indices { managers[place / monthCount].add(ofManager[place]) }
    for place in ofPartner.indices { partners[place / monthCount].add(ofPartner[place]) }
  }

  /// What one month of a unit adds.
  struct MonthSum {
    var squares = 0.0
    var answered = 0.0

    mutating func add(_ other: Self) {
      squares += other.squares
      answered += other.answered
    }
  }

  /// Units' variances, moderated by what is known of all of this level.
  ///
  ///     s̃² = (d₀ s₀² + d s²) / (d₀ + d)        d = (n − pairs)/D, D of ``VarianceClustering``
  ///
  /// d₀ and s₀² come from log s² and its error trigamma(d/2) as every prior's weight does (``NormalPrior``). Moments of pairs'
  /// variances, which came before, said of three in fourteen simulated organisations that nobody differs, or hardly anybody, and
  /// their intervals had next to no width. What remains unknown of both widens the posterior, by fewer degrees of freedom.
  ///
  /// - Returns: variance and degrees of freedom by unit; 0 with 0 degrees where no unit has two answered requests of a pair.
  ///
  /// Source: Smyth (2004), Linear models and empirical Bayes methods for assessing differential expression, §6.2. Differs: the
  /// weight d₀.
  static func moderated(_ units: [Unit]) -> [(variance: Double, degrees: Double)] {
    let known = units.indices.filter { units[$0].degrees > 0 }
    guard !known.isEmpty else { return units.map { _ in (0, 0) } }
    let sorted = known.map { units[$0].squares / units[$0].degrees }.sorted()
    // A variance of nothing has no logarithm.
    let floor = 1e-5 * (sorted[sorted.count / 2] > 0 ? sorted[sorted.count / 2] : sorted.last!)
    guard floor > 0 else { return units.map { _ in (0, 1e6) } }
    let clustering = VarianceClustering(units)
    let degrees = units.indices.map { units[$0].degrees / clustering.designEffect(units[$0]) }
    func log(_ variance: Double, degrees: Double) -> Double {
      Glibc.log(variance) - digamma(degrees / 2) + Glibc.log(degrees / 2)
    }
    func own(_ unit: Int) -> Double { max(units[unit].squares / units[unit].degrees, floor) }
    let prior = NormalPrior.estimate(
      known.map { log(own($0), degrees: degrees[$0]) }, variances: known.map { trigamma(degrees[$0] / 2) })
    let half = inverseTrigamma(prior.variance)
    let middle = exp(prior.mean + digamma(half)) / half
    return units.indices.map { unit in
      let total = 2 * half + degrees[unit]
      let isKnown = units[unit].degrees > 0
      let variance = isKnown ? (2 * half * middle + degrees[unit] * own(unit)) / total : middle
      let deviation = isKnown ? prior.mean - log(own(unit), degrees: degrees[unit]) : 0
      let wider = trigamma(total / 2) + prior.uncertainty.extra(share: 2 * half / total, deviation: deviation)
      return (variance, 2 * inverseTrigamma(wider))
    }
  }
}

extension TimingSpread.Unit {
  /// Sums of both, but for months: what both have in one month belongs together.
  mutating func add(_ other: Self) {
    requests += other.requests
    answered += other.answered
    squares += other.squares
    degrees += other.degrees
    logSum += other.logSum
    fourths += other.fourths
  }

  /// One month more.
  mutating func add(_ month: TimingSpread.MonthSum) {
    monthSquares += month.squares * month.squares
    monthProducts += month.squares * month.answered
    monthAnswers += month.answered * month.answered
  }
}

/// How much less units' variances tell than those of as many independent normal residuals.
///
///     Var s² = σ⁴ (κ + γ Σ m (m − 1)/n) / n        D = (κ + γ Σ m (m − 1)/n) / 2        m of a unit's n residuals in a month
///
/// κ is the variance of e²/σ², 2 for a normal; γ the covariance of two of the same month, 0 or more: of a month in which queues are
/// long all waits scatter more, or lie all to one side. One κ and one γ for all units, which alone are too small to tell.
///
///     x = e²/s² − 1        κ̂ = Σ Σ x² / Σ n (n − 2)/(n + 1)
///     γ̂ = Σ (A + X M/N)/n / Σ M (N − M)/N/n        A = Σ xᵢ xⱼ over pairs of one month, X = Σ x², M = Σ m (m − 1), N = n (n − 1)
///
/// Both are right for independent normal residuals however few; A of different months and of the same have the same expectation
/// but for γ, since x of a unit adds up to nothing.
///
/// Source: ``MonthClusters``, whose ρ this is for variances.
struct VarianceClustering: Sendable {
  /// κ.
  let kurtosis: Double
  /// γ.
  let covariance: Double

  init(_ units: [TimingSpread.Unit]) {
    var (powers, expected, together, weights) = (0.0, 0.0, 0.0, 0.0)
    for unit in units where unit.answered > 2 && unit.squares > 0 {
      let n = unit.answered
      let s = unit.squares / n
      let squares = unit.fourths / (s * s) - n
      powers += squares
      expected += n * (n - 2) / (n + 1)
      // Σ over months of (Σ x)² = Σ (S/s − m)².
      let months = unit.monthSquares / (s * s) - 2 * unit.monthProducts / s + unit.monthAnswers
      let (same, all) = (unit.monthAnswers - n, n * (n - 1))
      together += (months - squares + squares * same / all) / n
      weights += same * (all - same) / all / n
    }
    kurtosis = expected > 0 ? max(powers / expected, 0.5) : 2
    covariance = weights > 0 ? max(0, together / weights) : 0
  }

  /// How many times as much a unit's variance varies as that of independent normal residuals.
  func designEffect(_ unit: TimingSpread.Unit) -> Double {
    guard unit.answered > 0 else { return 1 }
    return (kurtosis + covariance * (unit.monthAnswers - unit.answered) / unit.answered) / 2
  }
}
