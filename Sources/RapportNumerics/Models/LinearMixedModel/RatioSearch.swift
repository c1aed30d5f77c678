// Finds the optimum to all digits that the gradient has, so that results don't depend on which BLAS computed it. Values of
// the deviance tell half as many: whoever changes this next, let nothing near the optimum depend on differences of values.

import Glibc

/// Finds the minimum of a function that is even in each argument, as a mixed model's deviance is in its ratios, by Newton
/// steps with its gradient; the Hessian comes from differences of gradients, and from secants between them.
struct RatioSearch {
  /// The objective at one point; the gradient is computed when asked for.
  struct Point: Sendable {
    let x: [Double]
    let value: Double
    /// What rounding may have moved the value by.
    var blur = 0.0
    let gradient: @Sendable () -> [Double]
  }

  typealias Objective = @Sendable ([Double]) throws(NumericsError) -> Point

  /// What the search did.
  struct Outcome: Sendable {
    var ratios: [Double]
    var value: Double
    var record: SearchRecord
    /// Whether searches from other starts ended at a higher minimum than this one.
    var hasOtherMinimum = false

    /// - Throws: ``NumericsError/didNotConverge(method:iterations:)`` where this is no minimum.
    func convergedValue() throws(NumericsError) -> Double {
      guard record.converged else {
        throw .didNotConverge(method: "the search for the other variances", iterations: record.iterations ?? 0)
      }
      return value
    }
  }

  /// Of arguments in units.
  private let objective: Objective
  private let start: [Double]
  private let units: [Double]
  let maximumIterations: Int
  /// How many gradients are computed at a time.
  let threads: Int
  private var evaluations = 0

  /// Steps below this share of max(θ, 0.1), θ in units, end the search: the next one would be smaller by far.
  private static let tolerance = 1e-10
  /// A ratio of fewer units is zero: its square is lost beside one.
  private static let smallest = 1e-5

  /// A search.
  ///
  /// - Parameter units: what counts as one, argument by argument: limits, and what is said of steps, are in it. Arguments come and go as
  ///   they are.
  init(
    _ objective: @escaping Objective, start: [Double], units: [Double], maximumIterations: Int = 80, threads: Int = 1
  ) {
    precondition(start.count == units.count, "\(start.count) coordinates, \(units.count) units")
    self.objective = { (x) throws(NumericsError) in
      let point = try objective(zip(x, units).map { $0 * $1 })
      return Point(x: x, value: point.value, blur: point.blur) { zip(point.gradient(), units).map { $0 * $1 } }
    }
    self.start = zip(start, units).map { $0 / $1 }
    self.units = units
    self.maximumIterations = maximumIterations
    self.threads = threads
  }

  mutating func run() throws(NumericsError) -> Outcome {
    var at = try evaluate(start)
    var gradient = at.gradient()
    var hessian: Matrix?
    var (iterations, sinceFresh, escapes) = (0, 0, 0)
    var stop = SearchRecord.Stop.evaluations
    if start.isEmpty { stop = .tolerance }
    var last = Double.infinity

    while !start.isEmpty && iterations < maximumIterations {
      iterations += 1
      let active = at.x.indices.filter { at.x[$0] != 0 }
      // Taken anew at steps 1, 2, 4, 8, …, and where a step before failed.
      sinceFresh += 1
      var curvature = hessian ?? Matrix(rows: 0, columns: 0)
      if hessian == nil || iterations & (iterations - 1) == 0 {
        curvature = try differences(at, gradient)
        sinceFresh = 0
      }
      let step = try Self.newtonStep(gradient, curvature, active)
      let size = active.reduce(0) { max($0, abs(step[$1]) / max(at.x[$1], 0.1)) }
      // Rounding has the last word: small steps that no longer shrink lead nowhere.
      let isEnd = size < Self.tolerance || (size < 1e-6 && size >= last && sinceFresh == 0)
      if !isEnd, let next = try descend(from: at, gradient, step, curvature, active) {
        hessian = Self.updated(curvature, from: at.x, gradient, to: next.point.x, next.gradient)
        (at, gradient, last) = (next.point, next.gradient, size)
        continue
      }
      if !isEnd && sinceFresh > 0 {
        hessian = nil
        continue
      }

      // A ratio whose removal costs nothing is at its boundary.
      var moved = false
      for j in active where at.x[j] < 1e-2 {
        var candidate = at.x
        candidate[j] = 0
        let attempt = try evaluate(candidate)
        if attempt.value <= at.value + max(1e-11 * abs(at.value), at.blur) { (at, moved) = (attempt, true) }
      }
      // Is zero a minimum there, or a saddle that the steps ran into?
      if !moved && escapes < 3, let away = try saddle(at) {
        escapes += 1
        (at, moved) = (away, true)
      }
      if moved {
        gradient = at.gradient()
        (hessian, last) = (nil, .infinity)
        continue
      }
      stop = size < Self.tolerance ? .tolerance : size < 1e-5 ? .rounding : .failure
      break
    }
    return Outcome(
      ratios: zip(at.x, units).map { $0 * $1 }, value: at.value,
      record: SearchRecord(
        method: "Newton with gradients", stop: stop, evaluations: evaluations,
        gradientNorm: gradient.reduce(0) { max($0, abs($1)) }, iterations: iterations))
  }

  private mutating func evaluate(_ x: [Double]) throws(NumericsError) -> Point {
    evaluations += 1
    return try objective(x)
  }

  /// A point further down along a step; `nil` where none is found.
  ///
  /// Where values are too close to tell, that is further down where the gradient promises less.
  private mutating func descend(
    from at: Point, _ gradient: [Double], _ step: [Double], _ hessian: Matrix, _ active: [Int]
  ) throws(NumericsError) -> (point: Point, gradient: [Double])? {
    // No further than half of itself, or 0.5: the quadratic is local.
    var factor = 1.0
    for j in active { factor = min(factor, 0.5 * max(at.x[j], 1) / max(abs(step[j]), 1e-300)) }
    let promised = -dot(gradient, step)
    let blur = max(1e-12 * abs(at.value), at.blur)
    for _ in 0..<40 {
      var candidate = at.x
      for j in active {
        candidate[j] = abs(at.x[j] + factor * step[j])
        if candidate[j] < Self.smallest { candidate[j] = 0 }
      }
      let attempt = try evaluate(candidate)
      if attempt.value < at.value - blur { return (attempt, attempt.gradient()) }
      if attempt.value <= at.value + blur {
        let slopes = attempt.gradient()
        if -dot(slopes, try Self.newtonStep(slopes, hessian, active)) < promised { return (attempt, slopes) }
      }
      factor /= 2
    }
    return nil
  }

  /// A point away from zero in one of the ratios that are zero, where the objective is less; `nil` where there is none.
  private mutating func saddle(_ at: Point) throws(NumericsError) -> Point? {
    for j in at.x.indices where at.x[j] == 0 {
      for away in [0.02, 0.2] {
        var candidate = at.x
        candidate[j] = away
        let attempt = try evaluate(candidate)
        if attempt.value < at.value - max(1e-9 * abs(at.value), at.blur) { return attempt }
      }
    }
    return nil
  }

  /// The Hessian by differences of gradients; rows and columns of ratios at zero stay zero.
  private mutating func differences(_ at: Point, _ gradient: [Double]) throws(NumericsError) -> Matrix {
    let active = at.x.indices.filter { at.x[$0] != 0 }
    let h = active.map { 1e-4 * max(at.x[$0], 0.1) }
    let slopes = try gradients(around: at.x, zip(active, h).map { ($0, $1) })
    var result = Matrix(rows: at.x.count, columns: at.x.count)
    for (i, a) in active.enumerated() {
      for (j, b) in active.enumerated() {
        let (along, across) = ((slopes[i][b] - gradient[b]) / h[i], (slopes[j][a] - gradient[a]) / h[j])
        result[a, b] = (along + across) / 2
      }
    }
    return result
  }

  /// Gradients at points that differ from x in one coordinate.
  private mutating func gradients(
    around x: [Double], _ shifts: [(coordinate: Int, change: Double)]
  ) throws(NumericsError) -> [[Double]] {
    evaluations += shifts.count
    let objective = objective
    return try parallelMap(count: shifts.count, threads: threads) { (k: Int) throws(NumericsError) -> [Double] in
      var candidate = x
      candidate[shifts[k].coordinate] += shifts[k].change
      return try objective(candidate).gradient()
    }
  }

  /// Second derivatives at a minimum, by central differences of gradients; where a ratio is zero, evenness leaves only its
  /// own.
  mutating func curvature(at x: [Double]) throws(NumericsError) -> Matrix {
    let x = zip(x, units).map { $0 / $1 }
    let h = x.map { 1e-3 * max($0, 0.1) }
    let slopes = try gradients(
      around: x, x.indices.flatMap { j in x[j] == 0 ? [(j, 10 * h[j])] : [(j, h[j]), (j, -h[j])] })
    var result = Matrix(rows: x.count, columns: x.count)
    var next = 0
    for j in x.indices {
      if x[j] == 0 {
        result[j, j] = max(0, slopes[next][j] / (10 * h[j]))
        next += 1
      } else {
        for i in x.indices where x[i] != 0 { result[i, j] = (slopes[next][i] - slopes[next + 1][i]) / (2 * h[j]) }
        next += 2
      }
    }
    for j in x.indices {
      for i in 0..<j {
        let mean = (result[i, j] + result[j, i]) / 2
        (result[i, j], result[j, i]) = (mean, mean)
      }
    }
    for j in x.indices { for i in x.indices { result[i, j] /= units[i] * units[j] } }
    return result
  }

  /// The Hessian that agrees with what a step has shown of it, of those that differ by a matrix of rank one.
  ///
  ///     H + r rᵀ / (rᵀ s)        r = y − H s, s the step, y what it changed of the gradient
  ///
  /// - Returns: `nil` where it has to be taken anew: a ratio went through zero or to it.
  ///
  /// Source: Nocedal & Wright (2006), Numerical Optimization, equation (6.24), and (6.26) for when to leave it as it is.
  private static func updated(
    _ hessian: Matrix, from x: [Double], _ before: [Double], to other: [Double], _ after: [Double]
  ) -> Matrix? {
    guard zip(x, other).allSatisfy({ ($0 == 0) == ($1 == 0) }) else { return nil }
    let step = zip(other, x).map { $0 - $1 }
    let expected = hessian * step
    let rest = x.indices.map { after[$0] - before[$0] - expected[$0] }
    let along = dot(rest, step)
    guard abs(along) > 1e-8 * (dot(rest, rest) * dot(step, step)).squareRoot() else { return hessian }
    var result = hessian
    for i in x.indices { for j in x.indices { result[i, j] += rest[i] * rest[j] / along } }
    return result
  }

  /// −|H|⁻¹ g over the active ratios: downhill also where the deviance curves the other way.
  private static func newtonStep(
    _ gradient: [Double], _ hessian: Matrix, _ active: [Int]
  ) throws(NumericsError) -> [Double] {
    var step = [Double](repeating: 0, count: gradient.count)
    if active.isEmpty { return step }
    let eigen = try SymmetricEigen(hessian.selecting(rows: active).selecting(columns: active))
    let largest = max(eigen.values.map(abs).max() ?? 1, 1e-300)
    let slopes = active.map { gradient[$0] }
    for (k, lambda) in eigen.values.enumerated() {
      let vector = eigen.vectors.column(k)
      let along = dot(vector, slopes) / max(abs(lambda), 1e-8 * largest)
      for (i, j) in active.enumerated() { step[j] -= along * vector[i] }
    }
    return step
  }
}
