import Foundation

/// How long one run of a work took, and what it found.
public struct TimedRun: Sendable {
  /// Seconds.
  public var wall: Double
  /// Seconds of processors, user and system.
  public var cpu: Double
  public var found: [Double]

  public init(wall: Double, cpu: Double, found: [Double]) {
    (self.wall, self.cpu, self.found) = (wall, cpu, found)
  }

  /// Times work of this process.
  ///
  /// - Parameter repetitions: of short work, so that it can be timed; the time of one is told.
  public static func measure(repetitions: Int = 1, _ work: () throws -> [Double]) rethrows -> TimedRun {
    let cpu = clock()
    let watch = ContinuousClock()
    let start = watch.now
    var found: [Double] = []
    for _ in 0..<repetitions { found = try work() }
    let wall = (watch.now - start) / .seconds(1)
    return TimedRun(
      wall: wall / Double(repetitions), cpu: Double(clock() - cpu) / Double(CLOCKS_PER_SEC) / Double(repetitions),
      found: found)
  }
}
