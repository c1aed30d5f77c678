import Glibc
import RapportIngestion
import RapportNumerics

extension TimingModel {
  /// Fits the timing model to a history.
  ///
  /// Random intercepts: pair in a month (so that a busy month isn't taken for a habit), pair, manager, partner, and, while
  /// they are few enough, each partner's own way with priorities and topics.
  ///
  /// - Returns: the model, or the reason why there is none.
  ///
  /// Source: METHODS.md §4, §14.5. Differs: the random intercepts of months, priorities and topics, without which
  /// bursts and a partner's discipline look like treatment of persons.
  public static func fit(_ history: History, options: AssessmentOptions) -> (model: TimingModel?, reason: String?) {
    fit(history, options: options, testing: nil)
  }

  /// Likewise.
  ///
  /// - Parameter testing: the model that tests of variances fit; the one that is fitted itself unless given.
  static func fit(
    _ history: History, options: AssessmentOptions, testing: LinearMixedModel?
  ) -> (model: TimingModel?, reason: String?) {
    let cohort = TimingCohort(history, followUpDays: options.followUpDays)
    guard cohort.spells.count >= fewestRequests else {
      return (
        nil,
        "the timing model needs \(fewestRequests) requests that arrived at least \(whole(options.followUpDays)) days before the end; there are \(cohort.spells.count)"
      )
    }
    let cells = TimingCells(cohort, history)
    guard cells.pairs.count >= 2 else { return (nil, "the timing model needs two pairs to compare; there is one") }
    var groups = TimingGroups(cells)
    do {
      let design = try DesignMatrix(
        rows: cells.pairOfCell.count,
        terms: zip(cells.categories, cells.levelsOfCell).map {
          .category(DesignTerm.Category(name: $0.name, levels: $0.levels, codes: $1))
        })
      var model = LinearMixedModel()
      model.startRatio = 0.3
      model.threads = options.threads
      var fit = try model.fit(cells.responses, design: design, groups: groups.groupings)
      if groups.leaveOut(toldBy: cells.categories.map(\.name), in: fit) {
        fit = try model.fit(cells.responses, design: design, groups: groups.groupings)
      }
      let believed = try fit.posteriorMode(
        of: [groups.manager, groups.partner, groups.pair].compactMap { $0 }, design: design, groups: groups.groupings,
        threads: options.threads)
      var timing = try TimingModel(history, cohort, cells, groups, design, believed, likeliest: fit, options)
      if options.bootstrap > 0 {
        do throws(NumericsError) {
          try timing.testWhoIsAsking(testing ?? model, cells.responses, design, groups, fit, options)
        } catch {
          timing.summary.notes.append("Intervals and tests of the variances stop short: \(error).")
        }
      }
      return (timing, nil)
    } catch {
      return (nil, "the timing model could not be fitted: \(error)")
    }
  }

  /// Fewer requests than this say nothing about anybody.
  static let fewestRequests = 50

  init(
    _ history: History, _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, _ design: DesignMatrix,
    _ fit: LinearMixedModelFit, likeliest: LinearMixedModelFit, _ options: AssessmentOptions
  ) throws(NumericsError) {
    // Sums of answered residuals and of requests, by pair.
    let fixed = cells.pairOfCell.indices.map { fit.fixedPart(design, row: $0) }
    let spread = TimingSpread(cohort, cells, groups, fixed: fixed, fit, threads: options.threads)
    let variance = { (group: Int?) in group.map { fit.components[$0].variance } ?? 0 }
    managerVariance = variance(groups.manager)
    partnerVariance = variance(groups.partner)
    pairVariance = variance(groups.pair)
    residualVariance = fit.residualVariance
    seesNoDifference = [groups.manager, groups.pair].allSatisfy { group in
      group.map { likeliest.components[$0].variance == 0 } ?? true
    }

    func effect(
      _ combination: LinearCombination?, _ uncertainty: LinearMixedModelFit.Uncertainty?, _ spread: TimingSpread.Unit,
      _ moderated: (variance: Double, degrees: Double)
    ) -> Effect {
      Effect(
        mean: combination.map { fit.estimate(of: $0) } ?? 0, variance: uncertainty?.prediction ?? 0,
        requests: spread.requests, answered: Int(spread.answered), residualVariance: moderated.variance,
        residualDegrees: moderated.degrees)
    }

    var managers = [Effect?](repeating: nil, count: history.managers.count)
    let managerEffects = groups.manager.map { group in
      cells.managers.indices.map { LinearCombination.effect(group: group, level: $0) }
    }
    let managerUncertainty = managerEffects.map { fit.uncertainty(of: $0, threads: options.threads) }
    let ofManagers = TimingSpread.moderated(spread.managers)
    for (index, code) in cells.managers.enumerated() {
      managers[code] = effect(
        managerEffects?[index], managerUncertainty?[index], spread.managers[index], ofManagers[index])
    }
    self.managers = managers

    var partners = [Effect?](repeating: nil, count: history.partners.count)
    let partnerEffects = groups.partner.map { group in
      cells.partners.indices.map { LinearCombination.effect(group: group, level: groups.level(ofPartner: $0)) }
    }
    let partnerUncertainty = partnerEffects.map { fit.uncertainty(of: $0) }
    let ofPartners = TimingSpread.moderated(spread.partners)
    for (index, code) in cells.partners.enumerated() {
      partners[code] = effect(
        partnerEffects?[index], partnerUncertainty?[index], spread.partners[index], ofPartners[index])
    }
    self.partners = partners

    let combinations = cells.pairs.indices.map { groups.treatment(ofPair: $0) }
    let uncertainties = fit.uncertainty(of: combinations, threads: options.threads)
    // Either every pair has what stands for it or none has.
    let standing = cells.pairs.indices.compactMap { pair in
      groups.released(ofPair: pair).map { (combinations[pair], $0.group, $0.level) }
    }
    let released =
      try standing.isEmpty ? combinations.map { _ in nil } : fit.released(standing, threads: options.threads)
    let differences = Self.differences(
      combinations, uncertainties.map(\.prediction), groups, fit, threads: options.threads)
    let ofPairs = TimingSpread.moderated(spread.pairs)
    pairs = cells.pairs.enumerated().map { index, pair in
      PairEffect(
        manager: pair.manager, partner: pair.partner,
        effect: effect(combinations[index], uncertainties[index], spread.pairs[index], ofPairs[index]),
        difference: differences[index],
        estimate: differences[index] == nil ? nil : released[index]?.estimate,
        estimateVariance: differences[index] == nil ? nil : released[index]?.variance)
    }
    let releasedManagers = try groups.manager.map { group throws(NumericsError) in
      try fit.released(
        cells.managers.indices.map { (.effect(group: group, level: $0), group, $0) }, threads: options.threads)
    }
    var managerEstimates = [Estimate?](repeating: nil, count: history.managers.count)
    for (index, code) in cells.managers.enumerated() {
      managerEstimates[code] = releasedManagers?[index].map { Estimate(mean: $0.estimate, variance: $0.variance) }
    }
    self.managerEstimates = managerEstimates
    var rawMeans = [Double?](repeating: nil, count: history.managers.count)
    for (index, code) in cells.managers.enumerated() {
      rawMeans[code] = spread.managers[index].logSum / Double(spread.managers[index].requests)
    }
    managerRawMeans = rawMeans
    inequality = InequalityOfWaiting(cohort, cells, groups, fixed: fixed, fit, options: options)
    monthlyWaits = MonthlyWaits(
      history, cohort, cells, groups, fixed: fixed, fit, followUpDays: options.followUpDays)
    byDay = TimesByDay(history, cohort)
    summary = try Self.summary(cohort, cells, groups, likeliest, options)
    if let note = byDay.note { summary.notes.append(note) }
    if !fit.search.converged {
      summary.notes.append("The search for the variances behind predicted effects did not converge.")
    }
  }

  /// Each pair's effect less the average of its partner's other pairs; `nil` where there is no other.
  ///
  ///     d = a − (S − a)/(K − 1) = K/(K − 1) (a − S/K)
  ///     Var d = (K/(K − 1))² (Var a − 2 Cov(a, S)/K + Var S/K²)        Var S = Σ Cov(a, S)
  ///
  /// S is the sum over the partner's K pairs. Effects that are predicted together depend on one another, so that variances
  /// don't add.
  static func differences(
    _ treatments: [LinearCombination], _ variances: [Double], _ groups: TimingGroups, _ fit: LinearMixedModelFit,
    threads: Int = 1
  ) -> [Estimate?] {
    let partners = groups.pairsByPartner.filter { !treatments[$0[0]].effects.isEmpty }
    let ofPartners = partners.map { members in members.map { treatments[$0] } }
    let ofSums = fit.covariances(
      of: ofPartners.map { own in LinearCombination(effects: own.flatMap(\.effects)) }, with: ofPartners,
      threads: threads)
    let found = parallelMap(count: partners.count, threads: threads) { (partner: Int) -> [Estimate] in
      let (members, own, covariances) = (partners[partner], ofPartners[partner], ofSums[partner])
      let estimates = own.map { fit.estimate(of: $0) }
      let count = Double(members.count)
      let (mean, square) = (estimates.reduce(0, +) / count, covariances.reduce(0, +) / (count * count))
      let widening = count / (count - 1)
      return members.enumerated().map { k, pair in
        Estimate(
          mean: widening * (estimates[k] - mean),
          variance: widening * widening * max(0, variances[pair] - 2 * covariances[k] / count + square))
      }
    }
    var result = [Estimate?](repeating: nil, count: treatments.count)
    for (members, estimates) in zip(partners, found) {
      for (pair, estimate) in zip(members, estimates) { result[pair] = estimate }
    }
    return result
  }

  /// Profile intervals of all variances, and tests of those of managers and pairs.
  ///
  /// Source: Stram & Lee (1994); METHODS.md §4.
  private mutating func testWhoIsAsking(
    _ model: LinearMixedModel, _ responses: ResponseCells, _ design: DesignMatrix, _ groups: TimingGroups,
    _ fit: LinearMixedModelFit, _ options: AssessmentOptions
  ) throws(NumericsError) {
    for (index, interval) in try fit.profileIntervals(level: options.interval).enumerated() {
      summary.components[index].low = interval.low * interval.low
      summary.components[index].high = interval.high * interval.high
    }
    for group in [groups.manager, groups.pair].compactMap({ $0 }) {
      let test = try model.testVariance(
        of: group, responses, design: design, groups: groups.groupings, samples: options.bootstrap, seed: options.seed)
      let finding = VarianceFinding(
        statistic: test.statistic, pValue: test.mixturePValue, bootstrapPValue: test.bootstrapPValue,
        samples: test.bootstrapSamples, failedSamples: test.bootstrapFailures)
      summary.components[group].test = finding
      if let note = Self.failures(finding, of: groups.groupings[group].name) { summary.notes.append(note) }
    }
  }

  /// What is to be said of samples without a fit; `nil` where there are none.
  static func failures(_ test: VarianceFinding, of group: String) -> String? {
    guard test.failedSamples > 0 else { return nil }
    let all = test.samples + test.failedSamples
    return "In \(test.failedSamples) of \(all) samples drawn to test the variance of \(Wording.group(group)) "
      + "a fit did not converge; "
      + (test.bootstrapPValue == nil ? "these are too many for a bootstrap p." : "they are left out.")
  }

  /// What is to be said of a fit, in sentences; its own notes are for those who named its groups and columns.
  static func notes(of fit: LinearMixedModelFit) -> [String] {
    var notes = fit.components.filter { $0.ratio == 0 }.map {
      "The variance of \(Wording.group($0.group)) is estimated at its boundary, zero: \(Wording.levels(of: $0.group)) differ no more "
        + "than chance would have it."
    }
    notes += fit.dropped.map { "The column '\($0)' depends on those before it and was left out." }
    if let note = ConditionNumber.note(fit.conditionNumber, of: "the fixed columns") {
      notes.append(Wording.sentence(note))
    }
    if !fit.search.converged {
      notes.append("The search for the variances did not converge in \(fit.search.iterations ?? 0) steps.")
    }
    return notes
  }

  private static func summary(
    _ cohort: TimingCohort, _ cells: TimingCells, _ groups: TimingGroups, _ fit: LinearMixedModelFit,
    _ options: AssessmentOptions
  ) throws(NumericsError) -> TimingSummary {
    let total = fit.totalVariance
    var components = zip(
      fit.components, try fit.approximateIntervals(level: options.interval, threads: options.threads)
    ).map {
      TimingSummary.Component(
        group: $0.group, variance: $0.variance, share: $0.variance / total, low: $1.low, high: $1.high)
    }
    components.append(
      TimingSummary.Component(group: "residual", variance: fit.residualVariance, share: fit.residualVariance / total))
    let asking = [groups.manager, groups.pair].reduce(0.0) { $0 + ($1.map { fit.components[$0].variance } ?? 0) }
    return TimingSummary(
      requests: cohort.spells.count, answered: cohort.answered.count { $0 },
      leftOutShare: cohort.total > 0 ? Double(cohort.total - cohort.spells.count) / Double(cohort.total) : 0,
      leftOut: cohort.leftOut, followUpDays: options.followUpDays, limitSeconds: cohort.limitSeconds,
      components: components,
      coefficients: fit.coefficients.map {
        TimingSummary.Coefficient(name: $0.name, estimate: $0.estimate, standardError: $0.standardError)
      },
      shareByWhoIsAsking: asking / total, residualStandardDeviation: fit.sigma,
      adjustedFor: cells.categories.map(\.name) + groups.adjustments, pooledLevels: cells.pooledLevels,
      notes: notes(of: fit) + groups.notes)
  }

  /// A number of days without needless decimals.
  private static func whole(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
