/// Where a profile's ζ reaches the level of an interval, by false position: ζ is nearly straight.
struct ProfileEnd {
  /// The estimate, where ζ is zero.
  let inside: Double
  /// ζ at an end.
  let reach: Double
  /// What ends are measured by: they are found to a billionth of it.
  let scale: Double

  /// - Parameters:
  ///   - outside: beyond the end
  ///   - atOutside: ζ less its reach there
  ///   - zeta: ζ less its reach
  func find(
    _ outside: Double, _ atOutside: Double, _ zeta: (Double) throws(NumericsError) -> Double
  ) throws(NumericsError) -> Double {
    var (a, fa, b, fb) = (inside, -reach, outside, atOutside)
    for _ in 0..<60 {
      let x = (a * fb - b * fa) / (fb - fa)
      let fx = try zeta(x)
      if abs(fx) < 1e-6 || abs(b - a) < 1e-9 * scale { return x }
      if (fx < 0) == (fa < 0) {
        (a, fa) = (x, fx)
        fb /= 2
      } else {
        (b, fb) = (x, fx)
        fa /= 2
      }
    }
    throw .didNotConverge(method: "profile interval", iterations: 60)
  }
}
