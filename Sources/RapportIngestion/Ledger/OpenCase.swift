/// A linked event on its way to its case: everything that the case keeps of it, in 56 bytes.
struct CaseEvent {
  /// The case's key; of a long one `low` says where it begins in the batch's bytes, and the rest of `high` its length.
  var key: CompactKey
  /// The key's hash within its family.
  var hash: UInt64
  var instant: Instant
  var due: Instant
  var manager: UInt32
  var partner: UInt32
  var categories: UInt32
  var kind: EventKind
  var actor: Party
  var family: CaseFamily
}

/// A case that is still being read: one line of memory, key included.
///
/// Slots hold what ``CaseRow`` says, codes are those of ``SharedNames``. How events merge into it must be what
/// ``CaseFold`` says of rows, and the tests hold the two against each other.
struct OpenCase {
  /// Of a long key `low` says where it begins in the bytes of the shard's long keys, and the rest of `high` its length.
  var key: CompactKey
  var opened: Instant = .absent
  var answered: Instant = .absent
  var closed: Instant = .absent
  var due: Instant = .absent
  var manager: UInt32 = CodeTuple.none
  var partner: UInt32 = CodeTuple.none
  var responder: UInt32 = CodeTuple.none
  /// Codes of categories stay below it.
  static let categoryLimit: UInt32 = 1 << 27
  /// How many bits ``CaseRow/extra`` has.
  private static let extraBits: UInt32 = 5
  private static let extraMask: UInt32 = 31
  /// The code of the opening's categories, and below it the bits of ``CaseRow/extra``.
  private var categoriesAndBits: UInt32 = SharedNames.noCategories << OpenCase.extraBits

  @inline(__always) init(key: CompactKey) { self.key = key }

  /// The code of the opening's categories.
  @inline(__always) var categories: UInt32 {
    get { categoriesAndBits &>> Self.extraBits }
    set { categoriesAndBits = newValue &<< Self.extraBits | categoriesAndBits & Self.extraMask }
  }

  /// Who acted, and whether openings, and all events, name different managers: ``CaseRow/extra``.
  @inline(__always) var extra: UInt32 { categoriesAndBits & Self.extraMask }

  @inline(__always)
  func actor(of slot: CaseRow.Slot) -> Party { categoriesAndBits & slot.rawValue == 0 ? .manager : .partner }

  @inline(__always)
  private mutating func setActor(_ actor: Party, of slot: CaseRow.Slot) {
    if actor == .partner { categoriesAndBits |= slot.rawValue } else { categoriesAndBits &= ~slot.rawValue }
  }

  /// Sees whom an event names as manager, before anything else of it is added.
  @inline(__always)
  mutating func see(manager: UInt32, names: SharedNames) {
    if manager != self.manager { seeAnother(manager, names: names) }
  }

  @inline(__always)
  private mutating func seeAnother(_ manager: UInt32, names: SharedNames) {
    // The first event of nearly every case comes this way.
    if self.manager == CodeTuple.none { self.manager = manager } else { seeOther(manager, names: names) }
  }

  @inline(never)
  private mutating func seeOther(_ manager: UInt32, names: SharedNames) {
    guard manager != CodeTuple.none else { return }
    categoriesAndBits |= CaseRow.othersBit
    guard !opened.isPresent, CaseFold.precedes(manager, self.manager, in: .manager, order: names) else { return }
    self.manager = manager
  }

  /// Adds an opening; returns the step that doesn't fit into the row, if there is one.
  @inline(__always)
  mutating func open(_ event: CaseEvent, index: UInt32, names: SharedNames) -> CaseStep? {
    if opened.isPresent { return openAgain(event, index: index, names: names) }
    set(opening: event)
    return nil
  }

  @inline(never)
  private mutating func openAgain(_ event: CaseEvent, index: UInt32, names: SharedNames) -> CaseStep? {
    // Codes are the same in every thread, so that they differ where names do.
    if event.manager != manager { categoriesAndBits |= CaseRow.sharedBit }
    let before = actor(of: .opened)
    if opened == event.instant && before == event.actor {
      if precedes(event, names: names) { set(opening: event) }
      return nil
    }
    guard (event.instant, event.actor.rawValue) < (opened, before.rawValue) else {
      return CaseStep(row: index, kind: event.kind, actor: event.actor, instant: event.instant)
    }
    let demoted = CaseStep(row: index, kind: event.kind, actor: before, instant: opened)
    set(opening: event)
    return demoted
  }

  @inline(__always)
  private mutating func set(opening event: CaseEvent) {
    opened = event.instant
    due = event.due
    manager = event.manager
    partner = event.partner
    categories = event.categories
    setActor(event.actor, of: .opened)
  }

  /// Whether what the event says sorts before what the row's opening says.
  private func precedes(_ event: CaseEvent, names: SharedNames) -> Bool {
    if event.manager != manager { return CaseFold.precedes(event.manager, manager, in: .manager, order: names) }
    if event.partner != partner { return CaseFold.precedes(event.partner, partner, in: .partner, order: names) }
    if event.categories != categories, let order = names.precedes(categories: event.categories, categories) {
      return order
    }
    return event.due < due
  }

  /// Adds an answer; returns the step that doesn't fit.
  @inline(__always)
  mutating func answer(_ event: CaseEvent, index: UInt32, names: SharedNames) -> CaseStep? {
    if answered.isPresent { return answerAgain(event, index: index, names: names) }
    set(answer: event)
    return nil
  }

  @inline(never)
  private mutating func answerAgain(_ event: CaseEvent, index: UInt32, names: SharedNames) -> CaseStep? {
    let before = actor(of: .answered)
    let isEarlier: Bool
    if answered == event.instant && before == event.actor {
      isEarlier = CaseFold.precedes(event.partner, responder, in: .partner, order: names)
      guard event.kind == .response, event.partner != responder else {
        if isEarlier { set(answer: event) }
        return nil
      }
    } else {
      isEarlier = (event.instant, event.actor.rawValue) < (answered, before.rawValue)
    }
    guard isEarlier else {
      return CaseStep(
        row: index, person: event.partner, kind: event.kind, actor: event.actor, instant: event.instant)
    }
    let demoted = CaseStep(row: index, person: responder, kind: event.kind, actor: before, instant: answered)
    set(answer: event)
    return demoted
  }

  @inline(__always)
  private mutating func set(answer event: CaseEvent) {
    answered = event.instant
    responder = event.partner
    setActor(event.actor, of: .answered)
  }

  /// Adds a closing step; returns the step that doesn't fit.
  @inline(__always)
  mutating func close(_ event: CaseEvent, index: UInt32) -> CaseStep? {
    if closed.isPresent { return closeAgain(event, index: index) }
    set(closing: event)
    return nil
  }

  @inline(never)
  private mutating func closeAgain(_ event: CaseEvent, index: UInt32) -> CaseStep? {
    let before = actor(of: .closed)
    if closed == event.instant && before == event.actor { return nil }
    guard (event.instant, event.actor.rawValue) < (closed, before.rawValue) else {
      return CaseStep(row: index, kind: event.kind, actor: event.actor, instant: event.instant)
    }
    let demoted = CaseStep(row: index, kind: event.kind, actor: before, instant: closed)
    set(closing: event)
    return demoted
  }

  @inline(__always)
  private mutating func set(closing event: CaseEvent) {
    closed = event.instant
    setActor(event.actor, of: .closed)
  }
}
