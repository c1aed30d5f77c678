import Glibc

/// Newton's steps to the largest partial likelihood, with the check that there is one.
///
/// The log likelihood is concave. Where covariates separate events from the others it rises for ever in some direction.
/// Two signs give that away, and each is put to the test: Newton's steps gain a constant share of what they gained
/// before, or hardly any information is left along a direction. Thirty steps, or thirty standard errors, further on the
/// likelihood is then as high as before, where past a true maximum it would be far below.
struct CoxSearch {
  let sweep: CoxSweep
  /// 1/s² of each coefficient's normal prior, in the scale of the sweep's columns; 0: none.
  let precisions: [Double]
  let maximumIterations: Int
  let tolerance: Double
  let threads: Int
  /// At β = 0, where it is known.
  var start: CoxDerivatives?

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
    /// The directions in which the likelihood rises for ever, largest entry ±1.
    var divergences: [[Double]]
    /// Those along which nothing is left to tell once it has.
    var untold: [[Double]]
  }

  func run() throws(NumericsError) -> Outcome {
    let p = sweep.columns.count
    var beta = [Double](repeating: 0, count: p)
    guard var here = start ?? sweep.derivatives(beta, threads: threads) else {
      throw .invalidInput("hazards differ too much within a stratum; rescale the offsets")
    }
    let start = here
    var evaluations = 1
    var iterations = 0
    var divergence: [Double]?
    var slow = 0
    var previousGain = Double.infinity
    var stop: SearchRecord.Stop?
    var relative = 0.0
    for iteration in 0...maximumIterations {
      let gradient = beta.indices.map { here.gradient[$0] - precisions[$0] * beta[$0] }
      let factor = factored(here, start)
      let step = factor.solve(gradient)
      let gain = dot(gradient, step)
      relative = max(0, gain).squareRoot()
      if relative <= tolerance { stop = .gradient }
      if divergence != nil && gain <= 1e-9 { stop = .tolerance }
      if stop != nil || iteration == maximumIterations { break }

      iterations += 1
      slow = gain > 0.1 * previousGain ? slow + 1 : 0
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
    if stop == nil && relative <= 1e-5 { stop = .rounding }
    var divergences = divergence.map { [$0] } ?? []
    var untold: [[Double]] = []
    if precisions.allSatisfy({ $0 == 0 }) && relative <= 1e-2 {
      let flat = flatDirections(at: beta, here, start)
      divergences += flat.endless
      // A flat direction that doesn't rise by itself may with others, and has no estimate where these have none.
      if !divergences.isEmpty { untold = flat.others }
      if !divergences.isEmpty { stop = stop ?? .tolerance }
    }
    guard let stop else { throw .didNotConverge(method: "Cox's partial likelihood", iterations: maximumIterations) }
    let largest = beta.indices.reduce(0) { max($0, abs(here.gradient[$1] - precisions[$1] * beta[$1])) }
    return Outcome(
      beta: beta, start: start, end: here, covariance: factored(here, start).inverse,
      record: SearchRecord(
        method: "Newton", stop: stop, evaluations: evaluations, gradientNorm: largest, iterations: iterations),
      relativeGradient: relative, divergences: divergences, untold: untold)
  }

  private func penalised(_ value: Double, _ beta: [Double]) -> Double {
    beta.indices.reduce(value) { $0 - 0.5 * precisions[$1] * beta[$1] * beta[$1] }
  }

  /// The factor of I + P, with as little of the first information added as makes it positive definite.
  ///
  /// 10⁻²⁰ of it is always added: no estimate notices, and what has no information left gets a large but finite error.
  private func factored(_ here: CoxDerivatives, _ start: CoxDerivatives) -> Cholesky {
    var ridge = 1e-20
    while true {
      var damped = here.information
      for j in precisions.indices { damped[j, j] += precisions[j] + ridge * start.information[j, j] }
      if let factor = try? Cholesky(damped) { return factor }
      ridge *= 10
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
      let isAsHigh = far.value >= here.value - 1e-12 * (1 + abs(here.value))
      return (
        isAsHigh && slope >= -1e-12 * (1 + abs(here.value)) && slope <= 10 * exp(-0.7 * length) * gain, evaluations
      )
    }
    // Not even four steps can be computed: hazards already differ as much as they can.
    return (true, evaluations)
  }

  /// Directions along which hardly any of the first information is left: those in which the likelihood doesn't end, and others.
  private func flatDirections(
    at beta: [Double], _ here: CoxDerivatives, _ start: CoxDerivatives
  ) -> (endless: [[Double]], others: [[Double]]) {
    guard let metric = try? Cholesky(start.information) else { return ([], []) }
    // L⁻¹ I L⁻ᵀ: what is left, in units of what there was.
    var left = here.information
    left.mirrorLowerTriangle()
    left = metric.solveLower(metric.solveLower(left).transposed)
    guard let eigen = try? SymmetricEigen(left) else { return ([], []) }
    var (endless, others): ([[Double]], [[Double]]) = ([], [])
    for k in eigen.values.indices where eigen.values[k] < 1e-7 {
      let direction = metric.solveLowerTransposed(eigen.vectors.column(k))
      let reach = 30 / max(eigen.values[k], 1e-12).squareRoot()
      let sign = [1.0, -1].first { sign in
        let far = sweep.derivatives(zip(beta, direction).map { $0 + sign * reach * $1 }, threads: threads)
        return far.map { $0.value >= here.value - 1e-6 * (1 + abs(here.value)) } ?? false
      }
      if let sign {
        endless.append(Self.normalised(direction.map { sign * $0 }))
      } else {
        others.append(Self.normalised(direction))
      }
    }
    return (endless, others)
  }

  private static func normalised(_ direction: [Double]) -> [Double] {
    let largest = direction.reduce(0) { max($0, abs($1)) }
    return direction.map { $0 / largest }
  }
}
