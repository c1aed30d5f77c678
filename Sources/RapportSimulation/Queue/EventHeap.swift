/// What happens next in the queues, in the order of time; ties in the order of entry.
struct EventHeap {
  enum Happening: UInt8 { case arrival, finished, opening, withdrawal, pause, resumption }

  struct Entry {
    var time: Int
    var sequence: UInt32
    var happening: Happening
    /// A request; for openings a partner.
    var subject: Int32

    static func < (a: Entry, b: Entry) -> Bool { (a.time, a.sequence) < (b.time, b.sequence) }
  }

  private var entries: [Entry] = []
  private var sequence: UInt32 = 0

  mutating func insert(_ happening: Happening, _ subject: Int32, at time: Int) {
    entries.append(Entry(time: time, sequence: sequence, happening: happening, subject: subject))
    sequence &+= 1
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child] < entries[parent] else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  var first: Entry? { entries.first }

  mutating func popFirst() -> Entry? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if entries.isEmpty { return first }
    entries[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      if least == parent { return first }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
