// The cross-products of a mixed model, arranged so that one evaluation of its deviance costs what its groups cost.
//
// Groups are eliminated as long as their block of the normal equations stays diagonal: the longest first, then every
// group in which all eliminated ones are nested (pairs, then managers). What is left, the crossed groups and the fixed
// columns, is dense. Whoever changes this next: an eliminated level reaches a later eliminated group in exactly one
// level, its parent; the whole arrangement rests on that.

import Glibc

/// The cross-products of cells with fixed columns and random intercepts.
///
///     ZᵀZ, ZᵀX, Zᵀy, XᵀX, Xᵀy, yᵀy        y shifted by its mean, X as ``FixedColumns`` has it
///
/// Source: Bates, Mächler, Bolker & Walker (2015), Fitting linear mixed-effects models using lme4, §3.
struct MixedModelSystem: Sendable {
  /// A group whose block stays diagonal.
  struct EliminatedGroup: Sendable {
    let group: Int
    let levelCount: Int
    /// Rows in each level.
    let counts: [Double]
    /// Σ n x and Σ y of each level, `width` numbers each.
    let fixed: [Double]
    /// Where each level's links to dense levels begin.
    let starts: [Int]
    let linkLevels: [Int32]
    let linkWeights: [Double]
    /// For each later eliminated group: the level that each level lies in.
    let parents: [[Int32]]
    /// For each later eliminated group: the place of each link in the parent's links.
    let slots: [[Int32]]
  }

  let observations: Double
  /// Σ log of the rows' weights.
  let logWeights: Double
  /// What tells one set of responses from another.
  let responses: ResponseCells.Totals
  let groupCount: Int
  let columns: FixedColumns
  let eliminated: [EliminatedGroup]
  /// Groups that stay, and where each one's levels begin among the dense levels.
  let denseGroups: [Int]
  let denseOffsets: [Int]
  let denseCount: Int
  /// Counts of rows by two dense levels; lower triangle.
  let denseCross: Matrix
  /// Σ n x and Σ y of each dense level.
  let denseFixed: [Double]
  /// XᵀX, Xᵀy; yᵀy in the last corner.
  let fixedCross: Matrix
  /// `fixedCross` less what the means of the first eliminated group's levels account for: what lies within them.
  ///
  /// The equations at a large ratio are made of it. Taken off again at each ratio, sums a billion times as large would leave
  /// of it what their rounding leaves, other digits each time.
  let within: Matrix
  /// The ratio of standard deviations that counts as one for a search: that to a row of middling weight.
  ///
  ///     2^round(−½ log₂ w̄)        w̄ the geometric mean of the weights
  ///
  /// Weights times a constant are the same question with another unit of σ². 1 without weights.
  let ratioUnit: Double
  /// How many contrasts between each group's levels the fixed columns leave; `nil` where many.
  let contrasts: [Int?]
  /// Where each group stands: (eliminated index) or (dense index).
  let place: [(isEliminated: Bool, index: Int)]

  /// Kept fixed columns.
  var fixedCount: Int { columns.kept.count }
  /// Kept fixed columns and y.
  var width: Int { columns.kept.count + 1 }

  /// The most dense levels and columns that one evaluation can factor in reasonable time.
  static let largestDense = 6000

  init(_ cells: ResponseCells, _ design: DesignMatrix, _ groups: [Grouping]) throws(NumericsError) {
    try Self.check(cells, design, groups)
    observations = cells.observations
    groupCount = groups.count
    logWeights = cells.logWeights ?? 0
    let logWeight = (cells.logWeights ?? 0) / max(1, cells.observations)
    ratioUnit = scalbn(1, Int32((-0.5 * logWeight / log(2)).rounded()))
    responses = cells.totals
    columns = try FixedColumns(cells, design)
    let width = columns.kept.count + 1
    let blocks = GroupBlocks(groups, cells: cells.counts.count)
    let sums = BlockSums(cells, design, columns, blocks)
    fixedCross = sums.cross
    let groups = blocks.groups
    var contrasts: [Int?] = []
    for group in groups {
      contrasts.append(try Self.contrasts(sums.counts(group), sums.cross) { sums.fixed(group, width: width) })
    }
    self.contrasts = contrasts

    // Which groups are eliminated.
    let order = groups.indices.sorted { (-groups[$0].levelCount, $0) < (-groups[$1].levelCount, $1) }
    var chain: [Int] = []
    for g in order where chain.allSatisfy({ Self.isNested(groups[$0], in: groups[g]) }) { chain.append(g) }
    let crossed = groups.indices.filter { !chain.contains($0) }
    denseGroups = crossed
    var offsets: [Int] = []
    var count = 0
    for g in crossed {
      offsets.append(count)
      count += groups[g].levelCount
    }
    denseOffsets = offsets
    denseCount = count
    guard count + columns.kept.count <= Self.largestDense else {
      throw .invalidInput(
        "\(count) levels of crossed groups and \(columns.kept.count) fixed columns have to be factored densely, which is "
          + "more than \(Self.largestDense); pool rare levels or leave out a group")
    }
    var place = [(isEliminated: Bool, index: Int)](repeating: (true, 0), count: groups.count)
    for (i, g) in chain.enumerated() { place[g] = (true, i) }
    for (i, g) in crossed.enumerated() { place[g] = (false, i) }
    self.place = place

    // Dense groups against each other.
    var denseCross = Matrix(rows: count, columns: count)
    var denseFixed: [Double] = []
    for (i, g) in crossed.enumerated() {
      denseFixed.append(contentsOf: sums.fixed(groups[g], width: width))
      for (level, rows) in sums.counts(groups[g]).enumerated() {
        denseCross[offsets[i] + level, offsets[i] + level] = rows
      }
      for (j, h) in crossed.enumerated() where j < i {
        for block in 0..<blocks.count {
          denseCross[offsets[i] + Int(groups[g].codes[block]), offsets[j] + Int(groups[h].codes[block])] +=
            sums.counts[block]
        }
      }
    }
    self.denseCross = denseCross
    self.denseFixed = denseFixed

    // Each eliminated group's links to dense levels, compressed by level.
    let denseCodes = zip(crossed, offsets).map { (groups[$0].codes, Int32($1)) }
    let links = chain.map { Self.links(groups[$0], denseCodes, sums.counts) }
    var eliminated: [EliminatedGroup] = []
    for (i, g) in chain.enumerated() {
      var parents: [[Int32]] = []
      var slots: [[Int32]] = []
      for j in (i + 1)..<max(chain.count, i + 1) {
        let parent = Self.parents(of: groups[g], in: groups[chain[j]])
        parents.append(parent)
        slots.append(Self.slots(links[i], in: links[j], parents: parent))
      }
      eliminated.append(
        EliminatedGroup(
          group: g, levelCount: groups[g].levelCount, counts: sums.counts(groups[g]),
          fixed: sums.fixed(groups[g], width: width), starts: links[i].starts, linkLevels: links[i].levels,
          linkWeights: links[i].weights, parents: parents, slots: slots))
    }
    self.eliminated = eliminated
    guard let first = eliminated.first else {
      within = sums.cross
      return
    }
    var within = Self.within(first, sums.cross)
    // Of the response row by row, since its squares may lie between levels almost all.
    let codes = groups[first.group].codes
    var squares = 0.0
    for cell in cells.counts.indices where cells.counts[cell] > 0 {
      let level = Int(codes[Int(blocks.blockOfCell[cell])])
      let mean = first.fixed[level * width + width - 1] / first.counts[level]
      squares += cells.squares(cell, around: columns.shift + mean)
    }
    within[width - 1, width - 1] = squares
    self.within = within
  }

  /// What lies within the levels of a group; columns of which nothing but rounding does are 0.
  private static func within(_ group: EliminatedGroup, _ cross: Matrix) -> Matrix {
    let width = cross.columns
    var means = Matrix(rows: width, columns: group.levelCount, elements: group.fixed)
    for level in 0..<group.levelCount {
      let factor = group.counts[level] > 0 ? 1 / group.counts[level].squareRoot() : 0
      for j in 0..<width { means[j, level] *= factor }
    }
    let between = means.outerCrossProduct
    var within = cross
    for j in 0..<width { for k in j..<width { within[k, j] -= between[k, j] } }
    for j in 0..<width where within[j, j] <= 1e-14 * cross[j, j] {
      for k in 0..<width { within[max(j, k), min(j, k)] = 0 }
    }
    return within
  }

  private static func check(_ cells: ResponseCells, _ design: DesignMatrix, _ groups: [Grouping]) throws(NumericsError)
  {
    let count = cells.counts.count
    guard cells.sums.count == count, cells.squares.count == count else {
      throw .invalidInput(
        "\(count) counts, \(cells.sums.count) sums and \(cells.squares.count) squares; expected as many")
    }
    guard design.rows == count else {
      throw .invalidInput("the design has \(design.rows) rows, expected one per cell, \(count)")
    }
    for cell in 0..<count {
      guard cells.counts[cell] >= 0, cells.counts[cell].isFinite, cells.sums[cell].isFinite, !cells.squares[cell].isNaN
      else { throw .invalidInput("cell \(cell + 1) holds a count, sum or square that isn't a finite number") }
    }
    let largest = cells.counts.indices.reduce(0.0) {
      cells.counts[$1] > 0 ? max($0, abs(cells.sums[$1] / cells.counts[$1])) : $0
    }
    guard largest == 0 || (1e-140...1e140).contains(largest) else {
      throw .invalidInput(
        "responses as far from zero as \(largest) have variances that a number can't hold; divide them by a constant first"
      )
    }
    for group in groups {
      guard group.codes.count == count else {
        throw .invalidInput("group '\(group.name)' has \(group.codes.count) codes, expected one per cell, \(count)")
      }
      guard group.codes.allSatisfy({ $0 >= 0 && $0 < group.levelCount }) else {
        throw .invalidInput("group '\(group.name)' has a code outside 0 to \(group.levelCount - 1)")
      }
    }
  }

  /// Whether each level of `a` lies within one level of `b`.
  static func isNested(_ a: Grouping, in b: Grouping) -> Bool {
    var parent = [Int32](repeating: -1, count: a.levelCount)
    for (x, y) in zip(a.codes, b.codes) {
      if parent[Int(x)] < 0 { parent[Int(x)] = y } else if parent[Int(x)] != y { return false }
    }
    return true
  }

  /// The level of `b` that each level of `a` lies in; 0 for levels without cells, whose counts are 0.
  private static func parents(of a: Grouping, in b: Grouping) -> [Int32] {
    var parent = [Int32](repeating: 0, count: a.levelCount)
    for (x, y) in zip(a.codes, b.codes) { parent[Int(x)] = y }
    return parent
  }

  /// The dense levels that each level of a group meets, ascending, with the rows that they share.
  private static func links(
    _ group: Grouping, _ dense: [(codes: [Int32], offset: Int32)], _ counts: [Double]
  ) -> (starts: [Int], levels: [Int32], weights: [Double]) {
    var byLevel = [[Int32: Double]](repeating: [:], count: dense.isEmpty ? 0 : group.levelCount)
    for (codes, offset) in dense {
      for cell in group.codes.indices {
        byLevel[Int(group.codes[cell])][codes[cell] + offset, default: 0] += counts[cell]
      }
    }
    var starts = [0]
    var levels: [Int32] = []
    var weights: [Double] = []
    for level in 0..<group.levelCount {
      if !dense.isEmpty {
        for (other, weight) in byLevel[level].sorted(by: { $0.key < $1.key }) {
          levels.append(other)
          weights.append(weight)
        }
      }
      starts.append(levels.count)
    }
    return (starts, levels, weights)
  }

  /// The place of each child's link among its parent's, which hold them all.
  private static func slots(
    _ child: (starts: [Int], levels: [Int32], weights: [Double]),
    in parent: (starts: [Int], levels: [Int32], weights: [Double]), parents: [Int32]
  ) -> [Int32] {
    var result = [Int32](repeating: 0, count: child.levels.count)
    for level in parents.indices {
      var slot = parent.starts[Int(parents[level])]
      for k in child.starts[level]..<child.starts[level + 1] {
        while parent.levels[slot] < child.levels[k] { slot += 1 }
        result[k] = Int32(slot)
      }
    }
    return result
  }
}
