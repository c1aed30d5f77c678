import Glibc

/// The diffuse log likelihood of q, summed over series.
///
///     log L = −n/2 log 2π − ½ Σ_{i>1} (log F_i + v_i²/F_i)        F_i = P_i + h_i, v_i = y_i − a_i
///
/// i counts the n observations of a series, a_i and P_i are the level's mean and variance given those before. It is the
/// limit of log p(y) + ½ log κ for a first level with variance κ → ∞. Source: Durbin & Koopman (2012), equation 2.60.
struct LevelLikelihood: Sendable {
  /// Series in blocks, so that sums don't depend on the number of threads.
  private let blocks: [[[LevelGap]]]
  private let threads: Int

  init(_ series: [[LevelGap]], threads: Int) {
    let size = 256
    blocks = stride(from: 0, to: series.count, by: size).map { Array(series[$0..<min($0 + size, series.count)]) }
    self.threads = threads
  }

  func value(driftVariance q: Double) -> Double {
    parallelMap(count: blocks.count, threads: threads) { block in
      var sum = 0.0
      for series in blocks[block] { sum += Self.value(series, q) }
      return sum
    }.reduce(0, +)
  }

  static func value(_ series: [LevelGap], _ q: Double) -> Double {
    guard let first = series.first else { return 0 }
    var (level, variance) = (first.value, first.variance)
    var sum = Double(series.count) * log(2 * Double.pi)
    // Logarithms take most of the time: one of a product stands for several, as long as it can't leave a double's range.
    var product = 1.0
    for gap in series.dropFirst() {
      let predicted = variance + gap.steps * q
      let total = predicted + gap.variance
      let weight = 1 / total
      let surprise = gap.value - level
      sum += surprise * surprise * weight
      let share = predicted * weight
      level += share * surprise
      variance = share * gap.variance
      let next = product * total
      if next > 1e-100 && next < 1e100 {
        product = next
      } else {
        sum += log(product) + log(total)
        product = 1
      }
    }
    return -0.5 * (sum + log(product))
  }

  /// Where q is looked for; `nil` where no level can have moved between two observations, 0 … 0 where none differ.
  ///
  /// Once q exceeds the squared range of every series, no surprise can be as large as its variance, and the likelihood
  /// falls. A drift that over a whole series adds a millionth of the smallest error variance can't be told from none.
  var searchLimits: ClosedRange<Double>? {
    var widest = 0.0
    var finest = Double.infinity
    for series in blocks.joined() {
      var moves = 0.0
      for gap in series { moves += gap.steps }
      guard moves > 0, let first = series.first else { continue }
      var (low, high, smallest) = (first.value, first.value, first.variance)
      for gap in series {
        low = min(low, gap.value)
        high = max(high, gap.value)
        smallest = min(smallest, gap.variance)
      }
      widest = max(widest, (high - low) * (high - low))
      finest = min(finest, smallest / (moves * moves))
    }
    guard finest < .infinity else { return nil }
    return widest > 0 ? min(1e-6 * finest, 1e-6 * widest)...(2 * widest) : 0...0
  }
}
