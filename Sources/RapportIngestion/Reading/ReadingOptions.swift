import Glibc

/// How rows become events.
public struct ReadingOptions: Sendable {
  /// The profile whose columns, values and time formats apply.
  public var profile: Profile?
  /// Contract columns and the foreign columns that stand for them; goes over the profile's.
  public var mapping = ColumnMapping()
  /// The zone of times without offset, and that of the ledger's months.
  public var timeZone = TimeZoneRules.utc
  /// Events after this moment are refused as `futureTime`.
  public var runStart: Instant
  /// The largest share of refused rows among the rows read.
  public var maximumBadShare = 0.01
  /// Whether an input with more refused rows than that is kept all the same, for a report on its quality; the result says so.
  public var keepsRefused = false
  /// Where refused rows are written in full.
  public var rejectsFile: String?
  /// Files that folders and globs pass over, because they are read as something else: rosters.
  public var passedOver: [String] = []
  /// Further files that the run reads, such as ledgers and configurations: ``rejectsFile`` may be none of them either.
  public var alsoRead: [String] = []
  /// Files and folders that the run writes: ``rejectsFile`` may be none of them, and lie in none of them.
  public var written: [String] = []
  /// Ratings outside of it are refused; a ledger that holds ratings keeps it.
  public var surveyScale: ClosedRange<Double> = 1...5
  /// Worker threads, at least one.
  public var threads: Int {
    didSet { threads = max(1, threads) }
  }
  /// Bytes of text that a thread takes at a time. Large enough that cutting costs nothing, small enough that they stay near
  /// the processor while they are read, and that the last chunks end together.
  public var chunkBytes = 1 << 18
  /// The longest record; a longer one is nearly always a quote that was never closed.
  public var maximumRecordBytes = 16 << 20

  /// The defaults: UTC, now, one thread for each processor.
  public init(runStart: Instant = .now, threads: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) {
    self.runStart = runStart
    self.threads = max(1, threads)
  }
}

extension Instant {
  /// This moment.
  public static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
