/// By whose clock each person's time is told: the roster's calendar, else the default, less absences.
struct Clocks: Sendable {
  /// A person's working time and the zone of their days.
  ///
  /// A class, since every spell looks into one, and arrays of a structure would be counted one by one.
  final class Clock: Sendable {
    let calendar: WorkingCalendar
    let zone: TimeZoneRules

    init(calendar: WorkingCalendar, zone: TimeZoneRules) { (self.calendar, self.zone) = (calendar, zone) }
  }
  /// Of people of whom nothing is known.
  private var common: Clock
  private var managers: [Clock?]
  private var partners: [Clock?]
  /// Whether any working calendar is in use.
  private(set) var hasWorkingCalendar: Bool
  /// By party, the codes of those for whom every hour counts though others of their party have a calendar, or, of partners,
  /// though managers have.
  private(set) var withoutCalendar: [Party: [Int32]] = [:]
  /// Calendars that are defined, and used by nobody whom an event names; in byte order.
  private(set) var unusedCalendars: [String]

  /// The clock of a manager or partner; −1 for nobody.
  func of(_ party: Party, _ code: Int32) -> Clock {
    guard code >= 0 else { return common }
    return (party == .manager ? managers[Int(code)] : partners[Int(code)]) ?? common
  }

  /// - Parameters:
  ///   - people: rosters laid out by code.
  ///   - absences: by party and code; each person's own.
  ///   - span: from before the first event to the end of what is told.
  /// - Throws: ``IngestionError`` of kind `configuration`: a calendar that isn't defined or is wrong.
  init(
    options: HistoryOptions, people: People, absences: [Party: [Int32: [Range<Instant>]]], zone: TimeZoneRules,
    span: Range<Instant>
  ) throws(IngestionError) {
    let days =
      CivilDate(
        dayNumber: zone.date(of: span.lowerBound).dayNumber - 2)...CivilDate(
        dayNumber: zone.date(of: span.upperBound).dayNumber + 2)
    var compiled: [String: Clock] = [:]
    func clock(named name: String, askedBy place: String) throws(IngestionError) -> Clock {
      if let clock = compiled[name] { return clock }
      guard let definition = options.calendars[name] else {
        throw IngestionError(
          .configuration,
          "\(place): calendar '\(name)' isn't defined; add [calendar.\(name)] to the configuration"
            + NearestWord.suggestion(for: name, among: options.calendars.keys.sorted()))
      }
      let clock = Clock(
        calendar: try WorkingCalendar(definition, named: name, days: days),
        zone: try TimeZoneRules(named: definition.timezone))
      compiled[name] = clock
      return clock
    }
    var usesCalendar = false
    if let name = options.defaultCalendar {
      common = try clock(named: name, askedBy: "default-calendar = \"\(name)\"")
      usesCalendar = true
    } else {
      common = Clock(calendar: .always, zone: zone)
    }
    managers = []
    partners = []
    for party in Party.allCases {
      let entries = party == .manager ? people.managers : people.partners
      var clocks = [Clock?](repeating: nil, count: entries.count)
      for code in entries.indices {
        var own: Clock?
        if let name = entries[code]?.calendar {
          own = try clock(named: name, askedBy: "roster, \(party) '\(entries[code]?.id ?? "")'")
          usesCalendar = true
        }
        if let absent = absences[party]?[Int32(code)] {
          let usual = own ?? common
          own = Clock(calendar: usual.calendar.without(absent, horizon: span), zone: usual.zone)
        }
        clocks[code] = own
      }
      if party == .manager { managers = clocks } else { partners = clocks }
    }
    hasWorkingCalendar = usesCalendar
    unusedCalendars = options.calendars.keys.filter { compiled[$0] == nil }.sorted()
    guard usesCalendar, options.defaultCalendar == nil else { return }
    for party in Party.allCases {
      let entries = party == .manager ? people.managers : people.partners
      let lacking = entries.indices.filter { entries[$0]?.calendar == nil }
      // Waits are told by partners' calendars first of all.
      if party == .partner || lacking.count < entries.count { withoutCalendar[party] = lacking.map { Int32($0) } }
    }
  }
}

/// Rosters laid out by the codes of a ledger.
struct People: Sendable {
  var managers: [Roster.Entry?]
  var partners: [Roster.Entry?]
  var managerAttributes: [String: [String?]] = [:]
  var partnerAttributes: [String: [String?]] = [:]
  /// People in a roster whom no event names, by party, in byte order.
  var unseen: [Party: [String]] = [:]
  /// People in events whom rosters of their party, where there is one, lack.
  var unlisted: [Party: [String]] = [:]

  /// - Throws: ``IngestionError`` of kind `unusable` where rosters contradict each other.
  init(
    rosters: [Roster], managers managerNames: [String], partners partnerNames: [String]
  ) throws(IngestionError) {
    let rosters = try Roster.merged(rosters)
    managers = [Roster.Entry?](repeating: nil, count: managerNames.count)
    partners = [Roster.Entry?](repeating: nil, count: partnerNames.count)
    for party in Party.allCases {
      let names = party == .manager ? managerNames : partnerNames
      let codes = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
      var entries = [Roster.Entry?](repeating: nil, count: names.count)
      var attributes: [String: [String?]] = [:]
      for roster in rosters where roster.party == party {
        for entry in roster.entries {
          guard let code = codes[entry.id] else {
            unseen[party, default: []].append(entry.id)
            continue
          }
          entries[code] = entry
          for (name, value) in entry.attributes {
            attributes[name, default: [String?](repeating: nil, count: names.count)][code] = value
          }
        }
      }
      unseen[party]?.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      if rosters.contains(where: { $0.party == party }) {
        unlisted[party] = names.indices.filter { entries[$0] == nil }.map { names[$0] }
      }
      if party == .manager {
        (managers, managerAttributes) = (entries, attributes)
      } else {
        (partners, partnerAttributes) = (entries, attributes)
      }
    }
  }
}
