import Glibc

/// Sums over all allowed segmentations of T periods, by recursion from both ends.
///
///     F(t) = Σ_{s<t} F(s) w(s, t)        B(s) = Σ_{t>s} w(s, t) B(t)        F(0) = B(T) = 1
///     w(s, t) = m(s, t) (1 − p)^(t−s−1) p^[s>0]
///
/// m(s, t) is the evidence of the segment of periods s ..< t, zero where it isn't allowed. F(T) = B(0) is the sum over
/// all, F(t) B(t) the part of it with a change just before period t. Everything is kept as logarithms.
///
/// Source: Fearnhead (2006), §2, whose Q(t) is B(t − 1); the sums from the front take the place of his draws.
struct Segmentations {
  let periodCount: Int
  /// log F.
  private(set) var front: [Double]
  /// log B.
  private(set) var back: [Double]
  /// log w, s ..< t at s (T + 1) + t.
  private let weights: [Double]

  init(periodCount: Int, changeProbability: Double, logEvidence: (Range<Int>) -> Double?) {
    let count = periodCount
    self.periodCount = count
    let (logChange, logStay) = (log(changeProbability), log1p(-changeProbability))
    var weights = [Double](repeating: -.infinity, count: (count + 1) * (count + 1))
    for s in 0..<count {
      for t in (s + 1)...count {
        guard let evidence = logEvidence(s..<t) else { continue }
        weights[s * (count + 1) + t] = evidence + Double(t - s - 1) * logStay + (s > 0 ? logChange : 0)
      }
    }
    self.weights = weights
    front = [Double](repeating: 0, count: count + 1)
    back = front
    var terms = [Double](repeating: -.infinity, count: count + 1)
    for t in stride(from: 1, through: count, by: 1) {
      for s in 0..<t { terms[s] = front[s] + weights[s * (count + 1) + t] }
      front[t] = logSum(terms[..<t])
    }
    for s in (0..<count).reversed() {
      for t in (s + 1)...count { terms[t] = weights[s * (count + 1) + t] + back[t] }
      back[s] = logSum(terms[(s + 1)...])
    }
  }

  func logWeight(_ segment: Range<Int>) -> Double {
    weights[segment.lowerBound * (periodCount + 1) + segment.upperBound]
  }

  /// log of the sum over all.
  var logTotal: Double { front[periodCount] }

  /// The share of the total in segmentations with this segment.
  func probability(_ segment: Range<Int>) -> Double {
    exp(front[segment.lowerBound] + logWeight(segment) + back[segment.upperBound] - logTotal)
  }

  /// The share of the total with a change just before this period.
  func changeProbability(before period: Int) -> Double { exp(front[period] + back[period] - logTotal) }

  /// The share of the total without any change just before a period of this range.
  func noChangeProbability(within periods: ClosedRange<Int>) -> Double {
    var sum = 0.0
    for s in 0..<max(periods.lowerBound, 0) {
      for t in stride(from: periods.upperBound + 1, through: periodCount, by: 1) { sum += probability(s..<t) }
    }
    return min(1, sum)
  }

  /// The segmentation with the largest weight, and its share of the total; of equally large ones that with the longest
  /// last segments.
  ///
  /// - Parameter hasChange: whether the whole as one segment is left out.
  /// - Returns: `nil` where none is allowed.
  func mostProbable(hasChange: Bool = false) -> (segments: [Range<Int>], probability: Double)? {
    var best = [Double](repeating: 0, count: periodCount + 1)
    var starts = [Int](repeating: 0, count: periodCount + 1)
    for t in stride(from: 1, through: periodCount, by: 1) {
      best[t] = -.infinity
      for s in 0..<t where !(hasChange && s == 0 && t == periodCount) {
        let value = best[s] + logWeight(s..<t)
        if value > best[t] { (best[t], starts[t]) = (value, s) }
      }
    }
    guard best[periodCount] > -.infinity else { return nil }
    var segments: [Range<Int>] = []
    var end = periodCount
    while end > 0 {
      segments.append(starts[end]..<end)
      end = starts[end]
    }
    return (segments.reversed(), exp(best[periodCount] - logTotal))
  }
}

/// log Σ exp(x), −∞ for none.
private func logSum(_ values: ArraySlice<Double>) -> Double {
  var largest = -Double.infinity
  for value in values { largest = max(largest, value) }
  guard largest > -.infinity else { return largest }
  var sum = 0.0
  for value in values { sum += exp(value - largest) }
  return largest + log(sum)
}
