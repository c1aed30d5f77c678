import Glibc

/// Many effects that are known up to a constant per group, shrunken around each group's usual effect.
///
///     b_gk ~ N(c_g + θ_gk, s_gk²)        θ ~ the mixture of ``AdaptiveShrinkage``, its mode at zero
///
/// The usual effect c_g is where most of a group's units lie, not their mean: two or three large effects would move a mean
/// and make all others look different. c_g maximizes the mixture's likelihood; what is unknown of it is integrated over.
///
/// Source: METHODS.md §5, §14.3; Stephens (2017).
public struct ReferencedShrinkage: Sendable {
  /// One unit's effect.
  public struct Unit: Sendable {
    public var estimate: Double
    public var standardError: Double
    /// Whether it helps to find the mixture; fixed before looking.
    public var isInFamily: Bool
    /// An effect with its error.
    public init(estimate: Double, standardError: Double, isInFamily: Bool) {
      self.estimate = estimate
      self.standardError = standardError
      self.isInFamily = isInFamily
    }
  }

  /// How the mixture is found that effects are shrunken by. Its two halves have weights of their own, since favour may be all
  /// on one side: a prior that must expect as much on the other finds fewer. Zero counts four effects more than the
  /// data have, by ashr's default nine: with none false signs aren't held to their rate in small families, with one where half
  /// the units differ by little, and each further one costs power.
  public var shrinkage: AdaptiveShrinkage = {
    var result = AdaptiveShrinkage()
    result.component = .halfNormal
    // Four more than the data have.
    result.nullWeight = 5
    return result
  }()
  /// How the mixture is found that usual effects are placed by. It is symmetric: with halves of their own a group could be
  /// explained as well by a usual effect at its very end, from which all the others differ to one side.
  public var placement: AdaptiveShrinkage = {
    var result = AdaptiveShrinkage()
    // The family is large and mostly without effect: no push towards none is needed.
    result.nullWeight = 1
    return result
  }()
  /// With fewer units in the family than this, the prior is normal with `fallbackDeviation`.
  public var smallestFamily = 5
  /// That prior's standard deviation.
  public var fallbackDeviation = 0.3
  /// Rounds of the search for usual effects at most. They move by less than a fiftieth of a standard error sooner, as a rule
  /// in three.
  public var maximumRounds = 25

  /// The model with its defaults.
  public init() {}

  /// Finds each group's usual effect and the mixture that places it, in turn until neither moves, then the mixture around
  /// usual effects.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined estimates, errors that aren't positive, and uniform parts;
  ///   ``NumericsError/didNotConverge(method:iterations:)`` where a mixture's weights aren't found.
  public func fit(_ groups: [[Unit]], threads: Int = 1) throws(NumericsError) -> ReferencedFit {
    for group in groups {
      for unit in group where !(unit.estimate.isFinite && unit.standardError.isFinite && unit.standardError > 0) {
        throw .invalidInput(
          "estimate \(unit.estimate) with standard error \(unit.standardError): expected finite values and a positive error"
        )
      }
    }
    var centers = groups.map { Self.weightedMedian($0) }
    let familyCount = groups.reduce(0) { $0 + $1.count { $0.isInFamily } }
    let isShown = familyCount >= smallestFamily
    func around(_ centers: [Double], _ model: AdaptiveShrinkage) throws(NumericsError) -> ShrinkageFit {
      var estimates: [Double] = []
      var errors: [Double] = []
      for (group, center) in zip(groups, centers) {
        for unit in group where unit.isInFamily {
          estimates.append(unit.estimate - center)
          errors.append(unit.standardError)
        }
      }
      let fit = try model.fit(estimates: estimates, standardErrors: errors)
      guard fit.record.converged else {
        throw .didNotConverge(method: "the mixture of effects", iterations: fit.record.iterations ?? 0)
      }
      return fit
    }
    var placing = HalvedNormals(variance: fallbackDeviation * fallbackDeviation)
    var references: [Reference] = []
    // Between two places about as likely a usual effect can go to and fro, the mixture with it: back, it stays.
    var earlier = centers
    var isBack = groups.map { _ in false }
    var record = SearchRecord(method: "in turn", stop: .evaluations, evaluations: 0, iterations: 0)
    for round in 1...maximumRounds {
      record.evaluations = round
      record.iterations = round
      if isShown { placing = try HalvedNormals(around(centers, placement)) }
      let before = centers
      let found = placing
      references = parallelMap(count: groups.count, threads: threads) { Self.reference(groups[$0], found) }
      var isSettled = true
      for (index, group) in groups.enumerated() {
        let mode = references[index].mode
        let tolerance = 0.02 * (group.map(\.standardError).min() ?? 1)
        let hasMoved = abs(mode - before[index]) >= tolerance
        if round > 2 && hasMoved && abs(mode - earlier[index]) < tolerance { isBack[index] = true }
        if isBack[index] { continue }
        centers[index] = mode
        if hasMoved { isSettled = false }
      }
      earlier = before
      if isSettled || !isShown {
        record.stop = .tolerance
        break
      }
    }
    let mixture = isShown ? try around(centers, shrinkage) : nil
    return ReferencedFit(
      mixture: mixture, prior: try mixture.map { fit throws(NumericsError) in try HalvedNormals(fit) } ?? placing,
      placing: placing, references: references, record: record, groups: groups)
  }

  /// The precision-weighted median of a group.
  public static func weightedMedian(_ group: [Unit]) -> Double {
    let chosen = group.contains { $0.isInFamily } ? group.filter(\.isInFamily) : group
    let order = chosen.sorted { $0.estimate < $1.estimate }
    let weights = order.map { 1 / ($0.standardError * $0.standardError) }
    let half = weights.reduce(0, +) / 2
    var sum = 0.0
    for (unit, weight) in zip(order, weights) {
      sum += weight
      if sum >= half { return unit.estimate }
    }
    return 0
  }

  /// In a group of so many each unit may decide where the usual effect lies.
  private static let smallGroup = 8

  /// Where a group's usual effect lies: the posterior of c on a grid, under a flat prior.
  static func reference(_ group: [Unit], _ prior: HalvedNormals) -> Reference {
    guard group.count > 1 else { return Reference(mode: group.first?.estimate ?? 0, grid: [], logDensities: []) }
    let likelihood = PlacedLikelihood(group, prior)
    // The whole range first, in steps that no peak hides between, then the neighbourhood of what matters.
    let precision = group.reduce(0) { $0 + 1 / ($1.standardError * $1.standardError) }
    let finest = (1 / precision).squareRoot()
    let isSmall = group.count <= Self.smallGroup
    // Of a few, the usual effect without one may lie as far from the others' estimates as effects are from usual ones.
    func reach(_ unit: Unit) -> Double {
      isSmall
        ? 6 * (unit.standardError * unit.standardError + prior.largestVariance).squareRoot() : 2 * unit.standardError
    }
    let low = group.map { $0.estimate - reach($0) }.min()!
    let high = group.map { $0.estimate + reach($0) }.max()!
    let steps = max(20, min(isSmall ? 4000 : 400, Int((high - low) / finest)))
    let coarse = (0...steps).map { low + (high - low) * Double($0) / Double(steps) }
    func likely(_ density: (Double) -> Double) -> ClosedRange<Double> {
      let values = coarse.map(density)
      let largest = values.max()!
      let places = values.indices.filter { values[$0] > largest - 12 }
      let width = (high - low) / Double(steps)
      return coarse[places.first!] - width...coarse[places.last!] + width
    }
    let whole = likely(likelihood.logDensity)
    var range = whole
    // Without one of a few the others may point elsewhere: the grid has to hold that too.
    if isSmall {
      for left in group.indices {
        var others = group
        others.remove(at: left)
        let own = likely(PlacedLikelihood(others, prior).logDensity)
        range = min(range.lowerBound, own.lowerBound)...max(range.upperBound, own.upperBound)
      }
    }
    let wider = (range.upperBound - range.lowerBound) / (whole.upperBound - whole.lowerBound)
    let points = min(1600, Int((160 * wider).rounded(.up)))
    let grid = (0...points).map {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(points)
    }
    let values = grid.map(likelihood.logDensity)
    return Reference(mode: peak(grid, values), grid: grid, logDensities: values)
  }

  /// Where values on an even grid are highest, by the parabola through the highest and its neighbours: from one point of the
  /// grid to the next a usual effect moves by more than what counts as settled, and could go to and fro for ever.
  private static func peak(_ grid: [Double], _ values: [Double]) -> Double {
    let best = values.indices.max { values[$0] < values[$1] }!
    guard best > 0, best < values.count - 1 else { return grid[best] }
    let (below, above) = (values[best] - values[best - 1], values[best] - values[best + 1])
    guard below + above > 0 else { return grid[best] }
    return grid[best] + (grid[best + 1] - grid[best]) * (below - above) / (2 * (below + above))
  }
}

/// What is known of a group's usual effect.
public struct Reference: Sendable {
  /// Its most likely place.
  public let mode: Double
  let grid: [Double]
  /// Log posterior at the grid, up to a constant.
  let logDensities: [Double]

  /// Grid points' probabilities, with the part of one unit taken out where given.
  func probabilities(without logs: [Double]? = nil) -> [Double] {
    let values = logs.map { zip(logDensities, $0).map { $0 - $1 } } ?? logDensities
    let largest = values.max() ?? 0
    let raw = values.map { exp($0 - largest) }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }

  /// At most so many points of about equal probability that stand in for the distribution.
  func points(_ most: Int) -> [(place: Double, probability: Double)] {
    let p = probabilities()
    var result: [(place: Double, probability: Double)] = []
    var (mass, sum) = (0.0, 0.0)
    for (c, weight) in zip(grid, p) {
      mass += weight
      sum += weight * c
      if mass >= 1 / Double(most) {
        result.append((sum / mass, mass))
        (mass, sum) = (0, 0)
      }
    }
    if mass > 0 { result.append((sum / mass, mass)) }
    return result
  }
}
