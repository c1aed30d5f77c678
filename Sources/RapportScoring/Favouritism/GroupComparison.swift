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
  private let basis: String

  init(_ history: History, _ treatment: ManagerTreatment, _ timing: TimingModel?, _ options: AssessmentOptions) {
    basis = treatment.isFromChoices ? "queue choices" : "timing model only"
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
      for level in Set(units.compactMap({ values[$0.code] })).sorted() {
        let inside = units.filter { values[$0.code] == level }
        let outside = units.filter { values[$0.code] != nil && values[$0.code] != level }
        guard
          [inside, outside].allSatisfy({ side in
            side.count >= Self.fewestManagers && side.reduce(0) { $0 + $1.requests } >= Self.fewestRequests
          })
        else { continue }
        wanted.append((attribute, level, inside, outside))
      }
    }
    let comparisons = wanted
    let compared = RapportNumerics.parallelMap(count: comparisons.count, threads: options.threads) {
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
      let interval = RatioInterval(ratio: finding.ratio, low: finding.low, high: finding.high)
      finding.qValue = q
      finding.verdict =
        q < 0.05 && interval.isMaterial
        ? .signal : interval.isImmaterial ? .noMaterialDifference : .insufficientEvidence
      finding.statement = Wording.group(finding, basis: basis, interval: options.interval)
      return finding
    }
    return (findings, notes)
  }

  /// D; `nil` where no stratum holds managers of both sides.
  private func adjusted(_ inside: [Unit], _ outside: [Unit]) -> Double? {
    var weights = [[Double]](repeating: [Double](repeating: 0, count: strata), count: 2)
    var sums = weights
    for (side, units) in [inside, outside].enumerated() {
      for unit in units {
        for part in unit.parts {
          weights[side][part.stratum] += part.weight
          sums[side][part.stratum] += part.weight * part.mean
        }
      }
    }
    var (total, sum) = (0.0, 0.0)
    for stratum in 0..<strata where weights[0][stratum] > 0 && weights[1][stratum] > 0 {
      let (a, b) = (weights[0][stratum], weights[1][stratum])
      let share = a * b / (a + b)
      total += share
      sum += share * (sums[0][stratum] / a - sums[1][stratum] / b)
    }
    return total > 0 ? sum / total : nil
  }

  private func compare(_ attribute: String, _ value: String, _ inside: [Unit], _ outside: [Unit])
    -> GroupFinding?
  {
    guard let difference = adjusted(inside, outside) else { return nil }
    func raw(_ units: [Unit]) -> Double {
      units.reduce(0) { $0 + Double($1.requests) * $1.rawMean } / units.reduce(0) { $0 + Double($1.requests) }
    }
    let rawDifference = raw(inside) - raw(outside)
    var stream = RandomStream(seed: options.seed, purpose: "group comparison \(attribute)=\(value)")
    var draws: [Double] = []
    var rawDraws: [Double] = []
    for _ in 0..<Self.samples {
      let a = inside.indices.map { _ in inside[stream.integer(below: inside.count)] }
      let b = outside.indices.map { _ in outside[stream.integer(below: outside.count)] }
      if let draw = adjusted(a, b) { draws.append(draw) }
      rawDraws.append(raw(a) - raw(b))
    }
    // Resampling k managers understates variance by (k − 1)/k; widened by the smaller side's.
    let k = Double(min(inside.count, outside.count))
    let widening = (k / (k - 1)).squareRoot()
    // A comparison that hangs on so few managers that most samples miss them says nothing.
    guard draws.count > Self.samples / 2 else { return nil }
    let error = widening * Self.deviation(draws)
    let t = StudentT(degreesOfFreedom: k - 1)
    let reach = t.quantile(0.5 + options.interval / 2)
    let rawReach = reach * widening * Self.deviation(rawDraws)
    let ratio = RatioInterval.fromLog(difference, difference - reach * error, difference + reach * error)
    let targets = (inside.reduce(0) { $0 + $1.due }, outside.reduce(0) { $0 + $1.due })
    let kept = (inside.reduce(0) { $0 + $1.onTime }, outside.reduce(0) { $0 + $1.onTime })
    let within =
      targets.0 > 0 && targets.1 > 0 && kept.1 > 0
      ? (Double(kept.0) / Double(targets.0)) / (Double(kept.1) / Double(targets.1)) : nil
    let finding = GroupFinding(
      attribute: attribute, value: value, managers: inside.count, requests: inside.reduce(0) { $0 + $1.requests },
      ratio: ratio.ratio, low: ratio.low, high: ratio.high,
      unadjusted: .fromLog(rawDifference, rawDifference - rawReach, rawDifference + rawReach),
      withinTargetRatio: within, pValue: error > 0 ? min(1, 2 * t.survival(abs(difference) / error)) : 1, qValue: 1,
      verdict: .insufficientEvidence, statement: "")
    return finding
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}
