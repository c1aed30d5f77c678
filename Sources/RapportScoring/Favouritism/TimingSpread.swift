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
  }
  var pairs: [Unit]
  var managers: [Unit]
  var partners: [Unit]

  /// Residuals are taken from the model without its months, so that a pair that changes from month to month counts as
  /// less predictable.
  init(_ cells: TimingCells, _ groups: TimingGroups, _ design: DesignMatrix, _ fit: LinearMixedModelFit) {
    pairs = [Unit](repeating: Unit(), count: cells.pairs.count)
    managers = [Unit](repeating: Unit(), count: cells.managers.count)
    partners = [Unit](repeating: Unit(), count: cells.partners.count)
    var sums = [Double](repeating: 0, count: cells.pairs.count)
    for cell in cells.pairOfCell.indices {
      let pair = Int(cells.pairOfCell[cell])
      var fitted = fit.fixedPart(design, row: cell)
      for (index, grouping) in groups.groupings.enumerated() where index != groups.pairMonth {
        fitted += fit.effects[index][Int(grouping.codes[cell])]
      }
      let n = cells.answered.counts[cell]
      pairs[pair].requests += Int(cells.responses.counts[cell])
      pairs[pair].answered += n
      pairs[pair].squares += max(
        0, cells.answered.squares[cell] - fitted * (2 * cells.answered.sums[cell] - n * fitted))
      sums[pair] += cells.answered.sums[cell] - n * fitted
      pairs[pair].logSum += cells.responses.sums[cell]
    }
    for index in pairs.indices {
      if pairs[index].answered > 0 { pairs[index].squares -= sums[index] * sums[index] / pairs[index].answered }
      pairs[index].squares = max(0, pairs[index].squares)
      pairs[index].degrees = max(0, pairs[index].answered - 1)
      managers[groups.manager(ofPair: index)].add(pairs[index])
      partners[groups.partner(ofPair: index)].add(pairs[index])
    }
  }

  /// Moderated variance and its degrees of freedom, with the prior of all pairs.
  ///
  ///     s̃² = (d₀ s₀² + d s²) / (d₀ + d)        d₀ at most a million, where pairs don't differ
  ///
  /// - Returns: 0 with 0 degrees where no pair has two answered requests.
  func moderated() throws(NumericsError) -> @Sendable (Unit) -> (variance: Double, degrees: Double) {
    guard pairs.contains(where: { $0.degrees > 0 }) else { return { _ in (0, 0) } }
    let prior = try ModeratedVariances(
      variances: pairs.map { $0.degrees > 0 ? $0.squares / $0.degrees : 0 }, degreesOfFreedom: pairs.map(\.degrees))
    let (degrees, variance) = (min(1e6, prior.priorDegreesOfFreedom), prior.priorVariance)
    return { unit in
      ((degrees * variance + unit.squares) / (degrees + unit.degrees), degrees + unit.degrees)
    }
  }
}

extension TimingSpread.Unit {
  /// Sums of both.
  mutating func add(_ other: Self) {
    requests += other.requests
    answered += other.answered
    squares += other.squares
    degrees += other.degrees
    logSum += other.logSum
  }
}
