/// Everything that can be said about a run: what options and `rapport.toml` say, by the same names.
///
/// An option wins over the configuration file, and that over the default; defaults stand here, once.
public struct Configuration: Sendable, Equatable {
  /// How results are written.
  public enum Format: String, Sendable, CaseIterable { case table, csv, json }
  /// When what people read has colour and bold print; `auto` is on a terminal that has both, unless `NO_COLOR` is set.
  public enum ColorChoice: String, Sendable, CaseIterable { case auto, always, never }

  /// Files that it was read from; nothing is written over them.
  public var files: [String] = []
  /// Files and folders that the run writes besides ``rejects``, which may lie in none of them.
  public var written: [String] = []

  // Reading
  /// A known profile's name, or a TOML file's path.
  public var profile: String?
  /// Our column names to the input's.
  public var mapping = ColumnMapping()
  /// Files that describe managers or partners.
  public var rosters: [String] = []
  /// Saved ledgers that join the input.
  public var ledgers: [String] = []
  /// The zone of times without offset, and of the report's months; `nil`: the profile's, else UTC.
  public var timezone: String?
  /// The calendar of partners whose roster names none; `nil`: every hour is working time.
  public var calendar: String?
  /// Tells everything as of this moment; `nil`: the last event before the run.
  public var asOf: String?
  /// Refused rows per hundred read above which the run stops.
  public var maxBad = 1.0
  /// Where refused rows go in full.
  public var rejects: String?
  /// Bytes that one task reads at a time; never changes a result.
  public var chunkBytes = 1 << 20
  /// Working calendars by name.
  public var calendars: [String: CalendarSettings] = [:]

  // Scoring
  /// What managers are ranked by.
  public var rankBy = RankedScore.health
  /// The share that an interval covers.
  public var interval = AssessmentOptions().interval
  /// Follow-up limit of the timing model, in days.
  public var followUpDays = AssessmentOptions().followUpDays
  /// Evidence of this age counts half, in days.
  public var halfLifeDays = AssessmentOptions().halfLifeDays
  /// How much more negative evidence weighs than positive.
  public var asymmetry = AssessmentOptions().asymmetry
  /// The ends of the survey scale; `nil`: the ledger's, else 1 to 5.
  public var surveyScale: ClosedRange<Double>?
  /// Weights of domains in health; 1 where absent.
  public var weights: [String: Double] = [:]
  /// Joint posterior draws behind the intervals of composites.
  public var draws = AssessmentOptions().draws
  /// Samples of the timing model's variance tests; 0 leaves them out.
  public var bootstrap = AssessmentOptions().bootstrap
  /// Where every random number starts.
  public var seed = AssessmentOptions().seed

  // Running
  /// The threads that somebody asked for.
  public private(set) var threadsAsked: Int?
  /// Threads; never change a result. All processors unless somebody asked for others.
  public var threads: Int {
    get { threadsAsked ?? Machine.processors }
    set { threadsAsked = newValue }
  }
  public var format = Format.table
  /// Whether what people read has colour and bold print.
  public var color = ColorChoice.auto
  /// Whether identifiers in CSV tables that a spreadsheet would run as formulas begin with an apostrophe.
  public var spreadsheetSafe = false
  /// The folder that `score` writes.
  public var output: String?
  public var quiet = false
  public var verbose = false

  /// The defaults.
  public init() {}

  /// What the assessment needs of it.
  public var assessmentOptions: AssessmentOptions {
    var options = AssessmentOptions()
    options.interval = interval
    options.seed = seed
    options.followUpDays = followUpDays
    options.halfLifeDays = halfLifeDays
    options.asymmetry = asymmetry
    options.rankBy = rankBy
    options.domainWeights = weights
    options.surveyScaleLow = surveyScale?.lowerBound
    options.surveyScaleHigh = surveyScale?.upperBound
    options.draws = draws
    options.bootstrap = bootstrap
    options.threads = threads
    return options
  }

  /// With what an assessment says that it was made with, threads apart.
  func with(_ used: AssessmentOptions) -> Configuration {
    var configuration = self
    configuration.interval = used.interval
    configuration.seed = used.seed
    configuration.followUpDays = used.followUpDays
    configuration.halfLifeDays = used.halfLifeDays
    configuration.asymmetry = used.asymmetry
    configuration.rankBy = used.rankBy
    configuration.weights = used.domainWeights
    if let low = used.surveyScaleLow, let high = used.surveyScaleHigh { configuration.surveyScale = low...high }
    configuration.draws = used.draws
    configuration.bootstrap = used.bootstrap
    return configuration
  }
}

/// A working calendar as a configuration says it.
public struct CalendarSettings: Sendable, Equatable {
  /// The zone of its hours; `nil`: the report's.
  public var timezone: String?
  /// Opening hours such as `09:00-17:00`, by weekday: mon, tue, wed, thu, fri, sat, sun. An absent day is closed.
  public var hours: [String: [String]] = [:]
  /// Days off, as `2026-12-25`.
  public var holidays: [String] = []

  /// The days that `hours` may name, Monday first.
  public static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  public init() {}
}
