import Synchronization

/// Identifiers and categories of all threads, coded in the order of first appearance.
///
/// A thread asks here for what it meets for the first time and keeps the answer (``NameCache``); so the lock is seldom
/// held, and one number means the same in every thread. Which number it is depends on the threads, and never shows: a
/// ledger codes anew, in byte order.
final class SharedNames: CodeOrder, Sendable {
  struct State: Sendable {
    var names = NameSpace.allCases.map { _ in ByteInterner() }
    /// Topic, priority, channel and flags; the first is that of no categories at all.
    var categories = TupleInterner([
      CodeTuple(first: CodeTuple.none, second: CodeTuple.none, third: CodeTuple.none)
    ])
  }

  /// The code of no categories at all.
  static let noCategories: UInt32 = 0

  private let state = Mutex(State())

  /// The code of an identifier, which isn't empty.
  func code(of bytes: UnsafeRawBufferPointer, in space: NameSpace) -> UInt32 {
    nonisolated(unsafe) let bytes = bytes
    return state.withLock { $0.names[space.rawValue].intern(bytes).code }
  }

  /// The code of categories.
  func code(of categories: CodeTuple) -> UInt32 {
    let code = state.withLock { $0.categories.intern(categories) }
    precondition(code < OpenCase.categoryLimit, "a log holds at most \(OpenCase.categoryLimit) different categories")
    return code
  }

  func precedes(_ a: UInt32, _ b: UInt32, in space: NameSpace) -> Bool {
    state.withLock { state in
      let names = state.names[space.rawValue]
      return names.withBytes(of: a) { x in names.withBytes(of: b) { y in Identifiers.compare(x, y) < 0 } }
    }
  }

  /// Whether categories sort before others: by topic, priority, channel; `nil` where they are equal.
  func precedes(categories a: UInt32, _ b: UInt32) -> Bool? {
    let (x, y) = state.withLock { ($0.categories.tuples[Int(a)], $0.categories.tuples[Int(b)]) }
    if x.first != y.first { return CaseFold.precedes(x.first, y.first, in: .topic, order: self) }
    if x.second != y.second { return CaseFold.precedes(x.second, y.second, in: .priority, order: self) }
    if x.third != y.third { return CaseFold.precedes(x.third, y.third, in: .channel, order: self) }
    return nil
  }

  /// Everything, when nobody adds any more.
  func all() -> State { state.withLock { $0 } }
}
