import RapportIngestion

/// An organisation with its event log and the truth about it.
public struct SimulatedOrganisation: Sendable {
  let organisation: Organisation
  /// Clean rows by time.
  let events: [SimulatedEvent]
  /// What is true; add planted health with ``SimulationTruth/plantHealth(_:)`` before writing.
  public var truth: SimulationTruth

  /// Clean rows.
  public var eventCount: Int { events.count }
  /// The moment of the last of them; `nil` without any.
  public var lastEvent: Instant? {
    guard let last = events.last else { return nil }
    let zone = (try? TimeZoneRules(named: organisation.settings.timeZone)) ?? .utc
    return Instant(milliseconds: Int64(zone.instant(localSeconds: last.time)) * 1000)
  }
}

/// Plays an organisation from its first day to its last.
///
/// The whole stage in one function: people, queues, everything else that pairs do, the rows in order, the truth.
///
/// - Throws: ``SimulationError`` with kind `settings`, naming the setting that can't be used.
/// - Complexity: O(n log n) in events, and as much again for the reference run; 40 bytes an event
public func simulate(_ settings: SimulationSettings) throws(SimulationError) -> SimulatedOrganisation {
  let organisation = try Organisation(settings)
  var log = EventLog(span: organisation.span)
  if organisation.settings.behaviours.contains(.requests) { Requests().play(organisation, into: &log) }
  for interaction in Interactions.active(organisation.settings) {
    for (code, pair) in organisation.pairs.enumerated() {
      interaction.play(code, pair, in: organisation, into: &log)
    }
  }
  if organisation.settings.behaviours.contains(.absences) { Absences().play(organisation, into: &log) }
  log.sort()
  log.numberCases()

  var truth = SimulationTruth(organisation)
  var counts = [Int](repeating: 0, count: EventKind.allCases.count)
  for event in log.events { counts[Int(event.kindCode)] += 1 }
  for kind in EventKind.allCases where counts[Int(kind.code)] > 0 {
    truth.events[kind.rawValue] = counts[Int(kind.code)]
  }
  return SimulatedOrganisation(organisation: organisation, events: log.events, truth: truth)
}

extension SimulationTruth {
  /// Fills in every manager's planted health.
  ///
  /// - Parameter composite: from indicator values by name, as scoring's composite computes it; this module knows
  ///   nothing of scoring.
  public mutating func plantHealth(_ composite: ([String: Double]) -> Double?) {
    for m in managers.indices { managers[m].health = composite(managers[m].indicators) }
  }
}
