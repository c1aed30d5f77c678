import Glibc

/// A variance in which no deviation counts for more than c standard deviations: an M-estimate of scale with bounded ρ.
///
///     Σ w min(e²/s², c²) = κ Σ w        κ = E min(z², c²)        z standard normal
///
/// Of normal deviations s² estimates the variance; one wild deviation moves it by no more than one at c s does, and up to κ/c² of them
/// (by weight) can't carry it away.
///
/// Source: Huber & Ronchetti (2009), Robust Statistics, §5.2; Maronna et al. (2019), Robust Statistics, §2.5.
public struct BoundedVariance: Sendable, Equatable {
  /// c, in standard deviations.
  public let bound: Double
  /// κ.
  public let expectedSquare: Double

  /// - Parameter bound: c, above 1: below, half of a normal's deviations and more would be cut.
  public init(bound: Double) {
    precondition(bound > 1, "the bound is \(bound) standard deviations, expected above 1")
    self.bound = bound
    // E z² up to c is P(|z| < c) − 2 c φ(c); beyond it c² counts.
    let beyond = 2 * Normal.standard.survival(bound)
    expectedSquare = 1 - beyond - 2 * bound * Normal.standard.density(bound) + bound * bound * beyond
  }

  /// s² of e², each with a weight; 0 without any, or where too many are 0.
  ///
  /// - Parameters:
  ///   - squares: e², by deviation
  ///   - weights: likewise, above 0
  /// - Complexity: O(n) in each of a few steps
  public func variance(_ squares: [Double], weights: [Double]) -> Double {
    precondition(squares.count == weights.count, "\(squares.count) squares, \(weights.count) weights")
    var (sum, whole) = (0.0, 0.0)
    for place in squares.indices {
      sum += weights[place] * squares[place]
      whole += weights[place]
    }
    guard sum > 0 else { return 0 }
    // Σ w min(e², c² v) − κ v Σ w is concave in v and made of straight pieces: Newton's steps go down from the largest v that can be, and
    // end on the piece of the root.
    var variance = sum / (expectedSquare * whole)
    while true {
      let limit = bound * bound * variance
      var (within, beyond) = (0.0, 0.0)
      for place in squares.indices {
        if squares[place] < limit { within += weights[place] * squares[place] } else { beyond += weights[place] }
      }
      let next = within > 0 ? within / (expectedSquare * whole - bound * bound * beyond) : 0
      // Rounding may end below the root by a bit.
      guard next < variance, next >= 0 else { return variance }
      variance = next
    }
  }

  /// The middle of values of which none pulls with more than c standard deviations: Huber's M-estimate of location.
  ///
  ///     Σ clip(y − μ, ±c s) = 0
  ///
  /// - Parameter deviation: s
  public func center(_ values: ArraySlice<Double>, deviation: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let (count, limit) = (Double(values.count), bound * deviation)
    var center = values.reduce(0, +) / count
    // Each step is the mean of what the bound leaves; of few beyond the bound there are few.
    for _ in 0..<Self.mostSteps {
      let step = values.reduce(0) { $0 + max(-limit, min(limit, $1 - center)) } / count
      center += step
      if abs(step) <= 1e-10 * limit { break }
    }
    return center
  }

  private static let mostSteps = 100
}
