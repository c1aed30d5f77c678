import Glibc

/// Works through strata one after the other and holds their sums.
///
/// Its buffers are allocated once and bare: arrays in a class would be checked for exclusive access at every element.
final class CoxSweepWorker {
  /// What is wanted besides the derivatives.
  enum Wish { case none, hazards, scores }

  private typealias Buffer = UnsafeMutableBufferPointer<Double>

  let sets: CoxRiskSets
  let ties: CoxTies
  let sumsAfresh: Bool
  let wish: Wish
  let p: Int
  /// The first place and step of this worker's strata: buffers by place or step begin there.
  let firstPlace: Int
  let firstStep: Int

  private(set) var value = 0.0
  private let x: [Double]
  /// By place, the first with the same covariates.
  private let alike: [Int32]
  private let gradient: Buffer
  private let information: Buffer
  /// Σ (S₁/S₀)(S₁/S₀)ᵀ over steps that take it off their information.
  private var means: OuterProducts
  /// By place: log hazard; w r, relative to the stratum's largest.
  private let eta: Buffer
  private let weighted: Buffer
  /// By place: Σ r H over the places with the same covariates.
  private let masses: Buffer
  /// By step: h, h_E.
  private let hazard: Buffer
  private let eventHazard: Buffer
  /// By step, one more than there are, from each step on: Σ h in doubled precision.
  private let tailHigh: Buffer
  private let tailLow: Buffer
  // Details, by place or by step.
  private let expected: Buffer
  private let scores: Buffer
  private let stepHazard: Buffer
  private let stepVariance: Buffer
  private let stepMeans: Buffer
  private let stepEventMeans: Buffer
  private let stepCentres: Buffer
  // Risk sets summed afresh.
  private let active: UnsafeMutableBufferPointer<Int32>
  private var activeCount = 0
  private let slot: UnsafeMutableBufferPointer<Int32>
  private let others: Buffer
  private let tied: Buffer
  /// N in doubled precision; N and E: hazard first, then covariates; the mean of a risk set.
  private let high: Buffer
  private let low: Buffer
  private let n: Buffer
  private let e: Buffer
  private let centre: Buffer

  init(_ sweep: CoxSweep, strata: Range<Int>, details wish: Wish) {
    sets = sweep.sets
    ties = wish != .none && sweep.ties == .exact ? .breslow : sweep.ties
    sumsAfresh = sweep.sumsAfresh
    self.wish = wish
    p = sweep.columns.count
    x = sweep.columns.values
    alike = sweep.columns.alike
    let (head, tail) = (sweep.sets.strata[strata.lowerBound], sweep.sets.strata[strata.upperBound - 1])
    firstPlace = head.places.lowerBound
    firstStep = head.steps.lowerBound
    let places = tail.places.upperBound - firstPlace
    let steps = tail.steps.upperBound - firstStep
    gradient = Self.zeros(p)
    information = Self.zeros(p * p)
    means = OuterProducts(length: p)
    eta = Self.zeros(places)
    weighted = Self.zeros(places)
    masses = Self.zeros(places)
    hazard = Self.zeros(steps)
    eventHazard = Self.zeros(steps)
    tailHigh = Self.zeros(steps + 1)
    tailLow = Self.zeros(steps + 1)
    expected = Self.zeros(wish == .none ? 0 : places)
    scores = Self.zeros(wish == .scores ? places * p : 0)
    stepHazard = Self.zeros(wish == .none ? 0 : steps)
    stepVariance = Self.zeros(wish == .none ? 0 : steps)
    stepMeans = Self.zeros(wish == .none ? 0 : steps * p)
    stepEventMeans = Self.zeros(wish == .none ? 0 : steps * p)
    stepCentres = Self.zeros(wish == .none ? 0 : steps * p)
    active = .allocate(capacity: places)
    active.initialize(repeating: 0)
    slot = .allocate(capacity: places)
    slot.initialize(repeating: 0)
    others = Self.zeros(p * p)
    tied = Self.zeros(p * p)
    high = Self.zeros(p + 1)
    low = Self.zeros(p + 1)
    n = Self.zeros(p + 1)
    e = Self.zeros(p + 1)
    centre = Self.zeros(p)
  }

  private static func zeros(_ count: Int) -> Buffer {
    let buffer = Buffer.allocate(capacity: count)
    buffer.initialize(repeating: 0)
    return buffer
  }

  deinit {
    for buffer in [
      gradient, information, eta, weighted, masses, hazard, eventHazard, tailHigh, tailLow, expected, scores,
      stepHazard,
      stepVariance, stepMeans, stepEventMeans, stepCentres, others, tied, high, low, n, e, centre,
    ] { buffer.deallocate() }
    slot.deallocate()
    active.deallocate()
  }

  /// The sums so far.
  func derivatives() -> CoxDerivatives {
    means.finish(order: p)
    var result = CoxDerivatives(count: p)
    result.value = value
    result.gradient = Array(gradient)
    result.information.elements = zip(information, means.sum.elements).map { $0 - $1 }
    return result
  }

  /// The details so far.
  var details: CoxSweep.Details {
    CoxSweep.Details(
      expected: Array(expected), scores: Array(scores), hazards: Array(stepHazard),
      hazardVariances: Array(stepVariance), hazardMeans: Array(stepMeans))
  }

  /// Adds one stratum; `false` where its hazards differ too much to be computed with.
  func sweep(
    _ stratum: CoxRiskSets.Stratum, _ beta: [Double], _ extra: [Double]?, _ multipliers: [Double]?
  ) -> Bool {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    x.withUnsafeBufferPointer { x in
      for place in stratum.places {
        var sum = sets.offsets[place]
        if let extra { sum += extra[place] }
        for j in 0..<p { sum += x[place * p + j] * beta[j] }
        eta[place - firstPlace] = sum
        lowest = min(lowest, sum)
        highest = max(highest, sum)
      }
    }
    let range = highest - lowest
    let hasTies = stratum.steps.contains { sets.eventEnd[$0] - sets.eventStart[$0] > 1 }
    let isSmall = stratum.totalAtRisk <= 4 * stratum.places.count
    let isWide =
      range > CoxSweep.widest
      || range > CoxSweep.widestRunning
        && (!stratum.removals.isEmpty || stratum.totalAtRisk <= 1000 * stratum.places.count)
    if isWide && stratum.totalAtRisk > CoxSweep.mostAfresh { return false }
    if sumsAfresh || isSmall || isWide || (ties == .exact && hasTies) {
      sumAfresh(stratum, multipliers)
    } else {
      for place in stratum.places {
        weighted[place - firstPlace] = sets.weights[place] * exp(eta[place - firstPlace] - highest)
      }
      sumRunning(stratum, multipliers, highest: highest)
    }
    return value.isFinite
  }

  // MARK: Running sums

  private func sumRunning(_ stratum: CoxRiskSets.Stratum, _ multipliers: [Double]?, highest: Double) {
    let p = self.p
    let firstPlace = self.firstPlace
    for j in 0...p { (high[j], low[j]) = (0, 0) }
    let unscale = exp(-highest)
    var position = stratum.places.lowerBound
    var removal = stratum.removals.lowerBound
    x.withUnsafeBufferPointer { x in
      let (sums, rests) = (high.baseAddress!, low.baseAddress!)
      /// Adds a place's hazard, and its covariates times it, without losing a digit; taken off with the sign turned.
      @inline(__always) func accumulate(_ place: Int, _ w: Double) {
        let first = Doubled.sum(sums[0], w)
        (sums[0], rests[0]) = (first.high, rests[0] + first.low)
        let row = place &* p
        for j in 0..<p {
          let sum = Doubled.sum(sums[j &+ 1], w * x[row &+ j])
          sums[j &+ 1] = sum.high
          rests[j &+ 1] += sum.low
        }
      }
      for step in stratum.steps {
        let (eventStart, eventEnd) = (Int(sets.eventStart[step]), Int(sets.eventEnd[step]))
        while position < eventStart {
          accumulate(position, weighted[position - firstPlace])
          position += 1
        }
        while removal < Int(sets.removalEnd[step]) {
          let place = Int(sets.removals[removal])
          accumulate(place, -weighted[place - firstPlace])
          removal += 1
        }
        if position - stratum.places.lowerBound == removal - stratum.removals.lowerBound {
          // Nobody is left but the events: exactly nothing.
          for j in 0...p { (high[j], low[j]) = (0, 0) }
        }
        for j in 0...p {
          n[j] = high[j] + low[j]
          e[j] = 0
        }
        let multiplier = multipliers?[step] ?? 1
        var weight = 0.0
        for place in eventStart..<eventEnd {
          let (w, r) = (sets.weights[place], weighted[place - firstPlace])
          weight += w
          value += w * (eta[place - firstPlace] - highest)
          e[0] += r
          for j in 0..<p {
            let v = x[place * p + j]
            e[j + 1] += r * v
            gradient[j] += multiplier * w * v
          }
        }
        let terms = CoxStepTerms(
          others: n[0], events: e[0], count: eventEnd - eventStart, weight: weight, ties: ties)
        value -= terms.logs
        let s = step - firstStep
        hazard[s] = multiplier * terms.hazard
        eventHazard[s] = multiplier * terms.eventHazard
        for j in 0..<p {
          gradient[j] -= multiplier * (terms.hazard * n[j + 1] + terms.eventHazard * e[j + 1])
        }
        if multiplier >= 0 && (eventEnd - eventStart == 1 || ties == .breslow) {
          for j in 0..<p { centre[j] = n[j + 1] + e[j + 1] }
          means.add(UnsafeBufferPointer(centre), times: (multiplier * terms.a).squareRoot(), order: p)
        } else {
          for j in 0..<p {
            let fromOthers = multiplier * (terms.a * n[j + 1] + terms.b * e[j + 1])
            let fromEvents = multiplier * (terms.b * n[j + 1] + terms.c * e[j + 1])
            for i in j..<p { information[i + j * p] -= fromOthers * n[i + 1] + fromEvents * e[i + 1] }
          }
        }
        if wish == .none { continue }
        stepHazard[s] = terms.hazard * unscale
        stepVariance[s] = terms.a * unscale * unscale
        for j in 0..<p {
          // Relative to the stratum's largest hazard until the residuals are done.
          stepMeans[s * p + j] = terms.a * n[j + 1] + terms.b * e[j + 1]
          stepEventMeans[s * p + j] = terms.b * n[j + 1] + terms.c * e[j + 1]
          stepCentres[s * p + j] = terms.meanOther * n[j + 1] + terms.meanEvent * e[j + 1]
        }
      }
      sumTails(stratum) { self.hazard[$0] }
      for place in stratum.places {
        let h = weighted[place - firstPlace] * tail(place, eventHazard[Int(sets.first[place]) - firstStep])
        masses[Int(alike[place]) - firstPlace] += h
        if wish != .none { expected[place - firstPlace] = h / sets.weights[place] }
      }
      for place in stratum.places where masses[place - firstPlace] != 0 {
        for j in 0..<p {
          let f = masses[place - firstPlace] * x[place * p + j]
          if f == 0 { continue }
          for i in j..<p { information[i + j * p] += f * x[place * p + i] }
        }
        masses[place - firstPlace] = 0
      }
    }
    if wish == .scores { scoreRunning(stratum) }
    if wish != .none {
      let range = (stratum.steps.lowerBound - firstStep) * p..<(stratum.steps.upperBound - firstStep) * p
      for k in range { stepMeans[k] *= unscale }
    }
  }

  /// Σ of a quantity over the steps from each step of a stratum on.
  private func sumTails(_ stratum: CoxRiskSets.Stratum, _ quantity: (Int) -> Double) {
    var (high, low) = (0.0, 0.0)
    // The entry after a stratum's last step is zero: it is that of the next stratum's first, made when it is its turn.
    tailHigh[stratum.steps.upperBound - firstStep] = 0
    tailLow[stratum.steps.upperBound - firstStep] = 0
    for step in stratum.steps.reversed() {
      let sum = Doubled.sum(high, quantity(step - firstStep))
      low += sum.low
      high = sum.high
      tailHigh[step - firstStep] = high
      tailLow[step - firstStep] = low
    }
  }

  /// The sum over the steps at which a place is at risk; an event's own step counts `own`.
  @inline(__always)
  private func tail(_ place: Int, _ own: Double) -> Double {
    let first = Int(sets.first[place]) - firstStep
    let last = Int(sets.last[place]) - firstStep
    let isEvent = place >= Int(sets.eventStart[first + firstStep])
    let from = isEvent ? first + 1 : first
    return (tailHigh[from] - tailHigh[last]) + (tailLow[from] - tailLow[last]) + (isEvent ? own : 0)
  }

  /// U_i = δ_i (x_i − x̄) − r_i (x_i H_i − Σ x̄ h), unweighted, from what the steps left.
  private func scoreRunning(_ stratum: CoxRiskSets.Stratum) {
    for j in 0..<p {
      sumTails(stratum) { stepMeans[$0 * p + j] }
      for place in stratum.places {
        let local = place - firstPlace
        let s = Int(sets.first[place]) - firstStep
        let r = weighted[local] / sets.weights[place]
        let v = x[place * p + j]
        var u = r * tail(place, stepEventMeans[s * p + j]) - expected[local] * v
        if place >= Int(sets.eventStart[s + firstStep]) { u += v - stepCentres[s * p + j] }
        scores[local * p + j] = u
      }
    }
  }

  // MARK: Risk sets summed afresh

  private func sumAfresh(_ stratum: CoxRiskSets.Stratum, _ multipliers: [Double]?) {
    let p = self.p
    var count = 0
    var position = stratum.places.lowerBound
    var removal = stratum.removals.lowerBound
    for step in stratum.steps {
      let events = Int(sets.eventStart[step])..<Int(sets.eventEnd[step])
      while position < events.lowerBound {
        slot[position - firstPlace] = Int32(count)
        active[count] = Int32(position)
        count += 1
        position += 1
      }
      while removal < Int(sets.removalEnd[step]) {
        let hole = Int(slot[Int(sets.removals[removal]) - firstPlace])
        count -= 1
        let moved = active[count]
        active[hole] = moved
        slot[Int(moved) - firstPlace] = Int32(hole)
        removal += 1
      }
      activeCount = count
      // The largest hazard and the mean of those at risk.
      var highest = -Double.infinity
      for k in 0..<count { highest = max(highest, eta[Int(active[k]) - firstPlace]) }
      for place in events { highest = max(highest, eta[place - firstPlace]) }
      var total = 0.0
      for j in 0..<p { centre[j] = 0 }
      for k in 0..<count { total += addToCentre(Int(active[k]), highest) }
      for place in events { total += addToCentre(place, highest) }
      for j in 0..<p { centre[j] /= total }
      let multiplier = multipliers?[step] ?? 1
      if ties == .exact && events.count > 1 {
        addExact(events, multiplier)
        continue
      }
      for j in 0...p { (n[j], e[j]) = (0, 0) }
      for k in 0..<(p * p) { (others[k], tied[k]) = (0, 0) }
      for k in 0..<count { addMoments(Int(active[k]), n, others) }
      for place in events { addMoments(place, e, tied) }
      var weight = 0.0
      for place in events {
        weight += sets.weights[place]
        value += sets.weights[place] * (eta[place - firstPlace] - highest)
        for j in 0..<p { gradient[j] += multiplier * sets.weights[place] * (x[place * p + j] - centre[j]) }
      }
      let terms = CoxStepTerms(others: n[0], events: e[0], count: events.count, weight: weight, ties: ties)
      value -= terms.logs
      for j in 0..<p {
        gradient[j] -= multiplier * (terms.hazard * n[j + 1] + terms.eventHazard * e[j + 1])
        let fromOthers = terms.a * n[j + 1] + terms.b * e[j + 1]
        let fromEvents = terms.b * n[j + 1] + terms.c * e[j + 1]
        for i in j..<p {
          information[i + j * p] +=
            multiplier
            * (terms.hazard * others[i + j * p] + terms.eventHazard * tied[i + j * p]
              - fromOthers * n[i + 1] - fromEvents * e[i + 1])
        }
      }
      if wish != .none { detail(step, events, terms, highest: highest) }
    }
  }

  /// Works out a place's hazard, adds its covariates to the centre, and returns it.
  @inline(__always)
  private func addToCentre(_ place: Int, _ highest: Double) -> Double {
    let w = sets.weights[place] * exp(eta[place - firstPlace] - highest)
    weighted[place - firstPlace] = w
    for j in 0..<p { centre[j] += w * x[place * p + j] }
    return w
  }

  /// Adds a place's hazard and covariates about the centre, and their products.
  @inline(__always)
  private func addMoments(_ place: Int, _ sums: Buffer, _ products: Buffer) {
    let w = weighted[place - firstPlace]
    sums[0] += w
    for j in 0..<p {
      let f = w * (x[place * p + j] - centre[j])
      sums[j + 1] += f
      for i in j..<p { products[i + j * p] += f * (x[place * p + i] - centre[i]) }
    }
  }

  /// Residuals and hazards of one step.
  private func detail(
    _ step: Int, _ events: Range<Int>, _ terms: CoxStepTerms, highest: Double
  ) {
    let s = step - firstStep
    let unscale = exp(-highest)
    stepHazard[s] = terms.hazard * unscale
    stepVariance[s] = terms.a * unscale * unscale
    for j in 0..<p {
      stepMeans[s * p + j] = (terms.a * n[j + 1] + terms.b * e[j + 1] + centre[j] * terms.hazard) * unscale
      stepCentres[s * p + j] = centre[j] + terms.meanOther * n[j + 1] + terms.meanEvent * e[j + 1]
    }
    for k in 0..<activeCount {
      let place = Int(active[k])
      let local = place - firstPlace
      let r = weighted[local] / sets.weights[place]
      expected[local] += r * terms.hazard
      if wish != .scores { continue }
      for j in 0..<p {
        scores[local * p + j] -=
          r * ((x[place * p + j] - centre[j]) * terms.hazard - terms.a * n[j + 1] - terms.b * e[j + 1])
      }
    }
    for place in events {
      let local = place - firstPlace
      let r = weighted[local] / sets.weights[place]
      expected[local] += r * terms.eventHazard
      if wish != .scores { continue }
      for j in 0..<p {
        let v = x[place * p + j] - centre[j]
        scores[local * p + j] +=
          v - terms.meanOther * n[j + 1] - terms.meanEvent * e[j + 1]
          - r * (v * terms.eventHazard - terms.b * n[j + 1] - terms.c * e[j + 1])
      }
    }
  }

  /// ℓ = Σ η − log e_d(r), with e_d the elementary symmetric function of those at risk: the sum over all sets of d.
  ///
  ///     e_k ← e_k + r e_{k−1}    q = r e_{k−1}/e_k    m_k ← (1 − q) m_k + q (m_{k−1} + x)
  ///     C_k ← (1 − q) C_k + q C_{k−1} + q (1 − q) δ δᵀ    δ = m_{k−1} + x − m_k
  ///
  /// m_k and C_k, the first and second derivative of log e_k, are mean and covariance of Σ x over sets of k drawn with
  /// these odds. Built up row by row as a mixture of those without and with the row (the recursion of Gail, Lubin &
  /// Rubinstein 1981) nothing cancels, and with logarithms of e_k nothing leaves a double's range.
  private func addExact(_ events: Range<Int>, _ multiplier: Double) {
    let d = events.count
    var logs = [Double](repeating: -.infinity, count: d + 1)
    var means = [Double](repeating: 0, count: (d + 1) * p)
    var covariances = [Double](repeating: 0, count: (d + 1) * p * p)
    logs[0] = 0
    var seen = 0
    var difference = [Double](repeating: 0, count: p)
    func include(_ place: Int) {
      seen += 1
      for k in stride(from: min(seen, d), through: 1, by: -1) {
        let joined = eta[place - firstPlace] + logs[k - 1]
        var (with, without) = (1.0, 0.0)
        if logs[k] > -.infinity {
          let odds = exp(-abs(joined - logs[k]))
          (with, without) = joined > logs[k] ? (1 / (1 + odds), odds / (1 + odds)) : (odds / (1 + odds), 1 / (1 + odds))
          logs[k] = max(joined, logs[k]) + log1p(odds)
        } else {
          logs[k] = joined
        }
        for j in 0..<p {
          difference[j] = means[(k - 1) * p + j] + x[place * p + j] - centre[j] - means[k * p + j]
          means[k * p + j] += with * difference[j]
        }
        for j in 0..<p {
          for i in j..<p {
            let (to, from) = ((k * p + j) * p + i, ((k - 1) * p + j) * p + i)
            covariances[to] =
              without * covariances[to] + with * covariances[from]
              + with * without * difference[i] * difference[j]
          }
        }
      }
    }
    for k in 0..<activeCount { include(Int(active[k])) }
    for place in events { include(place) }
    value -= logs[d]
    for place in events {
      value += eta[place - firstPlace]
      for j in 0..<p { gradient[j] += multiplier * (x[place * p + j] - centre[j]) }
    }
    for j in 0..<p {
      gradient[j] -= multiplier * means[d * p + j]
      for i in j..<p { information[i + j * p] += multiplier * covariances[(d * p + j) * p + i] }
    }
  }
}
