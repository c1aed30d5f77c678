/// Places by value where equal values share theirs.
enum SharedRanks {
  /// Ranks from 1 = highest, ties with the mean of theirs; `nil` without a value, which takes no place.
  static func of(_ values: [Double?]) -> [Double?] {
    let order = values.indices.filter { values[$0] != nil }.sorted { (values[$0]!, $1) > (values[$1]!, $0) }
    var ranks = [Double?](repeating: nil, count: values.count)
    var i = 0
    while i < order.count {
      var j = i
      while j + 1 < order.count && values[order[j + 1]] == values[order[i]] { j += 1 }
      for k in i...j { ranks[order[k]] = Double(i + j) / 2 + 1 }
      i = j + 1
    }
    return ranks
  }
}
