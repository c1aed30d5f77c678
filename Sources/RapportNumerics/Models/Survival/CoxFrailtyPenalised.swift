import Glibc

/// The penalised partial likelihood of effects and coefficients for given variances.
///
/// A point: b, then β. Normal effects are u = √v b, so that v = 0 is nothing special; gamma ones are u = b.
struct CoxFrailtyPenalised {
  let sweep: CoxFrailtySweep
  let isNormal: Bool
  let variances: [Double]
  /// By level, what turns b into u: its standard deviation for normal effects, 1 for gamma ones.
  let scale: [Double]
  /// ν = 1/v of gamma effects.
  let shape: Double
  /// 1/s² of each coefficient's normal prior, in the scale of the columns; 0: none.
  private let precisions: [Double]

  private var q: Int { sweep.levelCount }
  private var p: Int { sweep.p }

  init(_ objective: CoxFrailtyObjective, _ variances: [Double]) {
    sweep = objective.sweep
    isNormal = objective.distribution == .normal
    self.variances = variances
    let (isNormal, ends) = (isNormal, sweep.offsets.dropFirst() + [sweep.levelCount])
    scale = zip(zip(sweep.offsets, ends), variances).flatMap { range, variance in
      [Double](repeating: isNormal ? variance.squareRoot() : 1, count: range.1 - range.0)
    }
    shape = isNormal ? 0 : 1 / variances[0]
    precisions = sweep.sweep.columns.scales.map { s in
      objective.model.priorDeviation.map { 1 / ($0 * s * $0 * s) } ?? 0
    }
  }

  /// The point of these estimates; effects without a variance are 0.
  func point(_ beta: [Double], _ effects: [Double]) -> [Double] {
    zip(effects, scale).map { $1 > 0 ? $0 / $1 : 0 } + beta
  }

  /// The effects u at a point.
  func effects(_ point: [Double]) -> [Double] { zip(point, scale).map { $0 * $1 } }

  /// ℓ at a point.
  func evaluate(_ point: [Double]) -> CoxFrailtySweep.Evaluation? {
    sweep.evaluate(Array(point[q...]), effects(point))
  }

  /// What the effects' distribution takes off ℓ.
  func penalty(_ point: [Double]) -> Double {
    let b = point[..<q]
    // e^u − 1 − u loses its digits near 0 unless e^u − 1 is made at once.
    return isNormal ? 0.5 * b.reduce(0) { $0 + $1 * $1 } : shape * b.reduce(0) { $0 + (expm1($1) - $1) }
  }

  /// ℓ less penalty and prior.
  func value(_ here: CoxFrailtySweep.Evaluation, _ point: [Double]) -> Double {
    zip(point[q...], precisions).reduce(here.value - penalty(point)) { $0 - 0.5 * $1.1 * $1.0 * $1.0 }
  }

  /// Its gradient.
  func gradient(_ here: CoxFrailtySweep.Evaluation, _ point: [Double]) -> [Double] {
    var gradient = here.gradient
    for j in 0..<q { gradient[j] = scale[j] * gradient[j] - (isNormal ? point[j] : shape * expm1(point[j])) }
    for j in 0..<p { gradient[q + j] -= precisions[j] * point[q + j] }
    return gradient
  }

  /// The factor of its information.
  func factor(_ here: CoxFrailtySweep.Evaluation, _ point: [Double]) throws(NumericsError) -> Cholesky {
    var information = sweep.information(here)
    let order = q + p
    let scales = scale + [Double](repeating: 1, count: p)
    information.elements.withUnsafeMutableBufferPointer { elements in
      for j in 0..<q {
        for i in j..<order { elements[i + j * order] *= scales[i] * scales[j] }
      }
    }
    for j in 0..<q { information[j, j] += isNormal ? 1 : shape * exp(point[j]) }
    for j in 0..<p { information[q + j, q + j] += precisions[j] }
    return try Cholesky(information)
  }
}
