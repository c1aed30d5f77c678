import RapportIngestion

/// One row of the simulated log, coded; 40 bytes, so that ten million fit a laptop.
struct SimulatedEvent {
  /// Wall-clock seconds since 1970-01-01T00:00 local time.
  var time: Int
  /// Seconds from `time` to `due`; `noDue` where there is none.
  var dueOffset: Int32 = SimulatedEvent.noDue
  /// Seconds from `time` to `recorded_at`; 0 where it was entered at once.
  var recordedOffset: Int32 = 0
  var manager: Int32
  /// −1: none.
  var partner: Int32
  /// −1: none. Positions in the numbering of the family of kinds.
  var caseNumber: Int32 = -1
  var value: Int16 = -1
  /// Position in `EventKind.allCases`.
  var kindCode: UInt8
  /// 0 none, 1 manager, 2 partner.
  var actorCode: UInt8
  /// One more than the position in ``RequestCategory``; 0 none.
  var topic: UInt8 = 0
  var priority: UInt8 = 0
  /// As above; 255 `protected`.
  var channel: UInt8 = 0

  static let noDue = Int32.min
  static let protectedChannel: UInt8 = 255

  init(_ kind: EventKind, at time: Int, actor: Party?, manager: Int, partner: Int?) {
    self.time = time
    self.manager = Int32(manager)
    self.partner = Int32(partner ?? -1)
    kindCode = kind.code
    actorCode = actor.map { $0 == .manager ? 1 : 2 } ?? 0
  }

  var kind: EventKind { EventKind.allCases[Int(kindCode)] }
}

extension EventKind {
  private static let codes = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, UInt8($0)) })
  /// Position in `allCases`.
  var code: UInt8 { EventKind.codes[self]! }
}

/// The rows of a log while it is written, and the numbers given to cases.
struct EventLog {
  private(set) var events: [SimulatedEvent] = []
  private var nextCase = [Int32](repeating: 0, count: CaseFamily.allCases.count)
  /// Wall-clock seconds whose events are told.
  let span: Range<Int>

  init(span: Range<Int>) { self.span = span }

  mutating func reserve(_ count: Int) { events.reserveCapacity(count) }

  mutating func newCase(_ family: CaseFamily) -> Int32 {
    defer { nextCase[Int(family.rawValue)] += 1 }
    return nextCase[Int(family.rawValue)]
  }

  /// Adds an event if it happened within the span.
  mutating func append(_ event: SimulatedEvent) {
    if span.contains(event.time) { events.append(event) }
  }

  mutating func sort() {
    // Cases of one family never share a moment's kind, so the order is total where it matters: the text is unique.
    events.sort {
      ($0.time, $0.kindCode, $0.manager, $0.partner, $0.caseNumber, $0.value)
        < ($1.time, $1.kindCode, $1.manager, $1.partner, $1.caseNumber, $1.value)
    }
  }

  /// Gives cases consecutive numbers in the order in which they begin.
  mutating func numberCases() {
    var given = nextCase.map { [Int32](repeating: -1, count: Int($0)) }
    var next = [Int32](repeating: 1, count: given.count)
    for i in events.indices where events[i].caseNumber >= 0 {
      let family = Int((events[i].kind.family ?? .request).rawValue)
      let old = Int(events[i].caseNumber)
      if given[family][old] < 0 {
        given[family][old] = next[family]
        next[family] += 1
      }
      events[i].caseNumber = given[family][old]
    }
  }
}
