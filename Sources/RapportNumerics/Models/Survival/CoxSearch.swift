import Glibc

/// Newton's steps to the largest partial likelihood, with the check that there is one.
///
/// The log likelihood is concave. Where covariates separate events from the others it rises for ever in some direction:
/// Newton's steps then gain a constant share of what they gained before, and thirty steps further on the slope is still
/// positive, where at a true maximum it would be steeply negative.
struct CoxSearch {
  let sweep: CoxSweep
  /// 1/s² of each coefficient's normal prior, in the scale of the sweep's columns; 0: none.
  let precisions: [Double]
  let maximumIterations: Int
  let tolerance: Double
  let threads: Int

  /// Where the search ended.
  struct Outcome {
    var beta: [Double]
    /// At β = 0, and at the end; without the prior.
    var start: CoxDerivatives
    var end: CoxDerivatives
    /// (I + P)⁻¹ at the end.
    var covariance: Matrix
    var record: SearchRecord
    /// √(g' (I + P)⁻¹ g) at the end.
    var relativeGradient: Double
    /// Where the likelihood rises for ever: the direction, largest entry ±1.
    var divergence: [Double]?
  }

  func run() throws(NumericsError) -> Outcome {
    let p = sweep.columns.count
    var beta = [Double](repeating: 0, count: p)
    guard var here = sweep.derivatives(beta, threads: threads) else {
      throw .invalidInput("hazards differ too much within a stratum; rescale the offsets")
    }
    let start = here
    var evaluations = 1
    var divergence: [Double]?
    var slow = 0
    var previousGain = Double.infinity
    var stop: SearchRecord.Stop?
    var relative = 0.0
    for iteration in 0...maximumIterations {
      let gradient = beta.indices.map { here.gradient[$0] - precisions[$0] * beta[$0] }
      let (factor, isPlain) = factored(here)
      let step = factor.solve(gradient)
      let gain = dot(gradient, step)
      relative = max(0, gain).squareRoot()
      if isPlain && relative <= tolerance { stop = .gradient }
      if divergence != nil && gain <= 1e-9 { stop = .tolerance }
      if stop != nil || iteration == maximumIterations { break }

      slow = isPlain && gain > 0.1 * previousGain ? slow + 1 : 0
      previousGain = gain
      if divergence == nil && slow >= 2 && precisions.allSatisfy({ $0 == 0 }) {
        let (rises, count) = risesForEver(from: beta, here, step, gain: gain)
        evaluations += count
        if rises { divergence = Self.normalised(step) }
      }

      let value = penalised(here.value, beta)
      var length = 1.0
      var moved = false
      while length > 1e-10 {
        let candidate = zip(beta, step).map { $0 + length * $1 }
        evaluations += 1
        // Armijo's rule; equal within the rounding of a long sum counts as a rise.
        if let there = sweep.derivatives(candidate, threads: threads),
          penalised(there.value, candidate) >= value + 1e-4 * length * gain - 1e-13 * (1 + abs(value))
        {
          (beta, here, moved) = (candidate, there, true)
          break
        }
        length *= 0.5
      }
      if !moved {
        if divergence != nil {
          stop = .tolerance
        } else if relative <= 1e-5 {
          stop = .rounding
        }
        break
      }
    }
    guard let stop else { throw .didNotConverge(method: "Cox's partial likelihood", iterations: maximumIterations) }
    let largest = beta.indices.reduce(0) { max($0, abs(here.gradient[$1] - precisions[$1] * beta[$1])) }
    return Outcome(
      beta: beta, start: start, end: here, covariance: factored(here).factor.inverse,
      record: SearchRecord(method: "Newton", stop: stop, evaluations: evaluations, gradientNorm: largest),
      relativeGradient: relative, divergence: divergence)
  }

  private func penalised(_ value: Double, _ beta: [Double]) -> Double {
    beta.indices.reduce(value) { $0 - 0.5 * precisions[$1] * beta[$1] * beta[$1] }
  }

  /// The factor of I + P, or, where it isn't positive definite, of that with a multiple of its diagonal added.
  private func factored(_ here: CoxDerivatives) -> (factor: Cholesky, isPlain: Bool) {
    var information = here.information
    for j in precisions.indices { information[j, j] += precisions[j] }
    let largest = information.diagonal.reduce(0) { max($0, abs($1)) }
    var ridge = 0.0
    while true {
      var damped = information
      for j in precisions.indices where ridge > 0 {
        damped[j, j] += ridge * max(abs(information[j, j]), 1e-6 * largest, .leastNormalMagnitude / ridge)
      }
      if let factor = try? Cholesky(damped) { return (factor, ridge == 0) }
      ridge = ridge == 0 ? 1e-12 : ridge * 10
    }
  }

  /// Whether the likelihood goes on rising along a step, ever more slowly, far beyond where it should have ended.
  private func risesForEver(
    from beta: [Double], _ here: CoxDerivatives, _ step: [Double], gain: Double
  ) -> (rises: Bool, evaluations: Int) {
    var evaluations = 0
    for length in [30.0, 10, 4] {
      evaluations += 1
      guard let far = sweep.derivatives(zip(beta, step).map { $0 + length * $1 }, threads: threads) else { continue }
      let slope = dot(far.gradient, step)
      return (far.value >= here.value && slope >= 0 && slope <= 10 * exp(-0.7 * length) * gain, evaluations)
    }
    // Not even four steps can be computed: hazards already differ as much as they can.
    return (true, evaluations)
  }

  private static func normalised(_ direction: [Double]) -> [Double] {
    let largest = direction.reduce(0) { max($0, abs($1)) }
    return direction.map { $0 / largest }
  }
}
