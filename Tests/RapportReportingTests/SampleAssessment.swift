import RapportIngestion

@testable import RapportScoring

/// A small assessment made by hand, with everything that an output shows.
enum SampleAssessment {
  static func estimated(_ value: Double, _ low: Double, _ high: Double, n: Double = 20) -> Score {
    .estimated(Estimate(value: value, low: low, high: high, effectiveN: n))
  }

  static func indicator(_ value: Double, points: Double, _ evidence: [String: Double] = ["cases": 12]) -> IndicatorScore
  {
    IndicatorScore(
      score: estimated(value, value * 0.9, value * 1.1), points: estimated(points, points - 5, points + 5),
      evidence: evidence)
  }

  static func manager(_ id: String, health: Double?, promises: Double, lowest: Double, tier: Int) -> ManagerAssessment {
    let score = health.map { estimated($0, $0 - 8, $0 + 8) } ?? .insufficient(n: 1, needed: 3)
    return ManagerAssessment(
      id: id, attributes: ["unit": "sales"], health: score, trust: estimated(60, 50, 70),
      trustInPartner: estimated(64, 54, 74), trustInManager: estimated(56, 46, 66), trustGap: estimated(8, -6, 22),
      consistency: estimated(55, 40, 70), domains: ["responsiveness": estimated(50, 40, 60), "followThrough": score],
      indicators: [
        "answeredWithinTarget": indicator(0.8, points: 67),
        "promisesKeptOnTime": indicator(promises, points: 100 * promises),
        "surveyScore": IndicatorScore(
          score: .suppressed(reason: "fewer than 5 respondents"),
          points: .suppressed(reason: "fewer than 5 respondents"),
          evidence: [:]),
      ],
      attribution: health.map { health in
        Attribution(
          reference: 50, referenceMeaning: "the middle of every scale",
          contributions: [
            .init(indicator: "promisesKeptOnTime", domain: "followThrough", points: health - 52),
            .init(indicator: "answeredWithinTarget", domain: "responsiveness", points: 2),
          ])
      },
      rank: health.map { _ in
        Rank(
          expected: Double(tier), percentile: 50, low: 1, high: 4, probabilityLowestTenth: lowest,
          probabilityHighestTenth: 0.1, tier: tier, withMethod: RankWithMethod(expected: Double(tier), low: 1, high: 5))
      },
      healthPercentile: health.map { _ in 0.5 },
      months: [
        MonthEvidence(
          month: "2026-05", requests: 4, answered: 3, promisesDue: 2, promisesKept: 1, checkIns: 1, exposed: true),
        MonthEvidence(
          month: "2026-06", requests: 6, answered: 6, promisesDue: 1, promisesKept: 1, checkIns: 0, exposed: true),
      ],
      partners: ["P1"], trustRankByAsymmetry: ["1": 1, "2": 2, "3": 2])
  }

  static let signal = PairFinding(
    manager: "M2", partner: "P1", ratio: 1.9, low: 1.4, high: 2.6, localFalseSignRate: 0.01, sValue: 0.008,
    choices: 41, overtakes: 17, overtaken: 3, verdict: .signal, method: "choice",
    estimate: RatioInterval(ratio: 2.1, low: 1.5, high: 3), timing: RatioInterval(ratio: 1.2, low: 1.1, high: 1.4),
    timingDifference: RatioInterval(ratio: 1.25, low: 1.05, high: 1.5),
    cox: RatioInterval(ratio: 1.3, low: 1.15, high: 1.5), requests: 44, answered: 40, eValue: 3.2, eValueOfLimit: 2.1,
    minimumDetectableRatio: 1.5, adjustedFor: ["topic", "priority"], notAdjustedFor: ["urgency that isn't recorded"],
    statement: "P1 answered M2 1.9 times as readily as comparable requests.")

  static let unclear = PairFinding(
    manager: "M1", partner: "P1", ratio: 1.02, low: 0.8, high: 1.3, localFalseSignRate: 0.44, sValue: 0.2,
    choices: 18, overtakes: 2, overtaken: 1, verdict: .insufficientEvidence, method: "choice",
    estimate: RatioInterval(ratio: 1.05, low: 0.7, high: 1.5), timing: RatioInterval(ratio: 1.02, low: 0.8, high: 1.3),
    cox: nil, requests: 21, answered: 20, eValue: 1.2, eValueOfLimit: 1, minimumDetectableRatio: 1.9,
    adjustedFor: ["topic"], notAdjustedFor: [], statement: "P1 and M1: nothing can be said.")

  /// A pair of which queue choices say nothing: figures by waits, no verdict.
  static var waitsOnly: PairFinding {
    var pair = unclear
    (pair.method, pair.obstacle, pair.sValue) = ("timing", .noChoice, nil)
    (pair.choices, pair.overtakes, pair.overtaken) = (nil, nil, nil)
    (pair.ratio, pair.high, pair.localFalseSignRate) = (25, 40, 0)
    return pair
  }

  static let choice = ChoiceSummary(
    choices: 60, replies: 80, meanQueue: 4.5, partners: 1, obstacles: ["resolution": 2, "notConverged": 1],
    coefficients: [
      .init(name: "logElapsedWait", estimate: 1, standardError: 0.1, deviationOfPartners: 0.2),
      .init(name: "oldest", estimate: 0.1, standardError: 0.1, deviationOfPartners: 0.2),
      .init(name: "overdue", estimate: 0.8, standardError: 0.1, deviationOfPartners: 0.2),
      .init(name: "priority=low", estimate: -0.7, standardError: 0.1, deviationOfPartners: 0.2),
    ], nullShare: 0.8, sampledChoices: 0, references: ["priority": "normal"], workingCalendar: true,
    comparableBy: ["topic", "priority"], adjustedFor: ["how long each had waited", "priority"],
    notAdjustedFor: ["urgency agreed outside the log"],
    pooledLevels: [:])

  static let evenness = InequalityFinding(
    managers: 6, requests: 90, gini: 0.12, giniByChance: 0.08, giniByChanceHigh: 0.1, theil: 0.02,
    theilByChance: 0.009,
    lorenz: (0...20).map { .init(requests: Double($0) / 20, waiting: Double($0 * $0) / 400) },
    statement: "The lower half bears a quarter of the waiting.")

  static func queueRequest(_ manager: String, _ probability: Double, picked: Bool = false, over: Bool = false)
    -> QueueEvidence.Request
  {
    QueueEvidence.Request(
      request: "R-\(manager)", manager: manager, opened: "2026-05-01T08:00:00Z", waitedHours: 3.25, topic: "pay",
      priority: nil, overdue: true, probability: probability, isPicked: picked, isPassedOver: over)
  }

  static let evidence = QueueEvidence(
    kind: .picked, total: 41,
    choices: [
      .init(
        moment: "2026-05-04T09:30:00Z", passedOver: 1, probability: 0.05, isSample: false,
        requests: [
          queueRequest("M2", 0.05, picked: true), queueRequest("M1", 0.6, over: true), queueRequest("M3", 0.35),
        ])
    ], record: .init(queues: 90, picks: 41, expected: 22.25), comparableBy: ["topic", "priority"],
    obstacle: nil)

  static var favouritism: FavouritismFindings {
    var findings = FavouritismFindings()
    findings.basis = "queue choices"
    findings.pairs = [unclear, signal]
    findings.choice = choice
    findings.evenness = evenness
    findings.managers = [
      ManagerFinding(
        manager: "M2", partners: 1, requests: 44, ratio: 1.4, low: 1, high: 1.9,
        estimate: RatioInterval(ratio: 1.4, low: 1, high: 1.9), localFalseSignRate: 0.1, sValue: 0.1,
        verdict: .insufficientEvidence, note: nil, statement: "M2 can't be told."),
      ManagerFinding(
        manager: "M1", partners: 1, requests: 21, ratio: 1, low: 1, high: 1,
        estimate: RatioInterval(ratio: 1, low: 1, high: 1), localFalseSignRate: 1, sValue: 1,
        verdict: .insufficientEvidence, note: nil, statement: "M1 can't be told."),
    ]
    findings.partners = [
      PartnerFinding(
        partner: "P1", managers: 4, requests: 90, medianRatio: 1.3, low: 1.1, high: 1.6, pValue: 0.01, qValue: 0.02,
        gini: 0.14, giniByChance: 0.07, theil: 0.03, verdict: .signal, signals: 1, statement: "P1 answers unevenly.")
    ]
    findings.groups = [
      GroupFinding(
        attribute: "unit", value: "sales", managers: 4, requests: 90, ratio: 1.1, low: 0.9, high: 1.3,
        unadjusted: RatioInterval(ratio: 1.2, low: 1, high: 1.5), withinTargetRatio: nil, pValue: 0.4, qValue: 0.4,
        verdict: .noMaterialDifference, statement: "Sales is answered like others.")
    ]
    findings.notes = ["One note on findings."]
    return findings
  }

  static var factors: FactorStudy {
    var study = FactorStudy()
    study.status = .estimated
    study.reason = nil
    study.answer = "One number is justified with reservations."
    study.observations = 40
    study.variables = ["answeredWithinTarget", "promisesKeptOnTime", "regularity"]
    study.eigenvalues = [1.8, 0.7, 0.5]
    study.parallelAnalysis = .init(
      factors: 1, eigenvalues: [1.2, 0.1, -0.2], thresholds: [0.5, 0.3, 0.1], components: 1,
      componentEigenvalues: [1.8, 0.7, 0.5], componentThresholds: [1.3, 1.1, 1], draws: 1000)
    study.factors = 1
    study.loadings = [[0.8], [0.6], [0.4]]
    study.communalities = [0.64, 0.36, 0.16]
    study.uniquenesses = [0.36, 0.64, 0.84]
    study.kmo = 0.7
    study.kmoByVariable = [0.7, 0.72, 0.68]
    study.rmsea = 0.04
    study.leftOut = [.init(indicator: "surveyScore", reason: "measured for 3 of 40 managers")]
    return study
  }

  static var quality: DataQuality {
    var quality = DataQuality()
    quality.rowsRead = 12345
    quality.eventsUsed = 12000
    quality.rejected = ["badTime": 40, "missingManager": 2]
    quality.rejections = [
      "badTime": .init(count: 40, .refused, examples: [.init(input: 1, line: 17)], advice: "Use ISO 8601.")
    ]
    quality.observations = ["bulkClosing": .init(count: 3, .used, advice: "Many answers in one minute.")]
    quality.duplicates = 5
    quality.requests.total = 100
    quality.requests.answered = 80
    quality.requests.open = 15
    quality.requests.withdrawn = 5
    quality.kinds = ["request": 100, "check_in": 20, "withdraw": 5, "reassign": 1, "pause": 3]
    quality.ignoredColumns = ["colour"]
    quality.notes = ["Pauses were not recorded."]
    return quality
  }

  static let method = MethodStudy(
    varied: MethodSettings(), meanRankShift: 1.24,
    factors: zip(MethodFactor.allCases, [0.6, 0.2, 0.1, 0.05]).map {
      MethodStudy.Factor(
        name: $0, firstOrder: -0.01, firstOrderError: 0.02, total: $1 + 0.2, totalError: 0.04, ranksFirstOrder: $1,
        ranksTotal: $1 + 0.1)
    }, managers: 5, points: 256)

  static func funnel(outside id: String) -> Funnel {
    func curve(_ level: Double, _ widths: [Double]) -> Funnel.Curve {
      Funnel.Curve(
        level: level, beyondChance: level < 0.99 ? 2 : 1, expected: 4 * (1 - level),
        points: zip([10, 20, 40], widths).map { .init(size: $0, low: 0.75 - $1, high: 0.75 + $1) })
    }
    return Funnel(
      indicator: "answeredWithinTarget", kind: .share, managers: 5, centre: 0.75,
      overdispersion: .init(dispersion: 1.2, betweenDeviation: 0.02),
      clustering: .init(correlation: 0.14, rateVariation: nil, smallestDesignEffect: 1.1, largestDesignEffect: 1.4),
      curves: [curve(0.95, [0.25, 0.2, 0.1]), curve(0.998, [0.25, 0.25, 0.2])],
      outside: [
        .init(
          manager: id, size: 40, value: 0.5, side: .below, level: 0.998, designEffect: 1.4, low: 0.55, high: 0.95)
      ],
      beyondChance: [
        .init(manager: "M3", size: 40, value: 0.8, side: .above, level: 0.95, designEffect: 1.4, low: 0.72, high: 0.78)
      ],
      inside: [(10, 0.8), (20, 0.7), (30, 0.75), (40, 0.8)].map { .init(size: $0, value: $1) })
  }

  /// Four managers, one of them without a score; the ids may be set to anything.
  static func make(firstID: String = "M1", isOrdinal: Bool = true, lowest: Double = 0.7) -> Assessment {
    let managers = [
      manager(firstID, health: 40, promises: 0.5, lowest: lowest, tier: 2),
      manager("M2", health: 70, promises: 0.9, lowest: 0.05, tier: 1),
      manager("M3", health: 65, promises: 0.8, lowest: 0.1, tier: 1),
      manager("M4", health: nil, promises: 0.7, lowest: 0, tier: 0),
      manager("M5", health: 60, promises: 0.75, lowest: 0.2, tier: 2),
      manager("M6", health: 62, promises: 0.95, lowest: 0.2, tier: 2),
    ]
    let pair = PairAssessment(
      manager: "M2", partner: "P1", requests: 44, answered: 40, open: 2, health: estimated(70, 60, 80),
      trustInPartner: estimated(64, 54, 74), trustInManager: estimated(56, 46, 66), trust: estimated(60, 50, 70),
      consistency: .insufficient(n: 1, needed: 2), indicators: ["answeredWithinTarget": indicator(0.8, points: 67)])
    let partner = PartnerAssessment(
      id: "P1", attributes: ["function": "hr"], requests: 100, answered: 80, open: 15, withdrawn: 5, reassigned: 1,
      pausedShare: 0.1, wait: .init(median: 7200, low: 3600, high: 10800, restrictedMean: 9000),
      trust: estimated(60, 50, 70), health: estimated(66, 60, 72), consistency: estimated(50, 40, 60))
    let ranking = Ranking(
      by: .health, rankability: isOrdinal ? 0.8 : 0.2, isOrdinal: isOrdinal, order: ["M2", "M3", "M6", "M5", firstID],
      tiers: [
        .init(tier: 1, side: .above, name: "upper tier", managers: ["M2", "M3"]),
        .init(tier: 2, side: .below, name: "middle tier", managers: ["M5", "M6", firstID]),
      ],
      reason: isOrdinal ? "80 % of the differences are real." : "Most of the differences may be chance.", method: method
    )
    var options = AssessmentOptions()
    options.seed = 7
    let basis = Basis(
      asOf: "2026-06-30T23:00:00Z", firstEvent: "2026-05-01T08:00:00Z", timezone: "Europe/London",
      workingCalendar: false, measuredDomains: ["responsiveness", "followThrough"],
      unmeasuredDomains: ["conflict", "voice"], comparableBy: ["topic", "priority"], goalpostsVersion: "test",
      options: options)
    return Assessment(
      basis: basis, managers: managers, pairs: [pair], partners: [partner], ranking: ranking, favouritism: favouritism,
      factors: factors, funnels: [funnel(outside: firstID)],
      goalposts: [
        Goalpost(
          indicator: "answeredWithinTarget", domain: "responsiveness", direction: "hr", role: "formative",
          unit: "share",
          lowest: 0.4, highest: 1, isLogarithmic: false, reason: "Every target met.")
      ],
      dataQuality: quality, notes: ["A note that must be read."])
  }
}
