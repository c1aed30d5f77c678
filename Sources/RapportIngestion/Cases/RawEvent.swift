/// One row of an event log, read and checked, not yet coded: the seam between reading and the ledger.
///
/// The byte slices are borrowed from the chunk that is being read and valid only during ``LedgerBuilder``'s `add`;
/// an empty slice means absent. Readers hand over only events that passed every check which needs no other row.
public struct RawEvent {
  public typealias Bytes = UnsafeRawBufferPointer

  public var kind: EventKind
  /// Who acted, the kind's default already put in; `nil` for kinds that are never attributed.
  public var actor: Party?
  public var timestamp: Instant
  /// When it was entered, if the row says so.
  public var recordedAt: Instant = .absent
  public var due: Instant = .absent
  /// Survey rating, check-in minutes or 1/0, in thousandths; `nil` where absent.
  public var thousandths: Int32?
  /// Empty for a partner's absence whose row names none.
  public var manager: Bytes
  public var partner: Bytes
  public var caseKey: Bytes
  public var topic: Bytes
  public var priority: Bytes
  public var channel: Bytes
  /// What identifies a row without a case: a 128-bit hash of its kind and `id`, or of the whole row where it has none. Of a concern or a
  /// protected escalation without `id` it must come from nothing that tells of a person, since ledgers keep it.
  public var fingerprint: Fingerprint
  /// Whether that hash is one of the whole row, columns that aren't read included.
  public var isKnownByRow = false

  public init(
    kind: EventKind, actor: Party?, timestamp: Instant, manager: Bytes, partner: Bytes, caseKey: Bytes,
    topic: Bytes, priority: Bytes, channel: Bytes, fingerprint: Fingerprint
  ) {
    self.kind = kind
    self.actor = actor
    self.timestamp = timestamp
    self.manager = manager
    self.partner = partner
    self.caseKey = caseKey
    self.topic = topic
    self.priority = priority
    self.channel = channel
    self.fingerprint = fingerprint
  }
}

/// One row of a case table, read and checked: a whole request at once.
///
/// Slices as in ``RawEvent``. Impossible later times have been removed and counted by the reader.
public struct RawCase {
  public typealias Bytes = UnsafeRawBufferPointer

  public var caseKey: Bytes
  public var manager: Bytes
  public var partner: Bytes
  public var topic: Bytes
  public var priority: Bytes
  public var channel: Bytes
  public var opened: Instant
  public var responded: Instant = .absent
  public var resolved: Instant = .absent
  public var due: Instant = .absent
  public var withdrawn: Instant = .absent
  /// An impossible time was removed, so that the request takes no part in waits.
  public var excludedFromWaits = false
  /// Where it comes from, for messages: the input's position in the order of reading, the line, the record as it stands.
  public var input = 0
  public var line = 0
  public var record = Bytes(start: nil, count: 0)

  public init(
    caseKey: Bytes, manager: Bytes, partner: Bytes, topic: Bytes, priority: Bytes, channel: Bytes, opened: Instant
  ) {
    self.caseKey = caseKey
    self.manager = manager
    self.partner = partner
    self.topic = topic
    self.priority = priority
    self.channel = channel
    self.opened = opened
  }
}

/// A 128-bit hash of bytes.
public struct Fingerprint: Hashable, Comparable, Sendable {
  public var high: UInt64
  public var low: UInt64
  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
  @inlinable public static func < (a: Fingerprint, b: Fingerprint) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
