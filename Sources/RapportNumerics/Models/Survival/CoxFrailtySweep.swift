import Glibc

/// The partial likelihood with derivatives in coefficients and effects.
///
/// As in ``CoxSweep``, with an indicator for each level as a further, sparse column: a risk set costs the square of the
/// levels that it holds. Levels come first, then coefficients, so that a factor of the whole begins with that of the
/// levels.
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

  /// Sums in doubled precision, by index: the levels, the coefficients, the hazard; and which levels are there.
  private struct Sums {
    var high: [Double]
    var low: [Double]
    var counts: [Int32]
    var active: [Int32] = []
    var slot: [Int32]

    init(count: Int) {
      high = [Double](repeating: 0, count: count)
      low = high
      counts = [Int32](repeating: 0, count: count)
      slot = counts
    }

    mutating func add(_ i: Int, _ v: Double) {
      let sum = Doubled.sum(high[i], v)
      low[i] += sum.low
      high[i] = sum.high
    }

    mutating func addLevel(_ i: Int, _ v: Double) {
      if counts[i] == 0 {
        slot[i] = Int32(active.count)
        active.append(Int32(i))
      }
      counts[i] += 1
      add(i, v)
    }

    mutating func removeLevel(_ i: Int, _ v: Double) {
      counts[i] -= 1
      if counts[i] > 0 { return add(i, -v) }
      (high[i], low[i]) = (0, 0)
      let moved = active.removeLast()
      if Int(moved) != i {
        active[Int(slot[i])] = moved
        slot[Int(moved)] = slot[i]
      }
    }

    mutating func clear(from dense: Int) {
      for i in dense..<high.count { (high[i], low[i]) = (0, 0) }
      for i in active { (high[Int(i)], low[Int(i)], counts[Int(i)]) = (0, 0, 0) }
      active.removeAll(keepingCapacity: true)
    }

    func value(_ i: Int) -> Double { high[i] + low[i] }
  }

  /// ℓ and its derivatives in u and β; `nil` where hazards differ too much within a stratum to be computed with.
  func derivatives(_ beta: [Double], _ effects: [Double]) -> CoxDerivatives? {
    let (sets, x, p, q, g) = (sweep.sets, sweep.columns.values, p, levelCount, groupCount)
    let m = q + p
    var result = CoxDerivatives(count: m)
    var information = [Double](repeating: 0, count: m * m)
    var n = Sums(count: m + 1)
    var e = Sums(count: m + 1)
    let extra = extra(effects)
    for stratum in sets.strata {
      let start = stratum.places.lowerBound
      let eta = stratum.places.map { place in
        (0..<p).reduce(sets.offsets[place] + extra[place]) { $0 + x[place * p + $1] * beta[$1] }
      }
      let highest = eta.max()!
      let range = highest - eta.min()!
      if range > CoxSweep.widest || (range > CoxSweep.widestRunning && !stratum.removals.isEmpty) { return nil }
      let r = zip(stratum.places, eta).map { sets.weights[$0] * exp($1 - highest) }
      n.clear(from: q)
      var position = start
      var removal = stratum.removals.lowerBound
      var hazards = [Double](repeating: 0, count: stratum.steps.count)
      var eventHazards = hazards
      for step in stratum.steps {
        let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
        while position < events.lowerBound {
          let w = r[position - start]
          n.add(m, w)
          for j in 0..<p { n.add(q + j, w * x[position * p + j]) }
          for k in 0..<g { n.addLevel(Int(levels[position * g + k]), w) }
          position += 1
        }
        while removal < Int(sets.removalEnd[step]) {
          let place = Int(sets.removals[removal])
          let w = r[place - start]
          n.add(m, -w)
          for j in 0..<p { n.add(q + j, -(w * x[place * p + j])) }
          for k in 0..<g { n.removeLevel(Int(levels[place * g + k]), w) }
          removal += 1
        }
        if n.active.isEmpty { n.clear(from: q) }
        e.clear(from: q)
        var weight = 0.0
        for place in events {
          let w = r[place - start]
          weight += sets.weights[place]
          result.value += sets.weights[place] * (eta[place - start] - highest)
          e.add(m, w)
          for j in 0..<p {
            e.add(q + j, w * x[place * p + j])
            result.gradient[q + j] += sets.weights[place] * x[place * p + j]
          }
          for k in 0..<g {
            let level = Int(levels[place * g + k])
            e.addLevel(level, w)
            result.gradient[level] += sets.weights[place]
          }
        }
        let terms = CoxStepTerms(
          others: n.value(m), events: e.value(m), count: events.count, weight: weight, ties: sweep.ties)
        result.value -= terms.logs
        hazards[step - stratum.steps.lowerBound] = terms.hazard
        eventHazards[step - stratum.steps.lowerBound] = terms.eventHazard
        // The columns that are there: coefficients, levels at risk, and levels of events alone.
        var there = Array(q..<m)
        there.append(contentsOf: n.active.lazy.map(Int.init))
        there.append(contentsOf: e.active.lazy.map(Int.init).filter { n.counts[$0] == 0 })
        let sums = there.map { (n.value($0), e.value($0)) }
        for (a, i) in there.enumerated() {
          let (ni, ei) = sums[a]
          result.gradient[i] -= terms.hazard * ni + terms.eventHazard * ei
          let fromOthers = terms.a * ni + terms.b * ei
          let fromEvents = terms.b * ni + terms.c * ei
          for b in 0...a {
            let j = there[b]
            information[max(i, j) + min(i, j) * m] -= fromOthers * sums[b].0 + fromEvents * sums[b].1
          }
        }
      }
      // Σ h over the steps from each on, in doubled precision.
      var high = [Double](repeating: 0, count: hazards.count + 1)
      var low = high
      for s in hazards.indices.reversed() {
        let sum = Doubled.sum(high[s + 1], hazards[s])
        low[s] = low[s + 1] + sum.low
        high[s] = sum.high
      }
      for place in stratum.places {
        let first = Int(sets.first[place]) - stratum.steps.lowerBound
        let last = Int(sets.last[place]) - stratum.steps.lowerBound
        let isEvent = place >= Int(sets.eventStart[first + stratum.steps.lowerBound])
        let from = isEvent ? first + 1 : first
        let h =
          r[place - start]
          * ((high[from] - high[last]) + (low[from] - low[last]) + (isEvent ? eventHazards[first] : 0))
        for j in 0..<p {
          let f = h * x[place * p + j]
          for i in j..<p { information[q + i + (q + j) * m] += f * x[place * p + i] }
          for k in 0..<g { information[q + j + Int(levels[place * g + k]) * m] += f }
        }
        for k in 0..<g {
          for l in 0...k {
            let (i, j) = (Int(levels[place * g + k]), Int(levels[place * g + l]))
            information[max(i, j) + min(i, j) * m] += h
          }
        }
      }
    }
    result.information.elements = information
    return result.isFinite ? result : nil
  }
}
