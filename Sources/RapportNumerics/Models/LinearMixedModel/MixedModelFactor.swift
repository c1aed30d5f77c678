import Glibc

/// The factored normal equations of a mixed model at one θ.
///
///     ⎡ΛᵀZᵀZΛ + I   ΛᵀZᵀX⎤ ⎡u⎤   ⎡ΛᵀZᵀy⎤
///     ⎣   XᵀZΛ       XᵀX ⎦ ⎣b⎦ = ⎣ Xᵀy ⎦        Λ = diag(θ), u on the scale of the residual
///
/// Source: Bates et al. (2015), §3; equations (18), (32) to (41).
struct MixedModelFactor: Sendable {
  /// What an eliminated group left behind.
  struct Block: Sendable {
    /// Pivots.
    var pivots: [Double]
    /// What each level's row held when it was eliminated: to dense levels, to parents, to X and y.
    var links: [Double]
    var parents: [[Double]]
    var fixed: [Double]
  }

  let ratios: [Double]
  let blocks: [Block]
  /// L of the dense levels and columns.
  let dense: Matrix
  /// L⁻¹ of the right side.
  let solved: [Double]
  /// Penalised residual sum of squares.
  let residualSquares: Double
  /// How much larger what is taken off a pivot, or off the response's squares, is than what it leaves: of sums of 16 digits, so
  /// many times the last one is lost. 1 where nothing is.
  let cancellation: Double
  /// log |ΛᵀZᵀZΛ + I|
  let logDeterminant: Double
  /// log |R_X|², of the columns as they were given.
  let logDeterminantFixed: Double

  /// Factors at these ratios of standard deviations, one per group, to the residual's; their sign doesn't matter.
  ///
  /// - Complexity: O(eliminated levels · (links + columns) + columns² · eliminated levels + (dense levels + columns)³)
  init(_ system: MixedModelSystem, ratios: [Double]) throws(NumericsError) {
    self.ratios = ratios
    let (p, width, q) = (system.fixedCount, system.width, system.denseCount)
    let chain = system.eliminated
    var logDeterminant = 0.0

    // The dense block: levels first, then X; y apart.
    let size = q + p
    var s = Matrix(rows: size, columns: size)
    var right = [Double](repeating: 0, count: size)
    var denseRatio = [Double](repeating: 0, count: q)
    for (i, group) in system.denseGroups.enumerated() {
      let end = i + 1 < system.denseOffsets.count ? system.denseOffsets[i + 1] : q
      for h in system.denseOffsets[i]..<end { denseRatio[h] = ratios[group] }
    }
    for h in 0..<q {
      for k in h..<q { s[k, h] = denseRatio[h] * denseRatio[k] * system.denseCross[k, h] }
      s[h, h] += 1
      for j in 0..<p { s[q + j, h] = denseRatio[h] * system.denseFixed[h * width + j] }
      right[h] = denseRatio[h] * system.denseFixed[h * width + p]
    }
    for j in 0..<p {
      for k in j..<p { s[q + k, q + j] = system.within[k, j] }
      right[q + j] = system.within[p, j]
    }
    var responseSquares = system.within[p, p]

    // What is there before anything is taken off: of the columns and the response, the first group's part isn't.
    var whole = (0..<p).map { s[q + $0, q + $0] } + [responseSquares]
    let wholeLevels = (0..<q).map { s[$0, $0] }
    var blocks: [Block] = []
    for (i, e) in chain.enumerated() {
      let ratio = ratios[e.group]
      var parents: [[Double]] = []
      for j in (i + 1)..<max(chain.count, i + 1) {
        let factor = ratio * ratios[chain[j].group]
        parents.append(e.counts.map { factor * $0 })
      }
      var links = e.linkWeights
      for k in links.indices { links[k] *= ratio * denseRatio[Int(e.linkLevels[k])] }
      blocks.append(
        Block(
          pivots: e.counts.map { ratio * ratio * $0 + 1 }, links: links, parents: parents,
          fixed: e.fixed.map { ratio * $0 }))
    }

    for (i, e) in chain.enumerated() {
      let block = blocks[i]
      // Passed on to the eliminated groups above.
      for j in (i + 1)..<max(chain.count, i + 1) {
        let link = block.parents[j - i - 1]
        let parent = e.parents[j - i - 1]
        let slot = e.slots[j - i - 1]
        blocks[j].receive(
          from: block, link: link, parent: parent, slot: slot, starts: e.starts, width: width,
          above: ((j + 1)..<max(chain.count, j + 1)).map { (block.parents[$0 - i - 1], $0 - j - 1) })
      }
      // Passed on to the dense block.
      let (links, levels) = (block.links.span, e.linkLevels.span)
      s.elements.withUnsafeMutableBufferPointer { s in
        right.withUnsafeMutableBufferPointer { right in
          block.fixed.withUnsafeBufferPointer { fixed in
            for level in 0..<e.levelCount {
              let inverse = 1 / block.pivots[level]
              let row = fixed.baseAddress! + level * width
              let end = e.starts[level + 1]
              for k in e.starts[level]..<end {
                let h = Int(levels[k])
                let scaled = links[k] * inverse
                let column = s.baseAddress! + h * size
                for l in k..<end { column[Int(levels[l])] -= scaled * links[l] }
                let target = column + q
                for j in 0..<p { target[j] -= scaled * row[j] }
                right[h] -= scaled * row[p]
              }
            }
          }
        }
      }
      // Of the first group, whose levels' sums f are still the rows' own: Σ f fᵀ/n − Σ θ² f fᵀ/(1 + θ² n) is Σ f fᵀ/(n (1 + θ² n)),
      // and what is less than Σ f fᵀ/n of the whole is `within`.
      var scaled = Matrix(rows: width, columns: e.levelCount, elements: i == 0 ? e.fixed : block.fixed)
      scaled.elements.withUnsafeMutableBufferPointer { elements in
        for level in 0..<e.levelCount {
          let size = (i == 0 ? e.counts[level] : 1) * block.pivots[level]
          let factor = size > 0 ? 1 / size.squareRoot() : 0
          for j in (level * width)..<((level + 1) * width) { elements[j] *= factor }
        }
      }
      let cross = scaled.outerCrossProduct
      let sign = i == 0 ? 1.0 : -1
      for j in 0..<p {
        for k in j..<p { s[q + k, q + j] += sign * cross[k, j] }
        right[q + j] += sign * cross[p, j]
      }
      responseSquares += sign * cross[p, p]
      if i == 0 { whole = (0..<p).map { s[q + $0, q + $0] } + [responseSquares] }
      for pivot in block.pivots { logDeterminant += log(pivot) }
    }
    self.blocks = blocks

    try LAPACK.factorCholesky(&s)
    for h in 0..<q { logDeterminant += 2 * log(s[h, h]) }
    var fixed = 2 * system.columns.logDeterminant
    for j in 0..<p { fixed += 2 * log(s[q + j, q + j]) }
    LAPACK.solveTriangular(s, .lower, &right, columns: 1)
    for x in right { responseSquares -= x * x }
    var cancellation = whole[p] / max(responseSquares, .leastNormalMagnitude)
    for (h, before) in (wholeLevels + whole[..<p]).enumerated() {
      cancellation = max(cancellation, before / (s[h, h] * s[h, h]))
    }
    self.cancellation = max(1, cancellation)
    dense = s
    solved = right
    residualSquares = max(0, responseSquares)
    self.logDeterminant = logDeterminant
    logDeterminantFixed = fixed
  }
}

extension MixedModelFactor.Block {
  /// Takes off what eliminating the levels of a finer group leaves on their parents in this one.
  ///
  /// - Parameters: `above`: the finer group's links to groups above this one, and which of this one's they change.
  mutating func receive(
    from child: Self, link: [Double], parent: [Int32], slot: [Int32], starts: [Int], width: Int,
    above: [(link: [Double], index: Int)]
  ) {
    for level in parent.indices {
      let m = Int(parent[level])
      let scaled = link[level] / child.pivots[level]
      if scaled == 0 { continue }
      pivots[m] -= scaled * link[level]
      for k in starts[level]..<starts[level + 1] { links[Int(slot[k])] -= scaled * child.links[k] }
      for (other, index) in above { parents[index][m] -= scaled * other[level] }
    }
    fixed.withUnsafeMutableBufferPointer { target in
      child.fixed.withUnsafeBufferPointer { source in
        for level in parent.indices {
          let scaled = link[level] / child.pivots[level]
          if scaled == 0 { continue }
          let to = target.baseAddress! + Int(parent[level]) * width
          let from = source.baseAddress! + level * width
          for j in 0..<width { to[j] -= scaled * from[j] }
        }
      }
    }
  }
}
