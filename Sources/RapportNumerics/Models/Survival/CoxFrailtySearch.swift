import Glibc

/// The search for the variances of random effects: over standard deviations, from 0 on.
struct CoxFrailtySearch {
  let objective: CoxFrailtyObjective
  let plain: CoxFit
  /// Known variances; `nil`: searched for.
  let variances: [Double]?

  /// Where the search ended.
  struct Outcome {
    var solution: CoxFrailtyObjective.Solution
    var record: SearchRecord
  }

  /// A variance of gamma effects can't be 0; below this one, they can't be told from none.
  static let smallest = 1e-6

  func run() throws(NumericsError) -> Outcome {
    let start = CoxFrailtyObjective.Start(
      beta: plain.scaledCoefficients, effects: [Double](repeating: 0, count: objective.sweep.levelCount))
    if let variances {
      let floor = objective.distribution == .gamma ? Self.smallest : 0
      let solution = try objective.solve(variances: variances.map { max($0, floor) }, start: start)
      return Outcome(
        solution: solution,
        record: SearchRecord(
          method: "Newton", stop: .gradient, evaluations: solution.evaluations, gradientNorm: nil))
    }
    let count = objective.sweep.groupCount
    let floor = objective.distribution == .gamma ? Self.smallest.squareRoot() : 0
    var warm = start
    var failure: NumericsError?
    var evaluations = 0
    /// Minus the integrated likelihood at these standard deviations.
    func value(_ deviations: [Double]) -> Double {
      do throws(NumericsError) {
        let solution = try objective.solve(variances: deviations.map { $0 * $0 }, start: warm)
        warm = .init(beta: solution.beta, effects: solution.effects, factor: solution.factor)
        evaluations += solution.evaluations
        return -solution.integrated
      } catch {
        failure = failure ?? error
        return .infinity
      }
    }
    var best: [Double]
    var record: SearchRecord
    if count == 1 {
      var upper = 4.0
      while true {
        let found = BrentMinimum(tolerance: 1e-7).minimize(in: floor...upper) { value([$0]) }
        (best, record) = (found.point, found.record)
        if best[0] < 0.99 * upper || upper > 100 { break }
        upper *= 4
      }
    } else {
      var search = BoundedSearch(
        method: .bobyqa, lower: [Double](repeating: floor, count: count),
        upper: [Double](repeating: 100, count: count))
      search.initialStep = [Double](repeating: 0.2, count: count)
      search.absoluteTolerance = 1e-8
      search.relativeTolerance = 1e-8
      let found = try search.minimize(from: [Double](repeating: 0.5, count: count)) { point, _ in value(point) }
      (best, record) = (found.point, found.record)
    }
    if let failure, !record.converged { throw failure }
    // A standard deviation this near its boundary is on it, unless the likelihood there is lower.
    for k in best.indices where best[k] < 1e-2 {
      var boundary = best
      boundary[k] = floor
      if value(boundary) <= value(best) + 1e-9 { best = boundary }
    }
    let solution = try objective.solve(variances: best.map { $0 * $0 }, start: warm)
    record.evaluations = evaluations
    return Outcome(solution: solution, record: record)
  }
}
