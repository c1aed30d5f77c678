// One evaluation of Cox's partial likelihood with its derivatives.
//
// Whoever changes this next: S₂ = Σ r x xᵀ over the risk set is never kept as a running sum. Exchanging the sums,
//
//     Σ_t h(t) S₂(t) = Σ_i r_i x_i x_iᵀ H_i        H_i = Σ h(t) over the steps at which i is at risk,
//
// so a row costs p² once, and entering or leaving the risk set costs p. Running sums that rows also leave are kept in
// doubled precision, since what remains may be a small part of what has been there. Where hazards within a stratum
// differ by more than e⁴⁰, or risk sets are small, each risk set is summed afresh about its own mean and maximum.

import Glibc

/// How events at one time are counted.
public enum CoxTies: String, Sendable, Codable, CaseIterable {
  /// Averages over the orders in which they may have happened: the risk set loses a share of its events at each.
  case efron
  /// As if each had the whole risk set.
  case breslow
  /// The conditional logistic likelihood: exactly these out of all sets of as many (discrete time).
  case exact
}

/// What one step adds to the likelihood and its derivatives.
///
/// With N and E the sums of r, and of r x, over those at risk without and with an event at this time, S = N + g E, and
/// g running over (d − k)/d, k = 0 … d − 1 (Efron) or 1 … 1 (Breslow), and w̄ the events' mean weight:
///
///     logs = w̄ Σ log S₀    h = w̄ Σ 1/S₀    a = w̄ Σ 1/S₀²    b = w̄ Σ g/S₀²    c = w̄ Σ g²/S₀²    h_E = w̄ Σ g/S₀
struct CoxStepTerms {
  var logs = 0.0
  var hazard = 0.0
  var eventHazard = 0.0
  var a = 0.0
  var b = 0.0
  var c = 0.0
  /// What the events' own mean takes of N and of E: (1/d) Σ 1/S₀ and (1/d) Σ g/S₀.
  var meanOther = 0.0
  var meanEvent = 0.0

  @inline(__always)
  init(others n: Double, events e: Double, count d: Int, weight: Double, ties: CoxTies) {
    if d == 1 || ties == .breslow {
      let s = n + e
      let u = 1 / s
      logs = weight * log(s)
      hazard = weight * u
      eventHazard = hazard
      a = hazard * u
      b = a
      c = a
      meanOther = u
      meanEvent = u
      return
    }
    let mean = weight / Double(d)
    for k in 0..<d {
      let g = Double(d - k) / Double(d)
      let s = n + g * e
      let u = 1 / s
      logs += log(s)
      hazard += u
      eventHazard += g * u
      a += u * u
      b += g * u * u
      c += g * g * u * u
    }
    meanOther = hazard / Double(d)
    meanEvent = eventHazard / Double(d)
    logs *= mean
    hazard *= mean
    eventHazard *= mean
    a *= mean
    b *= mean
    c *= mean
  }
}

/// Value, gradient and information of a log likelihood.
struct CoxDerivatives: Sendable {
  /// ℓ(β).
  var value: Double
  /// ∂ℓ/∂β.
  var gradient: [Double]
  /// −∂²ℓ/∂β∂βᵀ, lower triangle.
  var information: Matrix

  /// Nothing yet.
  init(count p: Int) {
    value = 0
    gradient = [Double](repeating: 0, count: p)
    information = Matrix(rows: p, columns: p)
  }

  /// Whether all of it is a finite number.
  var isFinite: Bool {
    value.isFinite && gradient.allSatisfy(\.isFinite) && information.elements.allSatisfy(\.isFinite)
  }

  mutating func add(_ other: CoxDerivatives) {
    value += other.value
    for j in gradient.indices { gradient[j] += other.gradient[j] }
    for k in information.elements.indices { information.elements[k] += other.information.elements[k] }
  }
}

/// The partial likelihood of sorted rows.
struct CoxSweep: Sendable {
  let sets: CoxRiskSets
  let columns: CoxColumns
  let ties: CoxTies
  /// Sums risk sets afresh everywhere; to check the running sums against.
  var sumsAfresh = false

  /// Where log hazards of one stratum differ by more than this, sums are made afresh: they would leave a double's range.
  static let widest = 600.0
  /// The same for sums that rows leave again: more digits would be lost than doubled precision has to spare.
  static let widestRunning = 40.0
  /// As many members of risk sets are summed afresh in one stratum, and no more: a minute's work.
  static let mostAfresh = 5_000_000_000

  /// ℓ and its derivatives at β, in the scale of `columns`; `nil` where hazards differ too much to be computed with.
  ///
  /// - Parameters:
  ///   - extra: further log hazards by place, on top of the offsets.
  ///   - multipliers: by step, what its gradient and information count; the value isn't affected.
  ///   - threads: the result doesn't depend on it.
  /// - Complexity: O(n p²)
  func derivatives(
    _ beta: [Double], extra: [Double]? = nil, multipliers: [Double]? = nil, threads: Int
  ) -> CoxDerivatives? {
    let parts = parallelMap(count: sets.blocks.count, threads: threads) { block -> CoxDerivatives? in
      let worker = CoxSweepWorker(self, strata: sets.blocks[block], details: .none)
      for stratum in sets.blocks[block] {
        guard worker.sweep(sets.strata[stratum], beta, extra, multipliers) else { return nil }
      }
      return worker.derivatives()
    }
    var total = CoxDerivatives(count: columns.count)
    for part in parts {
      guard let part else { return nil }
      total.add(part)
    }
    return total.isFinite ? total : nil
  }

  /// What each place was expected to show, by the model.
  struct Details: Sendable {
    /// Expected events of each place, for one unit of weight: r H.
    var expected: [Double]
    /// Score residuals, unweighted, a row per place; empty unless asked for.
    var scores: [Double]
    /// By step: the hazard's increment at the stratum's centre, ΔΛ, and w̄ Σ 1/S₀², on the scale of β's columns.
    var hazards: [Double]
    var hazardVariances: [Double]
    /// By step: w̄ Σ x̄/S₀, a row per step, from the stratum's centre.
    var hazardMeans: [Double]
  }

  /// Residuals and hazards at β; `nil` where hazards differ too much to be computed with.
  func details(_ beta: [Double], extra: [Double]? = nil, scores: Bool, threads: Int) -> Details? {
    let parts = parallelMap(count: sets.blocks.count, threads: threads) { block -> Details? in
      let worker = CoxSweepWorker(self, strata: sets.blocks[block], details: scores ? .scores : .hazards)
      for stratum in sets.blocks[block] {
        guard worker.sweep(sets.strata[stratum], beta, extra, nil) else { return nil }
      }
      return worker.details
    }
    var total = Details(expected: [], scores: [], hazards: [], hazardVariances: [], hazardMeans: [])
    for part in parts {
      guard let part else { return nil }
      total.expected.append(contentsOf: part.expected)
      total.scores.append(contentsOf: part.scores)
      total.hazards.append(contentsOf: part.hazards)
      total.hazardVariances.append(contentsOf: part.hazardVariances)
      total.hazardMeans.append(contentsOf: part.hazardMeans)
    }
    return total
  }
}
