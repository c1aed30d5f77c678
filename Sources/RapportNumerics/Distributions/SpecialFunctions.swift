internal import CSpecialFunctions
import Glibc

/// log Γ(x). Infinite at 0, −1, −2, …; NaN for NaN.
public func logGamma(_ x: Double) -> Double { rapport_log_gamma(x) }

/// ψ(x) = d/dx log Γ(x). NaN at 0, −1, −2, ….
public func digamma(_ x: Double) -> Double { rapport_digamma(x) }

/// ψ′(x).
public func trigamma(_ x: Double) -> Double { rapport_trigamma(x) }

/// ψ″(x).
public func tetragamma(_ x: Double) -> Double { rapport_polygamma(2, x) }

/// log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), without cancellation where one is much larger.
public func logBeta(_ a: Double, _ b: Double) -> Double { rapport_log_beta(a, b) }

/// log of the number of ways to choose k of n.
public func logBinomialCoefficient(_ n: Int, _ k: Int) -> Double {
  if k < 0 || k > n { return -.infinity }
  if k == 0 || k == n { return 0 }
  return -log(Double(n) + 1) - logBeta(Double(n - k) + 1, Double(k) + 1)
}

/// The z with ψ′(z) = y: infinite for y = 0, 0 for y = ∞, NaN for a negative or undefined y.
///
/// Newton on 1/ψ′, which is convex and nearly linear, so that every step comes from the same side. Source: Smyth (2004),
/// Linear models and empirical Bayes methods, appendix.
public func inverseTrigamma(_ y: Double) -> Double {
  if !(y >= 0) { return .nan }
  if y == 0 { return .infinity }
  if y == .infinity { return 0 }
  // ψ′(z) = 1/z² + π²/6 − … for small z, and 1/z + 1/(2z²) + … for large.
  var z = y > 10 ? 1 / y.squareRoot() : 0.5 + 1 / y
  for _ in 0..<50 {
    let value = trigamma(z)
    let step = value * (1 - value / y) / tetragamma(z)
    z += step
    if abs(step) <= 1e-15 * z { break }
  }
  return z
}

extension Double {
  /// The nearest value within the limits.
  @inlinable public func clamped(to limits: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, limits.lowerBound), limits.upperBound)
  }
}
