import RapportIngestion
import RapportNumerics

extension FactorStudySettings {
  /// Each half of a period needs so many months.
  static let smallestHalf = 6

  /// The halves of a period that can be compared; `nil` where it is too short. Of an odd number of months the second has
  /// the one in the middle.
  static func halves(_ months: ClosedRange<Month>) -> [ClosedRange<Month>]? {
    let count = months.upperBound.index - months.lowerBound.index + 1
    guard count >= 2 * smallestHalf else { return nil }
    let middle = months.lowerBound.advanced(by: count / 2)
    return [months.lowerBound...middle.advanced(by: -1), middle...months.upperBound]
  }

  /// Random halves of the months that tell what chance does, and how many where there are more managers than
  /// ``largestBootstrap``.
  public static let randomSplits = 20
  static let fewestRandomSplits = 5

  /// Compares the factors of the first half of the period with those of the second.
  ///
  /// As many factors are found in each half; each is matched with the study's own that it is most like, so that first is
  /// compared with second factor by factor, over the indicators that both halves have.
  ///
  /// Half the months measure less reliably than all, so that factors differ by chance as well. Where they do, halves of the
  /// months that are drawn at random are compared in the same way over the same indicators, and say by how much.
  ///
  /// - Parameter table: managers by the study's indicators, from what began in these months alone.
  func compareHalves(
    of study: inout FactorStudy, months: ClosedRange<Month>, table: @Sendable (MonthSelection) -> IndicatorTable
  ) {
    guard study.factors > 0 else {
      study.congruenceReason = "there are no factors to compare"
      return
    }
    guard let halves = Self.halves(months) else {
      let count = months.upperBound.index - months.lowerBound.index + 1
      study.congruenceReason = "\(Wording.count(count, "month")); each half of the period needs \(Self.smallestHalf)"
      return
    }
    let periods = halves.map { "\($0.lowerBound.description) to \($0.upperBound.description)" }
    var settings = self
    settings.factors = study.factors
    // The number of factors is given, and no limits are shown of parts.
    (settings.parallelDraws, settings.bootstrapDraws) = (0, 0)
    let tables = halves.map { table(MonthSelection(months, $0)) }
    var shared = study.variables
    for (period, table) in zip(periods, tables) {
      let part = settings.study(table)
      guard part.status == .estimated, part.factors == study.factors else {
        // Reasons are sentences, and this is a part of one.
        let reason = part.reason.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 }
        study.congruenceReason =
          "in \(period) alone, without what the timing model tells of the whole time, "
          + (reason ?? "there is no solution with as many factors")
        return
      }
      shared.removeAll { !part.variables.contains($0) }
    }
    guard shared.count >= smallestIndicators else {
      study.congruenceReason =
        "\(Wording.count(shared.count, "indicator")) \(shared.count == 1 ? "is" : "are") measured in both halves"
      return
    }
    guard let congruence = settings.congruence(of: study, tables, over: shared) else {
      study.congruenceReason = "the \(shared.count) indicators of both halves have no solution with as many factors"
      return
    }
    study.congruence = congruence
    study.likeness = congruence.map { FactorStudy.Likeness(congruence: $0) }
    study.congruencePeriods = periods
    guard study.likeness.contains(where: { $0 != .same }) else { return }
    let splits = tables[0].managers.count > largestBootstrap ? Self.fewestRandomSplits : Self.randomSplits
    let (whole, alone, common) = (study, settings, shared)
    let drawn = parallelMap(count: splits, threads: threads) { split -> [Double]? in
      var stream = RandomStream(seed: alone.seed, purpose: "halves of months", unit: UInt64(split))
      return alone.congruence(of: whole, MonthSelection.randomHalves(months, &stream).map(table), over: common)
    }
    .compactMap { $0 }
    study.congruenceSplits = drawn.count
    guard drawn.count * 2 > splits else { return }
    let byFactor = congruence.indices.map { factor in drawn.map { $0[factor] }.sorted() }
    study.congruenceByChance = byFactor.map { SampleQuantile.of(sorted: $0, 0.5) }
    // Of a few splits no one in twenty can be told; then it is their lowest.
    let isTold = drawn.count >= Self.randomSplits
    study.congruenceByChanceLow = byFactor.map { isTold ? SampleQuantile.of(sorted: $0, 0.05) : $0[0] }
  }

  /// Tucker's congruence of the factors of two parts of a study's events, factor by factor, over these indicators; `nil`
  /// where a part lacks one or has no solution with as many factors.
  private func congruence(of study: FactorStudy, _ parts: [IndicatorTable], over shared: [String]) -> [Double]? {
    func loadings(_ study: FactorStudy) -> Matrix {
      Matrix(rows: shared.map { study.loadings[study.variables.firstIndex(of: $0)!] })
    }
    let own = loadings(study)
    var aligned: [Matrix] = []
    for table in parts {
      let part = self.study(table.selecting(shared))
      guard part.status == .estimated, part.factors == study.factors, part.variables.count == shared.count else {
        return nil
      }
      aligned.append(Congruence.aligned(loadings(part), to: own))
    }
    return Congruence.table(aligned[0], aligned[1]).diagonal
  }
}
