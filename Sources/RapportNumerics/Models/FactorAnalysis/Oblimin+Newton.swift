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
      let eigen = try SymmetricEigen(hessian(a, here))
      let size = eigen.values.reduce(0) { max($0, abs($1)) }
      var along = eigen.vectors.transposedTimes(slope.elements)
      for k in along.indices { along[k] = abs(eigen.values[k]) > 1e-7 * size ? -along[k] / abs(eigen.values[k]) : 0 }
      let step = Matrix(rows: slope.rows, columns: slope.columns, elements: eigen.vectors * along)
      record.evaluations += 2 * slope.elements.count + 1
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

  /// The derivative of the projected gradient by m² changes of T, each projected too; m² × m², by central differences.
  private func hessian(_ a: Matrix, _ here: Position) throws(NumericsError) -> Matrix {
    let step = 1e-5
    let n = here.turn.elements.count
    var result = Matrix(rows: n, columns: n)
    for k in 0..<n {
      var change = Matrix(rows: here.turn.rows, columns: here.turn.columns)
      change.elements[k] = 1
      change = here.tangent(change)
      let ahead = try position(a, here.moved(along: change, by: step)).projectedGradient
      let behind = try position(a, here.moved(along: change, by: -step)).projectedGradient
      let slope = here.tangent((0.5 / step) * (ahead - behind))
      for i in 0..<n { result.elements[i + k * n] = slope.elements[i] }
    }
    return 0.5 * (result + result.transposed)
  }
}
