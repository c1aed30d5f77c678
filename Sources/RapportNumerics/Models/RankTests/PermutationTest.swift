/// Whether two samples differ in mean, judged by all ways to divide their values.
///
/// Values of up to six decimals are counted exactly as whole numbers, however many ways there are. Others are drawn at
/// random. Source: Pitman (1937), Significance tests which may be applied to samples from any populations.
public struct PermutationTest: Sendable, Equatable {
  /// P(a difference at least as far from zero).
  public let twoSided: Double
  /// P(the first mean at least as high).
  public let greater: Double
  /// P(the first mean at most as high).
  public let less: Double
  /// How many divisions there are, or were drawn.
  public let divisions: Double
  /// Whether all were counted.
  public let isExact: Bool

  /// The largest table of sums that is counted exactly.
  static let largestTable = 50_000_000

  /// Compares two samples, neither empty and without NaN.
  ///
  /// - Parameters: `draws` and `seed` for values that can't be counted.
  public static func twoSample(
    _ x: [Double], _ y: [Double], draws: Int = 9999, seed: UInt64 = 1
  ) -> PermutationTest {
    precondition(!x.isEmpty && !y.isEmpty, "samples of \(x.count) and \(y.count) values")
    checkNumbers(x, "value of the first sample")
    checkNumbers(y, "value of the second sample")
    let all = x + y
    if let scores = wholeNumbers(all), let largest = scores.max(), let smallest = scores.min(),
      (largest - smallest) * x.count <= largestTable / (x.count * all.count)
    {
      let distribution = PermutationDistribution(choosing: x.count, of: scores)
      let sum = scores[..<x.count].reduce(0, +)
      return PermutationTest(
        twoSided: distribution.twoSided(sum), greater: distribution.survival(sum), less: distribution.cumulative(sum),
        divisions: distribution.total, isExact: true)
    }
    var stream = RandomStream(seed: seed, purpose: "permutation test")
    let mean = Moments(all).mean * Double(x.count)
    let observed = x.reduce(0, +)
    let slack = 1e-9 * (all.map(abs).max() ?? 0)
    var counts = (twoSided: 1.0, greater: 1.0, less: 1.0)
    var shuffled = all
    for _ in 0..<draws {
      stream.shuffle(&shuffled, in: shuffled.indices)
      let sum = shuffled[..<x.count].reduce(0, +)
      if abs(sum - mean) >= abs(observed - mean) - slack { counts.twoSided += 1 }
      if sum >= observed - slack { counts.greater += 1 }
      if sum <= observed + slack { counts.less += 1 }
    }
    // The division that was seen counts as one of the draws (Phipson & Smyth 2010).
    let n = Double(draws + 1)
    return PermutationTest(
      twoSided: counts.twoSided / n, greater: counts.greater / n, less: counts.less / n, divisions: n, isExact: false)
  }

  /// Whether differences are centered at zero, judged by all their signs.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` for differences that aren't decimals of up to six places, which can't be
  ///   counted.
  public static func signFlip(_ differences: [Double]) throws(NumericsError) -> PermutationTest {
    guard let scores = wholeNumbers(differences), scores.map(abs).reduce(0, +) <= largestTable else {
      throw .invalidInput("differences have more than six decimals or are too large to count; round them")
    }
    let distribution = PermutationDistribution(signing: scores.map(abs))
    let positive = scores.filter { $0 > 0 }.reduce(0, +)
    return PermutationTest(
      twoSided: distribution.twoSided(positive), greater: distribution.survival(positive),
      less: distribution.cumulative(positive), divisions: distribution.total, isExact: true)
  }

  /// The values times a power of ten that makes all of them whole; `nil` where 10⁶ doesn't.
  static func wholeNumbers(_ values: [Double]) -> [Int]? {
    var factor = 1.0
    for _ in 0...6 {
      let scaled = values.map { $0 * factor }
      if scaled.allSatisfy({ abs($0 - $0.rounded()) <= 1e-9 * max(1, abs($0)) && abs($0) < 1e15 }) {
        return scaled.map { Int($0.rounded()) }
      }
      factor *= 10
    }
    return nil
  }
}
