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
}
