import Glibc

/// The partial likelihood with derivatives in coefficients and effects.
///
/// As in ``CoxSweep``, with an indicator for each level as a further, sparse column. Levels come first, then
/// coefficients, so that a factor of the whole begins with that of the levels.
struct CoxFrailtySweep: Sendable {
  let sweep: CoxSweep
  /// Where each group's levels begin among all levels.
  let offsets: [Int]
  let levelCount: Int
  /// For each place the levels it belongs to, one per group.
  let levels: [Int32]

  var groupCount: Int { offsets.count }
  /// Coefficients.
  var p: Int { sweep.columns.count }

  init(_ sweep: CoxSweep, _ groups: [Grouping]) {
    self.sweep = sweep
    var offsets: [Int] = []
    var count = 0
    for group in groups {
      offsets.append(count)
      count += group.levelCount
    }
    var levels: [Int32] = []
    levels.reserveCapacity(sweep.sets.rows.count * groups.count)
    for row in sweep.sets.rows {
      for (group, offset) in zip(groups, offsets) { levels.append(group.codes[Int(row)] + Int32(offset)) }
    }
    self.offsets = offsets
    self.levels = levels
    levelCount = count
  }

  /// The sum of its levels' effects, by place.
  func extra(_ effects: [Double]) -> [Double] {
    let g = groupCount
    return sweep.sets.rows.indices.map { place in
      (0..<g).reduce(0) { $0 + effects[Int(levels[place * g + $1])] }
    }
  }

  /// ℓ with its gradient at a point, and what ``information(_:)`` is made from.
  struct Evaluation: Sendable {
    /// ℓ(u, β).
    var value = 0.0
    /// ∂ℓ/∂u, then ∂ℓ/∂β.
    var gradient: [Double]
    /// By place: w r, relative to the stratum's largest r, and w r H, the events expected of it.
    var hazards: [Double]
    var expected: [Double]
    /// By step: Σ w r over those at risk, its events included, and what the step adds.
    var atRisk: [Double]
    var terms: [CoxStepTerms]

    /// Whether value and gradient are finite numbers.
    var isFinite: Bool { value.isFinite && gradient.allSatisfy(\.isFinite) }
  }

  /// ℓ and its gradient; `nil` where hazards differ too much within a stratum to be computed with.
  ///
  /// The gradient is Σ (δ − w r H) z: what a place shows beyond what is expected of it counts for its levels and columns.
  ///
  /// - Complexity: O(places · (groups + columns))
  func evaluate(_ beta: [Double], _ effects: [Double]) -> Evaluation? {
    let (sets, x, p, q, g) = (sweep.sets, sweep.columns.values, p, levelCount, groupCount)
    let (places, steps) = (sets.rows.count, sets.times.count)
    var result = Evaluation(
      gradient: [Double](repeating: 0, count: q + p), hazards: [Double](repeating: 0, count: places),
      expected: [Double](repeating: 0, count: places), atRisk: [Double](repeating: 0, count: steps), terms: [])
    result.terms.reserveCapacity(steps)
    // In doubled precision, so that the search for variances isn't misled by the rounding of a long sum.
    var value = Doubled.zero
    var eta = extra(effects)
    var tails = CoxStepTails()
    for stratum in sets.strata {
      var (lowest, highest) = (Double.infinity, -Double.infinity)
      for place in stratum.places {
        eta[place] += sets.offsets[place]
        for j in 0..<p { eta[place] += x[place * p + j] * beta[j] }
        (lowest, highest) = (min(lowest, eta[place]), max(highest, eta[place]))
      }
      let range = highest - lowest
      if range > CoxSweep.widest || (range > CoxSweep.widestRunning && !stratum.removals.isEmpty) { return nil }
      for place in stratum.places { result.hazards[place] = sets.weights[place] * exp(eta[place] - highest) }

      var others = Doubled.zero
      var position = stratum.places.lowerBound
      var removal = stratum.removals.lowerBound
      for step in stratum.steps {
        let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
        while position < events.lowerBound {
          others = others + Doubled(result.hazards[position])
          position += 1
        }
        while removal < Int(sets.removalEnd[step]) {
          others = others - Doubled(result.hazards[Int(sets.removals[removal])])
          removal += 1
        }
        // Nobody is left but the events: exactly nothing.
        if position - stratum.places.lowerBound == removal - stratum.removals.lowerBound { others = .zero }
        var (weight, tied) = (0.0, 0.0)
        for place in events {
          weight += sets.weights[place]
          tied += result.hazards[place]
          value = value + Doubled(sets.weights[place] * (eta[place] - highest))
        }
        let terms = CoxStepTerms(
          others: others.high, events: tied, count: events.count, weight: weight, ties: sweep.ties)
        // Its square is in the information.
        if !terms.a.isFinite { return nil }
        value = value - Doubled(terms.logs)
        result.atRisk[step] = others.high + tied
        result.terms.append(terms)
      }

      tails.gather(stratum.steps) { result.terms[$0].hazard }
      for place in stratum.places {
        let (others, event) = stepsAtRisk(place)
        let own = event.map { result.terms[$0].eventHazard } ?? 0
        result.expected[place] = result.hazards[place] * (tails.sum(others) + own)
        let residual = (event == nil ? 0 : sets.weights[place]) - result.expected[place]
        for k in 0..<g { result.gradient[Int(levels[place * g + k])] += residual }
        for j in 0..<p { result.gradient[q + j] += residual * x[place * p + j] }
      }
    }
    result.value = value.high
    return result.isFinite ? result : nil
  }

  /// The steps at which a place is at risk without an event, and the one before them at which it has its event.
  func stepsAtRisk(_ place: Int) -> (others: Range<Int>, event: Int?) {
    let (first, last) = (Int(sweep.sets.first[place]), Int(sweep.sets.last[place]))
    return place >= Int(sweep.sets.eventStart[first]) ? (first + 1..<last, first) : (first..<last, nil)
  }
}

/// A quantity summed from each of a stratum's steps on, in doubled precision, so that differences are sums over ranges.
struct CoxStepTails {
  private var start = 0
  private var tails: [Doubled] = []

  /// Sums one stratum's; what was summed before goes.
  mutating func gather(_ steps: Range<Int>, _ quantity: (Int) -> Double) {
    start = steps.lowerBound
    tails.removeAll(keepingCapacity: true)
    tails.append(contentsOf: repeatElement(.zero, count: steps.count + 1))
    for step in steps.reversed() { tails[step - start] = tails[step - start + 1] + Doubled(quantity(step)) }
  }

  /// The sum over some of the steps.
  func sum(_ steps: Range<Int>) -> Double {
    (tails[steps.lowerBound - start] - tails[steps.upperBound - start]).high
  }
}
