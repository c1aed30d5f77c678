import Glibc

/// The standard normal quantile by rational functions: for draws by inversion, of which there are hundreds of millions.
///
///     x = q A(r)/B(r)          r = 0.425² − q²                       |q| ≤ 0.425, q = p − ½
///     x = ± C(r)/D(r)          r = √(−log min(p, 1 − p)) less 1.6 or 5
///
/// To about 1e-15 of the value. ``Normal/quantile(_:)`` is nearer still, and takes several times as long.
///
/// Source: Wichura (1988), Algorithm AS 241: The percentage points of the normal distribution.
enum NormalInversion {
  /// The quantile at `p`, strictly between 0 and 1.
  static func quantile(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 { return q * ratio(0.180625 - q * q, middle) }
    let r = (-log(q < 0 ? p : 1 - p)).squareRoot()
    let x = r <= 5 ? ratio(r - 1.6, tail) : ratio(r - 5, far)
    return q < 0 ? -x : x
  }

  /// Coefficients of the numerator and of the denominator.
  private typealias Rational = (above: Terms, below: Terms)
  /// From the highest power down.
  private typealias Terms = (Double, Double, Double, Double, Double, Double, Double, Double)

  @inline(__always) private static func ratio(_ r: Double, _ c: Rational) -> Double {
    value(c.above, r) / value(c.below, r)
  }

  /// By Horner's rule.
  @inline(__always) private static func value(_ c: Terms, _ r: Double) -> Double {
    let high = ((c.0 * r + c.1) * r + c.2) * r + c.3
    return (((high * r + c.4) * r + c.5) * r + c.6) * r + c.7
  }

  private static var middle: Rational {
    (
      (
        2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
        1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080
      ),
      (
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0
      )
    )
  }

  private static var tail: Rational {
    (
      (
        7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258,
        3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734
      ),
      (
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
        1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940, 2.05319162663775882187, 1.0
      )
    )
  }

  private static var far: Rational {
    (
      (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
        2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580, 5.46378491116411436990,
        6.65790464350110377720
      ),
      (
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
        7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
        5.99832206555887937690e-1, 1.0
      )
    )
  }
}
