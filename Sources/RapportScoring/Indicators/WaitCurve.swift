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

    init(_ fall: FallingShare) {
      time = fall.seconds
      survival = fall.share
      variance = fall.standardError * fall.standardError
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
  /// Mean up to the limit that was asked for; `nil` without a wait, and where more than ``mostMadeUp`` of it would be.
  var restrictedMean: Double?
  /// The longest time seen, answered or not.
  var longest: Double?
  /// Where the curve stays above one half, the last step down.
  var deepest: Step?

  var median: Double? { middle?.time }

  /// The most of a mean that may come from carrying the curve on past its last time.
  static let mostMadeUp = 0.05

  init(_ curve: KaplanMeier, limit: Double, level: Double) {
    let table = curve.table
    count = table.subjectCount
    answered = table.eventCount
    longest = table.times.last
    guard count > 0 else { return }
    middle = curve.firstIndex(downTo: 0.5).map { Step(curve, $0) }
    (_, low, high) = curve.median(level: level)
    let mean = curve.restrictedMean(until: limit).mean
    // Past the last time nothing was seen, and carrying the curve on would make most of a mean where all waits were cut short.
    let madeUp = max(0, limit - table.times[table.times.count - 1]) * (curve.survival.last ?? 1)
    restrictedMean = madeUp <= Self.mostMadeUp * mean ? mean : nil
    if middle == nil { deepest = table.times.indices.last { table.events[$0] > 0 }.map { Step(curve, $0) } }
  }

  /// Of waits in order, without limits and mean: of parts of the months nobody is told them.
  init(_ waits: [PackedWait]) {
    count = waits.count
    answered = waits.reduce(0) { $0 + ($1.isAnswered ? 1 : 0) }
    longest = waits.last?.seconds
    var fall = FallingShare()
    while fall.next(waits) {
      if fall.share <= 0.5 + KaplanMeier.slack {
        (middle, deepest) = (Step(fall), nil)
        return
      }
      deepest = Step(fall)
    }
  }

  /// The natural logarithm.
  @inline(__always) static func log(_ x: Double) -> Double { Glibc.log(x) }

  /// The logarithm of a wait in seconds; a wait of zero counts as one second here, and only here.
  @inline(__always) static func logWait(_ seconds: Double) -> Double { log(max(seconds, 1)) }
}

/// The Kaplan–Meier curve of waits in order, one step down after the other: for those who need a few of its points.
struct FallingShare {
  /// When the step comes, and the share that waits on from there.
  private(set) var seconds = 0.0
  private(set) var share = 1.0
  /// Var log S of ``KaplanMeier``.
  private var variance = 0.0
  /// How many waits have ended.
  private var ended = 0

  var standardError: Double { share > 0 ? share * variance.squareRoot() : 0 }

  /// Goes to the next time at which one of these waits is answered; `false` where none is.
  mutating func next(_ waits: [PackedWait]) -> Bool {
    while ended < waits.count {
      let (first, n) = (waits[ended], Double(waits.count - ended))
      var answered = 0
      repeat {
        answered += waits[ended].isAnswered ? 1 : 0
        ended += 1
      } while ended < waits.count && waits[ended].time == first.time
      guard answered > 0 else { continue }
      let d = Double(answered)
      seconds = first.seconds
      share *= (n - d) / n
      variance += d == n ? .infinity : d / (n * (n - d))
      return true
    }
    return false
  }
}

/// Each step down of a curve of waits, for any number of its points.
struct FallingShares: Sendable {
  private(set) var seconds: [Double] = []
  private(set) var shares: [Double] = []

  /// - Parameter waits: in order.
  init(_ waits: [PackedWait]) {
    var fall = FallingShare()
    while fall.next(waits) {
      seconds.append(fall.seconds)
      shares.append(fall.share)
    }
  }

  /// The first time by which at most a share still waits; `nil` where the curve stays above.
  func time(downTo share: Double) -> Double? {
    var (low, high) = (0, shares.count)
    while low < high {
      let middle = (low + high) / 2
      if shares[middle] <= share + KaplanMeier.slack { high = middle } else { low = middle + 1 }
    }
    return low < shares.count ? seconds[low] : nil
  }
}
