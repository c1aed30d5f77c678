import RapportIngestion

/// Events by hand: what a test's log says, row by row, without files or readers.
public struct EventLog {
  public private(set) var builder: LedgerBuilder
  private let zone: TimeZoneRules
  private var nextId: UInt64 = 1

  public init(zone: TimeZoneRules = .utc) {
    self.zone = zone
    builder = LedgerBuilder(timeZone: zone)
  }

  /// The ledger of all rows so far.
  public var ledger: Ledger { builder.finish() }

  /// An instant such as `2026-03-02 09:00`, `2026-03-02 09:00:30.250` or `2026-03-02`, by the clocks of `zone`.
  public static func instant(_ text: String, zone: TimeZoneRules = .utc) -> Instant {
    let parts = text.split(separator: " ")
    let date = parts[0].split(separator: "-").map { Int($0)! }
    var milliseconds = 0
    if parts.count > 1 {
      let time = parts[1].split(separator: ":").map { Double($0)! }
      milliseconds = Int(((time[0] * 60 + time[1]) * 60 + (time.count > 2 ? time[2] : 0)) * 1000 + 0.5)
    }
    let local = CivilDate(year: date[0], month: date[1], day: date[2]).dayNumber * 86_400 + milliseconds / 1000
    return Instant(milliseconds: Int64(zone.instant(localSeconds: local) * 1000 + milliseconds % 1000))
  }

  /// Adds an event; `id` decides whether a row without a case repeats another, and is new by default.
  public mutating func event(
    _ time: String, _ kind: EventKind, _ manager: String, _ partner: String = "", case key: String = "",
    by actor: Party? = nil, due: String? = nil, value: Double? = nil, topic: String = "", priority: String = "",
    channel: String = "", recorded: String? = nil, id: UInt64? = nil
  ) {
    let fields = [manager, partner, key, topic, priority, channel].map { Array($0.utf8) }
    Self.withBuffers(fields) { buffers in
      var event = RawEvent(
        kind: kind, actor: actor ?? kind.defaultActor, timestamp: Self.instant(time, zone: zone), manager: buffers[0],
        partner: buffers[1], caseKey: buffers[2], topic: buffers[3], priority: buffers[4], channel: buffers[5],
        fingerprint: Fingerprint(high: 0, low: id ?? nextId))
      if let due { event.due = Self.instant(due, zone: zone) }
      if let recorded { event.recordedAt = Self.instant(recorded, zone: zone) }
      event.thousandths = value.map { Int32($0 * 1000) }
      builder.add(event)
    }
    nextId += 1
  }

  /// Adds a row of a case table.
  public mutating func row(
    case key: String, _ manager: String, _ partner: String = "", opened: String, responded: String? = nil,
    resolved: String? = nil, due: String? = nil, withdrawn: String? = nil, topic: String = "", priority: String = "",
    channel: String = "", excluded: Bool = false
  ) {
    let fields = [key, manager, partner, topic, priority, channel].map { Array($0.utf8) }
    Self.withBuffers(fields) { buffers in
      var row = RawCase(
        caseKey: buffers[0], manager: buffers[1], partner: buffers[2], topic: buffers[3], priority: buffers[4],
        channel: buffers[5], opened: Self.instant(opened, zone: zone))
      if let responded { row.responded = Self.instant(responded, zone: zone) }
      if let resolved { row.resolved = Self.instant(resolved, zone: zone) }
      if let due { row.due = Self.instant(due, zone: zone) }
      if let withdrawn { row.withdrawn = Self.instant(withdrawn, zone: zone) }
      row.excludedFromWaits = excluded
      builder.add(row)
    }
  }

  /// Calls `body` with all fields as buffers at once.
  private static func withBuffers(
    _ fields: [[UInt8]], _ buffers: [UnsafeRawBufferPointer] = [], _ body: ([UnsafeRawBufferPointer]) -> Void
  ) {
    guard buffers.count < fields.count else { return body(buffers) }
    fields[buffers.count].withUnsafeBytes { withBuffers(fields, buffers + [$0], body) }
  }
}
