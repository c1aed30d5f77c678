/// Direct oblimin with γ = 0 (quartimin): the oblique rotation with the smallest overlap of squared loadings.
///
///     f = ¼ Σ_{j≠k} Σᵢ λᵢⱼ² λᵢₖ²        Λ = A T⁻ᵀ, Φ = TᵀT, columns of T at length one
///
/// Gradient projection, then Newton steps. Source: Jennrich (2002), Psychometrika 67, 7–19; Bernaards & Jennrich (2005);
/// lengths of steps after Barzilai & Borwein (1988), IMA Journal of Numerical Analysis 8, 141–148.
struct Oblimin {
  var normalized: Bool
  var starts: Int
  var seed: UInt64

  /// A position of the search: T, its inverse, Λ, f, df/dΛ and df/dT.
  struct Position {
    var turn: Matrix
    var inverse: Matrix
    var loadings: Matrix
    var value: Double
    var slope: Matrix
    var gradient: Matrix

    /// What stays of the gradient when columns of T keep their length.
    var projectedGradient: Matrix { tangent(gradient) }

    /// What stays of a change of T when its columns keep their length.
    func tangent(_ change: Matrix) -> Matrix {
      var result = change
      let m = turn.columns
      for j in 0..<m {
        var along = 0.0
        for i in 0..<m { along += turn.elements[i + j * m] * change.elements[i + j * m] }
        for i in 0..<m { result.elements[i + j * m] -= along * turn.elements[i + j * m] }
      }
      return result
    }

    /// T moved so far along a change, its columns at length one again.
    func moved(along change: Matrix, by length: Double) -> Matrix {
      var result = turn
      let m = turn.columns
      for j in 0..<m {
        var norm = 0.0
        for i in 0..<m {
          result.elements[i + j * m] += length * change.elements[i + j * m]
          norm += result.elements[i + j * m] * result.elements[i + j * m]
        }
        for i in 0..<m { result.elements[i + j * m] /= norm.squareRoot() }
      }
      return result
    }
  }

  /// Where a search ended.
  struct End {
    var loadings: Matrix
    var factorCorrelations: Matrix
    var criterion: Double
    /// Different values that the starts ended in.
    var distinctOptima: Int
    /// The gradient is what remains of df/dT when columns of T keep their length.
    var record: SearchRecord
  }

  /// The best over a position T (the unrotated one unless given) and random ones.
  func rotate(_ loadings: Matrix, from turn: Matrix? = nil) throws(NumericsError) -> End {
    let m = loadings.columns
    let lengths = (0..<loadings.rows).map { i in
      normalized ? dot(loadings.row(i), loadings.row(i)).squareRoot() : 1
    }
    let a = loadings.scalingRows(by: lengths.map { $0 > 0 ? 1 / $0 : 0 })
    var (best, record) = try settle(a, from: turn ?? Matrix.identity(m), tolerance: 1e-5, maximumSteps: 1000)
    var values = [best.value]
    var evaluations = record.evaluations
    for start in 0..<starts {
      let turn = RandomRotation.draw(m, seed: seed, start: start)
      let (end, effort) = try settle(a, from: turn, tolerance: 1e-5, maximumSteps: 1000)
      values.append(end.value)
      evaluations += effort.evaluations
      // A later start has to be clearly better, so that rounding can't choose.
      if end.value < best.value - 1e-7 * (1e-3 + abs(best.value)) { (best, record) = (end, effort) }
    }
    record.evaluations = evaluations
    best = try polish(a, best, &record)
    if record.stop != .gradient {
      let (end, effort) = try settle(a, from: best.turn, tolerance: 1e-9, maximumSteps: 5000)
      best = end
      (record.stop, record.gradientNorm) = (effort.stop, effort.gradientNorm)
      record.evaluations += effort.evaluations
      record.iterations = (record.iterations ?? 0) + (effort.iterations ?? 0)
    }
    return End(
      loadings: best.loadings.scalingRows(by: lengths), factorCorrelations: best.turn.crossProduct,
      criterion: best.value, distinctOptima: RandomRotation.countDistinct(values), record: record)
  }

  /// The stationary position that the search from T reaches.
  func settle(
    _ a: Matrix, from turn: Matrix, tolerance: Double, maximumSteps: Int
  ) throws(NumericsError) -> (Position, SearchRecord) {
    var here = try position(a, turn)
    var record = SearchRecord(method: "gradient projection", stop: .evaluations, evaluations: 1)
    var length = 1.0
    var steps = 0
    var projected = here.projectedGradient
    while true {
      let size = dot(projected.elements, projected.elements)
      record.gradientNorm = projected.elements.reduce(0) { max($0, abs($1)) }
      if size.squareRoot() <= tolerance { record.stop = .gradient }
      guard record.stop == .evaluations, steps < maximumSteps else { break }
      steps += 1
      var moved = false
      let before = (turn: here.turn, slope: projected)
      for _ in 0..<30 {
        record.evaluations += 1
        if let there = try? position(a, here.moved(along: projected, by: -length)),
          there.value < here.value - 1e-2 * size * length
        {
          here = there
          moved = true
          break
        }
        length /= 2
      }
      // The value has no more digits to lose.
      if !moved { record.stop = .rounding }
      guard moved else { break }
      projected = here.projectedGradient
      // What the last step tells of the curvature; where it tells nothing, twice as far.
      let step = (here.turn - before.turn).elements
      let bend = dot(step, (projected - before.slope).elements)
      length = bend > 0 ? min(dot(step, step) / bend, 8 * length) : 2 * length
    }
    record.iterations = steps
    return (here, record)
  }

  /// Λ = A T⁻ᵀ with f and df/dT = −(Λᵀ df/dΛ T⁻¹)ᵀ.
  ///
  /// In plain loops: rotations from many starts ask for it thousands of times, of matrices so small that a call to BLAS costs
  /// more than the work.
  func position(_ a: Matrix, _ turn: Matrix) throws(NumericsError) -> Position {
    let (p, m) = (a.rows, a.columns)
    let inverse = try turn.smallInverse()
    var loadings = Matrix(rows: p, columns: m)
    var slope = loadings
    var gradient = Matrix(rows: m, columns: m)
    let value = a.elements.withUnsafeBufferPointer { a in
      inverse.elements.withUnsafeBufferPointer { inverse in
        loadings.elements.withUnsafeMutableBufferPointer { loadings in
          slope.elements.withUnsafeMutableBufferPointer { slope in
            gradient.elements.withUnsafeMutableBufferPointer { gradient in
              for j in 0..<m {
                for k in 0..<m {
                  let factor = inverse[j + k * m]
                  for i in 0..<p { loadings[i + j * p] += a[i + k * p] * factor }
                }
              }
              var value = 0.0
              for i in 0..<p {
                var total = 0.0
                for j in 0..<m { total += loadings[i + j * p] * loadings[i + j * p] }
                for j in 0..<m {
                  let x = loadings[i + j * p]
                  // The squares of the row's other loadings.
                  let others = total - x * x
                  value += x * x * others
                  slope[i + j * p] = x * others
                }
              }
              for i in 0..<m {
                for k in 0..<m {
                  var overlap = 0.0
                  for r in 0..<p { overlap += loadings[r + i * p] * slope[r + k * p] }
                  for j in 0..<m { gradient[j + i * m] -= overlap * inverse[k + j * m] }
                }
              }
              return value
            }
          }
        }
      }
    }
    return Position(
      turn: turn, inverse: inverse, loadings: loadings, value: value / 4, slope: slope, gradient: gradient)
  }
}
