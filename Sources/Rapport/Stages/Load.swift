/// What was read: the ledger, what it says as of one moment, and how reading went.
public struct Loaded: Sendable {
  public var ledger: Ledger
  public var history: History
  /// Which inputs the examples in `history.dataQuality` number.
  public var inputNames: InputNames
  public var statistics: ReadingStatistics
  public var times: StageTimes
  /// When the run began; later events are refused.
  public var runStart: Instant
  /// Why no other command would go on with these inputs, where they were kept for a report on their quality.
  public var refusal: IngestionError?
}

/// Reads inputs and saved ledgers, merges them, and derives what they say.
///
/// - Parameter keepsRefused: whether inputs with more refused rows than `max-bad`, or without any usable event, are kept all
///   the same, for a report on their quality; ``Loaded/refusal`` says so.
/// - Throws: `IngestionError` for what is wrong with the input, ``RapportError`` for what is wrong with a profile or
///   an option.
public func load(
  _ inputs: [InputSource], configuration: Configuration, keepsRefused: Bool = false,
  observer: RunObserver = RunObserver()
) throws -> Loaded {
  var reading = try read(inputs, configuration: configuration, keepsRefused: keepsRefused, observer: observer)
  observer.begin(.deriving)
  var options = try configuration.historyOptions(zone: reading.timeZone, runStart: reading.runStart)
  options.inputs = reading.statistics.inputs.map(\.name)
  options.repeatedCases = reading.repeatedCases
  options.keepsEmpty = keepsRefused
  var history = try reading.ledger.history(options)
  history.dataQuality.ignoredColumns = reading.ignoredColumns
  if let note = reading.rejectsNote { history.dataQuality.notes.append(note) }
  if reading.refusal == nil, let error = history.nothingUsed(of: reading.ledger) {
    guard keepsRefused else { throw error }
    reading.refusal = error
  }
  reading.times.end(.deriving)
  return Loaded(
    ledger: reading.ledger, history: history, inputNames: reading.ledger.inputNames(read: options.inputs),
    statistics: reading.statistics, times: reading.times, runStart: reading.runStart, refusal: reading.refusal)
}

extension History {
  /// Why there is nothing to score, where no event that was read is used.
  fileprivate func nothingUsed(of ledger: Ledger) -> IngestionError? {
    guard kinds.isEmpty else { return nil }
    if ledger.rowCount > 0, ledger.lastEvent == nil {
      return IngestionError(
        .unusable, "no event to score: the input holds protected events only, which are counted and never scored")
    }
    let found = dataQuality.findings(.leftOut).map { (name: $0.name, finding: $0.finding) }
    let reasons = found.map { "\(KeyWords.words($0.name)) \($0.finding.count)" }.prefix(4).joined(separator: ", ")
    return IngestionError(
      .unusable,
      "no event to score: none of \(dataQuality.rowsRead) rows can be used"
        + (found.first.map { ": \(reasons). \($0.finding.advice)" } ?? ""))
  }
}

/// A ledger, and how it came about.
public struct LedgerReading: Sendable {
  public var ledger: Ledger
  public var statistics: ReadingStatistics
  public var times: StageTimes
  public var timeZone: TimeZoneRules
  public var runStart: Instant
  /// Columns of the inputs that nothing uses.
  public var ignoredColumns: [String]
  /// Rows of the inputs that were refused because their case number is another request's too.
  public var repeatedCases: [Rejects.Place]
  /// How many rows the file of refused rows lacks, and why; `nil` where it has them all, or none was asked for.
  public var rejectsNote: String?
  /// As in ``Loaded/refusal``.
  public var refusal: IngestionError?

  /// Adds what was read to a saved ledger that wasn't there when reading began, as if both had been read together.
  ///
  /// - Throws: what ``read(_:configuration:keepsRefused:observer:)`` throws of the two.
  public mutating func add(to path: String, configuration: Configuration) throws {
    var saved = try Ledger(contentsOf: path)
    let refusedBefore = saved.rejects.refusedRows
    try saved.add(ledger)
    try saved.checkSharedCases(
      maximumBadShare: configuration.maxBad / 100, judged: refusedBefore,
      asOf: try configuration.asOf.map { try Configuration.moment($0, zone: timeZone) } ?? .absent,
      inputs: [path] + statistics.inputs.map(\.name))
    ledger = saved
  }
}

/// Reads inputs and saved ledgers into one ledger.
///
/// - Parameter keepsRefused: as in ``load(_:configuration:keepsRefused:observer:)``.
public func read(
  _ inputs: [InputSource], configuration: Configuration, keepsRefused: Bool = false,
  observer: RunObserver = RunObserver()
) throws -> LedgerReading {
  let runStart = Instant.now
  var times = StageTimes()
  guard !inputs.isEmpty || !configuration.ledgers.isEmpty else {
    throw RapportError(.usage, "there is nothing to read; name event files, folders, globs or -, or give --ledger FILE")
  }
  // Told before the reading, not after it; of saved ledgers alone no such file is written.
  if !inputs.isEmpty, let rejects = configuration.rejects {
    try RejectsFile.check(rejects, besides: configuration.written)
    if let obstacle = WholeFile.obstacle(at: rejects) {
      throw RapportError(.output, "--rejects \(rejects): can't be written: \(obstacle)")
    }
  }
  let profile = try configuration.profile.map { try Profiles.named($0) }
  observer.begin(.reading)
  var ledger = Ledger.empty
  for path in configuration.ledgers { try ledger.add(Ledger(contentsOf: path)) }
  let refusedBefore = ledger.rejects.refusedRows

  // A zone that nobody names is the ledger's, so that what is read now can be merged with it.
  let zone: TimeZoneRules
  if let name = configuration.timezone ?? profile?.timezone {
    zone = try TimeZoneRules(named: name)
  } else {
    zone = ledger.timeZone ?? .utc
  }
  if let kept = ledger.timeZone, kept.name != zone.name {
    throw IngestionError(
      .unusable,
      "\(ledger.loadedFrom.joined(separator: ", ")): the ledger was built for time zone '\(kept.name)', and '\(zone.name)' is asked; "
        + "leave the zone out, or ingest the events again")
  }
  // And so is a survey scale.
  if let kept = ledger.surveyScale, let asked = configuration.surveyScale, kept != asked {
    throw IngestionError(
      .unusable,
      "\(ledger.loadedFrom.joined(separator: ", ")): the ledger was built for survey scale '\(kept.words)', and '\(asked.words)' is "
        + "asked; leave the scale out, or ingest the events again")
  }
  var statistics = ReadingStatistics()
  var ignoredColumns: [String] = []
  var repeatedCases: [Rejects.Place] = []
  var rejectsNote: String?
  var refusal: IngestionError?
  if !inputs.isEmpty {
    var options = configuration.readingOptions(profile: profile, zone: zone, runStart: runStart)
    options.keepsRefused = keepsRefused
    if let scale = configuration.surveyScale ?? ledger.surveyScale { options.surveyScale = scale }
    let result = try ingest(inputs, options: options, progress: observer.advance)
    refusal = result.refusal
    statistics = result.statistics
    ignoredColumns = result.ignoredColumns
    repeatedCases = result.repeatedCases
    rejectsNote = result.rejectsNote
    times.end(.reading)
    if configuration.ledgers.isEmpty {
      ledger = result.ledger
    } else {
      observer.begin(.merging)
      try ledger.add(result.ledger)
      times.end(.merging)
    }
    // Also those whose case number is that of a ledger's request: which of the two is refused, ingestion alone can't know.
    let lacking = refusedBefore + ledger.repeatedCaseRows - result.ledger.repeatedCaseRows
    if configuration.rejects != nil, lacking > 0 {
      let note =
        "The file of refused rows lacks \(lacking) \(lacking == 1 ? "row" : "rows") of saved ledgers, or with case numbers of "
        + "theirs: ledgers keep counts and a few places only."
      rejectsNote = rejectsNote.map { "\($0) \(note)" } ?? note
    }
  } else {
    if configuration.rejects != nil {
      rejectsNote =
        "No file of refused rows was written: saved ledgers keep counts and a few places only. Read the events themselves "
        + "for it."
    }
    times.end(.reading)
  }
  let asOf = try configuration.asOf.map { try Configuration.moment($0, zone: zone) } ?? .absent
  do throws(IngestionError) {
    try ledger.checkSharedCases(
      maximumBadShare: configuration.maxBad / 100, judged: refusedBefore, asOf: asOf,
      inputs: configuration.ledgers + statistics.inputs.map(\.name))
  } catch {
    guard keepsRefused else { throw error }
    refusal = refusal ?? error
  }
  return LedgerReading(
    ledger: ledger, statistics: statistics, times: times, timeZone: zone, runStart: runStart,
    ignoredColumns: ignoredColumns, repeatedCases: repeatedCases, rejectsNote: rejectsNote, refusal: refusal)
}

extension Configuration {
  /// Checks everything that can be checked before any event is read, as a run would: the profile, rosters, calendars.
  ///
  /// - Throws: what ``load(_:configuration:keepsRefused:observer:)`` would throw.
  public func validate() throws {
    if let rejects { try RejectsFile.check(rejects, besides: written) }
    let profile = try profile.map { try Profiles.named($0) }
    let zone = try TimeZoneRules(named: timezone ?? profile?.timezone ?? "UTC")
    let options = try historyOptions(zone: zone, runStart: .now)
    for (name, calendar) in options.calendars.sorted(by: { $0.key < $1.key }) { try calendar.validate(named: name) }
    for roster in options.rosters {
      for entry in roster.entries {
        guard let calendar = entry.calendar, calendars[calendar] == nil else { continue }
        throw IngestionError(
          .configuration,
          "\(roster.party) '\(entry.id)': calendar '\(calendar)' isn't defined; add [calendar.\(calendar)] to the "
            + "configuration" + NearestWord.suggestion(for: calendar, among: calendars.keys.sorted()))
      }
    }
  }

  /// What reading needs of it.
  func readingOptions(profile: Profile?, zone: TimeZoneRules, runStart: Instant) -> ReadingOptions {
    var options = ReadingOptions(runStart: runStart, threads: threads)
    options.profile = profile
    options.mapping = mapping
    options.timeZone = zone
    options.maximumBadShare = maxBad / 100
    options.rejectsFile = rejects
    options.passedOver = rosters
    options.alsoRead = ledgers + files + (self.profile.map { Profiles.isFile($0) ? [$0] : [] } ?? [])
    options.written = written
    options.chunkBytes = chunkBytes
    return options
  }

  /// What deriving a history needs of it.
  func historyOptions(zone: TimeZoneRules, runStart: Instant) throws -> HistoryOptions {
    var options = HistoryOptions(runStart: runStart)
    if let asOf { options.asOf = try Self.moment(asOf, zone: zone) }
    options.calendars = calendars.mapValues {
      CalendarDefinition(timezone: $0.timezone ?? zone.name, hours: $0.hours, holidays: $0.holidays)
    }
    if let calendar, calendars[calendar] == nil {
      throw RapportError(
        .usage,
        "--calendar '\(calendar)' isn't defined in the configuration"
          + NearestWord.suggestion(for: calendar, among: calendars.keys.sorted()))
    }
    options.defaultCalendar = calendar
    options.rosters = try Roster.merged(rosters.map { try Roster(contentsOf: $0, timeZone: zone) })
    options.threads = threads
    return options
  }

  fileprivate static func moment(_ text: String, zone: TimeZoneRules) throws(RapportError) -> Instant {
    guard let instant = Instant(parsing: text, in: zone) else {
      throw RapportError(.usage, "--as-of: found '\(text)', expected \(Setting.moment)")
    }
    return instant
  }
}
