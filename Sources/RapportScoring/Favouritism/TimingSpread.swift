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
    /// Of pairs with two answers or more: how many, sums of e² and e⁴, where e is a deviation over √(1 − 1/n), n of the
    /// pair's answers, so that each has the residual's variance.
    var compared = 0.0
    var scaledSquares = 0.0
    var fourths = 0.0
    /// Of the same over months: squares of the month's sum of e², the month's answers times that sum, squared answers, and
    /// Σ m (m − 1)/(n − 1)² over pairs with m answers in the month: squared correlations that a pair's mean makes.
    var monthSquares = 0.0
    var monthProducts = 0.0
    var monthAnswers = 0.0
    var monthAlike = 0.0
  }
  var pairs: [Unit]
  var managers: [Unit]
  var partners: [Unit]

  /// Residuals are taken from the model without its months, so that a pair that changes from month to month counts as
  /// less predictable.
  ///
  /// - Parameter fixed: each cell's Xβ.
  init(
    _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, fixed: [Double], _ fit: LinearMixedModelFit
  ) {
    pairs = [Unit](repeating: Unit(), count: cells.pairs.count)
    managers = [Unit](repeating: Unit(), count: cells.managers.count)
    partners = [Unit](repeating: Unit(), count: cells.partners.count)
    var fitted = fixed
    groups.addEffects(of: groups.groupings.indices.filter { $0 != groups.pairMonth }, fit, to: &fitted)
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
      pairs[pair].squares += square
      let place = Int(cells.pairMonthOfCell[cell])
      pairOfPairMonth[place] = pair
      let n = pairs[pair].answered
      guard n > 1 else { continue }
      ofPairMonth[place].add(square * n / (n - 1))
    }
    for place in ofPairMonth.indices { ofPairMonth[place].close(pairAnswers: pairs[pairOfPairMonth[place]].answered) }
    let monthCount = Int(cells.monthOfPairMonth.max() ?? 0) + 1
    var ofManager = [MonthSum](repeating: MonthSum(), count: managers.count * monthCount)
    var ofPartner = [MonthSum](repeating: MonthSum(), count: partners.count * monthCount)
    for (place, month) in cells.monthOfPairMonth.enumerated() {
      let pair = pairOfPairMonth[place]
      pairs[pair].compared += ofPairMonth[place].answered
      pairs[pair].scaledSquares += ofPairMonth[place].squares
      pairs[pair].fourths += ofPairMonth[place].fourths
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
    var fourths = 0.0
    var answered = 0.0
    var alike = 0.0

    /// One residual's scaled square more.
    mutating func add(_ square: Double) {
      squares += square
      fourths += square * square
      answered += 1
    }

    /// All residuals of a pair with so many answers are in.
    mutating func close(pairAnswers n: Double) {
      alike = n > 1 ? answered * (answered - 1) / ((n - 1) * (n - 1)) : 0
    }

    mutating func add(_ other: Self) {
      squares += other.squares
      fourths += other.fourths
      answered += other.answered
      alike += other.alike
    }
  }

  /// Degrees of freedom from which on a unit tells of the prior, where so many units have them.
  static let fewestForPrior = 9.0
  static let fewestTelling = 10

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
    // Of few residuals with tails heavier than a normal's, log s² isn't that of a χ², whatever its degrees; many such units would
    // move those with enough.
    let large = known.filter { units[$0].degrees >= Self.fewestForPrior }
    let telling = large.count >= Self.fewestTelling ? large : known
    let prior = NormalPrior.estimate(
      telling.map { log(own($0), degrees: degrees[$0]) }, variances: telling.map { trigamma(degrees[$0] / 2) })
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
    compared += other.compared
    scaledSquares += other.scaledSquares
    fourths += other.fourths
  }

  /// One month more.
  mutating func add(_ month: TimingSpread.MonthSum) {
    monthSquares += month.squares * month.squares
    monthProducts += month.squares * month.answered
    monthAnswers += month.answered * month.answered
    monthAlike += month.alike
  }
}

/// How much less units' variances tell than those of as many independent normal residuals.
///
///     Var s² = σ⁴ (κ + γ Σ m (m − 1)/n) / n        D = (κ + γ Σ m (m − 1)/n) / 2        m of a unit's n residuals in a month
///
/// κ is the variance of e²/σ², 2 for a normal; γ the covariance of two of the same month, 0 or more: of a month in which queues are
/// long all waits scatter more, or lie all to one side. One κ and one γ for all units, which alone are too small to tell.
///
///     x = e²/s² − 1        s² = S/d, d = n − pairs        κ̂ = Σ Σ x² / Σ n (d − 1)/(d + 2)
///     γ̂ = Σ (A − κ̂ Σ (d ρ² − 1)/(d + 2))/n / Σ M (N − M)/N/n        A = Σ xᵢ xⱼ over pairs of residuals of one month
///
/// e is a deviation from its pair's mean over √(1 − 1/nₚ), of pairs with two answers or more, M = Σ m (m − 1), N = n (n − 1). Of
/// independent normal residuals e²/S is a beta variable, so that E x² = 2 (d − 1)/(d + 2), and E xᵢ xⱼ = 2 (d ρ² − 1)/(d + 2)
/// with ρ = −1/(nₚ − 1) within a pair and 0 else: both are right for those however few and in however many pairs.
///
/// Source: ``MonthClusters``, whose ρ this is for variances.
struct VarianceClustering: Sendable {
  /// κ.
  let kurtosis: Double
  /// γ.
  let covariance: Double

  init(_ units: [TimingSpread.Unit]) {
    // Each unit's residuals, Σ x², A and their number of one month.
    typealias Sums = (n: Double, d: Double, squares: Double, together: Double, same: Double, alike: Double)
    let known = units.compactMap { unit -> Sums? in
      guard unit.degrees >= 2, unit.squares > 0 else { return nil }
      let (n, s) = (unit.compared, unit.squares / unit.degrees)
      let squares = unit.fourths / (s * s) - 2 * unit.scaledSquares / s + n
      // Σ over months of (Σ x)² = Σ (E/s − m)².
      let months = unit.monthSquares / (s * s) - 2 * unit.monthProducts / s + unit.monthAnswers
      return (n, unit.degrees, squares, months - squares, unit.monthAnswers - n, unit.monthAlike)
    }
    var (powers, expected) = (0.0, 0.0)
    for unit in known {
      powers += unit.squares
      expected += unit.n * (unit.d - 1) / (unit.d + 2)
    }
    kurtosis = expected > 0 ? max(powers / expected, 0.5) : 2
    var (together, weights) = (0.0, 0.0)
    for unit in known {
      let all = unit.n * (unit.n - 1)
      together += (unit.together - kurtosis * (unit.d * unit.alike - unit.same) / (unit.d + 2)) / unit.n
      weights += unit.same * (all - unit.same) / all / unit.n
    }
    covariance = weights > 0 ? max(0, together / weights) : 0
  }

  /// How many times as much a unit's variance varies as that of independent normal residuals.
  func designEffect(_ unit: TimingSpread.Unit) -> Double {
    guard unit.compared > 0 else { return 1 }
    return (kurtosis + covariance * (unit.monthAnswers - unit.compared) / unit.compared) / 2
  }
}
