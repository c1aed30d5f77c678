import RapportIngestion
import RapportNumerics
import Synchronization

/// Whom partners answer more readily than others who waited in the same queue: the queue-choice model of a history.
///
/// Effects are on the log odds of being picked next, against the partner's usual treatment; positive = more readily.
///
/// Source: METHODS.md §5, §14.
struct QueueChoices: Sendable {
  /// One pair's effect.
  struct Pair: Sendable {
    var manager: Int
    var partner: Int
    var effect: ReferencedFit.Effect
    /// The log odds themselves, which compare with those of the same partner only, and their standard error.
    var logOdds: Double
    var logOddsError: Double
    /// The estimate's standard error before one request less could widen it: how much evidence there is.
    var plainError: Double
    /// Picks from queues in which another manager's request stood, and requests that stood in such queues.
    var choices: Int
    var requests: Int
    /// Those picks beside what equal chances add up to.
    var record: PickRecord
    /// Older, comparable requests of others that were passed over, and likewise one's own.
    var overtakes: Int
    var overtaken: Int
    /// The estimate without the one request that does most to make it stand out; `nil` where it doesn't stand out.
    var estimateWithoutOne: Double?
    /// Whether that one request changes the estimate by more than its error by likelihood.
    var restsOnOne = false
    /// The errors of differences from other managers of a partner who has few, where these stand out: by likelihood, and no smaller than
    /// what one request less would bring the two together.
    var differenceErrors: [Int: Double] = [:]
    /// The estimate if every request is taken to have been picked when its reply was sent; `nil` where that wasn't fitted.
    var estimateAtReply: Double?
  }
  /// One partner's choices as a whole.
  struct Partner: Sendable {
    var partner: Int
    /// Picks from queues of two or more, their open requests, replies in all, and replies that share a stamp; a bundle is one each time.
    var choices: Int
    var alternatives: Int
    var sets: Int
    var replies: Int
    var tied: Int
    var obstacle: ChoiceObstacle?
    /// Managers whose own times or stamps tell no order (``PartnerChoices/isUntold``).
    var untold: Set<Int>
    /// Replies to several requests that differ in what the columns tell, which left the queues (``PartnerChoices/mixedBundles``).
    var mixedBundles: Int
    /// Requests that had been put to another partner and left the queues (``PartnerChoices/othersRequests``).
    var othersRequests: Int
    var converged: Bool
    /// Errors were widened by the root of this (``ChoiceDispersion/moderated(_:)``).
    var dispersion: Double
    var sampledSets: Int
    /// Chance of this much unevenness if managers' names were exchanged among comparable requests, or if picks were drawn anew from
    /// the same queues: the larger.
    var evennessPValue: Double

    /// Why nothing can be said of this partner's choices; `nil` where something can.
    var reason: ChoiceObstacle? { obstacle ?? (converged ? nil : .notConverged) }

    /// Why nothing can be said of a manager of whom there is no ``Pair``.
    func obstacle(of manager: Int) -> ChoiceObstacle {
      reason ?? (untold.contains(manager) ? .resolution : .noChoice)
    }
  }

  /// By manager, then partner.
  private(set) var pairs: [Pair] = []
  /// Partners with a request from a manager, ascending.
  private(set) var partners: [Partner] = []
  let columns: QueueColumns
  /// What waiting, priority and the rest do on the whole; in the order of `columns.names`.
  private(set) var common: CommonColumns
  /// Why no pair could be judged; `nil` as a rule.
  private(set) var note: String?
  /// The share of pairs that don't differ at all; `nil` where too few pairs show it.
  private(set) var nullShare: Double?

  /// Fewest requests of a pair that stood in a queue with others', for the family.
  static let fewestRequests = 20
  /// Alternatives that are kept in memory between the passes, some 13 bytes each; queues beyond are walked again.
  private static let mostKept = 80_000_000
  /// Up to so many alternatives everything is fitted twice, to tell what the moment of choice does to it.
  private static let mostRefitted = 8_000_000

  /// - Parameters:
  ///   - model: how each partner's choices are fitted
  ///   - shrinkage: how partners' usual treatment and pairs' differences from it are found
  init(
    _ history: History, options: AssessmentOptions, model: QueueChoiceModel = QueueChoiceModel(),
    shrinkage: ReferencedShrinkage = ReferencedShrinkage()
  ) {
    let columns = QueueColumns(history)
    self.columns = columns
    let ranges = Self.ranges(history)
    let pauses = history.pauses.sorted {
      ($0.partner, $0.request, $0.startClock) < ($1.partner, $1.request, $1.startClock)
    }
    @Sendable func choices(_ index: Int) -> PartnerChoices {
      PartnerChoices(
        history, partner: ranges[index].partner, spells: ranges[index].spells,
        pauses: Self.pauses(pauses, partner: ranges[index].partner), columns: columns, seed: options.seed)
    }
    // Which partners' sets are kept may depend on chance; no result does.
    let total = Mutex(0)
    let walked = parallelMap(count: ranges.count, threads: options.threads) {
      (index: Int) -> (choices: PartnerChoices, alternatives: Int, sets: Int) in
      var own = choices(index)
      let (alternatives, sets) = (own.sets.items.count, own.sets.count)
      let isKept = total.withLock {
        $0 += alternatives
        return $0 <= Self.mostKept
      }
      if !isKept { own.forgetSets() }
      return (own, alternatives, sets)
    }
    let kept = walked.map(\.choices)
    @Sendable func sets(_ index: Int) -> ChoiceSets {
      kept[index].sets.count == walked[index].sets ? kept[index].sets : choices(index).sets
    }
    let fit = model.fit(
      choosers: ranges.count, columnCount: columns.names.count, threads: options.threads, sets: sets)
    common = fit.common
    let checks = parallelMap(count: ranges.count, threads: options.threads) {
      (index: Int) -> (dispersion: ChoiceDispersion, evenness: Double, records: [PickRecord])? in
      guard let chooser = fit.choosers[index], chooser.record.converged else { return nil }
      let own = sets(index)
      let alike = model.withoutUnits(index, of: fit, own).flatMap { $0.record.converged ? $0 : nil }
      return (
        ChoiceDispersion(own, chooser, unitVariance: model.unitVariance),
        alike.map { Self.evennessPValue(kept[index], own, $0, history, seed: options.seed) } ?? 1,
        PickRecord.all(
          own, queues: kept[index].queues, picks: kept[index].choices,
          chances: own.probabilities(columns: chooser.columns))
      )
    }
    let checked = checks.indices.filter { checks[$0] != nil }
    var dispersions = [Double](repeating: 1, count: checks.count)
    for (index, factor) in zip(checked, ChoiceDispersion.moderated(checked.map { checks[$0]!.dispersion })) {
      dispersions[index] = factor
    }
    partners = ranges.indices.map { index in
      Partner(
        partner: ranges[index].partner, choices: kept[index].choices.reduce(0, +),
        alternatives: walked[index].alternatives, sets: walked[index].sets, replies: kept[index].replies,
        tied: kept[index].tied, obstacle: kept[index].obstacle, untold: kept[index].untoldManagers,
        mixedBundles: kept[index].mixedBundles, othersRequests: kept[index].othersRequests,
        converged: fit.choosers[index]?.record.converged ?? false, dispersion: dispersions[index],
        sampledSets: kept[index].sampledSets, evennessPValue: checks[index]?.evenness ?? 1)
    }
    refer(kept, fit, dispersions, checks.map { $0?.records ?? [] }, model, shrinkage, options, sets: sets)
    // Twice the work: done where one fit is cheap.
    guard walked.reduce(0, { $0 + $1.alternatives }) <= Self.mostRefitted else { return }
    let moved = parallelMap(count: ranges.count, threads: options.threads) { index -> [Double]? in
      guard kept[index].obstacle == nil, let own = fit.choosers[index], own.record.converged else { return nil }
      let others = PartnerChoices(
        history, partner: ranges[index].partner, spells: ranges[index].spells,
        pauses: Self.pauses(pauses, partner: ranges[index].partner), columns: columns, seed: options.seed,
        turnedTo: .whenSent)
      guard let refit = model.refit(index, of: fit, others.sets), refit.record.converged else {
        return nil
      }
      let changes = zip(refit.units, own.units).map { $0 - $1 }
      // Units that left the queues, or never stood in one, haven't moved.
      let known = changes.indices.filter { kept[index].requests[$0] > 0 }.map { changes[$0] }.sorted()
      let usual = known[known.count / 2]
      return changes.map { $0 - usual }
    }
    for (index, changes) in moved.enumerated() {
      guard let changes else { continue }
      for (unit, manager) in kept[index].managers.enumerated() {
        guard let place = place(manager: Int(manager), partner: ranges[index].partner) else { continue }
        pairs[place].estimateAtReply = pairs[place].effect.estimate + changes[unit]
      }
    }
  }

  /// The larger of two chances of this much unevenness; where names exchanged say that it is usual, nothing is drawn.
  private static func evennessPValue(
    _ choices: PartnerChoices, _ sets: ChoiceSets, _ alike: ChooserFit, _ history: History, seed: UInt64
  ) -> Double {
    let (chances, weights) = (sets.probabilities(columns: alike.columns), alike.regularities)
    let exchanged = LabelPermutation(choices, sets, chances: chances, weights: weights, history, seed: seed).pValue
    guard exchanged < usualPValue else { return exchanged }
    let drawn = DrawnPicks(sets, chances: chances, weights: weights, seed: seed, unit: UInt64(choices.partner))
    return max(exchanged, drawn.pValue)
  }

  /// A p-value from which on no other test is needed to call it usual.
  private static let usualPValue = 0.25

  /// The model in numbers; `nil` where no partner's choices can be told.
  var summary: ChoiceSummary? {
    let usable = partners.filter { $0.reason == nil }
    guard !usable.isEmpty else { return nil }
    var obstacles: [String: Int] = [:]
    for partner in partners {
      if let reason = partner.reason { obstacles[reason.rawValue, default: 0] += 1 }
    }
    return ChoiceSummary(
      choices: usable.reduce(0) { $0 + $1.choices }, replies: usable.reduce(0) { $0 + $1.replies },
      meanQueue: Double(usable.reduce(0) { $0 + $1.alternatives }) / Double(max(1, usable.reduce(0) { $0 + $1.sets })),
      partners: usable.count, obstacles: obstacles,
      // The prior is nobody's way of working.
      coefficients: !common.isEstimated
        ? []
        : columns.names.indices.map { j in
          ChoiceSummary.Coefficient(
            name: columns.names[j], estimate: common.means[j], standardError: common.meanVariances[j].squareRoot(),
            deviationOfPartners: common.variances[j].squareRoot())
        }, nullShare: nullShare, sampledChoices: usable.reduce(0) { $0 + $1.sampledSets },
      references: columns.references, workingCalendar: columns.hasWorkingCalendar, comparableBy: columns.comparableBy,
      adjustedFor: columns.adjustedFor, notAdjustedFor: columns.notAdjustedFor, pooledLevels: columns.pooledLevels)
  }

  /// The position of a pair among `pairs`.
  private func place(manager: Int, partner: Int) -> Int? {
    var (low, high) = (0, pairs.count)
    while low < high {
      let middle = (low + high) / 2
      if (pairs[middle].manager, pairs[middle].partner) < (manager, partner) { low = middle + 1 } else { high = middle }
    }
    return low < pairs.count && pairs[low].manager == manager && pairs[low].partner == partner ? low : nil
  }

  /// Units whose estimates could be compared: one partner's.
  private struct Group {
    /// Position among partners.
    var partner: Int
    /// Positions among the partner's managers.
    var members: [Int]
    var units: [ReferencedShrinkage.Unit]
    /// By member: what its estimate would be without one request, and whether that sets its error.
    var withoutOne: [(estimate: Double, setsError: Bool)?] = []
    /// By member: its error before that.
    var plainErrors: [Double] = []
    /// By member: errors of differences from other members, where these are few and stand out.
    var differenceErrors: [[Int: Double]] = []
  }

  /// Finds every partner's usual treatment, and pairs' effects against it.
  private mutating func refer(
    _ choices: [PartnerChoices], _ fit: QueueChoiceFit, _ dispersions: [Double], _ records: [[PickRecord]],
    _ model: QueueChoiceModel, _ shrinkage: ReferencedShrinkage, _ options: AssessmentOptions,
    sets: @Sendable (Int) -> ChoiceSets
  ) {
    // What didn't converge must not become a finding.
    if let record = fit.common.record, !record.converged {
      note = Self.unsettled("what waiting, topics and priorities do to partners' choices", record)
      return
    }
    var groups: [Group] = []
    for (index, own) in choices.enumerated() where own.obstacle == nil {
      guard let chooser = fit.choosers[index], chooser.record.converged else { continue }
      let members = own.managers.indices.filter { own.requests[$0] > 0 }
      guard members.count > 1 else { continue }
      groups.append(
        Group(
          partner: index, members: members,
          units: members.map { unit in
            ReferencedShrinkage.Unit(
              estimate: chooser.units[unit],
              standardError: (chooser.unitVariances[unit] * dispersions[index]).squareRoot(),
              isInFamily: own.requests[unit] >= Self.fewestRequests)
          }))
    }
    func shrink(_ groups: [Group]) -> ReferencedFit? {
      do throws(NumericsError) {
        let found = try shrinkage.fit(groups.map(\.units), threads: options.threads)
        if found.record.converged { return found }
        note = Self.unsettled("partners' usual treatment", found.record)
        return nil
      } catch {
        note = "pairs can't be judged by queue choices: \(error.description)."
        return nil
      }
    }
    guard let first = shrink(groups) else { return }
    let before = groups
    groups = parallelMap(count: groups.count, threads: options.threads) { position -> Group in
      Self.checked(
        before[position], reference: first.references[position].mode, fit,
        dispersion: dispersions[before[position].partner], unitVariance: model.unitVariance, sets: sets)
    }
    guard let final = shrink(groups) else { return }
    nullShare = final.mixture?.nullShare
    let effects = parallelMap(count: groups.count, threads: options.threads) {
      final.effects(group: $0, interval: options.interval) ?? []
    }
    for (position, group) in groups.enumerated() {
      let own = choices[group.partner]
      for (member, effect) in effects[position].enumerated() {
        let (unit, found, withoutOne) = (group.members[member], group.units[member], group.withoutOne[member])
        pairs.append(
          Pair(
            manager: Int(own.managers[unit]), partner: partners[group.partner].partner, effect: effect,
            logOdds: found.estimate, logOddsError: found.standardError,
            plainError: Self.plainError(effect, found, group.plainErrors[member]), choices: own.choices[unit],
            requests: own.requests[unit], record: records[group.partner][unit], overtakes: own.overtakes[unit],
            overtaken: own.overtaken[unit],
            estimateWithoutOne: withoutOne.map { effect.estimate + $0.estimate - found.estimate },
            restsOnOne: withoutOne?.setsError ?? false,
            differenceErrors: group.differenceErrors[member].reduce(into: [:]) {
              $0[Int(own.managers[group.members[$1.key]])] = $1.value
            }))
      }
    }
    pairs.sort { ($0.manager, $0.partner) < ($1.manager, $1.partner) }
  }

  /// The error of an effect, which holds that of what is usual besides its own, with another one in its own's place.
  private static func plainError(
    _ effect: ReferencedFit.Effect, _ own: ReferencedShrinkage.Unit, _ plain: Double
  ) -> Double {
    let usual = max(0, effect.standardError * effect.standardError - own.standardError * own.standardError)
    return (usual + plain * plain).squareRoot()
  }

  private static func unsettled(_ what: String, _ record: SearchRecord) -> String {
    "pairs can't be judged by queue choices: \(what) didn't settle in \(Wording.count(record.evaluations, "round"))."
  }

  /// Estimates further from the reference than so many errors are held against their likelihood.
  private static let suspicious = 2.0

  /// The errors of what stands out: by likelihood where that says more than its curvature, and no smaller than what one request
  /// less would bring it nearer (``ChooserFit/withoutOneItem(of:against:_:unitVariance:)``), since one that waits for a reason of its
  /// own is passed over again and again.
  private static func checked(
    _ group: Group, reference: Double, _ fit: QueueChoiceFit, dispersion: Double, unitVariance: Double,
    sets: @Sendable (Int) -> ChoiceSets
  ) -> Group {
    var result = group
    result.withoutOne = group.members.map { _ in nil }
    result.plainErrors = group.units.map(\.standardError)
    result.differenceErrors = group.members.map { _ in [:] }
    let suspects = group.members.indices.filter { position in
      abs(group.units[position].estimate - reference) > suspicious * group.units[position].standardError
    }
    let twosomes = suspectTwosomes(group)
    guard !(suspects.isEmpty && twosomes.isEmpty), let chooser = fit.choosers[group.partner] else { return result }
    let (own, asked) = (sets(group.partner), suspects.map { group.members[$0] })
    for (one, other) in twosomes {
      let error = differenceError(one, other, group, chooser, own, fit, unitVariance: unitVariance)
      (result.differenceErrors[one][other], result.differenceErrors[other][one]) = (error, error)
    }
    if suspects.isEmpty { return result }
    let errors = chooser.standardErrors(
      of: asked, against: reference, own, prior: fit.common, unitVariance: unitVariance)
    for (position, error) in zip(suspects, errors) {
      if let error { result.units[position].standardError = error * dispersion.squareRoot() }
    }
    result.plainErrors = result.units.map(\.standardError)
    let withoutOne = chooser.withoutOneItem(of: asked, against: reference, own, unitVariance: unitVariance)
    for (position, estimate) in zip(suspects, withoutOne) {
      guard let estimate else { continue }
      let found = result.units[position].estimate
      let change = found < reference ? estimate - found : found - estimate
      result.withoutOne[position] = (estimate, change > result.units[position].standardError)
      result.units[position].standardError = max(result.units[position].standardError, change)
    }
    return result
  }

  /// Differences of few managers that are larger than so many of their errors are held against their likelihood.
  private static let suspiciousDifference = 1.5

  /// Two members each whose difference stands out, of a group with too few for a usual treatment.
  private static func suspectTwosomes(_ group: Group) -> [(Int, Int)] {
    let judged = group.members.indices.filter { group.units[$0].isInFamily }
    guard judged.count < TreatmentFamily.smallestFamily else { return [] }
    return judged.enumerated().flatMap { place, one in
      judged.dropFirst(place + 1).filter { other in
        let (a, b) = (group.units[one], group.units[other])
        let error = (a.standardError * a.standardError + b.standardError * b.standardError).squareRoot()
        return abs(a.estimate - b.estimate) > suspiciousDifference * error
      }.map { (one, $0) }
    }
  }

  /// The error of a difference that stands out: both variances widened by as much as the likelihood falls less than a quadratic one would
  /// when one of the two is treated as the other is, and no smaller than what one request less brings the two together.
  private static func differenceError(
    _ one: Int, _ other: Int, _ group: Group, _ chooser: ChooserFit, _ sets: ChoiceSets, _ fit: QueueChoiceFit,
    unitVariance: Double
  ) -> Double {
    var variance = 0.0
    var change = 0.0
    for (own, against) in [(one, other), (other, one)] {
      let (unit, value) = (group.members[own], group.units[against].estimate)
      let (found, plain) = (group.units[own].estimate, group.units[own].standardError)
      // What the error would be with the others' level known: by likelihood, and by the curvature.
      let byLikelihood =
        chooser.standardErrors(of: [unit], against: value, sets, prior: fit.common, unitVariance: unitVariance)[0]
      let widening = byLikelihood.map { max(1, $0 * chooser.unitCurvatures[unit].squareRoot()) } ?? 1
      variance += plain * plain * widening * widening
      if let estimate = chooser.withoutOneItem(of: [unit], against: value, sets, unitVariance: unitVariance)[0] {
        change = max(change, found < value ? estimate - found : found - estimate)
      }
    }
    return max(variance.squareRoot(), change)
  }

  /// Each partner's stretch of the spells.
  static func ranges(_ history: History) -> [(partner: Int, spells: Range<Int>)] {
    var result: [(partner: Int, spells: Range<Int>)] = []
    var start = 0
    while start < history.spells.count {
      let partner = history.spells[start].partner
      var end = start + 1
      while end < history.spells.count, history.spells[end].partner == partner { end += 1 }
      if partner >= 0 { result.append((Int(partner), start..<end)) }
      start = end
    }
    return result
  }

  /// A partner's stretch of the pauses.
  static func pauses(_ all: [RequestPause], partner: Int) -> ArraySlice<RequestPause> {
    func first(_ partner: Int) -> Int {
      var (low, high) = (0, all.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(all[middle].partner) < partner { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return all[first(partner)..<first(partner + 1)]
  }
}
