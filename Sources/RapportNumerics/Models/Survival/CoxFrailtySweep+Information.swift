// The information of coefficients and effects. With N and E the sums of w r z over those at risk without and with an
// event at a step, and z a place's levels and columns,
//
//     I = Σ_i w_i r_i H_i z_i z_iᵀ − Σ_t [a N Nᵀ + b (N Eᵀ + E Nᵀ) + c E Eᵀ]
//
// Whoever changes this next: no step touches all pairs of levels, which would cost steps · levels². Sums are exchanged
// once more, so that what costs is a place's joining or leaving, and that costs the levels there are:
//
//     Σ_t a_t N_t N_tᵀ = Σ over changes N → N + δ of A (δ Nᵀ + N δᵀ + δ δᵀ)        A = Σ a_t from the change's step on
//
// δ has an entry per level that changes. Events join the others right after their step, so that b and c come along.
// While nobody leaves, every term is positive and nothing cancels. Places that leave take off what they brought, which
// costs digits where a_t N N has become much smaller since than what is taken off; so A begins anew, with all of N Nᵀ,
// whenever the hazard at risk has changed 16-fold.

extension CoxFrailtySweep {
  /// −∂²ℓ in levels and coefficients, lower triangle, where ℓ has been evaluated.
  ///
  /// - Complexity: O(places · (groups · levels + columns²)); in a stratum, levels are those that it has
  func information(_ here: Evaluation) -> Matrix {
    var result = Matrix(rows: levelCount + p, columns: levelCount + p)
    addExpected(here, to: &result)
    if p > 0 { subtractColumns(here, from: &result) }
    subtractLevels(here, from: &result)
    return result
  }

  /// Σ w r H z zᵀ.
  private func addExpected(_ here: Evaluation, to result: inout Matrix) {
    let (x, p, q, g) = (sweep.columns.values, p, levelCount, groupCount)
    for place in sweep.sets.rows.indices {
      let h = here.expected[place]
      for j in 0..<p {
        let f = h * x[place * p + j]
        for i in j..<p { result[q + i, q + j] += f * x[place * p + i] }
        for k in 0..<g { result[q + j, Int(levels[place * g + k])] += f }
      }
      for k in 0..<g {
        for l in 0...k {
          let (i, j) = (Int(levels[place * g + k]), Int(levels[place * g + l]))
          result[max(i, j), min(i, j)] += h
        }
      }
    }
  }

  /// What the steps take off between columns, and between columns and levels.
  private func subtractColumns(_ here: Evaluation, from result: inout Matrix) {
    let (sets, x, p, q, g) = (sweep.sets, sweep.columns.values, p, levelCount, groupCount)
    // By step: a N + b E and b N + c E, what a place at risk without and with an event there is multiplied by.
    var fromOthers = [Double](repeating: 0, count: sets.times.count * p)
    var fromEvents = fromOthers
    var n = [Doubled](repeating: .zero, count: p)
    var e = [Double](repeating: 0, count: p)
    var tails = CoxStepTails()
    func add(_ place: Int, _ w: Double) {
      for j in 0..<p { n[j] = n[j] + Doubled(w * x[place * p + j]) }
    }
    for stratum in sets.strata {
      for j in 0..<p { n[j] = .zero }
      var position = stratum.places.lowerBound
      var removal = stratum.removals.lowerBound
      for step in stratum.steps {
        let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
        while position < events.lowerBound {
          add(position, here.hazards[position])
          position += 1
        }
        while removal < Int(sets.removalEnd[step]) {
          let place = Int(sets.removals[removal])
          add(place, -here.hazards[place])
          removal += 1
        }
        let isEmpty = position - stratum.places.lowerBound == removal - stratum.removals.lowerBound
        for j in 0..<p {
          if isEmpty { n[j] = .zero }
          e[j] = 0
          for place in events { e[j] += here.hazards[place] * x[place * p + j] }
        }
        let terms = here.terms[step]
        for j in 0..<p {
          let (others, own) = (terms.a * n[j].high + terms.b * e[j], terms.b * n[j].high + terms.c * e[j])
          (fromOthers[step * p + j], fromEvents[step * p + j]) = (others, own)
          for i in j..<p { result[q + i, q + j] -= others * n[i].high + own * e[i] }
        }
      }
      for j in 0..<p {
        tails.gather(stratum.steps) { fromOthers[$0 * p + j] }
        for place in stratum.places {
          let (others, event) = stepsAtRisk(place)
          let own = event.map { fromEvents[$0 * p + j] } ?? 0
          let f = here.hazards[place] * (tails.sum(others) + own)
          for k in 0..<g { result[q + j, Int(levels[place * g + k])] -= f }
        }
      }
    }
  }

  /// What the steps take off between levels.
  private func subtractLevels(_ here: Evaluation, from result: inout Matrix) {
    let sets = sweep.sets
    let (tails, isStart) = tails(here)
    var sums = CoxLevelSums(levels: levels, groupCount: groupCount, levelCount: levelCount, hazards: here.hazards)
    for stratum in sets.strata {
      sums.begin(stratum.places)
      var position = stratum.places.lowerBound
      var removal = stratum.removals.lowerBound
      for step in stratum.steps {
        let (eventStart, eventEnd) = (Int(sets.eventStart[step]), Int(sets.eventEnd[step]))
        let gone = removal..<Int(sets.removalEnd[step])
        // Where A begins anew, it takes N Nᵀ as it is then, without what has just left.
        let factor = isStart[step] ? 0 : tails[step]
        sums.join(position..<eventStart, crossed: factor, squared: factor)
        sums.leave(sets.removals[gone], times: factor)
        if isStart[step] { sums.addSquare(times: tails[step]) }
        // From the next step on, the events are among the others.
        let next = step + 1 < stratum.steps.upperBound && !isStart[step + 1] ? tails[step + 1] : 0
        let terms = here.terms[step]
        sums.join(eventStart..<eventEnd, crossed: terms.b + next, squared: terms.c + next)
        (position, removal) = (eventEnd, gone.upperBound)
      }
      sums.subtract(from: &result)
    }
  }

  /// A by step, and where it begins anew with the hazards at risk that there are.
  private func tails(_ here: Evaluation) -> (tails: [Double], isStart: [Bool]) {
    var tails = here.terms.map(\.a)
    var isStart = [Bool](repeating: false, count: tails.count)
    for stratum in sweep.sets.strata {
      var (lowest, highest) = (Double.infinity, 0.0)
      for step in stratum.steps {
        let atRisk = here.atRisk[step]
        (lowest, highest) = (min(lowest, atRisk), max(highest, atRisk))
        if highest <= 16 * lowest { continue }
        (lowest, highest) = (atRisk, atRisk)
        isStart[step] = true
      }
      for step in stratum.steps.dropLast().reversed() where !isStart[step + 1] { tails[step] += tails[step + 1] }
    }
    return (tails, isStart)
  }
}
