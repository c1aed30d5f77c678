import Glibc
import RapportNumerics

/// How widely answered requests scatter around the timing model, by pair, manager and partner.
struct TimingSpread: Sendable {
  /// One unit's sums.
  struct Unit: Sendable {
    var requests = 0
    var answered = 0.0
    /// Raw log working seconds over all requests.
    var logSum = 0.0
    /// s² of the answers in pairs with two or more, and its degrees of freedom, n − pairs.
    var variance = 0.0
    var degrees = 0.0
    /// Of the same answers: how many, Σ (1 − 1/n) e²/s² of those within the bound, Σ y² of y = min(e²/s², c²) − κ, where e is a
    /// deviation over √(1 − 1/n), n of the pair's answers, so that each has the residual's variance.
    var compared = 0.0
    var within = 0.0
    var squares = 0.0
    /// Of the same over months: squares of the month's sum of y, squared answers, and Σ m (m − 1)/(n − 1)² over pairs with m answers
    /// in the month: squared correlations that a pair's mean makes.
    var monthSquares = 0.0
    var monthAnswers = 0.0
    var monthAlike = 0.0
  }
  var pairs: [Unit]
  var managers: [Unit]
  var partners: [Unit]

  /// No answer counts for more than one so many standard deviations from its pair's middle. The logarithm of a wait of a minute, where
  /// hours are usual, lies further out than any long wait can: as a plain square one such answer took up to 18 of 100 points from
  /// predictability, where one after weeks took up to 6. Of simulated answers 2.5 tells standard deviations as well as no bound does.
  static let bounded = BoundedVariance(bound: 2.5)

  /// Residuals are taken from the model without its months, so that a pair that changes from month to month counts as
  /// less predictable.
  ///
  /// - Parameter fixed: each cell's Xβ.
  init(
    _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, fixed: [Double], _ fit: LinearMixedModelFit,
    threads: Int
  ) {
    pairs = [Unit](repeating: Unit(), count: cells.pairs.count)
    managers = [Unit](repeating: Unit(), count: cells.managers.count)
    partners = [Unit](repeating: Unit(), count: cells.partners.count)
    var fitted = fixed
    groups.addEffects(of: groups.groupings.indices.filter { $0 != groups.pairMonth }, fit, to: &fitted)
    for cell in cells.pairOfCell.indices {
      let pair = Int(cells.pairOfCell[cell])
      pairs[pair].requests += Int(cells.responses.counts[cell])
      pairs[pair].answered += cells.answered.counts[cell]
      pairs[pair].logSum += cells.responses.sums[cell]
    }
    // Residuals pair by pair, in the order of rows.
    var starts = [0]
    for pair in pairs { starts.append(starts.last! + Int(pair.answered)) }
    var next = starts
    var residuals = [Double](repeating: 0, count: starts.last!)
    var months = [Int32](repeating: 0, count: residuals.count)
    for row in cohort.spells.indices where cohort.answered[row] {
      let cell = Int(cells.cellOfRow[row])
      let pair = Int(cells.pairOfCell[cell])
      residuals[next[pair]] = cohort.responses[row] - fitted[cell]
      months[next[pair]] = cells.monthOfPairMonth[Int(cells.pairMonthOfCell[cell])]
      next[pair] += 1
    }
    let answers = Answers(residuals, months: months, starts: starts, threads: threads)
    var ofManager = [[Int]](repeating: [], count: managers.count)
    var ofPartner = [[Int]](repeating: [], count: partners.count)
    for pair in pairs.indices {
      ofManager[groups.manager(ofPair: pair)].append(pair)
      ofPartner[groups.partner(ofPair: pair)].append(pair)
    }
    let ofPairs = pairs
    func units(_ members: [[Int]]) -> [Unit] {
      parallelMap(count: members.count, threads: threads) { index in
        var unit = answers.unit(of: members[index])
        for pair in members[index] {
          unit.requests += ofPairs[pair].requests
          unit.answered += ofPairs[pair].answered
          unit.logSum += ofPairs[pair].logSum
        }
        return unit
      }
    }
    managers = units(ofManager)
    partners = units(ofPartner)
    pairs = units(pairs.indices.map { [$0] })
  }

  /// Answered requests' residuals, each as its squared distance from the middle of its pair.
  struct Answers: Sendable {
    /// e², in the order of pairs.
    private var squares: [Double]
    /// Likewise.
    private let months: [Int32]
    private let monthCount: Int
    /// Where each pair's begin, and where the last's end.
    private let starts: [Int]

    /// A pair's middle is a bounded one too: a mean would move away from all others towards the one that is far off.
    ///
    /// - Parameters: `residuals` pair by pair, with each one's month and where each pair's begin.
    init(_ residuals: [Double], months: [Int32], starts: [Int], threads: Int) {
      self.months = months
      self.starts = starts
      monthCount = Int(months.max() ?? 0) + 1
      squares = [Double](repeating: 0, count: residuals.count)
      let pairs = starts.indices.dropLast().map { starts[$0]..<starts[$0 + 1] }
      measure(residuals, from: pairs.map { residuals[$0].reduce(0, +) / Double(max($0.count, 1)) })
      // How widely all scatter says what is far off.
      let deviation = variance(of: pairs.indices).squareRoot()
      let centers = parallelMap(count: pairs.count, threads: threads) {
        TimingSpread.bounded.center(residuals[pairs[$0]], deviation: deviation)
      }
      measure(residuals, from: centers)
    }

    private mutating func measure(_ residuals: [Double], from centers: [Double]) {
      for (pair, center) in centers.enumerated() {
        let range = starts[pair]..<starts[pair + 1]
        guard range.count > 1 else { continue }
        let widening = Double(range.count) / Double(range.count - 1)
        for place in range {
          let deviation = residuals[place] - center
          squares[place] = deviation * deviation * widening
        }
      }
    }

    /// s² of all answers of these pairs.
    private func variance(of pairs: some Sequence<Int>) -> Double {
      var (own, weights): ([Double], [Double]) = ([], [])
      for pair in pairs {
        let n = starts[pair + 1] - starts[pair]
        guard n > 1 else { continue }
        own += squares[starts[pair]..<starts[pair + 1]]
        weights += repeatElement(1 - 1 / Double(n), count: n)
      }
      return TimingSpread.bounded.variance(own, weights: weights)
    }

    /// Sums of these pairs' answers.
    func unit(of pairs: [Int]) -> Unit {
      let bounded = TimingSpread.bounded
      var unit = Unit()
      unit.variance = variance(of: pairs)
      let scale = unit.variance > 0 ? 1 / unit.variance : 0
      let most = bounded.bound * bounded.bound
      var (sums, counts) = ([Double](repeating: 0, count: monthCount), [Double](repeating: 0, count: monthCount))
      for pair in pairs {
        let range = starts[pair]..<starts[pair + 1]
        guard range.count > 1 else { continue }
        let (n, before) = (Double(range.count), counts)
        var within = 0.0
        for place in range {
          let square = squares[place] * scale
          let y = min(square, most) - bounded.expectedSquare
          if square < most { within += square }
          unit.squares += y * y
          sums[Int(months[place])] += y
          counts[Int(months[place])] += 1
        }
        unit.degrees += n - 1
        unit.compared += n
        unit.within += (1 - 1 / n) * within
        for (now, before) in zip(counts, before) {
          unit.monthAlike += (now - before) * (now - before - 1) / ((n - 1) * (n - 1))
        }
      }
      for month in 0..<monthCount {
        unit.monthSquares += sums[month] * sums[month]
        unit.monthAnswers += counts[month] * counts[month]
      }
      return unit
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
    let sorted = known.map { units[$0].variance }.sorted()
    // A variance of nothing has no logarithm.
    let floor = 1e-5 * (sorted[sorted.count / 2] > 0 ? sorted[sorted.count / 2] : sorted.last!)
    guard floor > 0 else { return units.map { _ in (0, 1e6) } }
    let clustering = VarianceClustering(units)
    let degrees = units.indices.map { units[$0].degrees / clustering.designEffect(units[$0]) }
    func log(_ variance: Double, degrees: Double) -> Double {
      Glibc.log(variance) - digamma(degrees / 2) + Glibc.log(degrees / 2)
    }
    func own(_ unit: Int) -> Double { max(units[unit].variance, floor) }
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

/// How much less units' variances tell than those of as many independent normal residuals.
///
///     Var s² = σ⁴ (κ₂ + γ Σ m (m − 1)/n) / n    D = (κ₂ + γ Σ m (m − 1)/n) / 2        m of a unit's n residuals in a month
///
/// κ₂ is the variance of x = (min(e²/σ², c²) − κ)/τ, which is what a residual moves s²/σ² by, times n: 2 for a normal without a bound; γ
/// the covariance of two of the same month, 0 or more: of a month in which queues are long all waits scatter more, or lie all to one side.
/// τ is what s² of those within the bound adds to itself, E z² of these: of heavier tails fewer are within, and more rests on each.
/// One κ₂, one γ and one τ for all units, which alone are too small to tell.
///
///     τ̂ = Σ Σ (1 − 1/nₚ) e²/s² within / Σ d        d = n − pairs        κ̂₂ = Σ Σ x² / Σ n (d − 1)/(d + 2)
///     γ̂ = Σ (A − κ̂₂ Σ (d ρ² − 1)/(d + 2))/n / Σ M (N − M)/N/n        A = Σ xᵢ xⱼ over pairs of residuals of one month
///
/// e is a deviation from its pair's middle over √(1 − 1/nₚ), of pairs with two answers or more, M = Σ m (m − 1), N = n (n − 1). Of
/// independent normal residuals without a bound e²/S is a beta variable, so that E x² = 2 (d − 1)/(d + 2), and
/// E xᵢ xⱼ = 2 (d ρ² − 1)/(d + 2) with ρ = −1/(nₚ − 1) within a pair and 0 else: both are right for those however few and in however many
/// pairs. With the bound variances of log s² over 4,000 simulated units, which have errors of 2 % themselves, lay within 4 % of
/// trigamma(d/2D) for d of 9 and 45 of a normal; of a t distribution with 6 degrees of freedom 3 to 9 % above it for 9 and within 2 % for 45,
/// where those of plain squares lay 24 and 14 to 19 % above.
///
/// Source: ``MonthClusters``, whose ρ this is for variances; of x, Huber & Ronchetti (2009), Robust Statistics, §5.2.
struct VarianceClustering: Sendable {
  /// κ₂.
  let kurtosis: Double
  /// γ.
  let covariance: Double

  init(_ units: [TimingSpread.Unit]) {
    let known = units.filter { $0.degrees >= 2 && $0.variance > 0 }
    let slope = known.reduce(0) { $0 + $1.within } / known.reduce(0) { $0 + $1.degrees }
    var (powers, expected) = (0.0, 0.0)
    for unit in known {
      powers += unit.squares / (slope * slope)
      expected += unit.compared * (unit.degrees - 1) / (unit.degrees + 2)
    }
    kurtosis = expected > 0 ? max(powers / expected, 0.5) : 2
    var (together, weights) = (0.0, 0.0)
    for unit in known {
      let (n, d) = (unit.compared, unit.degrees)
      let (all, same) = (n * (n - 1), unit.monthAnswers - n)
      // A, and what it is without any cluster.
      let ofMonths = (unit.monthSquares - unit.squares) / (slope * slope)
      together += (ofMonths - kurtosis * (d * unit.monthAlike - same) / (d + 2)) / n
      weights += same * (all - same) / all / n
    }
    covariance = weights > 0 ? max(0, together / weights) : 0
  }

  /// How many times as much a unit's variance varies as that of independent normal residuals.
  func designEffect(_ unit: TimingSpread.Unit) -> Double {
    guard unit.compared > 0 else { return 1 }
    return (kurtosis + covariance * (unit.monthAnswers - unit.compared) / unit.compared) / 2
  }
}
