/// What a mixed model's equations need of the rows, by block of groups.
struct BlockSums {
  /// Rows in each block.
  private(set) var counts: [Double]
  /// Σ n x and Σ y of each block: kept columns, then y, as ``FixedColumns`` has them.
  private(set) var fixed: [Double]
  /// XᵀX, Xᵀy and yᵀy, y last; lower triangle.
  private(set) var cross: Matrix
  private let blocks: Int

  init(_ cells: ResponseCells, _ design: DesignMatrix, _ columns: FixedColumns, _ blocks: GroupBlocks) {
    let p = columns.kept.count
    let width = p + 1
    self.blocks = blocks.count
    var keptColumn = [Int](repeating: -1, count: design.names.count)
    for (k, column) in columns.kept.enumerated() { keptColumn[column] = k }
    counts = [Double](repeating: 0, count: blocks.count)
    fixed = [Double](repeating: 0, count: blocks.count * width)
    var response = [Double](repeating: 0, count: width)
    for cell in cells.counts.indices {
      let n = cells.counts[cell]
      if n == 0 { continue }
      let block = Int(blocks.blockOfCell[cell])
      let start = block * width
      let y = cells.sums[cell] - n * columns.shift
      counts[block] += n
      for k in design.starts[cell]..<design.starts[cell + 1] {
        let column = keptColumn[Int(design.columns[k])]
        if column < 0 { continue }
        let z = columns.entry(design.values[k], column)
        fixed[start + column] += n * z
        response[column] += z * y
      }
      fixed[start + p] += y
      response[p] += cells.squares(cell, around: columns.shift)
    }
    cross = Matrix(rows: width, columns: width)
    for j in 0..<p { for i in j..<p { cross[i, j] = columns.products[i, j] } }
    if let basis = columns.basis { response = basis.response + [basis.responseSquares] }
    for j in 0..<width { cross[p, j] = response[j] }
    columns.rebase(&fixed)
  }

  /// Rows in each level of a group over blocks.
  func counts(_ group: Grouping) -> [Double] {
    var result = [Double](repeating: 0, count: group.levelCount)
    for block in 0..<blocks { result[Int(group.codes[block])] += counts[block] }
    return result
  }

  /// Σ n x and Σ y in each level of a group over blocks.
  func fixed(_ group: Grouping, width: Int) -> [Double] {
    var result = [Double](repeating: 0, count: group.levelCount * width)
    for block in 0..<blocks {
      let start = Int(group.codes[block]) * width
      for j in 0..<width { result[start + j] += fixed[block * width + j] }
    }
    return result
  }
}
