import Foundation
import RapportIngestion
import RapportNumerics
import Testing

@testable import RapportScoring

@Suite struct FactorStudyTests {
  /// A table drawn from z = Λ f + √(1 − h²) e, with independent factors.
  static func table(
    loadings: [[Double]], managers: Int, missingShare: Double = 0, seed: UInt64 = 5,
    role: IndicatorTable.Role = .reflective
  ) -> IndicatorTable {
    var values: [[Double?]] = []
    for manager in 0..<managers {
      var stream = RandomStream(seed: seed, purpose: "factor study test", unit: UInt64(manager))
      let factors = loadings[0].map { _ in stream.normal() }
      values.append(
        loadings.map { row in
          let communality = dot(row, row)
          let value = 3 + 2 * (dot(row, factors) + (1 - communality).squareRoot() * stream.normal())
          return stream.uniform() < missingShare ? nil : value
        })
    }
    return IndicatorTable(
      managers: (0..<managers).map { "m\(1000 + $0)" },
      indicators: loadings.indices.map { .init(name: "indicator\($0)", role: role) }, values: values)
  }

  static let oneFactor = [0.9, 0.85, 0.8, 0.8, 0.75, 0.7].map { [$0] }
  static let twoFactors = [[0.8, 0], [0.75, 0], [0.7, 0], [0.8, 0], [0, 0.8], [0, 0.75], [0, 0.7], [0, 0.65]]

  @Test func `the reason why moments aren't found names indicators`() {
    var table = Self.table(loadings: Self.oneFactor, managers: 200)
    for row in 0..<200 {
      for column in (row < 100 ? 0..<3 : 3..<6) { table.values[row][column] = nil }
    }
    var settings = FactorStudySettings()
    (settings.smallestCoverage, settings.smallestPair) = (0.4, 0)
    let study = settings.study(table)
    #expect(study.status == .insufficient)
    let names = "'indicator0' and 'indicator3'"
    #expect(study.reason?.hasPrefix("\(names) have 0 rows in common") == true, "\(study.reason ?? "")")
  }

  @Test func `one strong factor justifies one number`() {
    let study = FactorStudySettings().study(Self.table(loadings: Self.oneFactor, managers: 400))
    #expect(study.status == .estimated && study.reason == nil)
    #expect(study.factors == 1 && study.parallelAnalysis?.factors == 1 && study.map?.factors == 1)
    for (found, planted) in zip(study.loadings, Self.oneFactor) { #expect(abs(found[0] - planted[0]) < 0.1) }
    #expect(study.rotation == "none" && study.extraction == .ml)
    #expect(study.omega!.total > 0.85 && study.omega!.hierarchical == nil)
    #expect(study.answer.hasPrefix("Yes, one health number is justified"))
    #expect(study.scores.count == 400 && study.scoresWithheld == nil)
    #expect(study.alpha! > 0.85)
    // The truth lies within nearly all 90 % bootstrap limits.
    let inside = study.loadings.indices.filter {
      study.loadingsLow[$0][0] <= Self.oneFactor[$0][0] && Self.oneFactor[$0][0] <= study.loadingsHigh[$0][0]
    }
    #expect(inside.count >= 4)
  }

  @Test func `two unrelated factors don't`() {
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let study = settings.study(Self.table(loadings: Self.twoFactors, managers: 500))
    #expect(study.factors == 2 && study.rotation == "oblimin" && study.distinctOptima! >= 1)
    #expect(study.answer.hasPrefix("One underlying health is not supported"))
    #expect(abs(study.factorCorrelations[0][1]) < 0.15)
    #expect(study.loadingsLow.isEmpty)
    #expect(study.pValue! > 0.001 && study.rmsea! < 0.06 && study.srmr! < 0.05)
  }

  @Test func `independent indicators have no factor`() {
    let study = FactorStudySettings().study(
      Self.table(loadings: [[Double]](repeating: [0], count: 6), managers: 300))
    #expect(study.status == .estimated && study.factors == 0 && study.loadings.isEmpty)
    #expect(study.answer.contains("no more in common than chance"))
    #expect(study.bartlett!.pValue > 0.001)
  }

  @Test func `gaps are treated as missing at random, and found factors stay`() throws {
    var settings = FactorStudySettings()
    settings.parallelDraws = 100
    let study = settings.study(Self.table(loadings: Self.oneFactor, managers: 400, missingShare: 0.2))
    #expect(study.factors == 1 && abs(study.missingShare! - 0.2) < 0.04)
    for (found, planted) in zip(study.loadings, Self.oneFactor) { #expect(abs(found[0] - planted[0]) < 0.12) }
    #expect(study.notes.contains { $0.contains("missing at random") })
    let effective = try #require(study.effectiveObservations)
    #expect(effective < 400 && effective > 200)
    #expect(study.pValue! > 0.001 && study.rmsea! < 0.06)
    #expect(study.loadingsLow.count == 6 && study.parallelAnalysis!.draws == 100)
    // Managers with few measured indicators are determined less.
    #expect(Set(study.scores.map { $0.standardErrors[0] }).count > 5)
  }

  @Test func `gaps make no factor out of independent indicators`() {
    var settings = FactorStudySettings()
    settings.parallelDraws = 100
    settings.bootstrapDraws = 0
    let table = Self.table(loadings: [[Double]](repeating: [0], count: 6), managers: 200, missingShare: 0.3)
    let study = settings.study(table)
    #expect(study.factors == 0 && study.bartlett!.pValue > 0.01)
    #expect(study.answer.contains("no more in common than chance"))
  }

  @Test func `too many patterns of gaps leave the bootstrap out, with a note`() {
    var settings = FactorStudySettings()
    settings.parallelDraws = 20
    settings.largestBootstrapWork = 1000
    let study = settings.study(Self.table(loadings: Self.oneFactor, managers: 100, missingShare: 0.2))
    #expect(study.loadingsLow.isEmpty && study.notes.contains { $0.contains("No bootstrap intervals") })
  }

  @Test func `what can't take part is named with its reason`() {
    var table = Self.table(loadings: Self.oneFactor, managers: 60)
    table.indicators += ["constant", "never", "rare", "copy"].map { .init(name: $0, role: .formative) }
    for i in table.values.indices {
      let copy = table.values[i][0]
      table.values[i] += [4, nil, i < 20 ? Double(i % 7) : nil, copy]
    }
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let study = settings.study(table)
    let reasons = Dictionary(uniqueKeysWithValues: study.leftOut.map { ($0.indicator, $0.reason) })
    #expect(reasons["constant"] == "the same for every manager")
    #expect(reasons["never"] == "not measured")
    #expect(reasons["rare"] == "measured for 20 of 60 managers; 30 are needed")
    #expect(reasons["copy"]?.hasPrefix("determined by the indicators before it") == true)
    #expect(study.status == .estimated && study.variables.count == 6)
  }

  @Test func `pairs that are hardly measured together lose one indicator`() {
    var table = Self.table(loadings: Self.oneFactor, managers: 100)
    for i in table.values.indices {
      if i < 45 { table.values[i][0] = nil }
      if i >= 50 { table.values[i][1] = nil }
    }
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let study = settings.study(table)
    #expect(study.leftOut.map(\.indicator) == ["indicator1"])
    #expect(study.leftOut[0].reason == "measured together with indicator0 for 5 managers; 20 are needed")
  }

  @Test func `too little to go on is said with its numbers`() {
    let few = FactorStudySettings().study(Self.table(loadings: Self.oneFactor, managers: 12))
    #expect(few.status == .insufficient)
    #expect(
      few.reason
        == "6 indicators need 30 managers who are measured on two or more of them; there are 12.")
    #expect(few.loadings.isEmpty && few.chiSquare == nil && few.answer.contains("can't be said"))
    let narrow = FactorStudySettings().study(Self.table(loadings: [[0.5], [0.5]], managers: 50))
    #expect(
      narrow.reason
        == "of 2 indicators measured here 2 can be used, known for enough managers and not alike for all; a factor study needs 3."
    )
    var sparse = Self.table(loadings: [[0.5], [0.5]], managers: 50)
    for i in 10..<50 { sparse.values[i] = [nil, nil] }
    #expect(
      FactorStudySettings().study(sparse).reason
        == "of 2 indicators measured here none can be used, known for enough managers and not alike for all; a factor study needs 3."
    )
    let empty = FactorStudySettings().study(IndicatorTable(managers: [], indicators: [], values: []))
    #expect(empty.status == .insufficient && empty.reason == "no indicator is measured; a factor study needs 3.")
  }

  @Test func `formative indicators get a warning, not an alpha`() {
    let study = FactorStudySettings().study(
      Self.table(loadings: Self.oneFactor, managers: 200, role: .formative))
    #expect(study.alpha == nil)
    #expect(study.notes.contains { $0.hasPrefix("6 of 6 indicators are formative") })
  }

  @Test func `weakly determined factors show no scores`() {
    let study = FactorStudySettings().study(
      Self.table(loadings: [[0.5], [0.5], [0.5], [0.5]], managers: 500))
    #expect(study.factors == 1 && study.scores.isEmpty)
    #expect(study.scoresWithheld?.contains("0.9") == true)
    #expect(study.guttman[0] < 0.62)
  }

  @Test func `reliability from halves, and what it says of correlations`() throws {
    let whole = Self.table(loadings: Self.oneFactor, managers: 200)
    func half(_ purpose: String) -> [[Double?]] {
      var stream = RandomStream(seed: 3, purpose: purpose)
      return whole.values.map { row in row.map { $0.map { $0 + stream.normal() } } }
    }
    let splits = (0..<3).map { IndicatorTable.Split(first: half("first \($0)"), second: half("second \($0)")) }
    let table = IndicatorTable(
      managers: whole.managers, indicators: whole.indicators, values: whole.values, splits: splits)
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let study = settings.study(table)
    // Value variance 4, error variance 1 in each half: halves correlate at 0.8, so 2·0.8/1.8 = 0.89.
    for item in study.coverage { #expect(abs(item.reliability! - 0.889) < 0.05) }
    let raw = study.correlations[1][0]
    let expected = raw / (study.coverage[0].reliability! * study.coverage[1].reliability!).squareRoot()
    #expect(abs(study.disattenuatedCorrelations[1][0] - min(1, expected)) < 1e-12)
  }

  /// A period of so many months from January 2025 on.
  private static func months(_ count: Int) -> ClosedRange<Month> {
    let first = Month(year: 2025, month: 1)
    return first...first.advanced(by: count - 1)
  }

  @Test func `halves of a period`() throws {
    #expect(FactorStudySettings.halves(Self.months(11)) == nil)
    let halves = try #require(FactorStudySettings.halves(Self.months(13)))
    #expect(halves.map(\.lowerBound.description) == ["2025-01", "2025-07"])
    #expect(halves.map(\.upperBound.description) == ["2025-06", "2026-01"])
  }

  // Two factors in the first half. In the second the first factor's indicators are the second's and the other way round, so
  // only their order differs; or every other indicator has changed sides, so the factors aren't the same.
  @Test func `factors that stay and factors that don't`() throws {
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let whole = settings.study(Self.table(loadings: Self.twoFactors, managers: 400, seed: 1))
    let other = Self.twoFactors.enumerated().map { i, row in i % 2 == 0 ? row : [row[1], row[0]] }
    func compared(_ second: [[Double]], months: Int = 12) -> FactorStudy {
      var study = whole
      settings.compareHalves(of: &study, months: Self.months(months)) { half in
        let isFirst = half.contains(Self.months(12).lowerBound)
        return Self.table(loadings: isFirst ? Self.twoFactors : second, managers: 400, seed: isFirst ? 2 : 3)
      }
      return study
    }
    let same = compared(Self.twoFactors.map { [$0[1], $0[0]] })
    #expect(same.likeness == [.same, .same] && same.congruence.allSatisfy { $0 > 0.95 && $0 <= 1 + 1e-12 })
    #expect(same.congruencePeriods == ["2025-01 to 2025-06", "2025-07 to 2025-12"] && same.congruenceReason == nil)
    #expect(same.congruenceByChance.isEmpty)
    let changed = compared(other)
    #expect(changed.likeness == [.different, .different], "\(changed.congruence)")
    // Halves of the months, each with its own managers' values: those with the first month have the first half's factors and
    // the others the second's, so every split differs as the halves of the period do.
    #expect(changed.congruenceSplits == 20 && changed.congruenceByChance == changed.congruence)
    // With more managers five splits are drawn, of which the lowest is told.
    settings.largestBootstrap = 399
    let large = compared(other)
    #expect(large.congruenceSplits == 5 && large.congruenceByChanceLow == large.congruence)
    let short = compared(Self.twoFactors, months: 11)
    #expect(short.congruence.isEmpty && short.congruenceReason == "11 months; each half of the period needs 6")
    var none = FactorStudy(insufficient: "few")
    settings.compareHalves(of: &none, months: Self.months(24)) { _ in Self.table(loadings: other, managers: 9) }
    #expect(none.congruenceReason == "there are no factors to compare")
    var few = whole
    settings.compareHalves(of: &few, months: Self.months(24)) { _ in Self.table(loadings: other, managers: 9) }
    #expect(
      few.congruenceReason
        == "in 2025-01 to 2025-12 alone, without what the timing model tells of the whole time, 8 indicators need 30 managers who "
        + "are measured on two or more of them; there are 9")
  }

  // The factors of the second half of the period aren't those of the first. Halves of the months drawn at random have some
  // months of either; here what a half shows is the mean of its months, so that such halves are much alike.
  @Test func `random halves of the months tell what chance does`() throws {
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let months = Self.months(24)
    let other = Self.twoFactors.enumerated().map { i, row in i % 2 == 0 ? row : [row[1], row[0]] }
    let monthly = (0..<24).map { month in
      Self.table(loadings: month < 12 ? Self.twoFactors : other, managers: 150, seed: UInt64(100 + month)).values
    }
    @Sendable func table(_ selection: MonthSelection) -> IndicatorTable {
      var table = Self.table(loadings: Self.twoFactors, managers: 150, seed: 1)
      let chosen = months.enumerated().filter { selection.contains($1) }.map(\.offset)
      for i in table.values.indices {
        for j in table.values[i].indices {
          table.values[i][j] = chosen.reduce(0) { $0 + monthly[$1][i][j]! } / Double(chosen.count)
        }
      }
      return table
    }
    var study = settings.study(table(MonthSelection(months, months)))
    try #require(study.factors == 2)
    settings.compareHalves(of: &study, months: months, table: table)
    #expect(study.congruenceReason == nil && study.likeness.contains { $0 != .same })
    #expect(study.congruenceSplits > 10 && study.congruenceByChance.count == 2)
    for (low, middle) in zip(study.congruenceByChanceLow, study.congruenceByChance) { #expect(low <= middle) }
    let (chance, found) = (study.congruenceByChance, study.congruence)
    #expect(chance.min()! > found.min()!, "\(chance), \(found)")
    // The splits are those of the seed.
    var again = settings.study(table(MonthSelection(months, months)))
    settings.compareHalves(of: &again, months: months, table: table)
    #expect(again == study)
  }

  // An indicator that the second half of the period lacks takes no part in either comparison.
  @Test func `both comparisons rest on the same indicators`() throws {
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let months = Self.months(12)
    let last = months.upperBound
    let other = Self.twoFactors.enumerated().map { i, row in i % 2 == 0 ? row : [row[1], row[0]] }
    @Sendable func table(_ selection: MonthSelection) -> IndicatorTable {
      let isLater = selection.contains(last)
      var table = Self.table(loadings: isLater ? other : Self.twoFactors, managers: 300, seed: isLater ? 3 : 2)
      let lacks = isLater && !selection.contains(months.lowerBound)
      for i in table.values.indices where lacks { table.values[i][0] = nil }
      return table
    }
    var study = settings.study(Self.table(loadings: Self.twoFactors, managers: 300, seed: 1))
    settings.compareHalves(of: &study, months: months, table: table)
    try #require(study.congruenceReason == nil && !study.congruenceByChance.isEmpty)
    // Without its first column from the start, the same comes out.
    let names = Array(study.variables.dropFirst())
    var fewer = study
    (fewer.variables, fewer.loadings) = (names, Array(study.loadings.dropFirst()))
    settings.compareHalves(of: &fewer, months: months) { table($0).selecting(names) }
    #expect(fewer.congruence == study.congruence && fewer.congruenceByChance == study.congruenceByChance)
    #expect(fewer.congruenceByChanceLow == study.congruenceByChanceLow)
  }

  @Test func `random halves of months`() {
    var stream = RandomStream(seed: 1, purpose: "test")
    let months = Self.months(13)
    let halves = MonthSelection.randomHalves(months, &stream)
    #expect(halves.map(\.count) == [6, 7])
    #expect(months.allSatisfy { halves[0].contains($0) != halves[1].contains($0) })
    #expect(!halves.contains { $0.contains(months.lowerBound.advanced(by: -1)) })
    #expect(!halves.contains { $0.contains(months.upperBound.advanced(by: 1)) })
    #expect(MonthSelection.randomHalves(months, &stream) != halves)
    let first = MonthSelection(months, months.lowerBound...months.lowerBound.advanced(by: 5))
    #expect(first.count == 6 && first.contains(months.lowerBound) && !first.contains(months.upperBound))
  }

  @Test func `the same on any number of threads, and through JSON`() throws {
    var settings = FactorStudySettings(seed: 11)
    settings.parallelDraws = 100
    settings.bootstrapDraws = 20
    let table = Self.table(loadings: Self.twoFactors, managers: 150)
    let one = settings.study(table)
    settings.threads = 3
    #expect(settings.study(table) == one)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = try encoder.encode(one)
    #expect(try JSONDecoder().decode(FactorStudy.self, from: text) == one)
    let keys = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any]).keys
    for key in ["eigenvalues", "variables", "loadings", "uniquenesses", "factorCorrelations", "chiSquare", "kmo"] {
      #expect(keys.contains(key))
    }
  }

  @Test func `a number of factors and a method can be asked for`() throws {
    let table = Self.table(loadings: Self.twoFactors, managers: 300)
    let r = try SampleMoments(missing: table.values).correlation
    var settings = FactorStudySettings()
    settings.factors = 1
    settings.extraction = .minimumResiduals
    let study = try settings.study(
      correlation: r, observations: 300, variables: table.indicators.map(\.name))
    #expect(study.factors == 1 && study.extraction == .minres && study.rotation == "none")
    settings.factors = 6
    #expect(throws: NumericsError.self) {
      try settings.study(correlation: r, observations: 300, variables: table.indicators.map(\.name))
    }
  }

  /// Λ Λᵀ with ones on the diagonal, and these correlations raised.
  static func correlation(_ loadings: [[Double]], raising: [(Int, Int, Double)] = []) -> Matrix {
    var r = Matrix(rows: loadings).outerCrossProduct
    for i in loadings.indices { r[i, i] = 1 }
    for (i, j, more) in raising {
      r[i, j] += more
      r[j, i] += more
    }
    return r
  }

  static func names(_ r: Matrix) -> [String] { (0..<r.rows).map { "v\($0)" } }

  // Three indicators have one factor whatever their three correlations are: 3 loadings, 0 degrees of freedom. "Yes, one health number
  // is justified" was said of three that come from the same waits.
  @Test func `nothing is justified where nothing could speak against it`() throws {
    let three = Matrix(rows: [[1, 0.9, 0.8], [0.9, 1, 0.85], [0.8, 0.85, 1]])
    let study = try FactorStudySettings().study(correlation: three, observations: 300, variables: Self.names(three))
    #expect(study.factors == 1 && study.degreesOfFreedom == 0 && !study.heywood)
    #expect(study.support == .unknown)
    #expect(
      study.answer
        == "Whether one health number is justified can't be said: so few indicators (3) have one factor in common whatever their "
        + "correlations are, so that nothing could speak against it.")
    let four = Matrix(rows: [[1, 0.8, 0.8, 0.8], [0.8, 1, 0.8, 0.8], [0.8, 0.8, 1, 0.8], [0.8, 0.8, 0.8, 1]])
    let more = try FactorStudySettings().study(correlation: four, observations: 300, variables: Self.names(four))
    #expect(more.degreesOfFreedom == 2 && more.support == .yes)
  }

  // 0.8 · 0.8 / 0.4 is more than one: the first variable would be all factor.
  @Test func `a Heywood case is flagged, and nothing rests on it`() throws {
    let r = Matrix(rows: [[1, 0.8, 0.8, 0.5], [0.8, 1, 0.4, 0.4], [0.8, 0.4, 1, 0.4], [0.5, 0.4, 0.4, 1]])
    let study = try FactorStudySettings().study(correlation: r, observations: 300, variables: Self.names(r))
    #expect(study.heywood && study.factors == 1)
    #expect(study.notes.contains { $0.hasPrefix("No error is left to 'v0' with 1 factor: ") }, "\(study.notes)")
    #expect(study.answer.contains("no proper factor solution"))
  }

  // What variables 3, 4, 5 have beside the common factor would take a loading² of 0.3 · 0.15 / 0.02 = 2.25.
  @Test func `an improper second factor is dropped, with a note`() throws {
    let r = Self.correlation(
      [[Double]](repeating: [0.7], count: 6), raising: [(4, 5, 0.3), (4, 3, 0.15), (3, 5, 0.02)])
    let study = try FactorStudySettings().study(correlation: r, observations: 2000, variables: Self.names(r))
    #expect(study.parallelAnalysis!.factors == 2)
    #expect(study.factors == 1 && !study.heywood)
    #expect(study.notes.contains("2 factors have no proper solution by either method; 1 is tried."))
  }

  @Test func `more factors than the indicators can carry are not shown`() throws {
    let r = Self.correlation([[0.8, 0], [0.7, 0], [0.8, 0], [0, 0.8], [0, 0.7]])
    let study = try FactorStudySettings().study(correlation: r, observations: 500, variables: Self.names(r))
    #expect(study.parallelAnalysis!.factors == 2 && study.factors == 1)
    #expect(study.notes.contains { $0.hasPrefix("Parallel analysis suggests 2 factors; at most 1 can be told") })
  }

  @Test func `what a table rests on shows in the answer`() {
    let halfway = (0..<9).map { i in [0.6] + (0..<3).map { i / 3 == $0 ? 0.45 : 0 } }
    var settings = FactorStudySettings()
    settings.bootstrapDraws = 0
    let study = settings.study(Self.table(loadings: halfway, managers: 1000))
    #expect(study.factors == 3)
    // By hand: V = 9 + 72 · 0.36 + 18 · 0.2025 = 38.565 and (9 · 0.6)² = 29.16, so ω_h = 0.756;
    // the general factor has 0.36 of the common 0.5625, 64 %.
    #expect(abs(study.omega!.hierarchical! - 0.756) < 0.06)
    #expect(abs(study.explainedCommonVariance! - 0.64) < 0.06)
    #expect(study.answer.contains("of what 9 indicators of 1000 managers have in common"))
  }
}
