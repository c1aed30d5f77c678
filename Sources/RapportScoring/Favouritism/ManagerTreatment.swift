import RapportIngestion
import RapportNumerics

/// How managers are treated across their partners: their pairs' effects put together, nothing shrunken.
///
///     b_m = Σ_p w b_mp / Σ_p w        w = 1 / (s²_mp + τ²)        Var b_m = 1 / Σ_p w
///
/// τ² is the variance of pairs' true effects (Paule & Mandel 1982), so that one favoured pair doesn't make a favoured
/// manager. Where no partner's choices can be told, the timing model's managers stand in.
///
/// Log scale, positive = later, as in the timing model.
struct ManagerTreatment: Sendable {
  struct Unit: Sendable {
    var manager: Int
    var mean: Double
    var variance: Double
    var requests: Int
    var partners: Int
    /// What can be compared with other managers' of the same stratum: one part for each partner.
    var parts: [Part]
  }
  /// How a manager is treated within one stratum, up to a constant that the stratum's managers share.
  struct Part: Sendable {
    /// The partner; 0 for all where the timing model has taken partners off.
    var stratum: Int
    var mean: Double
    /// 1/(s² + τ²).
    var weight: Double
  }

  /// By manager.
  let units: [Unit]
  /// Variance of managers' true effects beyond their errors.
  let between: Double
  /// Whether the units rest on queue choices.
  let isFromChoices: Bool
  /// Whether they do, but too few pairs show what is usual.
  let lacksUsual: Bool
  /// Managers whose units rest on waits that are known by the day only.
  let byDay: Set<Int>

  /// Treatments that are known already.
  init(units: [Unit], between: Double, isFromChoices: Bool = true) {
    (self.units, self.between, self.isFromChoices, lacksUsual, byDay) = (units, between, isFromChoices, false, [])
  }

  init(_ choices: QueueChoices, _ timing: TimingModel?) {
    isFromChoices = !choices.pairs.isEmpty
    lacksUsual = choices.lacksUsual
    byDay = isFromChoices ? [] : timing?.byDay.managers ?? []
    if isFromChoices {
      let rows = choices.pairs.map { ($0.effect.estimate, $0.effect.standardError * $0.effect.standardError) }
      let pairVariance = Self.between(rows)
      var result: [Unit] = []
      var start = 0
      while start < choices.pairs.count {
        var end = start
        var (weights, sum) = (0.0, 0.0)
        var requests = 0
        var parts: [Part] = []
        while end < choices.pairs.count, choices.pairs[end].manager == choices.pairs[start].manager {
          let weight = 1 / (rows[end].1 + pairVariance)
          weights += weight
          sum -= weight * rows[end].0
          requests += choices.pairs[end].requests
          let pair = choices.pairs[end]
          parts.append(
            Part(
              stratum: pair.partner, mean: -pair.logOdds,
              weight: 1 / (pair.logOddsError * pair.logOddsError + pairVariance)))
          end += 1
        }
        result.append(
          Unit(
            manager: choices.pairs[start].manager, mean: sum / weights, variance: 1 / weights, requests: requests,
            partners: end - start, parts: parts))
        start = end
      }
      units = result
      between = Self.between(result.map { ($0.mean, $0.variance) })
    } else if let timing {
      let partners = Dictionary(grouping: timing.pairs, by: \.manager).mapValues(\.count)
      let between = timing.managerVariance
      units = timing.managerEstimates.indices.compactMap { code in
        guard let estimate = timing.managerEstimates[code], let effect = timing.managers[code] else { return nil }
        return Unit(
          manager: code, mean: estimate.mean, variance: estimate.variance, requests: effect.requests,
          partners: partners[code] ?? 0,
          parts: [Part(stratum: 0, mean: estimate.mean, weight: 1 / (estimate.variance + between))])
      }
      self.between = between
    } else {
      units = []
      between = 0
    }
  }

  /// τ² with Q(τ²) = k − 1 around zero's neighbourhood; zero where errors explain the spread.
  private static func between(_ rows: [(mean: Double, variance: Double)]) -> Double {
    guard rows.count > 2 else { return 0 }
    func excess(_ between: Double) -> Double {
      var (weights, sum) = (0.0, 0.0)
      for (mean, variance) in rows {
        weights += 1 / (variance + between)
        sum += mean / (variance + between)
      }
      let centre = sum / weights
      return rows.reduce(0) { $0 + ($1.mean - centre) * ($1.mean - centre) / ($1.variance + between) }
        - Double(rows.count - 1)
    }
    if excess(0) <= 0 { return 0 }
    var (low, high) = (0.0, 1.0)
    while excess(high) > 0 && high < 1e4 { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if excess(middle) > 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

extension FavouritismFindings {
  /// Managers across all their partners.
  static func managerFindings(
    in history: History, _ treatment: ManagerTreatment, _ options: AssessmentOptions
  ) -> (findings: [ManagerFinding], note: String?) {
    let family = TreatmentFamily(
      treatment.units.map { TreatmentFamily.Unit(mean: $0.mean, variance: $0.variance, requests: $0.requests) },
      prior: treatment.between, interval: options.interval)
    let findings = zip(treatment.units, family.judged).map { unit, judged in
      let name = history.managers[unit.manager]
      var judged = judged
      // Without queue choices there is no signal at any level of managers.
      if !treatment.isFromChoices && judged.verdict == .signal { judged.verdict = .insufficientEvidence }
      let subject = "\(Wording.named("Manager", name)) is answered"
      let others = "comparable requests of other managers, across \(Wording.count(unit.partners, "partner"))"
      let basis = Wording.count(unit.requests, "request") + (treatment.isFromChoices ? "" : ", timing model only")
      let isByDay = treatment.byDay.contains(unit.manager)
      // Nothing is told where what is usual is drawn along by whoever is favoured, nor of times that are dates.
      let isTold = !treatment.lacksUsual && !isByDay
      return ManagerFinding(
        manager: name, partners: unit.partners, requests: unit.requests, ratio: isTold ? judged.shown.ratio : nil,
        low: isTold ? judged.shown.low : nil, high: isTold ? judged.shown.high : nil,
        estimate: isTold ? judged.estimate : nil,
        localFalseSignRate: isTold ? judged.posterior.localFalseSignRate : nil, sValue: isTold ? judged.sValue : nil,
        verdict: isTold ? judged.verdict : .insufficientEvidence,
        note: unit.partners == 1 ? "one partner only: manager and pair can't be told apart" : nil,
        statement: isTold
          ? Wording.sentence(subject, judged, than: others, basis: basis, interval: options.interval)
          : Wording.untold(subject, than: others, basis: basis, isByDay: isByDay))
    }
    let prior = treatment.isFromChoices ? "the variance between managers" : "the timing model's variance"
    return (findings, treatment.lacksUsual ? nil : family.note("manager", prior: prior))
  }
}
