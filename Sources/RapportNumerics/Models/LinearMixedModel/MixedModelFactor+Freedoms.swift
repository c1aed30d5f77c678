/// What is needed of an eliminated group's rows of A⁻¹: the diagonal, and the entries where the factor has some.
///
/// A class, since every level of the groups below looks into it, and arrays of a structure would be counted one by one.
private final class InverseRows {
  let diagonal: [Double]
  let links: [Double]
  let parents: [[Double]]
  let fixed: [Double]

  init(diagonal: [Double], links: [Double], parents: [[Double]], fixed: [Double]) {
    (self.diagonal, self.links, self.parents, self.fixed) = (diagonal, links, parents, fixed)
  }
}

extension MixedModelFactor {
  /// The degrees of freedom that each group's effects use.
  ///
  ///     f_g = q_g − tr (A⁻¹)_gg        q_g levels of group g
  ///
  /// A is the whole matrix of the equations, or, where the coefficients are taken as known, that of the effects alone. Its
  /// inverse is computed from the last level to the first, and only where the factor isn't zero: with f what a level's row
  /// held when it was eliminated, d its pivot and P the places of f,
  ///
  ///     (A⁻¹)_lP = −f (A⁻¹)_PP / d        (A⁻¹)_ll = (1 + f (A⁻¹)_PP fᵀ / d) / d
  ///
  /// - Parameters: `withCoefficients`: whether A has the fixed columns
  /// - Complexity: twice that of the factorization.
  ///
  /// Source: Takahashi, Fagan & Chen (1973), Formation of a sparse bus impedance matrix, by way of Erisman & Tinney (1975), On
  /// computing certain elements of the inverse of a sparse matrix, Comm. ACM 18.
  func freedoms(_ system: MixedModelSystem, withCoefficients: Bool) -> [Double] {
    let (q, width) = (system.denseCount, system.width)
    let p = withCoefficients ? system.fixedCount : 0
    var freedoms = [Double](repeating: 0, count: system.groupCount)
    let inverse = denseInverse(q + p)
    for (i, group) in system.denseGroups.enumerated() {
      let end = i + 1 < system.denseOffsets.count ? system.denseOffsets[i + 1] : q
      for h in system.denseOffsets[i]..<end { freedoms[group] += 1 - inverse[h, h] }
    }
    // (A⁻¹)_XX, with a row and a column of zeros where block rows have y.
    var corner = Matrix(rows: width, columns: width)
    for j in 0..<p { for k in 0..<p { corner[k, j] = inverse[q + k, q + j] } }

    let chain = system.eliminated
    var found: [InverseRows] = []
    for i in chain.indices.reversed() {
      // found: of the later groups, the next one first.
      let e = chain[i]
      let own = inverseRows(e, blocks[i], corner, inverse, q: q, p: p, later: found)
      freedoms[e.group] = own.freedom
      found.insert(own.rows, at: 0)
    }
    return freedoms
  }

  /// The inverse of what the first `size` rows and columns of the dense block's factor stand for.
  private func denseInverse(_ size: Int) -> Matrix {
    var result = dense
    if size < dense.rows {
      result = Matrix(rows: size, columns: size)
      for j in 0..<size { for i in j..<size { result[i, j] = dense[i, j] } }
    }
    LAPACK.invertCholesky(&result)
    result.mirrorLowerTriangle()
    return result
  }

  /// The rows of one eliminated group.
  ///
  /// - Parameters:
  ///   - corner: (A⁻¹)_XX
  ///   - later: the rows of the groups above, their parents
  private func inverseRows(
    _ e: MixedModelSystem.EliminatedGroup, _ block: Block, _ corner: Matrix, _ inverse: Matrix, q: Int, p: Int,
    later: [InverseRows]
  ) -> (rows: InverseRows, freedom: Double) {
    let (width, size) = (corner.rows, q + p)
    var diagonal = [Double](repeating: 0, count: e.levelCount)
    var links = [Double](repeating: 0, count: block.links.count)
    var parents = later.map { _ in diagonal }
    // (A⁻¹)_XX times what each level's row held for X.
    var target =
      p > 0
      ? (corner * Matrix(rows: width, columns: e.levelCount, elements: block.fixed)).elements
      : [Double](repeating: 0, count: block.fixed.count)
    var freedom = 0.0
    inverse.elements.withUnsafeBufferPointer { inverse in
      block.fixed.withUnsafeBufferPointer { fixed in
        target.withUnsafeMutableBufferPointer { target in
          for level in 0..<e.levelCount {
            let range = e.starts[level]..<e.starts[level + 1]
            let begin = level * width
            let row = fixed.baseAddress! + begin
            let own = target.baseAddress! + begin
            let pivot = block.pivots[level]
            // (A⁻¹)_Xl, (A⁻¹)_hl and what parents have, all but for −1/d.
            var square = 0.0
            for k in range {
              let value = block.links[k]
              if value == 0 { continue }
              let column = inverse.baseAddress! + Int(e.linkLevels[k]) * size
              let columnFixed = column + q
              var along = 0.0
              for j in 0..<p { along += columnFixed[j] * row[j] }
              for l in range { links[l] += value * column[Int(e.linkLevels[l])] }
              links[k] += along
              for j in 0..<p { own[j] += value * columnFixed[j] }
            }
            for (a, parent) in e.parents.enumerated() {
              let (m, value) = (Int(parent[level]), block.parents[a][level])
              if value == 0 { continue }
              let above = later[a]
              var sum = value * above.diagonal[m]
              above.fixed.withUnsafeBufferPointer { entries in
                let entries = entries.baseAddress! + m * width
                for j in 0..<p { sum += entries[j] * row[j] }
                for j in 0..<p { own[j] += value * entries[j] }
              }
              for k in range {
                let entry = above.links[Int(e.slots[a][k])]
                sum += entry * block.links[k]
                links[k] += value * entry
              }
              for b in (a + 1)..<max(e.parents.count, a + 1) {
                let entry = above.parents[b - a - 1][m]
                sum += entry * block.parents[b][level]
                parents[b][level] += value * entry
              }
              parents[a][level] += sum
              square += value * parents[a][level]
            }
            for j in 0..<p { square += row[j] * own[j] }
            for k in range { square += block.links[k] * links[k] }
            diagonal[level] = (1 + square / pivot) / pivot
            freedom += (pivot - 1 - square / pivot) / pivot
            for j in 0..<p { own[j] /= -pivot }
            for k in range { links[k] /= -pivot }
            for a in later.indices { parents[a][level] /= -pivot }
          }
        }
      }
    }
    return (InverseRows(diagonal: diagonal, links: links, parents: parents, fixed: target), freedom)
  }
}
