import Glibc
import RapportNumerics

/// The Kaplan–Meier curve of times to an answer, and what is read off it.
///
/// Median: the smallest time whose survival is at most one half; `nil` where the curve stays above.
struct WaitCurve: Sendable {
  struct Step: Sendable {
    var time: Double
    var survival: Double
    /// Greenwood's variance of `survival`.
    var variance: Double
  }

  var spells: Int
  var answered: Int
  var median: Double?
  /// Limits of the median: where the curve's own limits (log scale) cross one half.
  var low: Double?
  var high: Double?
  /// Mean up to the limit that was asked for.
  var restrictedMean: Double?
  /// The longest time seen, answered or not.
  var longest: Double?
  /// The last step down.
  var deepest: Step?
  private var medianStep: Step?

  /// The natural logarithm.
  @inline(__always) static func log(_ x: Double) -> Double { Glibc.log(x) }

  /// The step on which the curve reaches `survival`.
  func point(survival: Double) -> Step? { survival == 0.5 ? medianStep : nil }

  /// The logarithm of a wait in seconds; a wait of zero counts as one second here, and only here.
  @inline(__always) static func logWait(_ seconds: Double) -> Double { log(max(seconds, 1)) }

  /// The curve of these times in seconds.
  init(_ times: [(time: Double, isEvent: Bool)], limit: Double, level: Double) {
    let steps = Self.steps(times)
    self.init(steps, times, limit: limit, level: level)
  }

  init(_ steps: [Step], _ times: [(time: Double, isEvent: Bool)], limit: Double, level: Double) {
    spells = times.count
    longest = times.lazy.map(\.time).max()
    answered = times.reduce(0) { $0 + ($1.isEvent ? 1 : 0) }
    deepest = steps.last { $0.survival > 0 } ?? steps.last
    medianStep = steps.first { $0.survival <= 0.5 + 1e-9 }
    median = medianStep?.time
    let z = Normal.standard.quantile((1 + level) / 2)
    for step in steps {
      // log S ± z √(Greenwood) / S; at S = 0 both limits are 0.
      let spread = step.survival > 0 ? z * step.variance.squareRoot() / step.survival : 0
      if low == nil, step.survival * Glibc.exp(-spread) <= 0.5 + 1e-9 { low = step.time }
      if high == nil, min(1, step.survival * Glibc.exp(spread)) <= 0.5 + 1e-9 { high = step.time }
    }
    if !times.isEmpty {
      var area = 0.0
      var (time, survival) = (0.0, 1.0)
      for step in steps where step.time < limit {
        area += survival * (step.time - time)
        (time, survival) = (step.time, step.survival)
      }
      restrictedMean = area + survival * (limit - time)
    }
  }

  /// The steps down, in time; ends and censorings at one time: ends first.
  static func steps(_ times: [(time: Double, isEvent: Bool)]) -> [Step] {
    let sorted = times.sorted { $0.time < $1.time }
    var steps: [Step] = []
    var survival = 1.0
    var greenwood = 0.0
    var i = 0
    while i < sorted.count {
      let atRisk = Double(sorted.count - i)
      var events = 0.0
      let time = sorted[i].time
      while i < sorted.count && sorted[i].time == time {
        if sorted[i].isEvent { events += 1 }
        i += 1
      }
      guard events > 0 else { continue }
      survival *= 1 - events / atRisk
      if atRisk > events { greenwood += events / (atRisk * (atRisk - events)) }
      steps.append(Step(time: time, survival: survival, variance: survival * survival * greenwood))
    }
    return steps
  }
}
