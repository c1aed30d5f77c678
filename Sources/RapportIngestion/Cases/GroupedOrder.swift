/// Sorting by a group first: each group's elements have a stretch of their own, which one thread sorts while it lies near.
enum GroupedOrder {
  /// The elements of all lists by group, then by `precedes`; equal ones in the order in which they come.
  ///
  /// - Parameters:
  ///   - groups: how many there are.
  ///   - group: of an element, from 0 on.
  /// - Complexity: O(n log m) for groups of m at most
  // Inlined, so that comparisons are too.
  @inline(__always)
  static func sorted<Element>(
    _ lists: [[Element]], groups: Int, threads: Int, group: (Element) -> Int,
    precedes: @Sendable (Element, Element) -> Bool
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
        }
        return true
      }
    }
  }

  /// The elements of all lists by group, then by time; those of one moment in the order in which they come.
  ///
  /// Times are sorted, and each element is moved once, to its place: long ones cost more to move than to sort.
  ///
  /// - Parameters:
  ///   - groups: how many there are.
  ///   - group: of an element, from 0 on.
  ///   - time: of an element.
  ///   - finish: called with each group's elements in order.
  /// - Complexity: O(n) where a group's times are spread about evenly, as ``UniformOrder`` has it
  @inline(__always)
  static func sorted<Element: Sendable>(
    _ lists: [[Element]], groups: Int, threads: Int, group: (Element) -> Int,
    time: @Sendable (Element) -> Instant,
    finish: @Sendable (inout UnsafeMutableBufferPointer<Element>, Int) -> Void
  ) -> [Element] {
    var next = [Int](repeating: 0, count: groups + 1)
    for list in lists { for element in list { next[group(element) + 1] += 1 } }
    for group in 1..<next.count { next[group] += next[group - 1] }
    let starts = next
    // Where each group's elements stand: list and position.
    let places = [(list: Int32, index: Int32)](unsafeUninitializedCapacity: starts[groups]) { buffer, count in
      for (number, list) in lists.enumerated() {
        for (index, element) in list.enumerated() {
          let group = group(element)
          buffer.initializeElement(at: next[group], to: (Int32(number), Int32(index)))
          next[group] += 1
        }
      }
      count = starts[groups]
    }
    return [Element](unsafeUninitializedCapacity: starts[groups]) { buffer, count in
      count = starts[groups]
      nonisolated(unsafe) let all = buffer
      let batches = min(groups, 64 * threads)
      _ = Parallel.map(batches, threads: threads) { batch in
        for group in batch * groups / batches..<(batch + 1) * groups / batches where starts[group] < starts[group + 1] {
          let own = starts[group]..<starts[group + 1]
          func element(_ index: Int) -> Element {
            let place = places[own.lowerBound + index]
            return lists[Int(place.list)][Int(place.index)]
          }
          var (first, last) = (Int64.max, Int64.min)
          for index in 0..<own.count {
            let moment = time(element(index)).milliseconds
            (first, last) = (min(first, moment), max(last, moment))
          }
          let order = UniformOrder.sorted(own.count, sharedBits: UInt64(bitPattern: last &- first).leadingZeroBitCount)
          {
            UInt64(bitPattern: time(element($0)).milliseconds &- first)
          }
          for (place, entry) in zip(own, order) {
            all.initializeElement(at: place, to: element(Int(entry.index)))
          }
          var sorted = UnsafeMutableBufferPointer(rebasing: all[own])
          finish(&sorted, group)
        }
        return true
      }
    }
  }
}
