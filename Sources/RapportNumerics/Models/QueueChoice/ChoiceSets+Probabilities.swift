import Glibc

extension ChoiceSets {
  /// What chance each alternative of a set had of being picked if all units were treated alike.
  ///
  ///     p_i = exp(x_iᵀ β) / Σ_k exp(x_kᵀ β)        with sampling weights, of those that were sampled
  ///
  /// - Parameter columns: β.
  /// - Returns: one probability per alternative of the set, in order; they sum to 1.
  public func probabilities(of set: Int, columns: [Double]) -> [Double] {
    var shares: [Double] = []
    probabilities(of: set, columns: columns, into: &shares)
    return shares
  }

  /// As ``probabilities(of:columns:)``, in an array that can be used again, and with effects of `units` where they have any.
  func probabilities(of set: Int, columns: [Double], units: [Double] = [], into shares: inout [Double]) {
    shares.removeAll(keepingCapacity: true)
    var largest = -Double.infinity
    for r in starts[set]..<starts[set + 1] {
      var eta = units.isEmpty ? 0 : units[unit(r)]
      if !logWeights.isEmpty { eta += Double(logWeights[r]) }
      forEachColumn(r) { eta += columns[$0] * $1 }
      shares.append(eta)
      largest = max(largest, eta)
    }
    var total = 0.0
    for k in shares.indices {
      shares[k] = exp(shares[k] - largest)
      total += shares[k]
    }
    for k in shares.indices { shares[k] /= total }
  }
}
