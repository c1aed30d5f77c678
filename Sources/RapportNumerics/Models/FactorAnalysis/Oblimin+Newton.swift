extension Oblimin {
  /// Newton steps on the spheres of T's columns, from near a minimum, until nothing is left of the gradient.
  ///
  /// Gradient steps slow down where curvatures differ, and stop where the value has no more digits; these need the
  /// gradient only. Directions without curvature stand still. The record goes on from the search before, and its stop is
  /// `gradient` where the gradient is below 1e-10.
  ///
  /// - Complexity: O(m² (p m² + m³)) per step; two are usual
  func polish(_ a: Matrix, _ start: Position, _ record: inout SearchRecord) throws(NumericsError) -> Position {
    var here = start
    var slope = here.projectedGradient
    for _ in 0..<20 {
      record.gradientNorm = slope.elements.reduce(0) { max($0, abs($1)) }
      record.stop = dot(slope.elements, slope.elements) <= 1e-20 ? .gradient : .rounding
      if record.stop == .gradient { break }
      let eigen = try SymmetricEigen(hessian(here))
      let size = eigen.values.reduce(0) { max($0, abs($1)) }
      var along = eigen.vectors.transposedTimes(slope.elements)
      for k in along.indices { along[k] = abs(eigen.values[k]) > 1e-7 * size ? -along[k] / abs(eigen.values[k]) : 0 }
      let step = Matrix(rows: slope.rows, columns: slope.columns, elements: eigen.vectors * along)
      record.evaluations += 1
      guard let there = try? position(a, here.moved(along: step, by: 1)) else { break }
      let after = there.projectedGradient
      guard there.value <= here.value + 1e-12 * (1 + abs(here.value)),
        dot(after.elements, after.elements) < 0.5 * dot(slope.elements, slope.elements)
      else { break }
      record.iterations = (record.iterations ?? 0) + 1
      (here, slope) = (there, after)
    }
    return here
  }

  /// The derivative of the projected gradient by m² changes of T, each projected too; m² × m².
  private func hessian(_ here: Position) -> Matrix {
    let n = here.turn.elements.count
    var result = Matrix(rows: n, columns: n)
    for k in 0..<n {
      var change = Matrix(rows: here.turn.rows, columns: here.turn.columns)
      change.elements[k] = 1
      let slope = here.curvature(along: here.tangent(change))
      for i in 0..<n { result.elements[i + k * n] = slope.elements[i] }
    }
    return 0.5 * (result + result.transposed)
  }
}

extension Oblimin.Position {
  /// How the projected gradient changes with T along a change D that keeps columns' lengths, what turns a column alone left out.
  ///
  ///     W = T⁻¹ D    dΛ = −Λ Wᵀ    Q = df/dΛ    K = ΛᵀQ
  ///     d(df/dT) = ((W K + K W − Λᵀ dQ) T⁻¹)ᵀ    less D diag(tⱼ · df/dtⱼ), from the projection
  ///
  /// - Complexity: O(p m²)
  func curvature(along change: Matrix) -> Matrix {
    let (p, m) = (loadings.rows, loadings.columns)
    let turned = inverse * change
    let moved = loadings.timesTransposed(turned)
    var slopeChange = moved
    for i in 0..<p {
      var total = 0.0
      var product = 0.0
      for j in 0..<m {
        let x = loadings.elements[i + j * p]
        total += x * x
        product += x * moved.elements[i + j * p]
      }
      for j in 0..<m {
        let (x, step) = (loadings.elements[i + j * p], moved.elements[i + j * p])
        // Both changes are those of −Λ: the sign comes last.
        slopeChange.elements[i + j * p] = -(step * (total - x * x) + 2 * x * (product - x * step))
      }
    }
    let overlap = loadings.transposedTimes(slope)
    var result = ((turned * overlap + overlap * turned - loadings.transposedTimes(slopeChange)) * inverse).transposed
    for j in 0..<m {
      var along = 0.0
      for i in 0..<m { along += turn.elements[i + j * m] * gradient.elements[i + j * m] }
      for i in 0..<m { result.elements[i + j * m] -= along * change.elements[i + j * m] }
    }
    return tangent(result)
  }
}
