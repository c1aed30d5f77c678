import Glibc

/// What choosers pick next out of their queues: a conditional logit with effects of units and each chooser's own way with
/// columns.
///
///     P(i | queue) = exp(u_unit(i) + x_iᵀ β_p) / Σ_{k in queue} exp(u_unit(k) + x_kᵀ β_p)        β_p ~ N(β, Ω), Ω diagonal
///
/// A queue that is worked off strictly (first in first out, by priority) separates the data: without a prior, coefficients
/// run to infinity. β has the prior N(0, 2.5²); units too, which says almost nothing of an effect but keeps a unit that was
/// never picked finite. β_p must be each chooser's own: one β for choosers who work in different ways makes
/// units look favoured that are not.
///
/// Sources: McFadden (1974); Gelman, Jakulin, Pittau & Su (2008) for the prior; METHODS.md §5, §14.1.
public struct QueueChoiceModel: Sendable {
  /// Standard deviation of the normal priors of β and of units.
  public var priorDeviation = 2.5
  /// Choosers with fewer sets than this don't show how much choosers differ.
  public var fewestSets = 30
  /// Whether picks that contradict everything else are set aside as lapses (``ChooserFit``).
  public var setsLapsesAside = true
  /// Rounds of the search for β and Ω at most; some tens are usual.
  public var maximumRounds = 1000

  /// The variance of the units' prior.
  public var unitVariance: Double { priorDeviation * priorDeviation }

  /// The model with its defaults.
  public init() {}

  /// What a search that only leads to the last one may leave, in log likelihood: some hundredth of an error, and it ends with
  /// one more step.
  private static let nearly = 1e-4

  /// Estimates all choosers.
  ///
  /// - Parameters:
  ///   - count: how many choosers
  ///   - sets: the sets of a chooser; called two or three times for each, so that they needn't be kept
  /// - Complexity: O(alternatives) for each of some ten passes and more where lapses settle slowly, and O(units³) per chooser and Newton step.
  public func fit(
    choosers count: Int, columnCount: Int, threads: Int, sets: @Sendable (Int) -> ChoiceSets
  ) -> QueueChoiceFit {
    let flat = priorDeviation * priorDeviation
    let wide = ColumnPrior(
      means: [Double](repeating: 0, count: columnCount), variances: [Double](repeating: flat, count: columnCount))
    // What choosers have in common comes out nearly the same from a part of many sets; after that it is estimated from all.
    let first = parallelMap(count: count, threads: threads) { (p: Int) -> (fit: ChooserFit, sets: Int)? in
      let own = sets(p)
      guard own.count > 0 else { return nil }
      let step = own.partStep
      var fit = ChooserFit.fit(
        step.map { own.every($0) } ?? own, prior: wide, unitVariance: flat, start: nil,
        passing: step == nil ? Self.nearly : ChooserFit.leading, setsLapsesAside: setsLapsesAside)
      if step != nil { fit.regularities = [] }
      return (fit, own.count)
    }
    var fits = first.map { $0?.fit }
    let usable = first.indices.filter { p in
      first[p].map { $0.sets >= fewestSets && $0.fit.record.converged } ?? false
    }
    var common = CommonColumns(means: wide.means, variances: wide.variances, choosers: usable.count)
    if usable.count < 3 {
      let before = fits
      fits = parallelMap(count: count, threads: threads) { (p: Int) -> ChooserFit? in
        guard let start = before[p] else { return nil }
        return ChooserFit.fit(
          sets(p), prior: wide, unitVariance: flat, start: (start.units, start.columns, start.regularities),
          setsLapsesAside: setsLapsesAside)
      }
    } else {
      for round in 0..<2 {
        common.estimate(usable.map { fits[$0]! }, priorVariance: flat, maximumRounds: maximumRounds)
        let now = common
        let before = fits
        fits = parallelMap(count: count, threads: threads) { (p: Int) -> ChooserFit? in
          guard let start = before[p].map({ now.moved($0) }) else { return nil }
          return ChooserFit.fit(
            sets(p), prior: ColumnPrior(means: now.means, variances: now.variances), unitVariance: flat,
            start: (start.units, start.columns, before[p]!.regularities),
            startsNear: round == 1, passing: round == 0 ? Self.nearly : nil, tellsColumns: round == 0,
            setsLapsesAside: setsLapsesAside)
        }
      }
    }
    return QueueChoiceFit(choosers: fits, common: common)
  }

  /// Estimates one chooser anew, where the distribution of the choosers' own β_p is known.
  ///
  /// - Parameters:
  ///   - sets: the chooser's; at least one
  ///   - means: β
  ///   - variances: the diagonal of Ω
  public func fit(_ sets: ChoiceSets, means: [Double], variances: [Double]) -> ChooserFit {
    precondition(sets.count > 0, "no set to fit")
    precondition(
      means.count == sets.columnCount && variances.count == sets.columnCount,
      "\(means.count) means and \(variances.count) variances, expected \(sets.columnCount)")
    return ChooserFit.fit(
      sets, prior: ColumnPrior(means: means, variances: variances), unitVariance: unitVariance, start: nil,
      setsLapsesAside: setsLapsesAside)
  }
}

extension QueueChoiceModel {
  /// One chooser's effects from other sets of the same units and columns, everything common as it was found.
  public func refit(_ chooser: Int, of fit: QueueChoiceFit, _ sets: ChoiceSets) -> ChooserFit? {
    guard let own = fit.choosers[chooser], sets.count > 0 else { return nil }
    return ChooserFit.fit(
      sets, prior: ColumnPrior(means: fit.common.means, variances: fit.common.variances), unitVariance: unitVariance,
      start: (own.units, own.columns, []), setsLapsesAside: setsLapsesAside)
  }
}

extension QueueChoiceModel {
  /// One chooser's columns and lapses where no unit is treated differently from another: the model under the hypothesis that a test of
  /// units' effects is about. Columns that were found together with units' effects have taken part of what differs between units
  /// by chance, so that what remains would depend on whose items are whose.
  public func withoutUnits(_ chooser: Int, of fit: QueueChoiceFit, _ sets: ChoiceSets) -> ChooserFit? {
    guard let own = fit.choosers[chooser], sets.count > 0 else { return nil }
    var alike = sets
    alike.unitCount = 1
    alike.itemUnits = [Int32](repeating: 0, count: sets.itemUnits.count)
    return ChooserFit.fit(
      alike, prior: ColumnPrior(means: fit.common.means, variances: fit.common.variances), unitVariance: unitVariance,
      start: ([0], own.columns, own.regularities), passing: Self.nearly, setsLapsesAside: setsLapsesAside)
  }
}

/// Choosers' effects, and what columns do on the whole.
public struct QueueChoiceFit: Sendable {
  /// By chooser; `nil` without any set.
  public let choosers: [ChooserFit?]
  /// β and Ω.
  public let common: CommonColumns
}

/// The distribution of the choosers' own β_p.
public struct CommonColumns: Sendable, Equatable {
  /// β.
  public private(set) var means: [Double]
  /// The diagonal of Ω.
  public private(set) var variances: [Double]
  /// Posterior variances of β, given Ω: what isn't known of each chooser's own β_p is in them.
  public private(set) var meanVariances: [Double]
  /// Choosers that they were estimated from; below three they are the prior.
  public let choosers: Int
  /// How the last estimation ended; `nil` for the prior.
  public private(set) var record: SearchRecord?
  /// Whether they were estimated, and aren't the prior.
  public var isEstimated: Bool { record != nil }

  init(means: [Double], variances: [Double], choosers: Int) {
    self.means = means
    self.variances = variances
    self.choosers = choosers
    meanVariances = variances
  }

  /// β and Ω by EM from the choosers' own evidence, each a quadratic log likelihood.
  ///
  ///     β_p | data ~ N(P⁻¹ (J_p β̂_p + g_p + Ω⁻¹ β), P⁻¹)        P = J_p + Ω⁻¹
  ///
  /// J_p is the information and g_p the slope at β̂_p without the prior. Ω has two choosers' worth of variance 0.1 in advance, so that it
  /// can't collapse. What it leaves unknown of β is the inverse of the information in all choosers' β̂_p, s² the variance of β's prior:
  ///
  ///     Var β = (Σ_p (Ω + J_p⁻¹)⁻¹ + I/s²)⁻¹        (Ω + J_p⁻¹)⁻¹ = Ω⁻¹ − Ω⁻¹ P⁻¹ Ω⁻¹
  ///
  /// The right side holds for a J_p without inverse too: a column that never varied in a chooser's queues tells nothing.
  ///
  /// Sources: Dempster, Laird & Rubin (1977), §4.2; Louis (1982), Finding the observed information matrix when using the EM
  /// algorithm.
  mutating func estimate(_ fits: [ChooserFit], priorVariance: Double, maximumRounds: Int) {
    let columns = means.count
    let (pseudoCount, pseudoVariance) = (2.0, 0.1)
    var record = SearchRecord(
      method: "expectation–maximization", stop: .evaluations, evaluations: 0, iterations: 0)
    for round in 1...maximumRounds {
      record.evaluations = round
      record.iterations = round
      var sums = [Double](repeating: 0, count: columns)
      var (squares, n) = (sums, 0.0)
      for fit in fits {
        guard let own = posterior(of: fit) else { continue }
        n += 1
        for j in 0..<columns {
          sums[j] += own.mean[j]
          squares[j] += (own.mean[j] - means[j]) * (own.mean[j] - means[j]) + own.covariance[j, j]
        }
      }
      // Where nobody's evidence can be told, all stays as it was.
      guard n > 0 else { break }
      var change = 0.0
      for j in 0..<columns {
        let precision = n / variances[j] + 1 / priorVariance
        let next = sums[j] / variances[j] / precision
        // Squares are around the mean before.
        let around =
          squares[j] - n * (sums[j] / n - means[j]) * (sums[j] / n - means[j])
          + n * (sums[j] / n - next) * (sums[j] / n - next)
        let variance = min((around + pseudoCount * pseudoVariance) / (n + pseudoCount), priorVariance)
        change = max(change, abs(next - means[j]), abs(variance - variances[j]) / variances[j])
        means[j] = next
        variances[j] = variance
      }
      if change < 1e-3 {
        record.stop = .tolerance
        break
      }
    }
    self.record = record
    var information = Matrix.diagonal(means.map { _ in 1 / priorVariance })
    for fit in fits {
      guard let own = posterior(of: fit) else { continue }
      for j in 0..<columns {
        information[j, j] += 1 / variances[j]
        for k in 0..<columns { information[j, k] -= own.covariance[j, k] / (variances[j] * variances[k]) }
      }
    }
    if let factor = try? Cholesky(information) { meanVariances = factor.inverse.diagonal }
  }

  /// Where a chooser's effects come to under β and Ω, by the same quadratic log likelihood; where they were if that can't be
  /// told.
  func moved(_ fit: ChooserFit) -> (units: [Double], columns: [Double]) {
    guard let own = posterior(of: fit) else { return (fit.units, fit.columns) }
    let shift = fit.unitShifts * zip(own.mean, fit.columns).map { $0 - $1 }
    return (zip(fit.units, shift).map { $0 - $1 }, own.mean)
  }

  /// A chooser's own β_p, given β and Ω; `nil` where P isn't positive definite.
  private func posterior(of fit: ChooserFit) -> (mean: [Double], covariance: Matrix)? {
    var precision = fit.columnInformation
    var right = fit.columnEvidence
    for j in means.indices {
      precision[j, j] += 1 / variances[j]
      right[j] += means[j] / variances[j]
    }
    guard let factor = try? Cholesky(precision) else { return nil }
    return (factor.solve(right), factor.inverse)
  }
}
