extension MultipleTests {
  /// Storey & Tibshirani (2003): q-values, with the share of true null hypotheses from a smooth curve over λ.
  ///
  ///     π₀(λ) = #{p ≥ λ} / (n (1 − λ))        λ = 0.05, 0.10, …, 0.95
  ///
  /// The larger λ, the less it is biased upwards and the more it varies. A natural cubic smoothing spline with three degrees of
  /// freedom runs through all of them, and its value at the last is π₀, at most one. Where it isn't positive, as may happen
  /// with few p-values, it says nothing: π₀ is then one, and the q-values are those of Benjamini & Hochberg.
  ///
  /// Source: Storey & Tibshirani (2003), Statistical significance for genomewide studies, remark B; the R package qvalue for
  /// the λ and for taking the last in place of λ = 1.
  public func storeyTibshirani() throws(NumericsError) -> (nullShare: Double, qValues: [Double]) {
    let lambdas = (1...19).map { Double($0) / 20 }
    let known = pValues.filter { !$0.isNaN }.sorted()
    guard !known.isEmpty else { return (1, pValues) }
    let shares = lambdas.map { lambda in
      Double(known.count - known.partitioningIndex { $0 >= lambda }) / (Double(known.count) * (1 - lambda))
    }
    let fitted = try SmoothingSpline(places: lambdas, degreesOfFreedom: 3).fitted(shares)
    let last = fitted[fitted.count - 1]
    let share = last > 0 ? min(1, last) : 1
    return (share, stepUp { n, rank in share * Double(n) / Double(rank + 1) })
  }
}

extension [Double] {
  /// The first index from which on `belongs` holds, for values sorted so that it holds from somewhere on.
  fileprivate func partitioningIndex(where belongs: (Double) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if belongs(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
