import Foundation
import Rapport
import RapportNumerics

/// What usual comparisons of response times say of each pair, against the partner's other pairs.
///
/// Each test is made as a careful analyst would: within the partner, in working time, at a false discovery rate of 5 %
/// over all pairs with 20 requests or more (Benjamini & Hochberg 1995). None looks at what stood in the queue.
struct NaiveComparisons {
  static let names = ["difference of means (Welch)", "Mann–Whitney", "Cox model", "mixed model"]

  /// A pair's requests: working seconds, at least 60, and whether they ended with an answer.
  private struct Unit {
    var key: PairKey
    var times: [Double] = []
    var isAnswered: [Bool] = []
    var logs: [Double] = []
  }

  /// By partner.
  private let groups: [[Unit]]

  static let fewestRequests = 20

  init(_ history: History) {
    var byPartner: [Int32: [Int32: Unit]] = [:]
    for spell in history.spells where spell.asker == .manager && spell.partner >= 0 && !spell.excludedFromWaits {
      let key = PairKey(
        manager: history.managers[Int(spell.manager)], partner: history.partners[Int(spell.partner)])
      let time = Double(max(60, spell.workingSeconds))
      byPartner[spell.partner, default: [:]][spell.manager, default: Unit(key: key)].times.append(time)
      byPartner[spell.partner]![spell.manager]!.isAnswered.append(spell.outcome == .answered)
      if spell.outcome == .answered { byPartner[spell.partner]![spell.manager]!.logs.append(log(time)) }
    }
    groups = byPartner.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// Pairs that each comparison flags, and whether as answered sooner; in the order of ``names``.
  func flagged() throws -> [[PairKey: Bool]] {
    [welch(), mannWhitney(), try cox(), try mixed()].map { tests in
      let q = MultipleTests(tests.map(\.p)).benjaminiHochberg()
      return Dictionary(uniqueKeysWithValues: zip(tests, q).filter { $1 < 0.05 }.map { ($0.0.key, $0.0.isSooner) })
    }
  }

  private typealias Test = (key: PairKey, p: Double, isSooner: Bool)

  /// One test per pair of the family, against all other requests of the same partner.
  private func tests(_ test: (_ own: Unit, _ others: [Unit]) throws -> (p: Double, isSooner: Bool)?) rethrows -> [Test]
  {
    var result: [Test] = []
    for group in groups {
      for (i, unit) in group.enumerated() where unit.times.count >= Self.fewestRequests {
        let others = group.indices.filter { $0 != i }.map { group[$0] }
        if let found = try test(unit, others) { result.append((unit.key, found.p, found.isSooner)) }
      }
    }
    return result
  }

  private func welch() -> [Test] {
    tests { own, others in
      StudentTest.welch(own.logs, others.flatMap(\.logs)).map { ($0.pValue, $0.difference < 0) }
    }
  }

  private func mannWhitney() -> [Test] {
    tests { own, others in
      let rest = others.flatMap(\.logs)
      if own.logs.isEmpty || rest.isEmpty { return nil }
      let test = MannWhitney(own.logs, rest)
      return (test.approximate(), test.probabilityLarger < 0.5)
    }
  }

  /// Proportional hazards of being answered, unanswered requests censored; one covariate: this pair or another.
  private func cox() throws -> [Test] {
    try tests { own, others in
      let data = SurvivalData(
        exits: own.times + others.flatMap(\.times), events: own.isAnswered + others.flatMap(\.isAnswered))
      let indicator = own.times.map { _ in 1.0 } + others.flatMap { $0.times.map { _ in 0.0 } }
      let design = try DesignMatrix(
        rows: data.count, intercept: false, terms: [.number(name: "pair", values: indicator)])
      let fit = try CoxModel().fit(data, design: design)
      guard let coefficient = fit.coefficients.first, fit.diverging.isEmpty else { return nil }
      let z = abs(coefficient.estimate / coefficient.standardError)
      return (2 * Normal.standard.survival(z), coefficient.estimate > 0)
    }
  }

  /// log time = partner + pair at random; each pair's predicted effect against its posterior deviation.
  private func mixed() throws -> [Test] {
    let units = groups.enumerated().flatMap { g, group in group.map { (group: g, unit: $0) } }
      .filter { !$0.unit.logs.isEmpty }
    let cells = ResponseCells(
      counts: units.map { Double($0.unit.logs.count) }, sums: units.map { $0.unit.logs.reduce(0, +) },
      squares: units.map { $0.unit.logs.reduce(0) { $0 + $1 * $1 } })
    let partner = DesignTerm.Category(
      name: "partner", levels: groups.indices.map { "\($0)" }, codes: units.map { Int32($0.group) })
    let fit = try LinearMixedModel().fit(
      cells, design: try DesignMatrix(rows: units.count, terms: [.category(partner)]),
      groups: [Grouping(name: "pair", codes: (0..<Int32(units.count)).map { $0 }, levelCount: units.count)])
    let between = fit.components[0].variance
    guard between > 0 else { return [] }
    return units.indices.compactMap { i in
      guard units[i].unit.times.count >= Self.fewestRequests else { return nil }
      let effect = fit.effects[0][i]
      let n = Double(units[i].unit.logs.count)
      let deviation = (between * fit.residualVariance / (n * between + fit.residualVariance)).squareRoot()
      return (units[i].unit.key, 2 * Normal.standard.survival(abs(effect) / deviation), effect < 0)
    }
  }
}
