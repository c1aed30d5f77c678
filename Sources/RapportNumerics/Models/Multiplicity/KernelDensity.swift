import Glibc

/// A density from a sample, by normal kernels: Σ φ((x − x_i)/h)/(n h).
///
///     h = widening · 0.9 min(s, IQR/1.34) n^(−1/5)
///
/// Values are shared between the nearest two of 512 places, and the density is straight between places. Source: Silverman
/// (1986), Density Estimation for Statistics and Data Analysis, equation 3.31, §3.5.
struct KernelDensity: Sendable {
  private let start: Double
  private let step: Double
  private let values: [Double]

  static let places = 512

  /// - Returns: `nil` for fewer than two values, or equal ones.
  init?(sorted x: [Double], widening: Double) {
    guard let first = x.first, let last = x.last, last > first else { return nil }
    let deviation = Moments(x).standardDeviation ?? 0
    let quartiles = SampleQuantile.of(sorted: x, 0.75) - SampleQuantile.of(sorted: x, 0.25)
    let spread = quartiles > 0 ? min(deviation, quartiles / 1.34) : deviation
    let width = widening * 0.9 * spread * pow(Double(x.count), -0.2)
    let start = first - 3 * width
    let step = (last + 3 * width - start) / Double(Self.places - 1)
    var shares = [Double](repeating: 0, count: Self.places)
    for value in x {
      let place = (value - start) / step
      let below = min(Int(place), Self.places - 2)
      let part = place - Double(below)
      shares[below] += 1 - part
      shares[below + 1] += part
    }
    let kernel = (0..<Self.places).map { exp(-0.5 * pow(Double($0) * step / width, 2)) }
    let scale = 1 / (Double(x.count) * width * (2 * Double.pi).squareRoot())
    values = (0..<Self.places).map { place in
      var sum = 0.0
      for other in 0..<Self.places where shares[other] > 0 { sum += shares[other] * kernel[abs(place - other)] }
      return scale * sum
    }
    self.start = start
    self.step = step
  }

  /// The density within the sample's range.
  func at(_ x: Double) -> Double {
    let place = ((x - start) / step).clamped(to: 0...Double(Self.places - 1))
    let below = min(Int(place), Self.places - 2)
    let part = place - Double(below)
    return (1 - part) * values[below] + part * values[below + 1]
  }
}
