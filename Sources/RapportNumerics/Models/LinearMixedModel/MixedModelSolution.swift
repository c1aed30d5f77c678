/// What the normal equations of a mixed model give at one θ: coefficients and predicted effects.
struct MixedModelSolution: Sendable {
  /// By design column, 0 where left out.
  let coefficients: [Double]
  /// By group and level.
  let effects: [[Double]]

  /// The solution for the responses.
  init(_ system: MixedModelSystem, _ factor: MixedModelFactor) {
    let (p, width) = (system.fixedCount, system.width)
    self.init(system, factor, dense: factor.solved, shift: system.columns.shift) { block, level in
      factor.blocks[block].fixed[level * width + p]
    }
  }

  /// The solution for any right side.
  ///
  /// - Parameters:
  ///   - dense: the right side of the dense block, forwards through its factor
  ///   - shift: what was taken off the responses
  ///   - right: the right side at a level of an eliminated group, what was eliminated before taken off
  init(
    _ system: MixedModelSystem, _ factor: MixedModelFactor, dense: [Double], shift: Double,
    right: (_ block: Int, _ level: Int) -> Double
  ) {
    let spherical = factor.spherical(system, dense: dense, right: right)
    // β = T b; what the shift of y took off goes to the constant.
    let columns = system.columns
    var estimates = columns.transform * spherical.columns
    if let intercept = columns.intercept { estimates[intercept] += shift / columns.interceptValue }
    var coefficients = [Double](repeating: 0, count: columns.count)
    for (k, column) in columns.kept.enumerated() { coefficients[column] = estimates[k] }
    self.coefficients = coefficients
    effects = zip(spherical.effects, factor.ratios).map { effects, ratio in effects.map { $0 * ratio } }
  }

  /// The estimate of a combination.
  func estimate(of combination: LinearCombination) -> Double {
    var sum = combination.effects.reduce(0.0) { $0 + $1.weight * effects[$1.group][$1.level] }
    for (weight, value) in zip(combination.coefficients, coefficients) { sum += weight * value }
    return sum
  }
}

extension MixedModelFactor {
  /// Coefficients and predicted effects.
  func solve(_ system: MixedModelSystem) -> MixedModelSolution { MixedModelSolution(system, self) }

  /// The effects on the scale of the residual, u, by group and level, that the responses have.
  func sphericalEffects(_ system: MixedModelSystem) -> [[Double]] {
    let (p, width) = (system.fixedCount, system.width)
    return spherical(system, dense: solved) { block, level in blocks[block].fixed[level * width + p] }.effects
  }

  /// Solves backwards: the dense block, then each eliminated group.
  ///
  /// - Parameters:
  ///   - dense: the right side of the dense block, forwards through its factor
  ///   - right: the right side at a level of an eliminated group, what was eliminated before taken off
  /// - Returns: u by group and level, and b, the coefficients of what stands in the equations
  fileprivate func spherical(
    _ system: MixedModelSystem, dense right: [Double], right own: (_ block: Int, _ level: Int) -> Double
  ) -> (effects: [[Double]], columns: [Double]) {
    let (p, q) = (system.fixedCount, system.denseCount)
    var x = right
    LAPACK.solveTriangular(dense, .lower, transposed: true, &x, columns: 1)
    var eliminated = system.eliminated.map { [Double](repeating: 0, count: $0.levelCount) }
    for i in system.eliminated.indices.reversed() {
      let e = system.eliminated[i]
      let block = blocks[i]
      for level in 0..<e.levelCount {
        eliminated[i][level] = block.solved(e, level, own: own(i, level), dense: x[...], columns: q..<q + p) {
          eliminated[i + 1 + $0][$1]
        }
      }
    }
    let effects = system.place.map { place in
      if place.isEliminated { return eliminated[place.index] }
      let begin = system.denseOffsets[place.index]
      let end = place.index + 1 < system.denseOffsets.count ? system.denseOffsets[place.index + 1] : q
      return Array(x[begin..<end])
    }
    return (effects, Array(x[q...]))
  }

  /// Posterior variances of combinations over σ²: given the coefficients, and with their uncertainty.
  ///
  ///     cᵀ A⁻¹ c = Σ z²        z: c eliminated forwards through the factor
  ///
  /// The coefficients' part of z comes last, so that leaving it out gives the variance with the coefficients known.
  func quadratics(
    _ system: MixedModelSystem, _ combinations: [LinearCombination], threads: Int = 1
  ) -> [(conditional: Double, prediction: Double)] {
    let q = system.denseCount
    let size = q + system.fixedCount
    let batch = 256
    let batches = parallelMap(count: (combinations.count + batch - 1) / batch, threads: threads) {
      (k: Int) -> [(conditional: Double, prediction: Double)] in
      let begin = k * batch
      let end = min(begin + batch, combinations.count)
      var result: [(conditional: Double, prediction: Double)] = []
      result.reserveCapacity(end - begin)
      var right = [Double](repeating: 0, count: size * (end - begin))
      var own = [Double](repeating: 0, count: end - begin)
      for index in begin..<end {
        own[index - begin] = eliminate(system, combinations[index], &right, at: (index - begin) * size).square
      }
      LAPACK.solveTriangular(dense, .lower, &right, columns: end - begin)
      for index in 0..<(end - begin) {
        var conditional = own[index]
        for h in 0..<q { conditional += right[index * size + h] * right[index * size + h] }
        var prediction = conditional
        for h in q..<size { prediction += right[index * size + h] * right[index * size + h] }
        result.append((conditional, prediction))
      }
      return result
    }
    return batches.flatMap { $0 }
  }

  /// cᵀ A⁻¹ d over σ² of each combination c with others d.
  ///
  /// A⁻¹ c is needed at the levels that the others reach, and at the levels above these, only.
  ///
  /// - Complexity: O((dense levels + columns)²) for each combination, and O(columns + links) for each part of the others
  func covariances(
    _ system: MixedModelSystem, _ combinations: [LinearCombination], with others: [[LinearCombination]], threads: Int
  ) -> [[Double]] {
    let size = system.denseCount + system.fixedCount
    let batch = 64
    let batches = parallelMap(count: (combinations.count + batch - 1) / batch, threads: threads) {
      (k: Int) -> [[Double]] in
      let range = k * batch..<min((k + 1) * batch, combinations.count)
      var right = [Double](repeating: 0, count: size * range.count)
      let levels = range.map {
        eliminate(system, combinations[$0], &right, at: ($0 - range.lowerBound) * size).levels
      }
      LAPACK.solveTriangular(dense, .lower, &right, columns: range.count)
      LAPACK.solveTriangular(dense, .lower, transposed: true, &right, columns: range.count)
      return range.map { index in
        let place = index - range.lowerBound
        var common = PartialSolution(
          factor: self, system: system, dense: right[place * size..<(place + 1) * size], right: levels[place])
        return others[index].map { common.estimate(of: $0) }
      }
    }
    return batches.flatMap { $0 }
  }

  /// Takes a combination forwards through the eliminated groups.
  ///
  /// - Parameters: `right`: receives, from `column` on, what is left for the dense block and the coefficients
  /// - Returns: the eliminated part of cᵀ A⁻¹ c, and the right side at each eliminated level that the combination reaches
  private func eliminate(
    _ system: MixedModelSystem, _ combination: LinearCombination, _ right: inout [Double], at column: Int
  ) -> (square: Double, levels: [[Int: Double]]) {
    let (p, q) = (system.fixedCount, system.denseCount)
    if !combination.coefficients.isEmpty {
      let kept = system.columns.kept.map { combination.coefficients[$0] }
      for (j, value) in system.columns.transform.transposedTimes(kept).enumerated() { right[column + q + j] += value }
    }
    // A level touches its parents and the dense block only.
    var pending = [[Int: Double]](repeating: [:], count: system.eliminated.count)
    for term in combination.effects {
      let place = system.place[term.group]
      let value = term.weight * ratios[term.group]
      if place.isEliminated {
        pending[place.index][term.level, default: 0] += value
      } else {
        right[column + system.denseOffsets[place.index] + term.level] += value
      }
    }
    var square = 0.0
    for (i, e) in system.eliminated.enumerated() {
      for (level, value) in pending[i].sorted(by: { $0.key < $1.key }) where value != 0 {
        let scaled = value / blocks[i].pivots[level]
        square += value * scaled
        for (j, parent) in e.parents.enumerated() {
          pending[i + 1 + j][Int(parent[level]), default: 0] -= scaled * blocks[i].parents[j][level]
        }
        for k in e.starts[level]..<e.starts[level + 1] {
          right[column + Int(e.linkLevels[k])] -= scaled * blocks[i].links[k]
        }
        for j in 0..<p { right[column + q + j] -= scaled * blocks[i].fixed[level * (p + 1) + j] }
      }
    }
    return (square, pending)
  }
}

extension MixedModelFactor.Block {
  /// u of an eliminated level, from what was eliminated after it.
  ///
  /// - Parameters:
  ///   - own: the right side at the level, what was eliminated before taken off
  ///   - dense: the dense block's solution, counted from its own first index; the columns' part of it is `columns`
  ///   - above: u in the eliminated group so many places further, at a level
  @inline(__always)
  fileprivate func solved(
    _ group: MixedModelSystem.EliminatedGroup, _ level: Int, own: Double, dense: ArraySlice<Double>,
    columns: Range<Int>, above: (_ step: Int, _ level: Int) -> Double
  ) -> Double {
    let (first, width) = (dense.startIndex, columns.count + 1)
    var value = own
    for (j, column) in columns.enumerated() { value -= fixed[level * width + j] * dense[first + column] }
    for k in group.starts[level]..<group.starts[level + 1] {
      value -= links[k] * dense[first + Int(group.linkLevels[k])]
    }
    for (j, parent) in group.parents.enumerated() {
      let level = (own: level, parent: Int(parent[level]))
      value -= parents[j][level.own] * above(j, level.parent)
    }
    return value / pivots[level]
  }
}

/// The solution of the normal equations for one right side, at the levels that are asked for.
private struct PartialSolution {
  let factor: MixedModelFactor
  let system: MixedModelSystem
  /// Of the dense block.
  let dense: ArraySlice<Double>
  /// The right side at eliminated levels where it isn't 0, what was eliminated before taken off.
  let right: [[Int: Double]]
  /// u at eliminated levels, as far as it was asked for.
  private var known: [[Int: Double]]

  init(factor: MixedModelFactor, system: MixedModelSystem, dense: ArraySlice<Double>, right: [[Int: Double]]) {
    (self.factor, self.system, self.dense, self.right) = (factor, system, dense, right)
    known = Array(repeating: [:], count: system.eliminated.count)
  }

  /// The estimate of a combination.
  mutating func estimate(of combination: LinearCombination) -> Double {
    var sum = 0.0
    for term in combination.effects {
      let place = system.place[term.group]
      let u =
        place.isEliminated
        ? eliminated(place.index, term.level) : dense[dense.startIndex + system.denseOffsets[place.index] + term.level]
      sum += term.weight * (u * factor.ratios[term.group])
    }
    guard !combination.coefficients.isEmpty else { return sum }
    let estimates = system.columns.transform * Array(dense.dropFirst(system.denseCount))
    for (k, column) in system.columns.kept.enumerated() { sum += combination.coefficients[column] * estimates[k] }
    return sum
  }

  private mutating func eliminated(_ block: Int, _ level: Int) -> Double {
    if let value = known[block][level] { return value }
    let group = system.eliminated[block]
    // Levels above first.
    let above = group.parents.enumerated().map { j, parent in eliminated(block + 1 + j, Int(parent[level])) }
    let q = system.denseCount
    let value = factor.blocks[block].solved(
      group, level, own: right[block][level] ?? 0, dense: dense, columns: q..<q + system.fixedCount
    ) { step, _ in above[step] }
    known[block][level] = value
    return value
  }
}
