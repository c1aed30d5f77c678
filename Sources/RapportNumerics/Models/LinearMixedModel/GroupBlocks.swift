/// Cells gathered by what groups they belong to: a block per combination of levels that occurs.
///
/// All that groups need of the rows are sums by block, of which there are few: pairs, where pairs lie within managers and
/// partners.
struct GroupBlocks {
  /// Each cell's block.
  let blockOfCell: [Int32]
  /// The groups over blocks in place of cells.
  let groups: [Grouping]
  let count: Int

  init(_ groups: [Grouping], cells: Int) {
    // The longest group may tell all others.
    if let finest = groups.indices.max(by: { (groups[$0].levelCount, $1) < (groups[$1].levelCount, $0) }),
      groups.indices.allSatisfy({ $0 == finest || MixedModelSystem.isNested(groups[finest], in: groups[$0]) })
    {
      blockOfCell = groups[finest].codes
      count = groups[finest].levelCount
    } else {
      (blockOfCell, count) = Self.crossed(groups, cells: cells)
    }
    let (blockOfCell, count) = (blockOfCell, count)
    self.groups = groups.map { group in
      // A block without cells, a level that never occurs, counts no rows: it stands with the first cell, so that it can't
      // make groups look crossed.
      var codes = [Int32](repeating: group.codes.first ?? 0, count: count)
      for cell in 0..<cells { codes[Int(blockOfCell[cell])] = group.codes[cell] }
      return Grouping(name: group.name, codes: codes, levelCount: group.levelCount)
    }
  }

  /// Blocks in the order of their first cell.
  private static func crossed(_ groups: [Grouping], cells: Int) -> ([Int32], Int) {
    var blocks = [Int32](repeating: 0, count: cells)
    var count = cells == 0 ? 0 : 1
    for group in groups {
      // Whom earlier groups tell divides no block.
      let before = Grouping(name: "", codes: blocks, levelCount: count)
      if MixedModelSystem.isNested(before, in: group) { continue }
      var found: [Int: Int32] = [:]
      for cell in 0..<cells {
        let key = Int(blocks[cell]) * group.levelCount + Int(group.codes[cell])
        if let block = found[key] {
          blocks[cell] = block
        } else {
          let block = Int32(found.count)
          found[key] = block
          blocks[cell] = block
        }
      }
      count = found.count
    }
    return (blocks, count)
  }
}
