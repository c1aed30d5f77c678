/// Sorting by a group first: each group's elements have a stretch of their own, which one thread sorts while it lies near.
enum GroupedOrder {
  /// The elements of all lists by group, then by `precedes`; equal ones in the order in which they come.
  ///
  /// - Parameters:
  ///   - groups: how many there are.
  ///   - group: of an element, from 0 on.
  ///   - finish: called with each group's elements in order.
  /// - Complexity: O(n log m) for groups of m at most
  // Inlined, so that comparisons are too.
  @inline(__always)
  static func sorted<Element>(
    _ lists: [[Element]], groups: Int, threads: Int, group: (Element) -> Int,
    precedes: @Sendable (Element, Element) -> Bool,
    finish: @Sendable (inout UnsafeMutableBufferPointer<Element>, Int) -> Void = { _, _ in }
  ) -> [Element] {
    var next = [Int](repeating: 0, count: groups + 1)
    for list in lists { for element in list { next[group(element) + 1] += 1 } }
    for group in 1..<next.count { next[group] += next[group - 1] }
    let starts = next
    return [Element](unsafeUninitializedCapacity: starts[groups]) { buffer, count in
      count = starts[groups]
      guard let base = buffer.baseAddress, count > 0 else { return }
      for list in lists {
        for element in list {
          let group = group(element)
          (base + next[group]).initialize(to: element)
          next[group] += 1
        }
      }
      nonisolated(unsafe) let all = buffer
      let batches = min(groups, 64 * threads)
      _ = Parallel.map(batches, threads: threads) { batch in
        for group in batch * groups / batches..<(batch + 1) * groups / batches {
          var own = UnsafeMutableBufferPointer(rebasing: all[starts[group]..<starts[group + 1]])
          own.sort(by: precedes)
          finish(&own, group)
        }
        return true
      }
    }
  }
}
