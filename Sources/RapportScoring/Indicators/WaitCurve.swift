import Glibc
import RapportNumerics

/// What is read off the Kaplan–Meier curve of one unit's waits; times in seconds.
struct WaitCurve: Sendable {
  /// A point of the curve.
  struct Step: Sendable {
    var time: Double
    var survival: Double
    /// Greenwood's variance of `survival`.
    var variance: Double

    init(_ curve: KaplanMeier, _ index: Int) {
      time = curve.table.times[index]
      survival = curve.survival[index]
      variance = curve.standardErrors[index] * curve.standardErrors[index]
    }
  }

  /// How many waits, and how many of them ended in an answer.
  var count: Int
  var answered: Int
  /// The first point at which at most one half still waits; `nil` where the curve stays above.
  var middle: Step?
  /// Limits of the median: where the curve's own limits (log scale) cross one half.
  var low: Double?
  var high: Double?
  /// Mean up to the limit that was asked for; `nil` without a wait.
  var restrictedMean: Double?
  /// The longest time seen, answered or not.
  var longest: Double?
  /// The last step down that leaves somebody waiting, else the one to zero.
  var deepest: Step?

  var median: Double? { middle?.time }

  init(_ curve: KaplanMeier, limit: Double, level: Double) {
    let table = curve.table
    count = table.subjectCount
    answered = table.eventCount
    longest = table.times.last
    guard count > 0 else { return }
    middle = curve.firstIndex(downTo: 0.5).map { Step(curve, $0) }
    (_, low, high) = curve.median(level: level)
    restrictedMean = curve.restrictedMean(until: limit).mean
    let steps = table.times.indices.reversed().lazy.filter { table.events[$0] > 0 }
    deepest = (steps.first { curve.survival[$0] > 0 } ?? steps.first).map { Step(curve, $0) }
  }

  /// The natural logarithm.
  @inline(__always) static func log(_ x: Double) -> Double { Glibc.log(x) }

  /// The logarithm of a wait in seconds; a wait of zero counts as one second here, and only here.
  @inline(__always) static func logWait(_ seconds: Double) -> Double { log(max(seconds, 1)) }
}
