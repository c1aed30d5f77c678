import Glibc

/// Estimates with known errors whose true values vary normally around a common mean, or a regression.
///
///     yᵢ ~ N(θᵢ, vᵢ)        θᵢ ~ N(xᵢ'β, τ²)
///
/// This is the random-effects model of meta-analysis. For a given τ² the weights are wᵢ = 1/(vᵢ + τ²), and
/// Q = Σ wᵢ rᵢ² with r the weighted residuals. Source: Viechtbauer (2005), Bias and efficiency of meta-analytic variance
/// estimators; metafor's documentation for names.
public struct NormalNormal: Sendable {
  /// How τ² is estimated.
  public enum Estimator: String, Sendable, CaseIterable, Codable {
    /// τ² = 0: one true value.
    case fixed
    /// DerSimonian & Laird (1986): moments with weights 1/v.
    case derSimonianLaird
    /// Restricted maximum likelihood.
    case restrictedMaximumLikelihood
    /// Maximum likelihood.
    case maximumLikelihood
    /// Paule & Mandel (1982): the τ² at which Q equals its degrees of freedom. Morris' empirical Bayes gives the same.
    case pauleMandel
    /// Hedges (1983): moments with equal weights.
    case hedges
    /// Sidik & Jonkman (2005).
    case sidikJonkman
    /// Hunter & Schmidt (2004).
    case hunterSchmidt
  }

  /// How τ² is estimated; REML by default, since it is nearly unbiased and efficient.
  public var estimator = Estimator.restrictedMaximumLikelihood
  /// Whether errors of β are those of Knapp & Hartung (2003), with t limits: better with few units.
  public var usesKnappHartung = false
  /// The level of intervals.
  public var level = 0.95

  /// The model with this estimator.
  public init(_ estimator: Estimator = .restrictedMaximumLikelihood) { self.estimator = estimator }

  /// Fits τ² and β.
  ///
  /// - Parameters:
  ///   - estimates: y by unit.
  ///   - variances: v by unit, positive.
  ///   - predictors: a row for each unit, with its intercept; `nil` for a common mean.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for undefined values or too few units,
  ///   ``NumericsError/notPositiveDefinite(order:)`` for dependent predictors,
  ///   ``NumericsError/didNotConverge(method:iterations:)``.
  /// - Complexity: O(units · predictors²) for each step; seldom more than ten steps.
  public func fit(
    estimates: [Double], variances: [Double], predictors: Matrix? = nil
  ) throws(NumericsError) -> NormalNormalFit {
    precondition(estimates.count == variances.count, "\(estimates.count) estimates and \(variances.count) variances")
    let x = predictors ?? Matrix(rows: estimates.count, columns: 1, repeating: 1)
    precondition(x.rows == estimates.count, "\(x.rows) rows of predictors, expected \(estimates.count)")
    guard estimates.count > x.columns else {
      throw .invalidInput("\(estimates.count) estimates for \(x.columns) coefficients; at least one more is needed")
    }
    for (y, v) in zip(estimates, variances) where !(y.isFinite && v.isFinite && v > 0) {
      throw .invalidInput("estimate \(y) with variance \(v): expected finite values and a positive variance")
    }
    let problem = Problem(y: estimates, v: variances, x: x)
    let (variance, record) = try betweenVariance(problem)
    let end = try problem.solve(variance)
    let fixed = try problem.solve(0)
    return NormalNormalFit(self, problem, variance: variance, record, end, fixed)
  }

  /// τ², and how it was searched for; `nil` where there was nothing to search.
  private func betweenVariance(_ problem: Problem) throws(NumericsError) -> (Double, SearchRecord?) {
    let degrees = Double(problem.y.count - problem.x.columns)
    let fixed = try problem.solve(0)
    switch estimator {
    case .fixed: return (0, nil)
    case .derSimonianLaird: return (max(0, (fixed.q - degrees) / fixed.traceP), nil)
    case .hunterSchmidt:
      var weights = 0.0
      for v in problem.v { weights += 1 / v }
      return (max(0, (fixed.q - Double(problem.y.count)) / weights), nil)
    case .hedges:
      let plain = try problem.solve(weights: [Double](repeating: 1, count: problem.y.count))
      // tr(P V) with P = I − X (X'X)⁻¹ X'.
      var trace = 0.0
      for (i, v) in problem.v.enumerated() { trace += v * (1 - plain.leverage(problem.x, i)) }
      return (max(0, (plain.q - trace) / degrees), nil)
    case .sidikJonkman:
      let moments = Moments(problem.y)
      let crude = moments.sumOfSquares / Double(problem.y.count)
      return (crude == 0 ? 0 : crude * (try problem.solve(crude).q) / degrees, nil)
    case .pauleMandel:
      if fixed.q <= degrees { return (0, nil) }
      let root = try problem.root { $0.q - degrees }
      return (root.value, root.record)
    case .maximumLikelihood, .restrictedMaximumLikelihood:
      return try likelihoodVariance(problem)
    }
  }

  /// The τ² with the largest (restricted) likelihood: a grid finds the basin, a root of the score its bottom.
  private func likelihoodVariance(_ problem: Problem) throws(NumericsError) -> (Double, SearchRecord?) {
    let isRestricted = estimator == .restrictedMaximumLikelihood
    // Twice the score: Σ w² r² − tr(P), or − Σ w for maximum likelihood.
    func score(_ variance: Double) throws(NumericsError) -> Double {
      let at = try problem.solve(variance)
      return at.squaredScore - (isRestricted ? at.traceP : at.sumOfWeights)
    }
    let moments = Moments(problem.y)
    let scale = moments.sumOfSquares / Double(problem.y.count - 1)
    if scale == 0 { return (0, nil) }
    let sorted = problem.v.sorted()
    var grid = [0.0]
    var step = 1e-4 * min(scale, sorted[sorted.count / 2])
    while step < 8 * scale {
      grid.append(step)
      step *= 2
    }
    grid.append(step)
    var best = (value: -Double.infinity, index: 0)
    for (index, variance) in grid.enumerated() {
      let value = try problem.solve(variance).logLikelihood(isRestricted: isRestricted)
      if value > best.value { best = (value, index) }
    }
    let low = grid[max(0, best.index - 1)]
    let high = grid[min(grid.count - 1, best.index + 1)]
    // At zero, the score has to be positive for the maximum to lie inside.
    guard try score(low) > 0 else {
      return (
        best.index == 0 || low == 0 ? 0 : grid[best.index],
        SearchRecord(
          method: "grid", stop: .tolerance, evaluations: grid.count, gradientNorm: abs(try score(low)) / 2,
          iterations: grid.count)
      )
    }
    guard try score(high) < 0 else { throw .didNotConverge(method: "the search for τ²", iterations: grid.count) }
    let found = try problem.root(in: low...high, score)
    return (found.value, found.record)
  }

  /// The data, and what follows from a τ².
  struct Problem {
    let y: [Double]
    let v: [Double]
    let x: Matrix

    func solve(_ variance: Double) throws(NumericsError) -> Solution {
      try solve(weights: v.map { 1 / ($0 + variance) })
    }

    func solve(weights w: [Double]) throws(NumericsError) -> Solution {
      let p = x.columns
      var a = Matrix(rows: p, columns: p)
      var a2 = a
      var b = [Double](repeating: 0, count: p)
      for i in y.indices {
        for j in 0..<p {
          let first = w[i] * x[i, j]
          b[j] += first * y[i]
          for k in 0...j {
            a[j, k] += first * x[i, k]
            a2[j, k] += w[i] * first * x[i, k]
          }
        }
      }
      a2.mirrorLowerTriangle()
      let factor = try Cholesky(a)
      let beta = factor.solve(b)
      var solution = Solution(beta: beta, inverse: factor.inverse, logDeterminant: factor.logDeterminant)
      for i in y.indices {
        var r = y[i]
        for j in 0..<p { r -= x[i, j] * beta[j] }
        solution.q += w[i] * r * r
        solution.squaredScore += w[i] * w[i] * r * r
        solution.sumOfWeights += w[i]
        solution.logWeights += log(w[i])
      }
      // tr(P) with P = W − W X A⁻¹ X' W.
      solution.traceP = solution.sumOfWeights
      for j in 0..<p {
        for k in 0..<p { solution.traceP -= solution.inverse[j, k] * a2[k, j] }
      }
      solution.unitCount = y.count
      return solution
    }

    /// The τ² at which a falling function of the solution is zero.
    func root(
      _ f: (Solution) -> Double
    ) throws(NumericsError) -> (value: Double, record: SearchRecord) {
      var high = 1e-8 + v.max()!
      while f(try solve(high)) > 0 {
        high *= 4
        if high > 1e300 { throw .didNotConverge(method: "the search for τ²", iterations: 500) }
      }
      return try root(in: 0...high) { (variance) throws(NumericsError) in f(try solve(variance)) }
    }

    /// Where a function of τ² is zero; its value there is what the record calls the gradient.
    func root(
      in limits: ClosedRange<Double>, _ f: (Double) throws(NumericsError) -> Double
    ) throws(NumericsError) -> (value: Double, record: SearchRecord) {
      var failure: NumericsError?
      var evaluations = 0
      let value = try BrentRoot().solve(in: limits) { variance in
        evaluations += 1
        do throws(NumericsError) {
          return try f(variance)
        } catch {
          failure = failure ?? error
          return .nan
        }
      }
      if let failure { throw failure }
      return (
        value,
        SearchRecord(
          method: "Brent's root", stop: .tolerance, evaluations: evaluations, gradientNorm: abs(try f(value)),
          iterations: evaluations)
      )
    }
  }

  /// β and sums at one τ².
  struct Solution {
    var beta: [Double]
    var inverse: Matrix
    var logDeterminant: Double
    var q = 0.0
    var squaredScore = 0.0
    var sumOfWeights = 0.0
    var logWeights = 0.0
    var traceP = 0.0
    var unitCount = 0

    /// Without the constant ½ log |X'X|.
    func logLikelihood(isRestricted: Bool) -> Double {
      let k = Double(unitCount)
      let full = -0.5 * k * log(2 * Double.pi) + 0.5 * logWeights - 0.5 * q
      return isRestricted ? full + 0.5 * Double(beta.count) * log(2 * Double.pi) - 0.5 * logDeterminant : full
    }

    /// xᵢ' A⁻¹ xᵢ.
    func leverage(_ x: Matrix, _ i: Int) -> Double {
      var sum = 0.0
      for j in 0..<x.columns {
        for k in 0..<x.columns { sum += x[i, j] * inverse[j, k] * x[i, k] }
      }
      return sum
    }
  }
}

/// What a normal-normal fit found.
public struct NormalNormalFit: Sendable, Equatable {
  /// Whether units differ.
  public let spread: Spread
  /// τ², the variance between units.
  public let betweenVariance: Double
  /// β.
  public let coefficients: [Double]
  /// Errors of β, given τ².
  public let standardErrors: [Double]
  /// β's covariance, given τ².
  public let covariance: Matrix
  /// Lower limits of β.
  public let lower: [Double]
  /// Upper limits of β.
  public let upper: [Double]
  /// β over its error: normal, or t with units − coefficients degrees of freedom under Knapp & Hartung.
  public let statistics: [Double]
  /// Two-sided tail areas.
  public let pValues: [Double]
  /// Q at τ² = 0: Cochran's statistic.
  public let heterogeneity: Double
  /// How τ² was searched for; `nil` where it has a closed form or is at its boundary.
  public let record: SearchRecord?
  /// Its tail area under χ² with units − coefficients degrees of freedom.
  public let heterogeneityPValue: Double
  /// The variance that a typical unit's error has (Higgins & Thompson 2002).
  public let typicalVariance: Double
  /// τ² / (τ² + typical variance), 0–1.
  public let shareOfVariance: Double
  /// At the end, with the constant ½ log |X'X| where restricted, as metafor has it; `nil` for the moment estimators.
  public let logLikelihood: Double?
  /// xᵢ'β by unit.
  public let fitted: [Double]
  /// E(θᵢ | y): the empirical Bayes estimate by unit.
  public let posteriorMeans: [Double]
  /// Its standard deviation, the error of β included.
  public let posteriorStandardDeviations: [Double]
  /// Where a new unit's true value would lie, for a common mean.
  public let predictionInterval: (low: Double, high: Double)?

  init(
    _ model: NormalNormal, _ problem: NormalNormal.Problem, variance: Double, _ record: SearchRecord?,
    _ end: NormalNormal.Solution, _ fixed: NormalNormal.Solution
  ) {
    self.record = record
    let p = problem.x.columns
    let degrees = Double(problem.y.count - p)
    betweenVariance = variance
    spread = variance > 0 ? .estimated : .none
    coefficients = end.beta
    let scale = model.usesKnappHartung ? end.q / degrees : 1
    covariance = scale * end.inverse
    standardErrors = covariance.diagonal.map { $0.squareRoot() }
    let tail = 1 - (1 - model.level) / 2
    let student = StudentT(degreesOfFreedom: degrees)
    let quantile = model.usesKnappHartung ? student.quantile(tail) : Normal.standard.quantile(tail)
    lower = zip(end.beta, standardErrors).map { $0 - quantile * $1 }
    upper = zip(end.beta, standardErrors).map { $0 + quantile * $1 }
    statistics = zip(end.beta, standardErrors).map { $0 / $1 }
    pValues = statistics.map {
      model.usesKnappHartung ? student.twoSided($0) : 2 * Normal.standard.survival(abs($0))
    }
    heterogeneity = fixed.q
    heterogeneityPValue = ChiSquared(degreesOfFreedom: degrees).survival(fixed.q)
    typicalVariance = degrees / fixed.traceP
    shareOfVariance = variance / (variance + typicalVariance)
    switch model.estimator {
    case .maximumLikelihood: logLikelihood = end.logLikelihood(isRestricted: false)
    case .restrictedMaximumLikelihood:
      let constant = (try? Cholesky(problem.x.crossProduct))?.logDeterminant ?? 0
      logLikelihood = end.logLikelihood(isRestricted: true) + 0.5 * constant
    default: logLikelihood = nil
    }
    fitted = problem.x * end.beta
    var means: [Double] = []
    var deviations: [Double] = []
    for i in problem.y.indices {
      let kept = variance / (variance + problem.v[i])
      means.append(kept * problem.y[i] + (1 - kept) * fitted[i])
      let given = kept * problem.v[i]
      let ofMean = (1 - kept) * (1 - kept) * scale * end.leverage(problem.x, i)
      deviations.append((given + ofMean).squareRoot())
    }
    posteriorMeans = means
    posteriorStandardDeviations = deviations
    if p == 1 && problem.x.elements.allSatisfy({ $0 == 1 }) {
      let half = quantile * (variance + covariance[0, 0]).squareRoot()
      predictionInterval = (end.beta[0] - half, end.beta[0] + half)
    } else {
      predictionInterval = nil
    }
  }

  /// Compares every stored number.
  public static func == (a: NormalNormalFit, b: NormalNormalFit) -> Bool {
    a.betweenVariance == b.betweenVariance && a.coefficients == b.coefficients && a.covariance == b.covariance
      && a.posteriorMeans == b.posteriorMeans && a.posteriorStandardDeviations == b.posteriorStandardDeviations
      && a.logLikelihood == b.logLikelihood && a.lower == b.lower && a.upper == b.upper && a.spread == b.spread
  }
}

extension NormalNormal {
  /// Limits of τ² by inverting the Q statistic: the τ² at which Q is a quantile of χ².
  ///
  /// The lower limit is 0 where Q at zero is below its quantile. Source: Viechtbauer (2007), Confidence intervals for the
  /// amount of heterogeneity in meta-analysis.
  public func betweenVarianceInterval(
    estimates: [Double], variances: [Double], level: Double = 0.95
  ) throws(NumericsError) -> (low: Double, high: Double) {
    let problem = Problem(
      y: estimates, v: variances, x: Matrix(rows: estimates.count, columns: 1, repeating: 1))
    let chi = ChiSquared(degreesOfFreedom: Double(estimates.count - 1))
    let atZero = try problem.solve(0).q
    func limit(_ p: Double) throws(NumericsError) -> Double {
      let target = chi.quantile(p)
      return atZero <= target ? 0 : try problem.root { $0.q - target }.value
    }
    return (try limit(1 - (1 - level) / 2), try limit((1 - level) / 2))
  }
}
