/// A minimum of a function of one variable within an interval, by golden sections and parabolas.
///
/// Source: Brent (1973), Algorithms for Minimization without Derivatives, chapter 5 (`localmin`).
public struct BrentMinimum: Sendable {
  /// Ends when the place is known to within this, plus √ε relative: a value can't tell places apart any better.
  public var tolerance = 1e-10
  /// Gives up after so many evaluations.
  public var maximumEvaluations = 200

  /// A search with its defaults.
  public init(tolerance: Double = 1e-10) { self.tolerance = tolerance }

  /// A local minimum of `f` between the limits; the limits themselves are tried as well.
  public func minimize(in limits: ClosedRange<Double>, _ f: (Double) -> Double) -> Minimum {
    var (a, b) = (limits.lowerBound, limits.upperBound)
    let golden = 0.3819660112501051
    var x = a + golden * (b - a)
    var fx = f(x)
    var (w, fw, v, fv) = (x, fx, x, fx)
    var step = 0.0
    var previousStep = 0.0
    var evaluations = 1
    var isDone = false
    while evaluations < maximumEvaluations {
      let middle = 0.5 * (a + b)
      let width = 1.5e-8 * abs(x) + tolerance
      if abs(x - middle) <= 2 * width - 0.5 * (b - a) {
        isDone = true
        break
      }
      var useGolden = true
      if abs(previousStep) > width {
        let r = (x - w) * (fx - fv)
        var q = (x - v) * (fx - fw)
        var p = (x - v) * q - (x - w) * r
        q = 2 * (q - r)
        if q > 0 { p = -p } else { q = -q }
        let before = previousStep
        if abs(p) < abs(0.5 * q * before) && p > q * (a - x) && p < q * (b - x) {
          previousStep = step
          step = p / q
          let u = x + step
          if u - a < 2 * width || b - u < 2 * width { step = x < middle ? width : -width }
          useGolden = false
        }
      }
      if useGolden {
        previousStep = x < middle ? b - x : a - x
        step = golden * previousStep
      }
      let u = abs(step) >= width ? x + step : x + (step > 0 ? width : -width)
      let fu = f(u)
      evaluations += 1
      if fu <= fx {
        if u < x { b = x } else { a = x }
        (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu)
      } else {
        if u < x { a = u } else { b = u }
        if fu <= fw || w == x {
          (v, fv, w, fw) = (w, fw, u, fu)
        } else if fu <= fv || v == x || v == w {
          (v, fv) = (u, fu)
        }
      }
    }
    for end in [limits.lowerBound, limits.upperBound] {
      let value = f(end)
      evaluations += 1
      if value < fx { (x, fx) = (end, value) }
    }
    return Minimum(
      point: [x], value: fx,
      record: SearchRecord(
        method: "Brent", stop: isDone ? .tolerance : .evaluations, evaluations: evaluations,
        iterations: evaluations - 3))
  }
}

/// A root of a continuous function of one variable between two points of opposite sign.
///
/// Source: Brent (1973), chapter 4 (`zero`): inverse quadratic steps, with bisection whenever they don't do well.
public struct BrentRoot: Sendable {
  /// Ends when the root is known to within this, plus 4 ε relative.
  public var tolerance = 0.0
  /// Gives up after so many evaluations.
  public var maximumEvaluations = 300

  /// A search with its defaults.
  public init(tolerance: Double = 0) { self.tolerance = tolerance }

  /// The root between the limits.
  ///
  /// - Throws: ``NumericsError/invalidInput(_:)`` where the signs at the limits agree or are undefined;
  ///   ``NumericsError/didNotConverge(method:iterations:)``.
  public func solve(in limits: ClosedRange<Double>, _ f: (Double) -> Double) throws(NumericsError) -> Double {
    var (a, b) = (limits.lowerBound, limits.upperBound)
    var (fa, fb) = (f(a), f(b))
    if fa == 0 { return a }
    if fb == 0 { return b }
    guard (fa < 0 && fb > 0) || (fa > 0 && fb < 0) else {
      throw .invalidInput("a root needs opposite signs at \(a) and \(b), where the function is \(fa) and \(fb)")
    }
    var (c, fc) = (a, fa)
    var step = b - a
    var previous = step
    for _ in 0..<maximumEvaluations {
      if (fb > 0) == (fc > 0) {
        (c, fc) = (a, fa)
        step = b - a
        previous = step
      }
      if abs(fc) < abs(fb) { (a, b, c, fa, fb, fc) = (b, c, b, fb, fc, fb) }
      let width = 2 * Double.ulpOfOne * abs(b) + 0.5 * tolerance
      let middle = 0.5 * (c - b)
      if abs(middle) <= width || fb == 0 { return b }
      if abs(previous) >= width && abs(fa) > abs(fb) {
        let s = fb / fa
        var (p, q): (Double, Double)
        if a == c {
          (p, q) = (2 * middle * s, 1 - s)
        } else {
          let (u, v) = (fa / fc, fb / fc)
          p = s * (2 * middle * u * (u - v) - (b - a) * (v - 1))
          q = (u - 1) * (v - 1) * (s - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * middle * q - abs(width * q), abs(previous * q)) {
          previous = step
          step = p / q
        } else {
          step = middle
          previous = middle
        }
      } else {
        step = middle
        previous = middle
      }
      (a, fa) = (b, fb)
      b += abs(step) > width ? step : (middle > 0 ? width : -width)
      fb = f(b)
    }
    throw .didNotConverge(method: "Brent's root search", iterations: maximumEvaluations)
  }
}
