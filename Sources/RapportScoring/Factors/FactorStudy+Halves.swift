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

  /// Compares the factors of the first half of the period with those of the second.
  ///
  /// As many factors are found in each half; each is matched with the study's own that it is most like, so that first is
  /// compared with second factor by factor, over the indicators that both halves have.
  ///
  /// Half the events measure less reliably than all, so that factors differ by chance as well: two random halves of the events
  /// of the whole period, compared in the same way, say by how much.
  ///
  /// - Parameters:
  ///   - random: managers by the study's indicators, from each of two random halves of the events.
  ///   - table: likewise, from what began in these months alone.
  func compareHalves(
    of study: inout FactorStudy, months: ClosedRange<Month>, random: () -> [IndicatorTable] = { [] },
    table: (ClosedRange<Month>) -> IndicatorTable
  ) {
    guard study.factors > 0 else {
      study.congruenceReason = "there are no factors to compare"
      return
    }
    guard let halves = Self.halves(months) else {
      let count = months.upperBound.index - months.lowerBound.index + 1
      study.congruenceReason = "\(count) months; each half of the period needs \(Self.smallestHalf)"
      return
    }
    let periods = halves.map { "\($0.lowerBound.description) to \($0.upperBound.description)" }
    let found = congruence(of: study, zip(periods, halves).map { ("\($0) alone", table($1)) })
    guard let congruence = found.congruence else {
      study.congruenceReason = found.reason
      return
    }
    study.congruence = congruence
    study.likeness = congruence.map { FactorStudy.Likeness(congruence: $0) }
    study.congruencePeriods = periods
    let drawn = random()
    if drawn.count == 2 {
      study.congruenceByChance = self.congruence(of: study, drawn.map { ("half", $0) }).congruence ?? []
    }
  }

  /// Tucker's congruence of the factors of two parts of a study's events, factor by factor; or why there is none.
  private func congruence(
    of study: FactorStudy, _ parts: [(name: String, table: IndicatorTable)]
  ) -> (congruence: [Double]?, reason: String?) {
    var settings = self
    settings.factors = study.factors
    // The number of factors is given, and no limits are shown of parts.
    (settings.parallelDraws, settings.bootstrapDraws) = (20, 0)
    var found: [FactorStudy] = []
    for (name, table) in parts {
      let part = settings.study(table)
      guard part.status == .estimated, part.factors == study.factors else {
        return (nil, "\(name): \(part.reason ?? "no solution with as many factors")")
      }
      found.append(part)
    }
    let shared = study.variables.filter { name in found.allSatisfy { $0.variables.contains(name) } }
    guard shared.count >= smallestIndicators else {
      return (nil, "\(shared.count) indicators are measured in both halves")
    }
    func loadings(_ study: FactorStudy) -> Matrix {
      Matrix(rows: shared.map { study.loadings[study.variables.firstIndex(of: $0)!] })
    }
    let own = loadings(study)
    let aligned = found.map { Congruence.aligned(loadings($0), to: own) }
    return (Congruence.table(aligned[0], aligned[1]).diagonal, nil)
  }
}

extension History {
  /// What began in these months, and who was there; the outcomes as they are known now.
  func part(_ range: ClosedRange<Month>) -> History {
    var part = self
    part.spells = spells.filter { range.contains($0.openedMonth) }
    part.promises = promises.filter { range.contains($0.madeMonth) }
    part.feedback = feedback.filter { range.contains($0.givenMonth) }
    part.conflicts = conflicts.filter { range.contains($0.openedMonth) }
    part.contacts = contacts.filter { range.contains($0.month) }
    func within(_ days: [UInt8]) -> [UInt8] {
      days.enumerated().map { range.contains(months.lowerBound.advanced(by: $0)) ? $1 : 0 }
    }
    part.exposure = Exposure(
      managerDays: exposure.managerDays.map(within), partnerDays: exposure.partnerDays.map(within),
      pairs: exposure.pairs.map {
        .init(manager: $0.manager, partner: $0.partner, daysByMonth: within($0.daysByMonth))
      })
    return part
  }
}
