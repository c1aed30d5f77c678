import RapportNumerics

/// Indicators, domains and health of every unit of a level, with joint posterior draws through the whole composite.
struct HealthScores: Sendable {
  /// One unit's scores.
  struct Scores: Sendable {
    var indicators: [String: IndicatorScore]
    var domains: [String: Score]
    var consistency: Score
    var health: Score
    /// Posterior mean points of every measurable indicator; the prior's where the unit has no evidence.
    var points: [Double]
    /// Posterior mean positions of the same between the fixed goalposts, 0 … 1, and beyond them outside; where these move,
    /// they tell apart what has the same points.
    var positions: [Double]
    /// Draws of the ranked score; empty where it isn't kept or there is none.
    var draws: [Float] = []
    /// Draws of health, each put together in another way (``MethodPlan``); empty where that isn't varied.
    var methodDraws: [Float] = []
    var attribution: Attribution?
  }

  let indicators: [Indicator]
  /// `nil` where the input measures nothing.
  let composite: Composite?
  /// Of the ranked score; `nil` where nothing is ranked.
  private(set) var departures: Departures?
  var units: [Scores]

  /// Scores of all units of `set`.
  ///
  /// - Parameters: `ranked`: the domain whose draws are kept (`nil` for health) if `keepsDraws`; `draws`: joint posterior
  ///   draws; `purpose`: the random streams' name, one stream per unit; `told`: the only domain that gets a score, `nil` for
  ///   all; `halves`: the same indicators from halves of the months, for the errors of own values; `errors`: how errors of
  ///   indicators go together; `method`: what is varied of how health is put together.
  init(
    _ set: IndicatorSet, options: AssessmentOptions, draws: Int, purpose: String, told: Domain? = nil,
    ranked: Domain? = nil,
    keepsDraws: Bool = false, halves: SplitHalves? = nil, errors: ErrorCorrelations = .none,
    method: MethodSettings? = nil
  ) {
    let indicators = set.indicators.map(\.indicator)
    self.indicators = indicators
    let composite = Composite(indicators, domainWeights: options.domainWeights)
    self.composite = composite
    guard let composite else {
      let none = Score.insufficient(n: 0, needed: 1)
      units = (0..<set.level.count).map { _ in
        Scores(indicators: [:], domains: [:], consistency: none, health: none, points: [], positions: [])
      }
      return
    }
    let position = ranked.map { composite.domains.firstIndex(of: $0) ?? -1 }
    let scorer = UnitScorer(
      set: set,
      joint: JointPosterior(set.indicators, unitCount: set.level.count, errors: errors, threads: options.threads),
      composite: composite, options: options, draws: draws, purpose: purpose,
      told: told, ranked: position, keepsDraws: keepsDraws,
      method: method.map { MethodPlan(MethodDesign(composite, $0), draws: draws, seed: options.seed) })
    if keepsDraws {
      departures =
        OwnValues(
          set.indicators, unitCount: set.level.count, composite: composite, ranked: position,
          halves: (halves?.splits ?? []).map { (first: $0.first.indicators, second: $0.second.indicators) },
          options: options
        ).departures
    }
    units = parallelMap(count: set.level.count, threads: options.threads) { scorer.scores($0) }
  }
}

/// Scores one unit at a time.
struct UnitScorer: Sendable {
  let set: IndicatorSet
  let joint: JointPosterior
  let composite: Composite
  let options: AssessmentOptions
  let draws: Int
  let purpose: String
  /// The only domain that gets a score; `nil` for all.
  let told: Domain?
  /// `nil` ranks by health; otherwise the position of a domain, −1 for one that isn't measured.
  let ranked: Int?
  let keepsDraws: Bool
  /// `nil` where how health is put together isn't varied.
  let method: MethodPlan?

  /// Health needs this share of the indicators that the input can measure.
  static let coverage = 2.0 / 3

  /// How many of `measurable` indicators a composite needs.
  static func needed(of measurable: Int) -> Int { Int((Double(measurable) * coverage - 1e-9).rounded(.up)) }

  func scores(_ unit: Int) -> HealthScores.Scores {
    let count = set.indicators.count
    let isShown = set.indicators.map { $0.isShown(unit) }
    let shownCount = isShown.count { $0 }
    var stream = RandomStream(seed: options.seed, purpose: purpose, unit: UInt64(unit))
    let probabilities = [(1 - options.interval) / 2, (1 + options.interval) / 2]

    var points = [Double](repeating: 0, count: count)
    var positions = points
    var indicators: [String: IndicatorScore] = [:]
    var domainSums = [[Double]](repeating: [], count: composite.domains.count)
    var caps = [Double](repeating: 100, count: draws)
    var values = [Double](repeating: 0, count: draws)
    var valueDraws: [Double] = []
    var methodDraws = method.map { MethodDraws($0) }
    let heard = joint.heard(set.indicators, unit)
    let scores = normalScores(heard.factor, heard.deviations, &stream)
    let pairs = (draws + 1) / 2
    for (k, indicator) in set.indicators.enumerated() {
      let name = indicator.indicator
      let goalposts = Goalposts.scales[name.index]
      let domain = composite.domainOf[k]
      if domainSums[domain].isEmpty { domainSums[domain] = [Double](repeating: 0, count: draws) }
      // Where it stands between the goalposts: draw by draw for composites; its points by themselves exactly.
      var posterior: HeardPosterior?
      if let member = joint.members.firstIndex(of: k) {
        let own = heard.posteriors[member]
        let link = own.scale
        posterior = own
        let means: SIMD2<Double> = scores.withUnsafeBufferPointer { scores in
          let scores = UnsafeBufferPointer(rebasing: scores[member * pairs..<(member + 1) * pairs])
          func fill(_ position: (Double) -> Double) -> SIMD2<Double> {
            own.draw(scores, into: &values, position)
            return own.means { link in
              let position = position(link)
              return SIMD2(Goalposts.points(position: position), position)
            }
          }
          return name == .surveyScore
            ? fill { goalposts.position(options.onCommonScale($0)) } : fill { link.position($0, goalposts) }
        }
        (points[k], positions[k]) = (means.x, means.y)
      } else {
        indicator.posteriors[unit].draw(&stream, into: &values)
        if isShown[k] { valueDraws = values }
        values.update { goalposts.position($0) }
        positions[k] = values.reduce(0, +) / Double(draws)
      }
      methodDraws?.add(k, positions: values)
      values.update { Goalposts.points(position: $0) }
      if posterior == nil { points[k] = values.reduce(0, +) / Double(draws) }
      domainSums[domain].update(with: values) { $0 + $1 }
      if composite.capping.contains(k) { caps.update(with: values) { min($0, Health.cap($1)) } }
      indicators[name.rawValue] = indicatorScore(
        indicator, unit, posterior, isShown: isShown[k], points: points[k], valueDraws: valueDraws,
        probabilities: probabilities)
    }

    let domainScores = composite.domainScores(points)
    var domains: [String: Score] = [:]
    var healthDraws = [Double](repeating: 0, count: draws)
    var kept: [Float] = []
    for d in composite.domains.indices {
      let own = set.indicators.indices.filter { composite.domainOf[$0] == d }
      let shown = own.count { isShown[$0] }
      let (size, weight) = (composite.sizes[d], composite.weights[d])
      domainSums[d].update { $0 / size }
      if weight > 0 { healthDraws.update(with: domainSums[d]) { $0 + weight * WaitCurve.log($1) } }
      if let told, told != composite.domains[d] { continue }
      let needed = Self.needed(of: own.count)
      if shown < needed || shown == 0 {
        domains[composite.domains[d].rawValue] = .insufficient(n: shown, needed: max(needed, 1))
        continue
      }
      if ranked == d && keepsDraws { kept = domainSums[d].map { Float($0) } }
      domains[composite.domains[d].rawValue] = score(domainScores[d], domainSums[d], probabilities, own, isShown, unit)
    }
    healthDraws.update(with: caps) { min(Posterior.exponential($0), $1, 100) }

    let needed = Self.needed(of: count)
    var health = Score.insufficient(n: shownCount, needed: needed)
    if shownCount >= max(needed, 1) {
      if ranked == nil && keepsDraws { kept = healthDraws.map { Float($0) } }
      health = score(
        composite.health(points), healthDraws, probabilities, Array(set.indicators.indices), isShown, unit)
    }
    let none = Score.insufficient(n: 0, needed: 1)
    return HealthScores.Scores(
      indicators: indicators, domains: domains, consistency: domains[Domain.consistency.rawValue] ?? none,
      health: health, points: points, positions: positions, draws: kept,
      methodDraws: health.estimate == nil ? [] : methodDraws?.health().map { Float($0) } ?? [])
  }

  /// Draws of all members of the joint posterior, member by member, each standard normal and correlated as they are.
  ///
  /// Each stands for itself and for the draw on the opposite side of the mean, which halves their cost and makes means more
  /// exact.
  private func normalScores(_ factor: SmallCholesky, _ deviations: [Double], _ stream: inout RandomStream) -> [Double] {
    let (size, pairs) = (deviations.count, (draws + 1) / 2)
    var result = [Double](repeating: 0, count: size * pairs)
    result.withUnsafeMutableBufferPointer { x in
      for i in 0..<pairs { for j in 0..<size { x[j * pairs + i] = stream.normal() } }
      factor.solveTransposed(x, columns: pairs)
      for j in 0..<size { for i in 0..<pairs { x[j * pairs + i] /= deviations[j] } }
    }
    return result
  }

  private func indicatorScore(
    _ indicator: IndicatorPosteriors, _ unit: Int, _ heard: HeardPosterior?, isShown: Bool, points: Double,
    valueDraws: [Double], probabilities: [Double]
  ) -> IndicatorScore {
    var evidence: [String: Double] = [:]
    for (name, values) in indicator.evidence.details { if let value = values[unit] { evidence[name] = value } }
    guard isShown else {
      // What the composite takes in its place: the prior, or what little evidence makes of it.
      evidence["assumedPoints"] = points
      let score: Score
      if let reason = indicator.evidence.suppressed[unit] {
        evidence = ["assumedPoints": points]
        score = .suppressed(reason: reason)
      } else {
        score = .insufficient(n: indicator.evidence.counts[unit], needed: indicator.indicator.needed)
      }
      return IndicatorScore(score: score, points: score, evidence: evidence)
    }
    let limits =
      heard.map { own in probabilities.map { own.quantile($0) } } ?? Quantiles.select(valueDraws, probabilities)
    // The points of the limits are the limits of the points, since goalposts neither turn nor jump.
    let goalposts = Goalposts.scales[indicator.indicator.index]
    let pointLimits = limits.map {
      goalposts.points(indicator.indicator == .surveyScore ? options.onCommonScale($0) : $0)
    }
    let effectiveN = Double(indicator.evidence.counts[unit])
    var value = Estimate(
      around: heard?.value ?? indicator.posteriors[unit].value, limits, effectiveN: effectiveN)
    if indicator.indicator == .surveyScore {
      // A mean of ratings can't leave the scale.
      let scale = options.surveyScale
      value.value = value.value.clamped(to: scale)
      value.low = value.low.clamped(to: scale)
      value.high = value.high.clamped(to: scale)
    }
    return IndicatorScore(
      score: .estimated(value),
      points: .estimated(
        Estimate(around: points, pointLimits.sorted(), effectiveN: effectiveN)),
      evidence: evidence, ownValue: indicator.ownValue(unit))
  }

  private func score(
    _ value: Double, _ draws: [Double], _ probabilities: [Double], _ indicators: [Int], _ isShown: [Bool],
    _ unit: Int
  ) -> Score {
    let limits = Quantiles.select(draws, probabilities)
    let n = indicators.reduce(0) { $0 + (isShown[$1] ? set.indicators[$1].evidence.counts[unit] : 0) }
    return .estimated(Estimate(around: value, limits, effectiveN: Double(n)))
  }
}

extension Estimate {
  /// A value with its limits, widened where need be so that they hold it: a mean of points crowded at an end of the
  /// goalposts can lie beyond nineteen in twenty draws.
  init(around value: Double, _ limits: [Double], effectiveN: Double) {
    self.init(value: value, low: min(limits[0], value), high: max(limits[1], value), effectiveN: effectiveN)
  }
}

extension [Double] {
  /// Replaces each value by `change` of it.
  @inline(__always) fileprivate mutating func update(_ change: (Double) -> Double) {
    withUnsafeMutableBufferPointer { own in for i in own.indices { own[i] = change(own[i]) } }
  }

  /// Replaces each value by `change` of it and of the other in its place.
  @inline(__always) fileprivate mutating func update(with other: [Double], _ change: (Double, Double) -> Double) {
    precondition(count == other.count, "\(other.count) values, expected \(count)")
    withUnsafeMutableBufferPointer { own in
      other.withUnsafeBufferPointer { other in for i in own.indices { own[i] = change(own[i], other[i]) } }
    }
  }
}
