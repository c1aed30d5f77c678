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

  /// The standard deviation of each level's effect; levels' own scale for normal effects.
  private func deviations(_ variances: [Double]) -> [Double] {
    let ends = sweep.offsets.dropFirst() + [sweep.levelCount]
    return zip(zip(sweep.offsets, ends), variances).flatMap { range, variance in
      [Double](repeating: variance.squareRoot(), count: range.1 - range.0)
    }
  }

  /// A point: b, then β. Normal effects are u = √v b, so that v = 0 is nothing special; gamma ones are u = b.
  func solve(variances: [Double], start: (beta: [Double], effects: [Double])) throws(NumericsError) -> Solution {
    let (p, q) = (sweep.p, sweep.levelCount)
    let isNormal = distribution == .normal
    let scale = isNormal ? deviations(variances) : [Double](repeating: 1, count: q)
    let shape = isNormal ? 0 : 1 / variances[0]
    let precisions = sweep.sweep.columns.scales.map { s in model.priorDeviation.map { 1 / ($0 * s * $0 * s) } ?? 0 }

    func effects(_ b: ArraySlice<Double>) -> [Double] { zip(b, scale).map { $0 * $1 } }
    func penalty(_ b: ArraySlice<Double>) -> Double {
      // e^u − 1 − u loses its digits near 0 unless e^u − 1 is made at once.
      isNormal ? 0.5 * b.reduce(0) { $0 + $1 * $1 } : shape * b.reduce(0) { $0 + (expm1($1) - $1) }
    }
    func prior(_ beta: ArraySlice<Double>) -> Double {
      zip(beta, precisions).reduce(0) { $0 + 0.5 * $1.1 * $1.0 * $1.0 }
    }

    var point = zip(start.effects, scale).map { $1 > 0 ? $0 / $1 : 0 } + start.beta
    guard var here = sweep.derivatives(Array(point[q...]), effects(point[..<q])) else {
      throw .invalidInput("hazards differ too much within a stratum for random effects")
    }
    var evaluations = 1
    for iteration in 0...model.maximumIterations {
      // The penalised gradient and information, in the scale of b.
      var gradient = here.gradient
      var information = here.information
      for j in 0..<q {
        let b = point[j]
        gradient[j] = scale[j] * gradient[j] - (isNormal ? b : shape * expm1(b))
        for i in j..<q { information[i, j] *= scale[i] * scale[j] }
        for i in q..<(q + p) { information[i, j] *= scale[j] }
        information[j, j] += isNormal ? 1 : shape * exp(b)
      }
      for j in 0..<p {
        gradient[q + j] -= precisions[j] * point[q + j]
        information[q + j, q + j] += precisions[j]
      }
      let factor = try Cholesky(information)
      let step = factor.solve(gradient)
      let gain = dot(gradient, step)
      let relative = max(0, gain).squareRoot()
      let value = here.value - penalty(point[..<q]) - prior(point[q...])
      var moved = relative <= 1e-9
      if !moved {
        var length = 1.0
        while length > 1e-10 && !moved {
          let candidate = zip(point, step).map { $0 + length * $1 }
          evaluations += 1
          if let there = sweep.derivatives(Array(candidate[q...]), effects(candidate[..<q])),
            there.value - penalty(candidate[..<q]) - prior(candidate[q...]) >= value + 1e-4 * length * gain
              - 1e-13 * (1 + abs(value))
          {
            (point, here, moved) = (candidate, there, true)
          }
          length *= 0.5
        }
        if moved && iteration < model.maximumIterations { continue }
        guard relative <= 1e-6 else {
          throw .didNotConverge(method: "the penalised partial likelihood", iterations: iteration)
        }
      }
      let charge = penalty(point[..<q])
      // log det(I + D H D) is that of the factor's first rows.
      let logDeterminant = 2 * (0..<q).reduce(0) { $0 + log(factor.lower[$1, $1]) }
      return Solution(
        variances: variances, beta: Array(point[q...]), effects: effects(point[..<q]), logLikelihood: here.value,
        penalty: charge, integrated: here.value - charge + (isNormal ? -0.5 * logDeterminant : gammaTerms(shape)),
        factor: factor, scale: scale, evaluations: evaluations, relativeGradient: relative)
    }
    throw .didNotConverge(method: "the penalised partial likelihood", iterations: model.maximumIterations)
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
