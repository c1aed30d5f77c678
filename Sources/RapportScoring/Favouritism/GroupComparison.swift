import Glibc
import RapportIngestion
import RapportNumerics

/// Compares each group of managers (a roster attribute's value) with all other managers.
///
///     D = Σ_group w b / Σ_group w − Σ_others w b / Σ_others w        w = 1 / (s² + τ²)
///
/// b and s² are managers' unshrunken effects, τ² their variance. The interval comes from resampling managers, so that a
/// few of them can't carry a group.
struct GroupComparison {
  /// Fewest managers on either side, and fewest requests of theirs: a smaller group could be recognized.
  static let fewestManagers = 5
  static let fewestRequests = 5
  /// Bootstrap samples of managers.
  static let samples = 999

  private struct Unit {
    var code: Int
    var estimate: Double
    var weight: Double
    var requests: Int
    /// Raw mean of log waits, and shares within target.
    var rawMean: Double
    var due: Int
    var onTime: Int
  }

  private let units: [Unit]
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
        code: unit.manager, estimate: unit.mean, weight: 1 / (unit.variance + treatment.between),
        requests: unit.requests, rawMean: timing?.managerRawMeans[unit.manager] ?? 0, due: due[unit.manager],
        onTime: onTime[unit.manager])
    }
  }

  /// The findings, by attribute and value.
  func findings() -> [GroupFinding] {
    var found: [(finding: GroupFinding, error: Double, difference: Double)] = []
    for (attribute, values) in attributes {
      let levels = Set(units.compactMap { values[$0.code] }).sorted()
      for level in levels {
        let inside = units.filter { values[$0.code] == level }
        let outside = units.filter { values[$0.code] != nil && values[$0.code] != level }
        guard
          [inside, outside].allSatisfy({ side in
            side.count >= Self.fewestManagers && side.reduce(0) { $0 + $1.requests } >= Self.fewestRequests
          })
        else { continue }
        found.append(compare(attribute, level, inside, outside))
      }
    }
    let q = MultipleTests(found.map(\.finding.pValue)).benjaminiHochberg()
    return zip(found, q).map { entry, q in
      var finding = entry.finding
      let interval = RatioInterval(ratio: finding.ratio, low: finding.low, high: finding.high)
      finding.qValue = q
      finding.verdict =
        q < 0.05 && interval.isMaterial
        ? .signal : interval.isImmaterial ? .noMaterialDifference : .insufficientEvidence
      finding.statement = Wording.group(finding, basis: basis, interval: options.interval)
      return finding
    }
  }

  private func compare(_ attribute: String, _ value: String, _ inside: [Unit], _ outside: [Unit])
    -> (finding: GroupFinding, error: Double, difference: Double)
  {
    func adjusted(_ units: [Unit]) -> Double {
      units.reduce(0) { $0 + $1.weight * $1.estimate } / units.reduce(0) { $0 + $1.weight }
    }
    func raw(_ units: [Unit]) -> Double {
      units.reduce(0) { $0 + Double($1.requests) * $1.rawMean } / units.reduce(0) { $0 + Double($1.requests) }
    }
    let difference = adjusted(inside) - adjusted(outside)
    let rawDifference = raw(inside) - raw(outside)
    var stream = RandomStream(seed: options.seed, purpose: "group comparison \(attribute)=\(value)")
    var draws: [Double] = []
    var rawDraws: [Double] = []
    for _ in 0..<Self.samples {
      let a = inside.indices.map { _ in inside[stream.integer(below: inside.count)] }
      let b = outside.indices.map { _ in outside[stream.integer(below: outside.count)] }
      draws.append(adjusted(a) - adjusted(b))
      rawDraws.append(raw(a) - raw(b))
    }
    // Resampling k managers understates variance by (k − 1)/k; widened by the smaller side's.
    let k = Double(min(inside.count, outside.count))
    let widening = (k / (k - 1)).squareRoot()
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
    return (finding, error, difference)
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}
