/// What the ledger's rows say once they are seen together, as of one moment: spells, promises, contacts.
///
/// Everything that depends on other rows (who holds a case now, working time, backlog at arrival) is derived here,
/// after the merge, partner by partner. Codes index the sorted identifier lists; −1 means none. The order of every
/// array is canonical: it depends on the ledger's content alone.
public struct History: Sendable {
  /// The moment as of which everything is told; later events are left out and counted.
  public var asOf: Instant
  /// The earliest event used, protected ones left out.
  public var firstEvent: Instant
  /// The latest event used, protected ones left out; absent where that isn't known.
  public var lastEvent = Instant.absent
  /// The report's time zone, which cuts calendar months.
  public var timeZone: TimeZoneRules
  /// The scale that ratings were read on; `nil` where that isn't known, or there are none.
  public var surveyScale: ClosedRange<Double>?
  /// The calendar months from the first event to `asOf`.
  public var months: ClosedRange<Month>

  /// Identifiers in byte order; a code is a position.
  public var managers: [String]
  public var partners: [String]
  public var topics: [String]
  public var priorities: [String]
  public var channels: [String]

  /// By partner (−1, unassigned, first), then entry, then case key.
  public var spells: [RequestSpell]
  /// While they were paused requests couldn't be picked; by request, then start.
  public var pauses: [RequestPause] = []
  /// When a request was first escalated, by ``RequestSpell/request``; of protected escalations nothing is kept.
  public var escalations: [Int32: Instant] = [:]
  /// Commitments and goals, by manager, partner, instant, key.
  public var promises: [Promise]
  /// By manager, partner, instant, key.
  public var feedback: [Feedback]
  /// By manager, partner, instant, key.
  public var conflicts: [Conflict]
  /// Events of kinds that stand alone, protected ones left out, by manager, partner, kind, instant.
  public var contacts: [Contact]

  /// Exposure of each manager and each manager–partner pair, absences and roster dates taken off.
  public var exposure: Exposure
  /// Which kinds occur in the input at all, protected events left out: what can be measured.
  public var kinds: Set<EventKind>
  /// From when on a kind that is counted by month was read, where that is later than the first event (``isCounted(_:)``).
  public var beginnings: [EventKind: Month] = [:]
  /// Whether any working calendar was given; without one every hour is working time.
  public var hasWorkingCalendar: Bool
  /// Partners who answer requests, and managers who do, by code, for whom every hour counts though others have a calendar.
  public var partnersWithoutCalendar: [Int32] = []
  public var managersWithoutCalendar: [Int32] = []
  /// Calendars of the configuration that nobody whom an event names uses.
  public var unusedCalendars: [String] = []
  /// By partner, what working clocks run by: the calendar less absences; empty where every hour is working time.
  public var partnerCalendars: [WorkingCalendar] = []
  /// Whether any time of a request or response tells seconds; otherwise all are whole minutes, and so is every wait.
  public var tellsSeconds = true
  /// Attributes from the rosters: `managerAttributes["unit"]?[manager]`, `nil` where the roster is silent.
  public var managerAttributes: [String: [String?]]
  public var partnerAttributes: [String: [String?]]
  /// Since when, and until when, each was in the role by the rosters; empty where there is none.
  public var managerStays: [Stay] = []
  public var partnerStays: [Stay] = []
  /// Everything counted on the way, for the data-quality report.
  public var dataQuality: DataQuality
}

/// A person's first and last moment in the role by the roster; absent where it is silent.
public struct Stay: Sendable, Equatable {
  public var from: Instant
  public var until: Instant
  public init(from: Instant, until: Instant) { (self.from, self.until) = (from, until) }
}

/// A calendar month: years × 12 + (month − 1).
public struct Month: Hashable, Comparable, Strideable, Sendable, Codable {
  public var index: Int
  @inlinable public init(index: Int) { self.index = index }
  /// `month` from 1 to 12.
  @inlinable public init(year: Int, month: Int) { self.index = year * 12 + month - 1 }
  @inlinable public static func < (a: Month, b: Month) -> Bool { a.index < b.index }
  @inlinable public func distance(to other: Month) -> Int { other.index - index }
  @inlinable public func advanced(by n: Int) -> Month { Month(index: index + n) }
  /// As in `2026-11`.
  public var description: String {
    let (year, month) = (index / 12, index % 12 + 1)
    return "\(year)-\(month < 10 ? "0" : "")\(month)"
  }
}

/// One request while it is one partner's: a reassignment ends a spell and opens the next.
public struct RequestSpell: Sendable {
  /// How a spell ended.
  public enum Outcome: UInt8, Sendable { case answered, withdrawn, reassigned, open }

  /// The request's row in the ledger; spells of one request share it.
  public var request: Int32
  public var manager: Int32
  /// −1: unassigned while open, responder unknown once answered.
  public var partner: Int32
  public var topic: Int32
  public var priority: Int32
  public var channel: Int32
  /// Who asked; the other side answers.
  public var asker: Party
  public var outcome: Outcome
  /// The first spell of its request (later ones follow a reassignment).
  public var isFirst: Bool
  /// An impossible time was removed: takes no part in waits.
  public var excludedFromWaits: Bool
  /// The request was seen to be reopened within 30 days of one of its resolutions (on the last spell).
  public var reopenedWithin30Days: Bool
  /// The partner had held the request before, passed it on, and has it again.
  public var isReturn = false

  /// When the request was made.
  public var opened: Instant
  /// When this spell began: `opened`, or the reassignment.
  public var entered: Instant
  /// When it ended; `asOf` for open ones.
  public var ended: Instant
  /// The agreed target.
  public var due: Instant
  /// When it was resolved, where known (on the last spell): of several resolutions the first after which it was reopened within 30
  /// days, else the last, so that it is known of no earlier one that it didn't last.
  public var resolved: Instant

  /// From entry to end in seconds of the partner's working calendar, pauses taken off.
  public var workingSeconds: Int
  /// From entry to end in seconds of the clock, pauses and calendar ignored.
  public var elapsedSeconds: Int
  /// Working seconds within the spell during which the clock was paused.
  public var pausedSeconds: Int
  /// Entry and end on the working clock of whoever has to answer: milliseconds of working time from an origin of its own,
  /// by which the order of what happened out of hours can be told from what working time it fell to.
  public var enteredClock: Int64 = 0
  public var endedClock: Int64 = 0
  /// The request was put to another partner than `partner`, who answered it without a row that passes it on: since when it was
  /// theirs isn't known.
  public var answeredByOther = false
  /// The partner's other open spells when this one began.
  public var backlogAtArrival: Int32
  /// Local hour of the week at entry in the partner's zone: 0 = Monday 00:00–00:59 … 167.
  public var hourOfWeek: Int16
  /// The month in which it was opened, and that in which it ended, in the report's time zone.
  public var openedMonth: Month
  public var endedMonth: Month
}

/// A stretch during which a request was paused within one spell.
public struct RequestPause: Sendable, Equatable {
  /// The spell's request and partner.
  public var request: Int32
  public var partner: Int32
  /// Start and end on the working clock of whoever has to answer.
  public var startClock: Int64
  public var endClock: Int64
}

/// A commitment or a goal, with its due date and what became of it.
public struct Promise: Sendable {
  public var family: CaseFamily
  public var manager: Int32
  public var partner: Int32
  /// Who promised.
  public var promiser: Party
  public var made: Instant
  /// The due time first agreed, and the one in force after renegotiation; absent where none was given.
  public var firstDue: Instant
  public var due: Instant
  public var kept: Instant
  /// When it was let go, before it was kept and no later than its due time in force; absent otherwise.
  public var released: Instant
  public var renegotiations: Int32
  /// The fulfilment was confirmed by the one who promised.
  public var selfConfirmed: Bool
  public var madeMonth: Month
  /// The month in which the outcome became known: kept, released, or due passed; `nil` while it is open.
  public var knownMonth: Month?
}

/// A piece of feedback and whether it was followed up.
public struct Feedback: Sendable {
  public var manager: Int32
  public var partner: Int32
  public var giver: Party
  public var given: Instant
  public var followedUp: Instant
  public var givenMonth: Month
}

/// A conflict and its settlement.
public struct Conflict: Sendable {
  public var manager: Int32
  public var partner: Int32
  public var raisedBy: Party
  public var opened: Instant
  public var settled: Instant
  /// Raised again in the same case after it was settled.
  public var reopened: Bool
  /// Neither unsettled nor raised again since it was last settled.
  public var isOver: Bool
  public var openedMonth: Month
}

/// An event of a kind that stands alone.
public struct Contact: Sendable {
  public var kind: EventKind
  /// `nil` for kinds that are never attributed.
  public var actor: Party?
  /// −1 for a partner's absence, which is the partner's alone.
  public var manager: Int32
  /// −1 where the row names none, and for a manager's absence.
  public var partner: Int32
  public var instant: Instant
  public var month: Month
  /// Survey rating, check-in minutes or 1/0, in thousandths.
  public var thousandths: Int32?
  /// For absences, when they end.
  public var due: Instant
  /// Whether nothing but its whole row, columns that aren't read included, tells it from another event: it has no `id`.
  public var isKnownByRow = false
}

extension Contact {
  /// By manager, partner, kind and moment, then by what is told: by nothing that hangs on how a file writes it.
  func precedes(_ other: Contact) -> Bool {
    let (a, b) = (self, other)
    if a.manager != b.manager { return a.manager < b.manager }
    if a.partner != b.partner { return a.partner < b.partner }
    if a.kind != b.kind { return a.kind.ordinal < b.kind.ordinal }
    if a.instant != b.instant { return a.instant < b.instant }
    if a.actor != b.actor { return (a.actor?.rawValue ?? .max) < (b.actor?.rawValue ?? .max) }
    if a.thousandths != b.thousandths { return (a.thousandths ?? .min) < (b.thousandths ?? .min) }
    return a.due < b.due
  }
}

extension History {
  /// Longer silence before as-of is told, in days: half a month more than whatever comes once a month.
  static let mostSilentDays = 45

  /// What it means that as-of lies long after the last event; `nil` where it doesn't.
  public var silenceNote: String? {
    guard lastEvent.isPresent else { return nil }
    let days = asOf.seconds(since: lastEvent) / 86_400
    guard days > Self.mostSilentDays else { return nil }
    return
      "No event in the last \(days) days before the moment that this is about: silence since then lowers what is counted "
      + "per month or as still open. Leave out --as-of for the last event."
  }

  /// What it means that no reopening is known though resolutions are; `nil` where it isn't so.
  public var reopeningNote: String? {
    guard !kinds.contains(.reopen), spells.contains(where: { $0.asker == .manager && $0.resolved.isPresent }) else {
      return nil
    }
    return "No reopening was read, so whether requests were resolved for good isn't known."
  }

  /// What it means that no working calendar was given; `nil` where one was.
  public var calendarNote: String? { hasWorkingCalendar ? nil : Self.noCalendar }

  /// What it means that some have a calendar and others don't, and which calendars nobody uses; empty where all is as it should be.
  public var calendarGaps: [String] {
    var notes = [unusedCalendarNote].compactMap { $0 }
    for (word, people, names) in [
      ("partner", partnersWithoutCalendar, partners), ("manager", managersWithoutCalendar, managers),
    ] where !people.isEmpty {
      let shown = people.prefix(Rejects.placesKept).map { names[Int($0)] }.joined(separator: ", ")
      let rest = people.count - Rejects.placesKept
      notes.append(
        "\(people.count.grouped) \(people.count == 1 ? "\(word) has" : "\(word)s have") no calendar "
          + "(\(shown)\(rest > 0 ? " and \(rest.grouped) more" : "")) though others have: every hour counts for "
          + "\(people.count == 1 ? "this one" : "them"), so \(people.count == 1 ? "this one's" : "their") waits don't compare with "
          + "the others'. \(Self.calendarCure)")
    }
    return notes
  }

  /// Which calendars nobody uses; `nil` where there is none.
  var unusedCalendarNote: String? {
    guard !unusedCalendars.isEmpty else { return nil }
    let isOne = unusedCalendars.count == 1
    return
      "\(isOne ? "Calendar" : "Calendars") \(unusedCalendars.map { "'\($0)'" }.joined(separator: ", ")) \(isOne ? "is" : "are") "
      + "defined in the configuration and used by nobody whom an event names. \(Self.calendarCure)"
  }

  /// How somebody comes by a calendar.
  static let calendarCure = "Name a calendar in the rosters, or one for all others by --calendar."

  /// What it means that no working calendar was given.
  public static let noCalendar =
    "No working calendar was given, so every hour counts as working time; nights and weekends are part of every wait."

  /// How many months are over, or lack at most three days (a weekend with its Friday), at the as-of moment. In the others
  /// something that comes once a month may still come.
  public var monthsOver: Int {
    let end = timeZone.start(of: Month(index: months.upperBound.index + 1))
    let isOver = end.milliseconds - asOf.milliseconds <= 3 * 86_400_000
    return months.upperBound.index - months.lowerBound.index + (isOver ? 1 : 0)
  }
}
