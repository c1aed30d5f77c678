import Glibc
import RapportIngestion
import RapportNumerics

/// Beta posteriors of each facet of each directed pair, from evidence that fades.
///
/// From month to month, of each cell (a facet of a directed pair),
///
///     n ← M + (n − M) 2^(−t/h)      a = m n + P      b = (1 − m) n + N      n = a + b      m = a/n
///
/// from n = M and m = g(μ) = μ/(μ + w (1 − μ)) on: t is the time since the cell's last evidence, in whole months of 30.4 days, h
/// the half-life, P and N a month's positive and negative evidence, each piece as much of one as it tells where months go together
/// (``TrustMonths``), the latter times the asymmetry w. As-of is the last month, with no evidence of its own. So silence widens the interval and leaves the mean where the evidence put it, whatever comes after
/// it: a is no smaller for a kept promise, and b no smaller for a missed one. μ and M, the prior's mean and weight, come from
/// beta-binomial maximum likelihood on undiscounted evidence over all pairs; g puts the mean where w puts evidence of that share, so
/// that a pair of whom little is known is judged by the same weights as others.
///
/// Source: Jøsang & Ismail (2002), The beta reputation system; METHODS.md §7, §14.8. Differs: what fades is how sure the mean is, not
/// the mean. Sums of discounted evidence beside the prior, (g(μ) M + P)/(M + P + N), fall back to the prior when after a long silence
/// something is heard: twenty kept promises and, two years later, one more made 92 into 81.
struct TrustModel: Sendable {
  /// Evidence of this age counts half.
  var halfLifeDays: Double
  /// What a piece of negative evidence weighs against one of positive.
  var asymmetry: Double

  /// The fit over all pairs.
  struct Fit: Sendable {
    /// By cell, (pair × 2 + direction) × 3 + facet.
    var a: [Double]
    var b: [Double]
    /// What pieces of evidence tell as of now, by cell: discounted, silence included.
    var weight: [Double]
    /// What is believed of the share that speaks for the side, whatever the asymmetry, and the same by its own evidence, with half a
    /// success and half a failure in place of the prior.
    var believedShares: [Double]
    var ownShares: [Double]
    /// Of the own shares by cell: what half a success and half a failure make of them, and the sum of squares of what pieces do.
    var ownStarts: [Double]
    var ownSquares: [Double]
    /// How much pieces vary within a cell, against trials that succeed or fail: 1 where each speaks for or against, less where
    /// some are ratings, which lie between; by direction and facet.
    var variation: [[Double]]
    /// Pieces of evidence by cell.
    var counts: [Int]
    /// What a piece of negative evidence weighs against one of positive.
    var asymmetry: Double
    var measured: [[Bool]]
    /// Prior mean and weight by direction and facet, where measured.
    var priors: [[BetaPrior?]]
  }

  /// Posteriors of every pair's facets as of `asOf`.
  func fit(_ evidence: TrustEvidence, pairCount: Int, asOf: Month) -> Fit {
    let cells = pairCount * 6
    let months = TrustMonths(evidence.contributions, cells: cells)
    let monthsPerHalf = halfLifeDays / 30.4375
    let fading = (0...1200).map { pow(0.5, Double($0) / monthsPerHalf) }
    var weight = [Double](repeating: 0, count: cells)
    var (against, told, positive, plainPositive) = (weight, weight, weight, weight)
    var ratingSlack = [Double](repeating: 0, count: 6)
    var counts = [Int](repeating: 0, count: cells)
    for row in months.rows {
      let cell = Int(row.cell)
      let factor = row.told * fading[min(max(0, asOf.index - Int(row.month)), 1200)]
      weight[cell] += factor * row.pieces
      against[cell] += factor * (row.pieces - row.positive)
      told[cell] += row.told * row.pieces
      positive[cell] += row.told * row.positive
      plainPositive[cell] += row.positive
      ratingSlack[cell % 6] += row.told * row.told * row.between
      counts[cell] += Int(row.pieces)
    }
    let priors = (0..<2).map { direction in
      (0..<3).map { facet -> BetaPrior? in
        guard evidence.measured[direction][facet] else { return nil }
        let own = stride(from: direction * 3 + facet, to: cells, by: 6).filter { counts[$0] > 0 }
        // Ratings are parts of a success and vary less than trials would: as they are, they would say that pairs hardly
        // differ. So sums are rounded to whole successes here.
        return BetaPrior.estimate(
          successes: own.map { cell in
            let slack = plainPositive[cell].rounded() - plainPositive[cell]
            return (positive[cell] + slack * told[cell] / Double(counts[cell])).clamped(to: 0...told[cell])
          }, trials: own.map { told[$0] })
      }
    }
    func prior(_ cell: Int) -> (mean: Double, weight: Double)? {
      priors[cell % 6 / 3][cell % 3].map { ($0.mean, $0.weight) }
    }
    func paths(_ asymmetry: Double, from start: (Int) -> (mean: Double, weight: Double)?) -> Paths {
      Paths(months, asymmetry: asymmetry, cells: cells, fading: fading, from: start)
    }
    let usual = paths(asymmetry) { cell in
      prior(cell).map { (Fit.weighted($0.mean, asymmetry), $0.weight) }
    }.means
    let believed = asymmetry == 1 ? usual : paths(1, from: prior).means
    let own = paths(1) { cell in prior(cell).map { _ in (0.5, 1) } }
    var a = [Double](repeating: 1, count: cells)
    var b = a
    var trials = [Double](repeating: 0, count: 6)
    for cell in 0..<cells {
      guard let prior = priors[cell % 6 / 3][cell % 3] else { continue }
      let precision = prior.weight + weight[cell] + (asymmetry - 1) * against[cell]
      a[cell] = max(usual[cell] * precision, 1e-6)
      b[cell] = max((1 - usual[cell]) * precision, 1e-6)
      let share = (plainPositive[cell] + 0.5) / (Double(counts[cell]) + 1)
      trials[cell % 6] += told[cell] * share * (1 - share)
    }
    let variation = (0..<2).map { direction in
      (0..<3).map { facet -> Double in
        let place = direction * 3 + facet
        return trials[place] > 0 ? max(0, 1 - ratingSlack[place] / trials[place]) : 1
      }
    }
    return Fit(
      a: a, b: b, weight: weight, believedShares: believed, ownShares: own.means, ownStarts: own.starts,
      ownSquares: own.squares, variation: variation, counts: counts, asymmetry: asymmetry, measured: evidence.measured,
      priors: priors)
  }
}

extension TrustModel {
  /// Where the evidence puts each cell's mean, month after month: silence leaves it there.
  private struct Paths {
    var means: [Double]
    /// What the mean before any evidence weighs in it.
    var starts: [Double]
    /// Squares of what independent pieces weigh in it, summed.
    var squares: [Double]

    /// - Parameters:
    ///   - fading: what is left of evidence after so many months.
    ///   - start: a cell's mean and weight before any evidence; `nil` where it isn't measured.
    init(
      _ months: TrustMonths, asymmetry: Double, cells: Int, fading: [Double],
      from start: (Int) -> (mean: Double, weight: Double)?
    ) {
      means = [Double](repeating: 0, count: cells)
      // A cell that isn't measured has no weight, and no evidence.
      var leasts = means
      for cell in 0..<cells { if let start = start(cell) { (means[cell], leasts[cell]) = start } }
      starts = [Double](repeating: 1, count: cells)
      squares = [Double](repeating: 0, count: cells)
      var weights = leasts
      var latest = [Int32](repeating: .min, count: cells)
      for row in months.rows {
        let cell = Int(row.cell)
        guard leasts[cell] > 0 else { continue }
        let silence = latest[cell] == .min ? 0 : min(Int(row.month - latest[cell]), 1200)
        latest[cell] = row.month
        let before = leasts[cell] + (weights[cell] - leasts[cell]) * fading[silence]
        let (positive, negative) = (row.told * row.positive, row.told * (row.pieces - row.positive) * asymmetry)
        weights[cell] = before + positive + negative
        means[cell] = (means[cell] * before + positive) / weights[cell]
        let kept = before / weights[cell]
        starts[cell] *= kept
        squares[cell] = squares[cell] * kept * kept + row.told * row.pieces / (weights[cell] * weights[cell])
      }
    }
  }
}

extension TrustModel.Fit {
  /// Facets that enter each direction's trust.
  func facets(_ direction: TrustDirection) -> [Int] {
    (0..<3).filter { measured[direction.rawValue][$0] }
  }

  func cell(_ pair: Int, _ direction: TrustDirection, _ facet: Int) -> Int {
    (pair * 2 + direction.rawValue) * 3 + facet
  }

  /// g: a share of what speaks for a side, with what speaks against it counted so many times.
  static func weighted(_ share: Double, _ asymmetry: Double) -> Double { share / (share + asymmetry * (1 - share)) }

  /// Pieces of evidence on one direction of a pair.
  func count(_ pair: Int, _ direction: TrustDirection) -> Int {
    (0..<3).reduce(0) { $0 + counts[cell(pair, direction, $1)] }
  }

  /// What pieces of evidence on one direction of a pair tell as of now.
  func weight(_ pair: Int, _ direction: TrustDirection) -> Double {
    (0..<3).reduce(0) { $0 + weight[cell(pair, direction, $1)] }
  }

  /// The posterior mean of trust, 0–1: facets combined by geometric mean.
  ///
  ///     E[Π X_f^(1/F)] = Π Γ(a + 1/F) Γ(a + b) / (Γ(a) Γ(a + b + 1/F))
  ///
  /// since facets are independent given the evidence. `power` is 1 for the mean, ½ for the mean of the square root.
  func mean(_ pair: Int, _ direction: TrustDirection, power: Double = 1) -> Double {
    let facets = facets(direction)
    var sum = 0.0
    let c = power / Double(facets.count)
    for facet in facets {
      let cell = cell(pair, direction, facet)
      if c == 1 {
        sum += log(a[cell] / (a[cell] + b[cell]))
      } else {
        sum += logGamma(a[cell] + c) + logGamma(a[cell] + b[cell]) - logGamma(a[cell]) - logGamma(a[cell] + b[cell] + c)
      }
    }
    return exp(sum)
  }

  /// Fills `values` with draws of trust, 0–1.
  func draw(_ pair: Int, _ direction: TrustDirection, _ stream: inout RandomStream, into values: inout [Double]) {
    let shares = facets(direction).map { facet in
      let cell = cell(pair, direction, facet)
      return BetaDraws(a[cell], b[cell])
    }
    for i in values.indices {
      var product = 1.0
      for share in shares { product *= share.draw(&stream) }
      values[i] =
        switch shares.count {
        case 1: product
        case 2: product.squareRoot()
        case 3: cbrt(product)
        default: pow(product, 1 / Double(shares.count))
        }
    }
  }
}
