/// A stage of a run, in the order in which an event passes them.
public enum Stage: String, Sendable, CaseIterable {
  case reading, merging, writing, deriving, scoring, reporting
}

/// Who is told how a run goes.
public struct RunObserver: Sendable {
  /// A stage begins.
  public var begin: @Sendable (Stage) -> Void
  /// So much of the input is read; called from reading threads.
  public var advance: @Sendable (ReadingProgress) -> Void

  public init(
    begin: @escaping @Sendable (Stage) -> Void = { _ in },
    advance: @escaping @Sendable (ReadingProgress) -> Void = { _ in }
  ) {
    self.begin = begin
    self.advance = advance
  }
}

/// What each stage took.
public struct StageTimes: Sendable, Equatable {
  /// One stage, ended.
  public struct Entry: Sendable, Equatable {
    public var stage: Stage
    /// Wall seconds.
    public var seconds: Double
    /// Processor seconds of all threads.
    public var processorSeconds: Double
    /// The most memory that the process had held when the stage ended, in bytes.
    public var peakMemoryBytes: Int
  }

  /// In the order in which they ended.
  public private(set) var stages: [Entry] = []
  private var last = Machine.seconds
  private var lastProcessor = Machine.processorSeconds

  public init() {}

  /// The stage has ended; it took the time since the previous one did.
  public mutating func end(_ stage: Stage) {
    let (now, processor) = (Machine.seconds, Machine.processorSeconds)
    stages.append(
      Entry(
        stage: stage, seconds: now - last, processorSeconds: processor - lastProcessor,
        peakMemoryBytes: Machine.peakMemoryBytes))
    (last, lastProcessor) = (now, processor)
  }

  /// Wall seconds of all stages together.
  public var total: Double { stages.reduce(0) { $0 + $1.seconds } }

  /// By what was measured, not by when the next stage began.
  public static func == (a: StageTimes, b: StageTimes) -> Bool { a.stages == b.stages }
}
