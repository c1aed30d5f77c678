import Glibc

/// Tail areas of many tests, adjusted for their number.
///
/// An undefined p-value (NaN) stays undefined and isn't counted. Results are in the order of the input.
public struct MultipleTests: Sendable {
  /// The p-values, 0 … 1 or NaN.
  public let pValues: [Double]

  /// The family of tests.
  public init(_ pValues: [Double]) {
    for p in pValues where !p.isNaN { precondition(p >= 0 && p <= 1, "p-value is \(p), expected 0 … 1") }
    self.pValues = pValues
  }

  /// Indices of defined p-values, ascending by p; ties in input order.
  private var order: [Int] {
    pValues.indices.filter { !pValues[$0].isNaN }.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
  }

  /// Bonferroni: min(1, n p).
  public func bonferroni() -> [Double] {
    let n = Double(order.count)
    return pValues.map { $0.isNaN ? $0 : min(1, n * $0) }
  }

  /// Holm (1979): the family-wise error rate, step down.
  public func holm() -> [Double] {
    let order = order
    var result = pValues
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, Double(order.count - rank) * pValues[index])
      result[index] = min(1, largest)
    }
    return result
  }

  /// Hochberg (1988): the family-wise error rate, step up, for independent or positively dependent tests.
  public func hochberg() -> [Double] { stepUp { n, rank in Double(n - rank) } }

  /// Benjamini & Hochberg (1995): the false discovery rate under independence or positive dependence.
  public func benjaminiHochberg() -> [Double] { stepUp { n, rank in Double(n) / Double(rank + 1) } }

  /// Benjamini & Yekutieli (2001): the false discovery rate under any dependence.
  public func benjaminiYekutieli() -> [Double] {
    var harmonic = 0.0
    for k in 0..<order.count { harmonic += 1 / Double(k + 1) }
    return stepUp { n, rank in harmonic * Double(n) / Double(rank + 1) }
  }

  /// Hommel (1988): the family-wise error rate, from Simes' test of every subset.
  ///
  /// - Complexity: O(n²). Source: Wright (1992), Adjusted p-values for simultaneous inference.
  public func hommel() -> [Double] {
    let order = order
    let n = order.count
    if n < 2 { return pValues }
    let p = order.map { pValues[$0] }
    var adjusted = [Double](repeating: p.indices.map { Double(n) * p[$0] / Double($0 + 1) }.min()!, count: n)
    var previous = adjusted
    for m in stride(from: n - 1, through: 2, by: -1) {
      let tail = ((n - m + 1)..<n).map { Double(m) * p[$0] / Double(2 + $0 - (n - m + 1)) }.min()!
      for i in 0...(n - m) { previous[i] = min(Double(m) * p[i], tail) }
      for i in (n - m + 1)..<n { previous[i] = previous[n - m] }
      for i in 0..<n { adjusted[i] = max(adjusted[i], previous[i]) }
    }
    var result = pValues
    for (rank, index) in order.enumerated() { result[index] = max(adjusted[rank], p[rank]) }
    return result
  }

  /// Storey (2002): q-values, with the share of true null hypotheses estimated from p-values above λ.
  ///
  /// - Parameters: `lambda`: 0 … 1; higher is less biased and more variable.
  public func storey(lambda: Double = 0.5) -> (nullShare: Double, qValues: [Double]) {
    precondition(lambda >= 0 && lambda < 1, "lambda is \(lambda), expected 0 ≤ λ < 1")
    let order = order
    let above = order.filter { pValues[$0] >= lambda }.count
    let share = order.isEmpty ? 1 : min(1, Double(above) / (Double(order.count) * (1 - lambda)))
    return (share, stepUp { n, rank in share * Double(n) / Double(rank + 1) })
  }

  func stepUp(_ factor: (_ n: Int, _ rank: Int) -> Double) -> [Double] {
    let order = order
    var result = pValues
    var smallest = 1.0
    for rank in order.indices.reversed() {
      smallest = min(smallest, factor(order.count, rank) * pValues[order[rank]])
      result[order[rank]] = smallest
    }
    return result
  }

  /// Fisher (1932): the tail area of −2 Σ log p under χ² with 2n degrees of freedom; 0 where some p is 0.
  public func fisherCombined() -> Double {
    let used = pValues.filter { !$0.isNaN }
    if used.isEmpty { return 1 }
    var sum = 0.0
    for p in used { sum -= 2 * log(p) }
    return ChiSquared(degreesOfFreedom: 2 * Double(used.count)).survival(sum)
  }

  /// Stouffer (1949): the tail area of Σ z / √n.
  public func stoufferCombined() -> Double {
    let used = pValues.filter { !$0.isNaN }
    if used.isEmpty { return 1 }
    var sum = 0.0
    for p in used { sum -= Normal.standard.quantile(p) }
    return Normal.standard.survival(sum / Double(used.count).squareRoot())
  }
}
