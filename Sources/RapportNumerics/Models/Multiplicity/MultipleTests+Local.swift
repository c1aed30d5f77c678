import Glibc

extension MultipleTests {
  /// Local false discovery rates: the probability that a test with just this p-value is a true null.
  ///
  ///     lfdr(p) = min(1, π₀ φ(x)/f(x))        x = Φ⁻¹(p), f their density
  ///
  /// f is a normal kernel's estimate, 1.5 times as wide as Silverman's rule (1986, equation 3.31). A smaller p never has a
  /// larger rate. Undefined p-values stay undefined. Where fewer than two are defined, or all are equal, nothing can be told
  /// of f, and the rates are π₀.
  ///
  /// - Parameters: `nullShare`: π₀, 0 … 1.
  /// - Complexity: O(n log n)
  ///
  /// Source: Efron, Tibshirani, Storey & Tusher (2001); the R package qvalue for the scale, kernel and order. Differs: f is
  /// taken at the p-values by straight lines between 512 places, not by a spline.
  public func localFalseDiscoveryRates(nullShare: Double) -> [Double] {
    checkProbability(nullShare)
    let order = pValues.indices.filter { !pValues[$0].isNaN }.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    // Beyond these the density rests on nothing.
    let x = order.map { Normal.standard.quantile(pValues[$0].clamped(to: 1e-8...(1 - 1e-8))) }
    let density = KernelDensity(sorted: x, widening: 1.5)
    var result = pValues
    var largest = 0.0
    for (value, index) in zip(x, order) {
      let ratio = density.map { Normal.standard.density(value) / $0.at(value) } ?? 1
      largest = max(largest, min(1, nullShare * ratio))
      result[index] = largest
    }
    return result
  }
}
