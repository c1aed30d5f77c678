import Glibc
import RapportIngestion
import RapportNumerics

/// Compares each group of managers (a roster attribute's value) with all other managers of the same partners.
///
///     D = Σ_p h_p (b̄_group,p − b̄_others,p) / Σ_p h_p        h_p = W_group,p W_others,p / (W_group,p + W_others,p)
///
/// b̄ are means of pairs' unshrunken effects with weights w = 1/(s² + τ²), W their sums. It is weighted least squares with a
/// constant for each partner: a partner's usual treatment, which is hard to place where a group is treated
/// differently, cancels. The interval comes from resampling managers with all their pairs, so that a few of them can't
/// carry a group.
struct GroupComparison {
  /// Fewest managers on either side, and fewest requests of theirs: a smaller group could be recognized.
  static let fewestManagers = 5
  static let fewestRequests = 5
  /// Bootstrap samples of managers.
  static let samples = 999
  /// The share of samples that must tell of answers within target.
  private static let leastWithLogarithm = 0.95

  private struct Unit {
    var code: Int
    var parts: [ManagerTreatment.Part]
    var requests: Int
    /// Raw mean of log waits, and shares within target.
    var rawMean: Double
    var due: Int
    var onTime: Int
  }

  private let units: [Unit]
  /// How many partners there may be.
  private let strata: Int
  private let attributes: [(name: String, values: [String?])]
  private let options: AssessmentOptions
  /// Whether ratios rest on queue choices; without them there is no signal, at no level.
  private let isFromChoices: Bool

  init(_ history: History, _ treatment: ManagerTreatment, _ timing: TimingModel?, _ options: AssessmentOptions) {
    isFromChoices = treatment.isFromChoices
    self.options = options
    attributes = history.managerAttributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    var due = [Int](repeating: 0, count: history.managers.count)
    var onTime = due
    for spell in history.requests(of: .manager)
    where spell.asker == .manager && spell.manager >= 0 && !spell.excludedFromWaits {
      guard let met = spell.metTarget(asOf: history.asOf) else { continue }
      due[Int(spell.manager)] += 1
      if met { onTime[Int(spell.manager)] += 1 }
    }
    units = treatment.units.map { unit in
      Unit(
        code: unit.manager, parts: unit.parts, requests: unit.requests,
        rawMean: timing?.managerRawMeans[unit.manager] ?? 0, due: due[unit.manager], onTime: onTime[unit.manager])
    }
    strata = (units.lazy.flatMap(\.parts).map(\.stratum).max() ?? 0) + 1
  }

  /// The findings, by attribute and value, and which groups can't be compared.
  func findings() -> (findings: [GroupFinding], notes: [String]) {
    var notes: [String] = []
    var wanted: [(attribute: String, level: String, inside: [Unit], outside: [Unit])] = []
    for (attribute, values) in attributes {
      var small = 0
      for level in Set(units.compactMap({ values[$0.code] })).sorted() {
        let inside = units.filter { values[$0.code] == level }
        let outside = units.filter { values[$0.code] != nil && values[$0.code] != level }
        guard
          [inside, outside].allSatisfy({ side in
            side.count >= Self.fewestManagers && side.reduce(0) { $0 + $1.requests } >= Self.fewestRequests
          })
        else {
          small += 1
          continue
        }
        wanted.append((attribute, level, inside, outside))
      }
      if small > 0 {
        notes.append(
          "\(Wording.count(small, "group")) of managers by \(attribute) \(small == 1 ? "isn't" : "aren't") compared: there have to be "
            + "\(Self.fewestManagers) managers with \(Self.fewestRequests) requests in a group and as many outside, lest single ones be "
            + "recognized.")
      }
    }
    let comparisons = wanted
    let compared = parallelMap(count: comparisons.count, threads: options.threads) {
      let (attribute, level, inside, outside) = comparisons[$0]
      return compare(attribute, level, inside, outside)
    }
    var found: [GroupFinding] = []
    for (comparison, result) in zip(wanted, compared) {
      if let result {
        found.append(result)
      } else {
        notes.append(
          "\(comparison.attribute) \(comparison.level): hardly any partner answers managers of this group and others; it isn't compared."
        )
      }
    }
    let q = MultipleTests(found.map(\.pValue)).benjaminiHochberg()
    let findings = zip(found, q).map { found, q in
      var finding = found
      finding.qValue = q
      let isMaterial = RatioInterval(ratio: found.ratio, low: found.low, high: found.high).isMaterial
      if isFromChoices && q < 0.05 && isMaterial { finding.verdict = .signal }
      finding.statement = Wording.group(
        finding, basis: isFromChoices ? "queue choices" : "timing model only", interval: options.interval)
      return finding
    }
    return (findings, notes)
  }

  /// Managers on one side, with their parts one after the other: bootstrap samples read them a thousand times.
  private struct Side {
    let requests: [Double]
    /// Requests times the mean of log waits.
    let rawSums: [Double]
    /// Where each manager's parts begin, and where the last one's end.
    let starts: [Int]
    /// Requests whose target has passed, and those of them that were answered within it.
    let due: [Double]
    let onTime: [Double]
    let strata: [Int32]
    /// w and w times the mean, by part.
    let parts: [SIMD2<Double>]

    init(_ units: [Unit]) {
      requests = units.map { Double($0.requests) }
      rawSums = units.map { Double($0.requests) * $0.rawMean }
      due = units.map { Double($0.due) }
      onTime = units.map { Double($0.onTime) }
      starts = units.reduce(into: [0]) { $0.append($0.last! + $1.parts.count) }
      strata = units.flatMap { $0.parts.map { Int32($0.stratum) } }
      parts = units.flatMap { $0.parts.map { SIMD2($0.weight, $0.weight * $0.mean) } }
    }

    /// How often each manager comes in a sample of as many.
    func sample(_ stream: inout RandomStream) -> [Double] {
      var times = [Double](repeating: 0, count: requests.count)
      for _ in times.indices { times[stream.integer(below: times.count)] += 1 }
      return times
    }

    /// Σ w and Σ w b by stratum.
    func sums(_ times: [Double], strata count: Int) -> [SIMD2<Double>] {
      var sums = [SIMD2<Double>](repeating: .zero, count: count)
      for unit in times.indices where times[unit] > 0 {
        for k in starts[unit]..<starts[unit + 1] { sums[Int(strata[k])] += times[unit] * parts[k] }
      }
      return sums
    }

    /// The mean of all requests' log waits.
    func rawMean(_ times: [Double]) -> Double { dot(times, rawSums) / dot(times, requests) }

    /// Managers with a target that has passed.
    var managersDue: Int { due.count { $0 > 0 } }

    /// The logarithm of the share answered within target; `nil` where there is none.
    func logWithinTarget(_ times: [Double]) -> Double? {
      let (due, onTime) = (dot(times, due), dot(times, onTime))
      return onTime > 0 ? log(onTime / due) : nil
    }
  }

  /// D; `nil` where no stratum holds managers of both sides.
  private func adjusted(_ inside: [SIMD2<Double>], _ outside: [SIMD2<Double>]) -> Double? {
    var (total, sum) = (0.0, 0.0)
    for (a, b) in zip(inside, outside) where a.x > 0 && b.x > 0 {
      let share = a.x * b.x / (a.x + b.x)
      total += share
      sum += share * (a.y / a.x - b.y / b.x)
    }
    return total > 0 ? sum / total : nil
  }

  private func compare(_ attribute: String, _ value: String, _ inside: [Unit], _ outside: [Unit])
    -> GroupFinding?
  {
    let (own, others) = (Side(inside), Side(outside))
    func once(_ side: Side) -> [Double] { [Double](repeating: 1, count: side.requests.count) }
    func differences(_ a: [Double], _ b: [Double]) -> (adjusted: Double?, raw: Double, within: Double?) {
      (
        adjusted(own.sums(a, strata: strata), others.sums(b, strata: strata)), own.rawMean(a) - others.rawMean(b),
        own.logWithinTarget(a).flatMap { here in others.logWithinTarget(b).map { here - $0 } }
      )
    }
    let whole = differences(once(own), once(others))
    guard let difference = whole.adjusted else { return nil }
    let rawDifference = whole.raw
    var stream = RandomStream(seed: options.seed, purpose: "group comparison \(attribute)=\(value)")
    var draws: [Double] = []
    var rawDraws: [Double] = []
    var withinDraws: [Double] = []
    for _ in 0..<Self.samples {
      let a = own.sample(&stream)
      let draw = differences(a, others.sample(&stream))
      if let adjusted = draw.adjusted { draws.append(adjusted) }
      rawDraws.append(draw.raw)
      if let within = draw.within { withinDraws.append(within) }
    }
    // Resampling k managers understates variance by (k − 1)/k; widened by the smaller side's.
    func widening(_ k: Int) -> Double { (Double(k) / Double(k - 1)).squareRoot() }
    let k = min(inside.count, outside.count)
    // A comparison that hangs on so few managers that most samples miss them says nothing.
    guard draws.count > Self.samples / 2 else { return nil }
    let error = widening(k) * Self.deviation(draws)
    let t = StudentT(degreesOfFreedom: Double(k - 1))
    func interval(_ mean: Double, _ error: Double, managers: Int? = nil, level: Double) -> RatioInterval {
      let student = managers.map { StudentT(degreesOfFreedom: Double($0 - 1)) } ?? t
      let reach = student.quantile(0.5 + level / 2) * error
      return .fromLog(mean, mean - reach, mean + reach)
    }
    let ratio = interval(difference, error, level: options.interval)
    let isImmaterial = interval(difference, error, level: FavouritismFindings.verdictLevel).isImmaterial
    // Of managers without a target that has passed nothing is known. Samples without an answer within target have no logarithm:
    // were more than a few left out, the rest would look surer than they are.
    let known = min(own.managersDue, others.managersDue)
    let isToldWithin =
      known >= Self.fewestManagers && [own, others].allSatisfy { $0.due.reduce(0, +) >= Double(Self.fewestRequests) }
      && Double(withinDraws.count) >= Self.leastWithLogarithm * Double(Self.samples)
    let within = whole.within.flatMap { difference in
      isToldWithin
        ? interval(
          -difference, widening(known) * Self.deviation(withinDraws), managers: known, level: options.interval) : nil
    }
    let finding = GroupFinding(
      attribute: attribute, value: value, managers: inside.count, requests: inside.reduce(0) { $0 + $1.requests },
      ratio: ratio.ratio, low: ratio.low, high: ratio.high,
      unadjusted: interval(rawDifference, widening(k) * Self.deviation(rawDraws), level: options.interval),
      withinTargetRatio: within, pValue: error > 0 ? min(1, 2 * t.survival(abs(difference) / error)) : 1, qValue: 1,
      verdict: isImmaterial ? .noMaterialDifference : .insufficientEvidence, statement: "")
    return finding
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}
