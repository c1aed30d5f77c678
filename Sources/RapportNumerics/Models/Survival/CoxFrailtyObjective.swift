import Glibc

/// The penalised partial likelihood for given variances, and what is left when the effects are integrated out.
struct CoxFrailtyObjective: Sendable {
  let sweep: CoxFrailtySweep
  let distribution: CoxFrailtyModel.Distribution
  let model: CoxModel

  /// Estimates for given variances.
  struct Solution {
    var variances: [Double]
    /// β in the scale of the columns, then effects u.
    var beta: [Double]
    var effects: [Double]
    /// ℓ(β, u), and the effects' penalty.
    var logLikelihood: Double
    var penalty: Double
    /// What the variances maximise.
    var integrated: Double
    /// The factor of the penalised information of b and β, and what turns b into u.
    var factor: Cholesky
    var scale: [Double]
    var evaluations: Int
    /// The gradient in standard errors at the end.
    var relativeGradient: Double
  }

  /// Where a search begins: a point, and the factor of one nearby, if there is one.
  struct Start {
    var beta: [Double]
    var effects: [Double]
    var factor: Cholesky?
  }

  /// The mode of effects and coefficients, and what the variances are judged by.
  ///
  /// Newton's steps with an information that is kept while they go well: to make and factor it costs as much as tens of
  /// gradients. So a search from the mode for a variance nearby makes it once, at the end.
  ///
  /// - Complexity: O(rows · (groups + columns)) for each evaluation, O(rows · levels + (levels + columns)³) for each
  ///   information
  func solve(variances: [Double], start: Start) throws(NumericsError) -> Solution {
    let penalised = CoxFrailtyPenalised(self, variances)
    var point = penalised.point(start.beta, start.effects)
    guard var here = penalised.evaluate(point) else {
      throw .invalidInput("hazards differ too much within a stratum for random effects")
    }
    var evaluations = 1
    var factor = start.factor
    /// Whether the factor is that of this point.
    var isOwn = false
    /// The gradient's size before the last step with this factor.
    var previous = Double.infinity
    /// The same at the last point with a factor of its own.
    var previousOwn = Double.infinity
    for _ in 0...(2 * model.maximumIterations) {
      if factor == nil { (factor, isOwn, previous) = (try penalised.factor(here, point), true, .infinity) }
      let gradient = penalised.gradient(here, point)
      let step = factor!.solve(gradient)
      let gain = dot(gradient, step)
      let relative = max(0, gain).squareRoot()
      var moved = false
      // The determinant feels the place to first order, so that it has to be known well. With a factor from elsewhere, the
      // size is only about right; where even Newton's steps gain little, rounding is met.
      let tolerance = !isOwn ? 1e-11 : relative > 0.25 * previousOwn ? 1e-6 : 1e-10
      if isOwn { previousOwn = relative }
      if relative > tolerance && (isOwn || relative <= 0.25 * previous) {
        let value = penalised.value(here, point)
        var length = 1.0
        while length > 1e-10 && !moved {
          let candidate = zip(point, step).map { $0 + length * $1 }
          evaluations += 1
          // Armijo's rule; equal within the rounding of a long sum counts as a rise.
          if let there = penalised.evaluate(candidate),
            penalised.value(there, candidate) >= value + 1e-4 * length * gain - 1e-13 * (1 + abs(value))
          {
            (point, here, moved) = (candidate, there, true)
          }
          length *= 0.5
        }
      }
      if moved {
        (isOwn, previous) = (false, relative)
      } else if !isOwn {
        factor = nil
      } else if relative <= 1e-6 {
        return solution(penalised, point, here, factor!, evaluations: evaluations, relativeGradient: relative)
      } else {
        break
      }
    }
    throw .didNotConverge(method: "the penalised partial likelihood", iterations: evaluations)
  }

  private func solution(
    _ penalised: CoxFrailtyPenalised, _ point: [Double], _ here: CoxFrailtySweep.Evaluation, _ factor: Cholesky,
    evaluations: Int, relativeGradient: Double
  ) -> Solution {
    let q = sweep.levelCount
    let charge = penalised.penalty(point)
    // log det(I + D H D) is that of the factor's first rows.
    let logDeterminant = 2 * (0..<q).reduce(0) { $0 + log(factor.lower[$1, $1]) }
    return Solution(
      variances: penalised.variances, beta: Array(point[q...]), effects: penalised.effects(point),
      logLikelihood: here.value, penalty: charge,
      integrated: here.value - charge
        + (distribution == .normal ? -0.5 * logDeterminant : gammaTerms(penalised.shape)),
      factor: factor, scale: penalised.scale, evaluations: evaluations, relativeGradient: relativeGradient)
  }

  /// Σ_i [d_i − (ν + d_i) log(ν + d_i) + ν log ν + log Γ(ν + d_i)/Γ(ν)], in pieces that stay small for large ν.
  private func gammaTerms(_ shape: Double) -> Double {
    var events = [Double](repeating: 0, count: sweep.levelCount)
    let sets = sweep.sweep.sets
    for step in sets.times.indices {
      for place in Int(sets.eventStart[step])..<Int(sets.eventEnd[step]) {
        events[Int(sweep.levels[place])] += sets.weights[place]
      }
    }
    return events.reduce(0) { sum, d in
      sum + d - shape * log1p(d / shape) - d * log(shape + d) + lgamma(shape + d) - lgamma(shape)
    }
  }
}
