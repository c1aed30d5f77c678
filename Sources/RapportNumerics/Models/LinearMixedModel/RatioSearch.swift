import Glibc

/// Finds the minimum of a function that is even in each argument, as a mixed model's deviance is in its ratios: Newton
/// steps with differences, then a polish to the optimum itself.
struct RatioSearch {
  typealias Objective = @Sendable ([Double]) throws(NumericsError) -> Double

  /// What the search did.
  struct Outcome: Sendable {
    var ratios: [Double]
    var value: Double
    var record: SearchRecord
  }

  let objective: Objective
  let start: [Double]
  let maximumIterations: Int
  let polishes: Bool
  /// How many values are computed at a time.
  let threads: Int
  private var evaluations = 0
  /// The largest absolute entry of the last gradient.
  private var steepest = 0.0

  init(
    _ objective: @escaping Objective, start: [Double], maximumIterations: Int = 80, polishes: Bool = true,
    threads: Int = 1
  ) {
    self.objective = objective
    self.start = start
    self.maximumIterations = maximumIterations
    self.polishes = polishes
    self.threads = threads
  }

  mutating func run() throws(NumericsError) -> Outcome {
    let k = start.count
    var x = start
    var value = try evaluate(x)
    var active = [Int](0..<k)
    var iterations = 0
    var converged = k == 0
    var lastStep = 0.0
    var escapes = 0
    var correlations: Matrix?

    while !active.isEmpty && iterations < maximumIterations {
      iterations += 1
      // Mixed derivatives cost k (k − 1) values and change slowly: taken anew at steps 1, 2, 4, 8, ….
      let isFresh = iterations & (iterations - 1) == 0 || active.count != correlations?.rows
      let (gradient, hessian) = try differences(x, value, active, correlations: isFresh ? nil : correlations)
      if isFresh { correlations = Self.correlations(hessian) }
      steepest = gradient.reduce(0) { max($0, abs($1)) }
      var step = try Self.newtonStep(gradient, hessian)
      // No further than half of itself, or 0.5: the quadratic is local.
      var scale = 1.0
      for (i, j) in active.enumerated() { scale = min(scale, 0.5 * max(abs(x[j]), 1) / max(abs(step[i]), 1e-300)) }
      for i in step.indices { step[i] *= min(1, scale) }
      var accepted = false
      var factor = 1.0
      for _ in 0..<40 {
        var candidate = x
        for (i, j) in active.enumerated() { candidate[j] = abs(x[j] + factor * step[i]) }
        let attempt = try evaluate(candidate)
        if attempt < value {
          (x, value, accepted) = (candidate, attempt, true)
          break
        }
        factor /= 2
      }
      lastStep = zip(active, step).map { abs($1) / max(abs(x[$0]), 0.1) }.max() ?? 0
      if accepted && lastStep > (polishes ? 1e-5 : 2e-3) { continue }

      // At the bottom as far as values show it: gradients of fourth order reach the optimum itself.
      if polishes { lastStep = try polish(&x, &value, active) }
      // A ratio whose removal costs nothing is at its boundary.
      for j in active where x[j] != 0 && x[j] < 1e-2 {
        var candidate = x
        candidate[j] = 0
        let attempt = try evaluate(candidate)
        if attempt <= value + 1e-11 * abs(value) {
          (x, value) = (candidate, attempt)
        }
      }
      let remaining = active.filter { x[$0] != 0 }
      if remaining.count < active.count && !remaining.isEmpty {
        active = remaining
        continue
      }
      // Is zero a minimum there, or a saddle that the steps ran into?
      var escaped = false
      for j in x.indices where x[j] == 0 && escapes < 3 {
        for try_ in [0.02, 0.2] {
          var candidate = x
          candidate[j] = try_
          let attempt = try evaluate(candidate)
          if attempt < value - 1e-9 * abs(value) {
            (x, value, escaped) = (candidate, attempt, true)
            break
          }
        }
      }
      if escaped {
        escapes += 1
        active = [Int](0..<k)
        continue
      }
      converged = lastStep < (polishes ? 1e-5 : 1e-2)
      break
    }
    return Outcome(
      ratios: x, value: value,
      record: SearchRecord(
        method: "Newton with differences", stop: converged ? .tolerance : .evaluations, evaluations: evaluations,
        gradientNorm: steepest, iterations: iterations))
  }

  private mutating func evaluate(_ x: [Double]) throws(NumericsError) -> Double {
    evaluations += 1
    return try objective(x)
  }

  /// Values at points that are given by what is added to single coordinates.
  private mutating func evaluate(
    around x: [Double], _ shifts: [[(coordinate: Int, change: Double)]]
  ) throws(NumericsError) -> [Double] {
    evaluations += shifts.count
    let objective = objective
    return try parallelMap(count: shifts.count, threads: threads) { (k: Int) throws(NumericsError) -> Double in
      var candidate = x
      for (coordinate, change) in shifts[k] { candidate[coordinate] = x[coordinate] + change }
      return try objective(candidate)
    }
  }

  /// hᵢⱼ / √|hᵢᵢ hⱼⱼ|
  private static func correlations(_ hessian: Matrix) -> Matrix {
    var result = hessian
    for i in 0..<hessian.rows {
      for j in 0..<hessian.rows {
        let scale = abs(hessian[i, i] * hessian[j, j]).squareRoot()
        result[i, j] = scale > 0 ? hessian[i, j] / scale : 0
      }
    }
    return result
  }

  /// Gradient and Hessian by central differences; mixed derivatives from earlier `correlations` where given.
  private mutating func differences(
    _ x: [Double], _ value: Double, _ active: [Int], correlations: Matrix? = nil
  ) throws(NumericsError) -> ([Double], Matrix) {
    let count = active.count
    var gradient = [Double](repeating: 0, count: count)
    var hessian = Matrix(rows: count, columns: count)
    let h = active.map { 1e-3 * max(abs(x[$0]), 0.1) }
    let ends = try evaluate(
      around: x, active.indices.flatMap { i in [[(active[i], h[i])], [(active[i], -h[i])]] })
    func up(_ i: Int) -> Double { ends[2 * i] }
    func down(_ i: Int) -> Double { ends[2 * i + 1] }
    for i in 0..<count {
      gradient[i] = (up(i) - down(i)) / (2 * h[i])
      hessian[i, i] = (up(i) - 2 * value + down(i)) / (h[i] * h[i])
    }
    let couples = (0..<count).flatMap { i in (0..<i).map { (i, $0) } }
    if let correlations {
      for (i, j) in couples {
        hessian[i, j] = correlations[i, j] * abs(hessian[i, i] * hessian[j, j]).squareRoot()
        hessian[j, i] = hessian[i, j]
      }
      return (gradient, hessian)
    }
    let corners = try evaluate(
      around: x,
      couples.flatMap { i, j in
        [1.0, -1].map { sign in [(active[i], sign * h[i]), (active[j], sign * h[j])] }
      })
    for (k, (i, j)) in couples.enumerated() {
      let (both, neither) = (corners[2 * k], corners[2 * k + 1])
      let mixed = (both - up(i) - up(j) + 2 * value - down(i) - down(j) + neither) / (2 * h[i] * h[j])
      hessian[i, j] = mixed
      hessian[j, i] = mixed
    }
    return (gradient, hessian)
  }

  /// Second derivatives at a minimum; where a ratio is zero, evenness leaves only its own.
  ///
  /// Steps are wide, since what rounding leaves of a second difference grows as they shrink, and of fourth order on the
  /// diagonal.
  mutating func curvature(at x: [Double], _ value: Double) throws(NumericsError) -> Matrix {
    let inside = x.indices.filter { x[$0] != 0 }
    let h = x.map { $0 == 0 ? 0.01 : 0.05 * max(abs($0), 0.1) }
    var result = Matrix(rows: x.count, columns: x.count)
    var shifts: [[(coordinate: Int, change: Double)]] = []
    for i in x.indices {
      for multiple in [-2.0, -1, 1, 2] { shifts.append([(i, multiple * h[i])]) }
    }
    let along = try evaluate(around: x, shifts)
    for i in x.indices {
      let near = along[4 * i + 1] + along[4 * i + 2] - 2 * value
      let far = along[4 * i] + along[4 * i + 3] - 2 * value
      let square = h[i] * h[i]
      result[i, i] = x[i] == 0 ? max(0, near / square) : (16 * near - far) / (12 * square)
    }
    var couples: [(Int, Int)] = []
    shifts = []
    for i in inside {
      for j in inside where j < i {
        couples.append((i, j))
        for sign in [1.0, -1] { shifts.append([(i, sign * h[i]), (j, sign * h[j])]) }
      }
    }
    let corners = try evaluate(around: x, shifts)
    for (k, (i, j)) in couples.enumerated() {
      let near = along[4 * i + 1] + along[4 * i + 2] + along[4 * j + 1] + along[4 * j + 2]
      let mixed = (corners[2 * k] + corners[2 * k + 1] + 2 * value - near) / (2 * h[i] * h[j])
      result[i, j] = mixed
      result[j, i] = mixed
    }
    return result
  }

  /// −|H|⁻¹ g: downhill also where the deviance curves the other way.
  private static func newtonStep(_ gradient: [Double], _ hessian: Matrix) throws(NumericsError) -> [Double] {
    let eigen = try SymmetricEigen(hessian)
    let largest = max(eigen.values.map(abs).max() ?? 1, 1e-300)
    var step = [Double](repeating: 0, count: gradient.count)
    for (k, lambda) in eigen.values.enumerated() {
      let vector = eigen.vectors.column(k)
      let along = dot(vector, gradient) / max(abs(lambda), 1e-8 * largest)
      for i in step.indices { step[i] -= along * vector[i] }
    }
    return step
  }

  /// Newton steps with a gradient of fourth order; the last step's size relative to max(θ, 0.1).
  private mutating func polish(_ x: inout [Double], _ value: inout Double, _ active: [Int]) throws(NumericsError)
    -> Double
  {
    let (_, hessian) = try differences(x, value, active)
    var last = Double.infinity
    for _ in 0..<6 {
      let h = active.map { 5e-3 * max(abs(x[$0]), 0.1) }
      let at = try evaluate(
        around: x, active.indices.flatMap { i in [-2.0, -1, 1, 2].map { [(active[i], $0 * h[i])] } })
      let gradient = active.indices.map { i in
        (at[4 * i] - 8 * at[4 * i + 1] + 8 * at[4 * i + 2] - at[4 * i + 3]) / (12 * h[i])
      }
      steepest = gradient.reduce(0) { max($0, abs($1)) }
      let step = try Self.newtonStep(gradient, hessian)
      let size = zip(active, step).map { abs($1) / max(abs(x[$0]), 0.1) }.max() ?? 0
      // Rounding has the last word: steps that no longer shrink lead nowhere.
      if size >= last || size > 0.05 { return min(size, last) }
      for (i, j) in active.enumerated() { x[j] = abs(x[j] + step[i]) }
      last = size
      if size < 1e-9 { break }
    }
    value = try evaluate(x)
    return last
  }
}
