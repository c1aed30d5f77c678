import Glibc
import RapportNumerics

/// What is believed about one indicator of one unit once the unit's other indicators have been heard.
///
///     value = Q(Φ(shift + ratio · w))        w ~ N(0, 1)
///
/// Q is the quantile function of the indicator's own posterior. With shift 0 and ratio 1, where the others have nothing to
/// say, this is that posterior exactly, whatever its shape: a share whose trials all succeeded ends at 1 and not far beyond.
/// Value, points and both intervals are read off this one distribution, so they can't contradict each other.
///
/// Source: Gaussian copulas, Song (2000), Multivariate dispersion models generated from Gaussian copula.
struct HeardPosterior: Sendable {
  /// From the indicator's own evidence.
  let own: Posterior
  /// Its scale.
  let scale: LinkScale
  /// By how many of its own normal scores the others move it.
  let shift: Double
  /// How many times as wide it is on the scale of its normal scores.
  let ratio: Double
  private let curve: LinkCurve

  /// `own` must have a link scale.
  init(_ own: Posterior, shift: Double, ratio: Double) {
    self.own = own
    guard let scale = own.scale else { preconditionFailure("\(own) has no link scale") }
    self.scale = scale
    // Rounding in the joint posterior's algebra must not pass for something said.
    let isSilent = abs(shift) < 1e-9 && abs(ratio - 1) < 1e-9
    (self.shift, self.ratio) = isSilent ? (0, 1) : (shift, ratio)
    guard let curve = own.curve(shift: self.shift, ratio: self.ratio) else {
      preconditionFailure("\(own) has no link scale")
    }
    self.curve = curve
  }

  /// The value that is reported: the mean; of skew families on the log scale the median.
  var value: Double {
    if shift == 0 && ratio == 1 { return own.value }
    switch own {
    case .logNormal, .spread: return scale.value(own.link(score: shift)!)
    case .normal(let mean, let deviation): return mean + deviation * shift
    default: return curve.mean { scale.value($0) }
    }
  }

  /// The quantile at `probability`, in the indicator's unit.
  func quantile(_ probability: Double) -> Double {
    if shift == 0 && ratio == 1 { return own.quantile(probability)! }
    guard case .balance = own else {
      return scale.value(own.link(score: shift + ratio * Normal.standard.quantile(probability))!)
    }
    return Posterior.balanceQuantile(probability) { balance in
      let edge = log(balance / (2 - balance))
      let below = (own.score(link: edge)! - shift) / ratio
      let above = (own.score(link: -edge)! - shift) / ratio
      return Normal.standard.cumulative(below) + Normal.standard.survival(above)
    }
  }

  /// The mean of `function` of the link scale.
  func mean(_ function: (Double) -> Double) -> Double { curve.mean(function) }

  /// The means of two functions of the link scale.
  @inline(__always) func means(_ functions: (Double) -> SIMD2<Double>) -> SIMD2<Double> { curve.means(functions) }

  /// Fills `values` with `function` of the link scale at draws, read off a curve through eleven points.
  ///
  /// - Parameter scores: standard normals; each draw is followed by that on the opposite side.
  @inline(__always) func draw(
    _ scores: UnsafeBufferPointer<Double>, into values: inout [Double], _ function: (Double) -> Double
  ) {
    values.withUnsafeMutableBufferPointer { values in
      curve.withFunction { value in
        for i in 0..<values.count / 2 {
          let score = scores[i]
          values[2 * i] = function(value(score))
          values[2 * i + 1] = function(value(-score))
        }
        if values.count % 2 == 1 { values[values.count - 1] = function(value(scores[values.count / 2])) }
      }
    }
  }
}
