/// One case in 48 bytes: who, what, and the earliest instant of each step that every case has.
///
/// The same row serves all families of kinds:
///
/// | family | opened | answered | closed | due |
/// | --- | --- | --- | --- | --- |
/// | request | request | response | resolution | agreed target |
/// | commitment | commitment | fulfilment | release | promised time |
/// | feedback | feedback | follow-up | – | – |
/// | conflict | conflict | settlement | – | – |
/// | goal | goal | goal met | – | promised time |
/// | row of a case table | `opened` | `responded` | `resolved` | `due` |
///
/// A slot holds the step that sorts first by (instant, actor); every other step of the case is a ``CaseStep``. An absent
/// instant is later than all others, so "the earliest wins" needs no special case.
struct CaseRow: Equatable, Sendable {
  /// Where the key ends in the table's arena of keys; it starts where the previous row's ends.
  var keyEnd: UInt32
  /// Manager and partner of the opening, and the partner that answered. Of events that nothing opens the manager whom they name, of
  /// several the one who sorts first.
  var parties: UInt32
  /// Topic, priority and channel of the opening.
  var categories: UInt32
  /// For events: who acted, a bit for each slot, ``isShared`` and ``namesOthers``. For rows of case tables: seconds from opening to withdrawal.
  var extra: UInt32
  var opened: Instant = .absent
  var answered: Instant = .absent
  var closed: Instant = .absent
  var due: Instant = .absent

  /// The slots, and the bit of `extra` that says that the partner acted.
  enum Slot: UInt32 {
    case opened = 1
    case answered = 2
    case closed = 4
  }
  /// The bit of `extra` that says ``isShared``.
  static let sharedBit: UInt32 = 8
  /// The bit of `extra` that says ``namesOthers``.
  static let othersBit: UInt32 = 16
  /// `extra` of a case-table row that wasn't withdrawn.
  static let notWithdrawn = UInt32.max

  /// Whether openings of the case name different managers: one number for cases of two systems. Of events only.
  ///
  ///     shared(a ∪ b) = shared(a) ∨ shared(b) ∨ manager(a) ≠ manager(b)
  ///
  /// Two sets of openings without it name one manager each, so whichever opening of either is kept tells whose it is; no
  /// order of merging can show.
  var isShared: Bool { extra & Self.sharedBit != 0 }

  /// Whether events of the case, openings and steps alike, name different managers. Of events only.
  ///
  ///     others(a ∪ b) = others(a) ∨ others(b) ∨ manager(a) ≠ manager(b)
  ///
  /// As with ``isShared``: events without it name one manager each, who is the row's.
  var namesOthers: Bool { extra & Self.othersBit != 0 }

  func actor(of slot: Slot) -> Party { extra & slot.rawValue == 0 ? .manager : .partner }

  mutating func setActor(_ actor: Party, of slot: Slot) {
    if actor == .partner { extra |= slot.rawValue } else { extra &= ~slot.rawValue }
  }
}

extension CaseRow {
  /// What a row of a case table says, as a ledger keeps it: a withdrawal to the second.
  init(_ row: RawCase, parties: UInt32, categories: UInt32) {
    self.init(
      keyEnd: 0, parties: parties, categories: categories, extra: Self.notWithdrawn, opened: row.opened,
      answered: row.responded, closed: row.resolved, due: row.due)
    guard row.withdrawn.isPresent else { return }
    extra = UInt32(clamping: min(row.withdrawn.seconds(since: row.opened), Int(Self.notWithdrawn) - 1))
  }

  /// When the request of a row of a case table was withdrawn.
  var withdrawn: Instant {
    extra == Self.notWithdrawn ? .absent : Instant(milliseconds: opened.milliseconds + Int64(extra) * 1000)
  }

  /// How far a row of a case table tells its request: the moment of the last step, the opening's where none follows it, and
  /// how many follow.
  var progress: (last: Instant, steps: Int) {
    var (last, steps) = (opened, 0)
    func see(_ step: Instant) {
      guard step.isPresent else { return }
      last = max(last, step)
      steps += 1
    }
    see(answered)
    see(closed)
    see(withdrawn)
    return (last, steps)
  }
}

/// A step of a case beyond the first of its kind: what may repeat, and what came second. Of case tables, the opening of a
/// request whose case number is that of a request that was opened before it.
struct CaseStep: Equatable, Sendable {
  /// The case's row in its table.
  var row: UInt32
  /// The partner that a response or a reassignment names, or the manager of a refused request of a case table; none for other
  /// kinds.
  var person: UInt32 = CodeTuple.none
  var kind: EventKind
  var actor: Party
  var instant: Instant
  /// The new due time of a renegotiation; absent for other kinds.
  var due: Instant = .absent

  /// Two rows with the same identity are the same step. Openings that case tables refuse name whose they are, and answers who gave
  /// them: of several partners' at one moment it depends on other rows which counts.
  func isSameStep(as other: CaseStep) -> Bool {
    row == other.row && kind == other.kind && actor == other.actor && instant == other.instant
      && (kind != .request && kind != .response || person == other.person)
  }

  /// By row, instant, kind, actor; of rows that are the same step, the one that counts comes first.
  func precedes(_ other: CaseStep) -> Bool {
    if row != other.row { return row < other.row }
    if instant != other.instant { return instant < other.instant }
    if kind != other.kind { return kind.ordinal < other.kind.ordinal }
    if actor != other.actor { return actor.rawValue < other.actor.rawValue }
    if person != other.person { return person < other.person }
    return due < other.due
  }
}

extension EventKind {
  /// The position in `allCases`, which files and orders are built on: new kinds are appended.
  @inline(__always) var ordinal: UInt8 { unsafeBitCast(self, to: UInt8.self) }

  init?(ordinal: UInt8) {
    guard Int(ordinal) < Self.allCases.count else { return nil }
    self = unsafeBitCast(ordinal, to: EventKind.self)
  }

  /// The slot of a case's row that this kind fills; `nil` for kinds that are kept as steps only.
  var slot: CaseRow.Slot? {
    switch self {
    case .request, .commitment, .feedback, .conflict, .goal: .opened
    case .response, .fulfilment, .followUp, .settlement, .goalMet: .answered
    case .resolution, .release: .closed
    default: nil
    }
  }
}

extension CaseFamily {
  /// The kind that fills a slot, `nil` where the family has none.
  func kind(of slot: CaseRow.Slot) -> EventKind? {
    switch (self, slot) {
    case (.request, .opened): .request
    case (.request, .answered): .response
    case (.request, .closed): .resolution
    case (.commitment, .opened): .commitment
    case (.commitment, .answered): .fulfilment
    case (.commitment, .closed): .release
    case (.feedback, .opened): .feedback
    case (.feedback, .answered): .followUp
    case (.conflict, .opened): .conflict
    case (.conflict, .answered): .settlement
    case (.goal, .opened): .goal
    case (.goal, .answered): .goalMet
    case (.feedback, .closed), (.conflict, .closed), (.goal, .closed): nil
    }
  }
}
