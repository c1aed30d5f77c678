/// Queues: how many of a partner's other requests were open when one began.
enum Backlog {
  /// Fills in `backlogAtArrival` for the spells of one partner.
  ///
  /// Another spell counts when it began earlier and ended later than this one began; spells whose end isn't known and
  /// requests that the partner made are in nobody's queue.
  ///
  /// - Parameter spells: sorted by entry.
  /// - Complexity: O(n log n)
  static func fill(_ spells: inout some MutableCollection<RequestSpell>) {
    // A spell that ends as it begins is in no queue, and would be counted as ended before it is counted as begun.
    let queued = spells.filter { $0.asker == .manager && !$0.excludedFromWaits && $0.ended > $0.entered }
    let entries = queued.map(\.entered.milliseconds)
    let ends = queued.map(\.ended.milliseconds).sorted()
    var (entered, ended) = (0, 0)
    for index in spells.indices {
      let now = spells[index].entered.milliseconds
      while entered < entries.count, entries[entered] < now { entered += 1 }
      while ended < ends.count, ends[ended] <= now { ended += 1 }
      spells[index].backlogAtArrival = Int32(entered - ended)
    }
  }
}
