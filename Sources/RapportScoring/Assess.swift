import RapportIngestion
import RapportNumerics

/// Scores a history: the whole stage in one function.
///
/// Everything is derived from `history` and `options`; the number of threads can't change a number.
///
/// - Parameter observer: hears of each step when it begins.
/// - Throws: ``ScoringError`` where an option can't be honoured, or the history names no manager.
/// - Complexity: O(events + managers · draws · indicators + draws · managers log managers + managers · months²), months
///   squared up to ten years of them: change points (``Trends``)
public func assess(
  _ history: History, options asked: AssessmentOptions, observer: ((AssessmentStep) -> Void)? = nil
) throws(ScoringError) -> Assessment {
  let options = asked.filled(from: history)
  try options.check(history)
  let pairs = PairTable(history)
  let ranked = options.rankBy.domain

  observer?(.responseTimes)
  // Who is answered how fast, everything comparable held equal, and whom partners pick first.
  let (timing, choices) = concurrently(
    threads: options.threads, { TimingModel.fit(history, options: options) },
    { QueueChoices(history, options: options) })
  let findings = FavouritismFindings.find(
    in: history, choices: choices, timing: timing.model, reason: timing.reason, options: options)

  observer?(.indicators)
  // Indicators at three levels, each borrowing strength over its own units.
  let (monthly, (pairsRead, partnersRead)) = concurrently(
    threads: options.threads,
    { MonthlyIndicators(history, timing.model, Level(.manager, pairs: pairs), options: options) },
    {
      (
        IndicatorSet(history, timing.model, Level(.pair, pairs: pairs), options: options),
        IndicatorSet(history, timing.model, Level(.partner, pairs: pairs), options: options)
      )
    })
  let managerSet = monthly.whole(threads: options.threads)
  // What too few managers have says nothing of pairs and partners either.
  let unmeasured = Set(monthly.uncovered.map(\.indicator))
  let (pairSet, partnerSet) = (pairsRead.without(unmeasured), partnersRead.without(unmeasured))

  let halves = SplitHalves(history, monthly, options: options)
  // Pairs and partners are too small, or too few, to tell of errors themselves.
  let errors = ErrorCorrelations(managerSet, halves, timing.model)

  observer?(.health)
  // Composites with joint posterior draws.
  var managers = HealthScores(
    managerSet, options: options, draws: options.draws(for: history.managers.count), purpose: "manager health",
    ranked: ranked, keepsDraws: options.rankBy != .trust, halves: halves, errors: errors,
    method: options.rankBy == .health ? MethodSettings() : nil)
  managers.attribute(threads: options.threads)
  let pairHealth = HealthScores(
    pairSet, options: options, draws: options.drawsOfPairs, purpose: "pair health", told: .consistency,
    errors: errors)
  let partnerHealth = HealthScores(
    partnerSet, options: options, draws: options.drawsOfPairs, purpose: "partner health", told: .consistency,
    errors: errors)

  let (trust, waits) = concurrently(
    threads: options.threads, { TrustScores(history, pairs, options: options) },
    { WaitComparisons(history, pairs: pairs, options: options).all })
  observer?(.ranking)
  var ranking = ManagerRanking(
    rankingEntries(managers, trust, options), names: history.managers, by: options.rankBy,
    departures: options.rankBy == .trust ? trust.departures : managers.departures, options: options)
  ranking.addMethod(managers, options: options)
  observer?(.factors)
  observer?(.trends)
  let (factors, (trends, funnels)) = concurrently(
    threads: options.threads,
    {
      let settings = FactorStudySettings(seed: options.seed, threads: options.threads)
      var factors = settings.study(factorTable(history, managerSet, halves: halves))
      let variables = Set(factors.variables)
      settings.compareHalves(of: &factors, months: history.months) { months in
        factorTable(history, monthly.part(months, threads: options.threads), halves: nil, variables: variables)
      }
      return factors
    },
    {
      (
        Trends.find(
          in: history, timing: timing.model, pairs: pairs, unmeasured: unmeasured, options: options),
        Funnels.find(managerSet.indicators, names: history.managers, threads: options.threads)
      )
    })
  // Without any weight there is no composite, but what was measured was.
  let measured =
    managers.composite?.domains
    ?? Domain.allCases.filter { domain in managerSet.indicators.contains { $0.indicator.domain == domain } }
  return Assessment(
    basis: basis(history, measured: measured, trust: trust.basis, options: options),
    managers: ManagerAssessments(history, pairs, managers, trust, ranking).values(waits),
    pairs: pairAssessments(history, pairs, pairHealth, trust),
    partners: partnerAssessments(history, pairs, partnerHealth, trust, options: options),
    ranking: ranking.ranking,
    favouritism: findings,
    factors: factors,
    trends: trends,
    funnels: funnels.funnels,
    goalposts: Goalposts.table,
    dataQuality: history.dataQuality,
    notes: notes(
      history, measured: measured,
      indicators: Set(managerSet.indicators.map(\.indicator))
        .union(monthly.uncovered.filter { $0.coverage.telling > 0 }.map(\.indicator)),
      timing: timing.reason,
      trends: trends, trust: trust.basis, options: options)
      + uncoveredNote(monthly.uncovered) + funnels.notes)
}

extension AssessmentOptions {
  /// Whether intervals can cover this share. A configuration's settings are held to these limits too.
  public static func isInterval(_ share: Double) -> Bool { (0.5...0.999).contains(share) }
  /// Whether it can be ``followUpDays``.
  public static func isFollowUp(days: Double) -> Bool { days > 0 && days <= 3660 }
  /// Whether it can be ``halfLifeDays``.
  public static func isHalfLife(days: Double) -> Bool { days > 0 && days.isFinite }
  /// Whether it can be ``asymmetry``.
  public static func isAsymmetry(_ weight: Double) -> Bool { (1...10).contains(weight) }
  /// Whether it can be a domain's weight.
  public static func isWeight(_ weight: Double) -> Bool { weight >= 0 && weight.isFinite }
  /// Whether a survey scale can have these ends.
  public static func isSurveyScale(low: Double, high: Double) -> Bool { low < high && (high - low).isFinite }
  /// What ``draws`` can be: fewer than 100 give no interval.
  public static let drawCounts = 100...100_000
  /// What ``bootstrap`` can be.
  public static let bootstrapCounts = 0...100_000

  /// The ends of the survey scale that count where nobody set them.
  private static let usualSurveyScale = (low: 1.0, high: 5.0)
  /// The ends of the survey scale, in the order in which they were given.
  private var surveyScaleEnds: (low: Double, high: Double) {
    (surveyScaleLow ?? Self.usualSurveyScale.low, surveyScaleHigh ?? Self.usualSurveyScale.high)
  }

  /// The survey scale, with ends that nobody set.
  var surveyScale: ClosedRange<Double> {
    let (low, high) = surveyScaleEnds
    return low <= high ? low...high : high...low
  }

  /// A rating on the scale 1–5, which the goalposts are written for.
  func onCommonScale(_ rating: Double) -> Double {
    let scale = surveyScale
    return 1 + 4 * (rating - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
  }

  /// With the survey scale that ratings were read on where none is set.
  func filled(from history: History) -> AssessmentOptions {
    var options = self
    if surveyScaleLow == nil, surveyScaleHigh == nil, let read = history.surveyScale {
      (options.surveyScaleLow, options.surveyScaleHigh) = (read.lowerBound, read.upperBound)
    } else {
      (options.surveyScaleLow, options.surveyScaleHigh) = surveyScaleEnds
    }
    return options
  }

  /// Refuses what can't be honoured, and a history that names nobody.
  func check(_ history: History) throws(ScoringError) {
    guard !history.managers.isEmpty else {
      throw ScoringError("the input names no manager: nothing can be assessed")
    }
    guard Self.isInterval(interval) else {
      throw ScoringError("interval is \(interval); it must lie between 0.5 and 0.999, as 0.9")
    }
    guard Self.drawCounts.contains(draws) else {
      throw ScoringError("draws is \(draws); it must lie between 100, which an interval needs, and 100000")
    }
    guard Self.bootstrapCounts.contains(bootstrap) else {
      throw ScoringError("bootstrap is \(bootstrap); it must lie between 0 and 100000")
    }
    guard Self.isFollowUp(days: followUpDays) else {
      throw ScoringError("follow-up is \(followUpDays) days; it must be above 0 and at most 3660")
    }
    guard Self.isHalfLife(days: halfLifeDays) else {
      throw ScoringError("half-life is \(halfLifeDays) days; it must be a number above 0")
    }
    guard Self.isAsymmetry(asymmetry) else {
      throw ScoringError("asymmetry is \(asymmetry); it must lie between 1 and 10")
    }
    let (low, high) = surveyScaleEnds
    guard Self.isSurveyScale(low: low, high: high) else {
      throw ScoringError("the survey scale runs from \(low) to \(high); it must rise, as 1-5")
    }
    if let kept = history.surveyScale, surveyScaleLow != nil || surveyScaleHigh != nil, kept != low...high {
      throw ScoringError(
        "the survey scale is \((low...high).words), and ratings were read on \(kept.words); leave it out, or read them again"
      )
    }
    for (name, weight) in domainWeights.sorted(by: { $0.key < $1.key }) {
      guard Domain(rawValue: name) != nil else {
        let known = Domain.allCases.map(\.rawValue).joined(separator: ", ")
        throw ScoringError("there is no domain '\(name)' to weigh; known are \(known)")
      }
      guard Self.isWeight(weight) else {
        throw ScoringError("the weight of \(name) is \(weight); it must be 0 or more")
      }
    }
  }

  /// Draws for pairs and partners, which aren't ranked: limits of an interval need fewer than tails of ranks do.
  var drawsOfPairs: Int { max(200, draws / 4) }

  /// Joint draws per manager: as asked for, fewer where tens of thousands of units would take minutes.
  func draws(for units: Int) -> Int {
    min(draws, max(200, 10_000_000 / max(units, 1)))
  }
}

extension RankedScore {
  /// The domain that is ranked; `nil` for composites.
  var domain: Domain? { self == .consistency ? .consistency : Domain(rawValue: rawValue) }
}

/// What managers are ranked by.
private func rankingEntries(
  _ managers: HealthScores, _ trust: TrustScores, _ options: AssessmentOptions
) -> [ManagerRanking.Entry] {
  managers.units.indices.map { unit in
    switch options.rankBy {
    case .trust:
      let scores = trust.managers[unit]
      return ManagerRanking.Entry(
        score: scores.both, draws: scores.draws)
    case .health:
      let scores = managers.units[unit]
      return ManagerRanking.Entry(
        score: scores.health, draws: scores.draws)
    default:
      let scores = managers.units[unit]
      return ManagerRanking.Entry(
        score: scores.domains[options.rankBy.rawValue] ?? .insufficient(n: 0, needed: 1), draws: scores.draws)
    }
  }
}

/// Managers by indicators (`nil` for all), with halves of the months for reliability; higher is healthier throughout.
private func factorTable(
  _ history: History, _ set: IndicatorSet, halves: SplitHalves?,
  variables: Set<String>? = nil
) -> IndicatorTable {
  let indicators = set.indicators.map(\.indicator).filter { variables?.contains($0.rawValue) ?? true }
  func points(_ set: IndicatorSet) -> [[Double?]] {
    let units = history.managers.indices
    let columns = indicators.map { indicator -> [Double?] in
      guard let own = set.indicators.first(where: { $0.indicator == indicator }) else { return units.map { _ in nil } }
      let goalpost = Goalposts.goalpost(indicator)
      return units.map { unit in own.ownValue(unit).map { oriented($0, goalpost) } }
    }
    return units.map { unit in columns.map { $0[unit] } }
  }
  return IndicatorTable(
    managers: history.managers,
    indicators: indicators.map { .init(name: $0.rawValue, role: $0.role == .formative ? .formative : .reflective) },
    values: points(set),
    splits: (halves?.splits ?? []).map { .init(first: points($0.first), second: points($0.second)) })
}

/// A value on a scale where higher is healthier and skew is small: logs where the goalposts are logarithmic.
private func oriented(_ value: Double, _ goalpost: Goalpost) -> Double {
  let scaled = goalpost.isLogarithmic ? WaitCurve.log(max(value, 1e-9)) : value
  return goalpost.highest > goalpost.lowest ? scaled : -scaled
}

private func basis(
  _ history: History, measured: [Domain], trust: TrustBasis, options: AssessmentOptions
) -> Basis {
  let unmeasured = Domain.allCases.filter { !measured.contains($0) }
  var options = options
  // How many threads worked is no part of the answer.
  options.threads = AssessmentOptions().threads
  return Basis(
    asOf: iso8601(history.asOf, history.timeZone), firstEvent: iso8601(history.firstEvent, history.timeZone),
    timezone: history.timeZone.name, workingCalendar: history.hasWorkingCalendar, tellsSeconds: history.tellsSeconds,
    measuredDomains: measured.map(\.rawValue),
    unmeasuredDomains: unmeasured.map(\.rawValue),
    unmeasuredThoughRead: unmeasured.filter { history.holdsEvents(of: $0) }.map(\.rawValue),
    unmeasuredIndicators: history.untoldIndicators.map(\.rawValue), trust: trust, comparableBy: history.comparableBy,
    goalpostsVersion: Goalposts.version, options: options)
}

/// As in `2026-11-21T09:30:00+01:00`; seconds' fractions are dropped.
func iso8601(_ instant: Instant, _ zone: TimeZoneRules) -> String {
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  let date = zone.date(of: instant)
  let (year, month, dayOfMonth) = date.components
  let seconds = zone.localSeconds(of: instant) - date.dayNumber * 86_400
  let offset = zone.utcOffset(at: instant)
  let size = abs(offset) / 60
  let suffix = offset == 0 ? "Z" : "\(offset < 0 ? "-" : "+")\(two(size / 60)):\(two(size % 60))"
  let day = "\(year)-\(two(month))-\(two(dayOfMonth))"
  return "\(day)T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))\(suffix)"
}

extension History {
  /// Whether any event was read that begins what a domain's indicators tell.
  fileprivate func holdsEvents(of domain: Domain) -> Bool { !kinds.isDisjoint(with: domain.kinds) }
}

/// Which domains health doesn't rest on, and why; `nil` where it rests on all.
private func domainsNote(_ history: History, measured: [Domain], options: AssessmentOptions) -> String? {
  let weightless = measured.filter { options.domainWeights[$0.rawValue] == 0 }
  let rest = Domain.allCases.filter { !measured.contains($0) }
  guard !(weightless + rest).isEmpty else { return nil }
  let reasons: [(opening: String, domains: [Domain])] = [
    ("no events were read for", rest.filter { !history.holdsEvents(of: $0) }),
    ("too little, or too recent, is what was read for", rest.filter { history.holdsEvents(of: $0) }),
    ("without weight", weightless),
  ]
  let told = reasons.filter { !$0.domains.isEmpty }.map { opening, domains in
    "\(opening) \(domains.map(\.words).joined(separator: ", "))"
  }
  return "Health from \(measured.count - weightless.count) of \(Domain.allCases.count) domains: "
    + told.joined(separator: "; ") + "."
}

/// What was read of too few managers to be measured, in words.
private func uncoveredNote(_ uncovered: [(indicator: Indicator, coverage: Coverage)]) -> [String] {
  guard !uncovered.isEmpty else { return [] }
  let told = uncovered.map { indicator, coverage in
    "\(indicator.words) (\(Wording.count(coverage.telling, "manager")); \(coverage.needed.grouped) needed)"
  }
  return ["Not measured, since too few managers have enough evidence: \(told.joined(separator: ", "))."]
}

/// What a reader must know before trusting a number.
private func notes(
  _ history: History, measured: [Domain], indicators: Set<Indicator>, timing: String?, trends: Trends,
  trust: TrustBasis,
  options: AssessmentOptions
) -> [String] {
  var notes: [String] = []
  if let note = domainsNote(history, measured: measured, options: options) { notes.append(note) }
  if let note = history.calendarNote { notes.append(note) }
  notes += history.calendarGaps
  if let note = history.silenceNote { notes.append(note) }
  if let note = history.reopeningNote { notes.append(note) }
  if !indicators.contains(.surveyScore), let note = Voice.unusedNote(history) { notes.append(note) }
  if let timing { notes.append("No adjusted response times: \(timing).") }
  if let reason = trends.reason { notes.append("Trends: \(reason).") }
  if trust.isEmpty {
    let isThin = !(trust.tooFewInPartner + trust.tooFewInManager).isEmpty
    notes.append(
      isThin
        ? "Trust can't be measured: what tells of it was read of too few managers."
        : "Trust can't be measured: no promises, targets, reopenings, decisions or named ratings were read.")
  }
  notes.append(
    "Where a manager has too little evidence on an indicator, composites take in its place what is likely for it, by all managers and by its own other indicators; health needs two thirds of the indicators measured for the manager itself."
  )
  let capping = [
    (Indicator.evenness, "partners answer very unevenly", "evenness"),
    (.settlementTime, "conflicts stay unsettled", "time to settle conflicts"),
  ].filter { indicators.contains($0.0) }
  if !capping.isEmpty {
    notes.append(
      "Health can't be high where \(capping.map(\.1).joined(separator: ", or ")): with fewer than "
        + "\(Int(Health.capEnd)) points on \(capping.map(\.2).joined(separator: " or on ")), health can't reach 100 any "
        + "more; with 1 point, not more than \(Int(Health.capLowest)).")
  }
  if options.asymmetry != 1 { notes.append("Negative evidence weighs \(options.asymmetry) times as much as positive.") }
  if options.draws(for: history.managers.count) < options.draws {
    notes.append(
      "Intervals rest on \(options.draws(for: history.managers.count).grouped) posterior draws per manager instead of \(options.draws.grouped), since there are \(history.managers.count.grouped) managers."
    )
  }
  return notes
}
