/// The name spaces of identifiers.
enum NameSpace: Int, CaseIterable, Sendable {
  case manager, partner, topic, priority, channel
  /// Keys of requests that an escalation is about.
  case escalated

  /// Whether it holds names, which have one Unicode form (``NameForm``). Keys are told apart by their bytes, as those of cases are.
  var holdsNames: Bool { self != .escalated }
  var isOfPeople: Bool { self == .manager || self == .partner }
}

/// Tells which of two codes names what sorts first in byte order.
protocol CodeOrder {
  func precedes(_ a: UInt32, _ b: UInt32, in names: NameSpace) -> Bool
}

/// The order of codes that are positions in sorted lists.
struct SortedCodes: CodeOrder {
  func precedes(_ a: UInt32, _ b: UInt32, in names: NameSpace) -> Bool { a < b }
}

/// Merges steps into rows: the only place that knows how; a builder adds with it, a ledger merges with it.
///
/// Per identity (case, kind, actor, instant; of responses the partner too) the payload that sorts first counts; per slot the
/// earliest identity stays in the row and the rest become steps, of responses at one instant that of the partner who sorts first
/// stays. Both are minima of total orders, so no order of merging can show.
struct CaseFold: Sendable {
  var parties: TupleInterner
  var categories: TupleInterner
  /// The code of no parties at all, and of no categories.
  let noParties: UInt32
  let noCategories: UInt32

  init(parties: [CodeTuple] = [], categories: [CodeTuple] = []) {
    self.parties = TupleInterner(parties)
    self.categories = TupleInterner(categories)
    let nothing = CodeTuple(first: CodeTuple.none, second: CodeTuple.none, third: CodeTuple.none)
    noParties = self.parties.intern(nothing)
    noCategories = self.categories.intern(nothing)
  }

  /// A row without any step.
  func emptyRow(keyEnd: UInt32) -> CaseRow {
    CaseRow(keyEnd: keyEnd, parties: noParties, categories: noCategories, extra: 0)
  }

  /// Sees whom an event names as manager, before anything else of it is added.
  mutating func see(manager: UInt32, in row: inout CaseRow, order: some CodeOrder) {
    var tuple = parties.tuples[Int(row.parties)]
    guard manager != tuple.first, manager != CodeTuple.none else { return }
    if tuple.first != CodeTuple.none { row.extra |= CaseRow.othersBit }
    // An opening says whose the case is. Until there is one, the manager who sorts first stands for all.
    guard !row.opened.isPresent, Self.precedes(manager, tuple.first, in: .manager, order: order) else { return }
    tuple.first = manager
    row.parties = parties.intern(tuple)
  }

  /// An opening: when and by whom, and what it says.
  struct Opening {
    var instant: Instant
    var actor: Party
    var manager: UInt32
    var partner: UInt32
    var categories: UInt32
    var due: Instant
  }

  /// Adds an opening; returns the step that doesn't fit into the row, if there is one.
  mutating func open(
    _ row: inout CaseRow, _ opening: Opening, kind: EventKind, index: UInt32, order: some CodeOrder
  ) -> CaseStep? {
    let actor = row.actor(of: .opened)
    let isOthers = row.opened.isPresent && parties.tuples[Int(row.parties)].first != opening.manager
    if isOthers { row.extra |= CaseRow.sharedBit }
    let isSame = row.opened == opening.instant && actor == opening.actor
    if row.opened.isPresent && !isSame {
      guard (opening.instant, opening.actor.rawValue) < (row.opened, actor.rawValue) else {
        return CaseStep(row: index, kind: kind, actor: opening.actor, instant: opening.instant)
      }
      let demoted = CaseStep(row: index, kind: kind, actor: actor, instant: row.opened)
      set(opening, in: &row)
      return demoted
    }
    if !row.opened.isPresent || precedes(opening, row, order: order) { set(opening, in: &row) }
    return nil
  }

  private mutating func set(_ opening: Opening, in row: inout CaseRow) {
    row.opened = opening.instant
    row.due = opening.due
    row.categories = opening.categories
    row.setActor(opening.actor, of: .opened)
    var tuple = parties.tuples[Int(row.parties)]
    (tuple.first, tuple.second) = (opening.manager, opening.partner)
    row.parties = parties.intern(tuple)
  }

  /// Whether what `opening` says sorts before what the row's says.
  private func precedes(_ opening: Opening, _ row: CaseRow, order: some CodeOrder) -> Bool {
    let (new, old) = (categories.tuples[Int(opening.categories)], categories.tuples[Int(row.categories)])
    let oldParties = parties.tuples[Int(row.parties)]
    let codes: [(UInt32, UInt32, NameSpace)] = [
      (opening.manager, oldParties.first, .manager), (opening.partner, oldParties.second, .partner),
      (new.first, old.first, .topic), (new.second, old.second, .priority), (new.third, old.third, .channel),
    ]
    for (a, b, names) in codes where a != b { return Self.precedes(a, b, in: names, order: order) }
    return opening.due < row.due
  }

  /// Whether `a` sorts before `b`; what is absent sorts last.
  static func precedes(_ a: UInt32, _ b: UInt32, in names: NameSpace, order: some CodeOrder) -> Bool {
    if a == b || a == CodeTuple.none { return false }
    return b == CodeTuple.none || order.precedes(a, b, in: names)
  }

  /// Adds an answer (response, fulfilment, follow-up, settlement); returns the step that doesn't fit.
  mutating func answer(_ row: inout CaseRow, _ step: CaseStep, order: some CodeOrder) -> CaseStep? {
    let actor = row.actor(of: .answered)
    let responder = parties.tuples[Int(row.parties)].third
    if row.answered.isPresent && (row.answered != step.instant || actor != step.actor) {
      guard (step.instant, step.actor.rawValue) < (row.answered, actor.rawValue) else { return step }
      return replace(answer: step, in: &row)
    }
    let isFirst = Self.precedes(step.person, responder, in: .partner, order: order)
    if row.answered.isPresent, step.kind == .response, step.person != responder {
      return isFirst ? replace(answer: step, in: &row) : step
    }
    if !row.answered.isPresent || isFirst { set(answer: step, in: &row) }
    return nil
  }

  /// Puts an answer in the place of the row's; returns the latter.
  private mutating func replace(answer step: CaseStep, in row: inout CaseRow) -> CaseStep {
    let responder = parties.tuples[Int(row.parties)].third
    let demoted = CaseStep(
      row: step.row, person: responder, kind: step.kind, actor: row.actor(of: .answered), instant: row.answered)
    set(answer: step, in: &row)
    return demoted
  }

  private mutating func set(answer step: CaseStep, in row: inout CaseRow) {
    row.answered = step.instant
    row.setActor(step.actor, of: .answered)
    var tuple = parties.tuples[Int(row.parties)]
    tuple.third = step.person
    row.parties = parties.intern(tuple)
  }

  /// Adds a closing step (resolution, release); returns the step that doesn't fit.
  func close(_ row: inout CaseRow, _ step: CaseStep) -> CaseStep? {
    let actor = row.actor(of: .closed)
    if row.closed.isPresent {
      if row.closed == step.instant && actor == step.actor { return nil }
      guard (step.instant, step.actor.rawValue) < (row.closed, actor.rawValue) else { return step }
    }
    let demoted =
      row.closed.isPresent ? CaseStep(row: step.row, kind: step.kind, actor: actor, instant: row.closed) : nil
    row.closed = step.instant
    row.setActor(step.actor, of: .closed)
    return demoted
  }

  /// Merges `other` into `row`, appending what doesn't fit to `steps`.
  mutating func merge(
    _ other: CaseRow, into row: inout CaseRow, family: CaseFamily, index: UInt32, steps: inout [CaseStep]
  ) {
    let tuple = parties.tuples[Int(other.parties)]
    row.extra |= other.extra & (CaseRow.sharedBit | CaseRow.othersBit)
    see(manager: tuple.first, in: &row, order: SortedCodes())
    if other.opened.isPresent, let kind = family.kind(of: .opened) {
      let opening = Opening(
        instant: other.opened, actor: other.actor(of: .opened), manager: tuple.first, partner: tuple.second,
        categories: other.categories, due: other.due)
      if let step = open(&row, opening, kind: kind, index: index, order: SortedCodes()) { steps.append(step) }
    }
    if other.answered.isPresent, let kind = family.kind(of: .answered) {
      let step = CaseStep(
        row: index, person: tuple.third, kind: kind, actor: other.actor(of: .answered), instant: other.answered)
      if let step = answer(&row, step, order: SortedCodes()) { steps.append(step) }
    }
    if other.closed.isPresent, let kind = family.kind(of: .closed) {
      let step = CaseStep(row: index, kind: kind, actor: other.actor(of: .closed), instant: other.closed)
      if let step = close(&row, step) { steps.append(step) }
    }
  }

  // MARK: Rows of case tables

  /// Merges a row of a case table into the one that is kept of its case number; returns the opening of the request that isn't,
  /// where they tell two.
  ///
  /// Manager and opening say which request a row tells. Of one request the latest state counts, as ``supersedes(_:_:order:)``
  /// finds it; of several with one number the one that was opened first, at one moment the one whose manager sorts first. Both
  /// are ends of total orders, and of the other requests it is known which they are: a set, of which no row counts twice. So no
  /// order of merging can show, and merging a row again changes nothing.
  func merge(
    tableRow other: CaseRow, into row: inout CaseRow, index: UInt32, order: some CodeOrder
  ) -> CaseStep? {
    let keyEnd = row.keyEnd
    let (mine, theirs) = (parties.tuples[Int(row.parties)].first, parties.tuples[Int(other.parties)].first)
    if other.opened == row.opened, theirs == mine {
      if supersedes(other, row, order: order) { row = other }
      row.keyEnd = keyEnd
      return nil
    }
    let isEarlier =
      other.opened != row.opened
      ? other.opened < row.opened : Self.precedes(theirs, mine, in: .manager, order: order)
    let refused = CaseStep(
      row: index, person: isEarlier ? mine : theirs, kind: .request, actor: .manager,
      instant: isEarlier ? row.opened : other.opened)
    if isEarlier { row = other }
    row.keyEnd = keyEnd
    return refused
  }

  /// Whether `a` tells a later state of a request than `b` does; both are rows of case tables with one key, manager and opening.
  ///
  ///     (last step, steps told) of a > those of b, else a sorts before b
  ///
  /// Rows don't say when they were exported, and the order of files is no part of a ledger; what steps they tell is all that
  /// shows which was exported later, and requests seldom lose any.
  ///
  /// A state counts as a whole. Field by field, the earliest instant of each as events have it, partner and topic by some rule of
  /// their own, would give a request that no export has told: the resolution that a reopening took back would stay for good beside
  /// the later answer, the time that was corrected beside its correction. As wholes, what a ledger of every month's export holds is
  /// what the last export says. The price: where a later state has no later step (a resolution taken back and the next one
  /// not there yet, an open request of another partner or topic), the state that tells more, or else sorts first, counts until a
  /// step follows.
  private func supersedes(_ a: CaseRow, _ b: CaseRow, order: some CodeOrder) -> Bool {
    let (new, old) = (a.progress, b.progress)
    if new.last != old.last { return new.last > old.last }
    if new.steps != old.steps { return new.steps > old.steps }
    return precedes(state: a, b, order: order)
  }

  /// Whether a state of a request sorts before another of it; what is absent sorts last.
  private func precedes(state a: CaseRow, _ b: CaseRow, order: some CodeOrder) -> Bool {
    for (x, y) in [(a.answered, b.answered), (a.closed, b.closed), (a.due, b.due)] where x != y { return x < y }
    if a.extra != b.extra { return a.extra < b.extra }
    let (x, y) = (parties.tuples[Int(a.parties)], parties.tuples[Int(b.parties)])
    let (v, w) = (categories.tuples[Int(a.categories)], categories.tuples[Int(b.categories)])
    let codes: [(UInt32, UInt32, NameSpace)] = [
      (x.second, y.second, .partner), (v.first, w.first, .topic), (v.second, w.second, .priority),
      (v.third, w.third, .channel),
    ]
    for (p, q, names) in codes where p != q { return Self.precedes(p, q, in: names, order: order) }
    return v.flags < w.flags
  }
}
