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

  /// What the likelihood is made of at one ratio κ = q/c, c what all error variances are multiplied by.
  ///
  ///     −2 log L = n log 2π + N log c + Σ log F + S/c        S = Σ v²/F, of the N observations that aren't the first
  ///
  /// F and v are those of c = 1; the slopes are derivatives by log κ.
  struct Sums: Sendable {
    var squares = 0.0
    var squaresSlope = 0.0
    var logarithms = 0.0
    var logarithmsSlope = 0.0
  }

  /// The likelihood at one κ and the best c there, and its derivative by log κ.
  struct Profile: Sendable {
    let errorFactor: Double
    let logLikelihood: Double
    let slope: Double
  }

  /// The likelihood at κ with the best c within limits: S/N, or the limit that it lies beyond.
  func profile(ratio: Double, errorFactors: ClosedRange<Double>) -> Profile {
    let sums = parallelMap(count: blocks.count, threads: threads) { block in
      var sums = Sums()
      for series in blocks[block] { Self.add(series, ratio, to: &sums) }
      return sums
    }.reduce(into: Sums()) {
      $0.squares += $1.squares
      $0.squaresSlope += $1.squaresSlope
      $0.logarithms += $1.logarithms
      $0.logarithmsSlope += $1.logarithmsSlope
    }
    var (all, later) = (0, 0)
    for series in blocks.joined() {
      all += series.count
      later += max(0, series.count - 1)
    }
    let free = later > 0 ? sums.squares / Double(later) : 1
    let factor = min(max(free, errorFactors.lowerBound), errorFactors.upperBound)
    let constant = Double(all) * log(2 * Double.pi) + Double(later) * log(factor)
    return Profile(
      errorFactor: factor, logLikelihood: -0.5 * (constant + sums.logarithms + sums.squares / factor),
      slope: -0.5 * (sums.logarithmsSlope + sums.squaresSlope / factor))
  }

  private static func add(_ series: [LevelGap], _ ratio: Double, to sums: inout Sums) {
    guard let first = series.first else { return }
    var (level, variance) = (first.value, first.variance)
    var (levelSlope, varianceSlope) = (0.0, 0.0)
    // Logarithms take most of the time: one of a product stands for several, as long as it can't leave a double's range.
    var product = 1.0
    for gap in series.dropFirst() {
      let drift = gap.steps * ratio
      let predicted = variance + drift
      let predictedSlope = varianceSlope + drift
      let total = predicted + gap.variance
      let weight = 1 / total
      let surprise = gap.value - level
      let scaled = surprise * weight
      sums.squares += surprise * scaled
      sums.squaresSlope -= 2 * levelSlope * scaled + scaled * scaled * predictedSlope
      sums.logarithmsSlope += predictedSlope * weight
      let share = predicted * weight
      let shareSlope = predictedSlope * gap.variance * weight * weight
      level += share * surprise
      levelSlope += shareSlope * surprise - share * levelSlope
      variance = share * gap.variance
      varianceSlope = shareSlope * gap.variance
      let next = product * total
      if next > 1e-100 && next < 1e100 {
        product = next
      } else {
        sums.logarithms += log(product) + log(total)
        product = 1
      }
    }
    sums.logarithms += log(product)
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
