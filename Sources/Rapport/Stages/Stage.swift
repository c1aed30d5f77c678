/// A stage of a run, in the order in which an event passes them.
public enum Stage: String, Sendable, CaseIterable {
  case reading, merging, deriving, scoring, reporting
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

/// Seconds that each stage took.
public struct StageTimes: Sendable, Equatable {
  public private(set) var stages: [(stage: Stage, seconds: Double)] = []
  private var last = Machine.seconds

  public init() {}

  /// The stage has ended; it took the time since the previous one did.
  public mutating func end(_ stage: Stage) {
    let now = Machine.seconds
    stages.append((stage, now - last))
    last = now
  }

  /// All stages together.
  public var total: Double { stages.reduce(0) { $0 + $1.seconds } }

  public static func == (a: StageTimes, b: StageTimes) -> Bool {
    a.stages.elementsEqual(b.stages) { $0.stage == $1.stage && $0.seconds == $1.seconds }
  }
}
