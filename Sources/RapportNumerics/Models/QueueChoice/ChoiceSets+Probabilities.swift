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
    var shares = result.mutableSpan
    let utility = ChoiceUtility(self, units: units, columns: columns)
    for set in 0..<count {
      let scale = 1 / utility.exponentials(of: set, &shares, from: starts[set]).total
      for r in starts[set]..<starts[set + 1] { shares[unchecked: r] *= scale }
    }
    return result
  }

  /// What chance each set's pick had, set by set.
  ///
  /// - Parameters: as for ``probabilities(units:columns:)``.
  func pickedProbabilities(units: [Double], columns: [Double]) -> [Double] {
    precondition(isConsistent, "a place in choice sets that isn't there")
    var result = [Double](repeating: 0, count: count)
    var room = [Double](repeating: 0, count: longest)
    var shares = room.mutableSpan
    let utility = ChoiceUtility(self, units: units, columns: columns)
    for set in 0..<count {
      let total = utility.exponentials(of: set, &shares).total
      result[set] = shares[unchecked: 0] * (1 / total)
    }
    return result
  }
}
