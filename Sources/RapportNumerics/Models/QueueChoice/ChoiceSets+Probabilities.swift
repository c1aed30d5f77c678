extension ChoiceSets {
  /// What chance each alternative had of being picked, set after set; those of a set sum to 1.
  ///
  ///     p_i = exp(η_i) / Σ_k exp(η_k)        η = u_unit + xᵀβ; with sampling weights, of those that were sampled
  ///
  /// - Parameters:
  ///   - units: u; empty if all units are treated alike
  ///   - columns: β
  public func probabilities(units: [Double] = [], columns: [Double]) -> [Double] {
    precondition(isConsistent, "a place in choice sets that isn't there")
    var result = [Double](repeating: 0, count: items.count)
    var picked = [Double](repeating: 0, count: count)
    var shares = result.mutableSpan
    var heights = picked.mutableSpan
    ChoiceUtility(self, units: units, columns: columns).exponentials(of: 0..<count, &shares, picked: &heights)
    for set in 0..<count {
      let alternatives = starts[set]..<starts[set + 1]
      var total = 0.0
      for r in alternatives { total += shares[unchecked: r] }
      let scale = 1 / total
      for r in alternatives { shares[unchecked: r] *= scale }
    }
    return result
  }
  /// What chance each set's pick had, set by set.
  ///
  /// - Parameters: as for ``probabilities(units:columns:)``.
  func pickedProbabilities(units: [Double], columns: [Double]) -> [Double] {
    precondition(isConsistent, "a place in choice sets that isn't there")
    var result = [Double](repeating: 0, count: count)
    var room = [Double](repeating: 0, count: self.room(alternatives: Self.block))
    var heights = [Double](repeating: 0, count: Self.block)
    var shares = room.mutableSpan
    var picked = heights.mutableSpan
    let utility = ChoiceUtility(self, units: units, columns: columns)
    var next = 0
    while next < count {
      let block = block(from: next, alternatives: Self.block)
      next = block.upperBound
      utility.exponentials(of: block, &shares, picked: &picked)
      let before = starts[block.lowerBound]
      for set in block {
        var total = 0.0
        for r in starts[set]..<starts[set + 1] { total += shares[unchecked: r &- before] }
        result[set] = shares[unchecked: starts[set] &- before] * (1 / total)
      }
    }
    return result
  }

  /// So many alternatives are in hand at once, or one set.
  private static let block = 1024
}
