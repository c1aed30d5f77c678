import Glibc
import RapportNumerics

// Priors shared by all units of a level, each estimated from those units (empirical Bayes).
//
// Plain maximum likelihood often says that units don't differ at all when there are few of them, and then every
// interval is too narrow. So the log weight is estimated by its posterior mode, B = M/(c + M), the share of the prior in
// a typical unit's posterior, having density 2 (1 − B): leaning on all units takes evidence that they are alike,
//
//     log density of y = log M:  ℓ(y) + y − 3 log(c + M)        c the typical unit's trials, exposure or precision
//
// With many units it agrees with maximum likelihood. Source: Daniels (1999), A prior for the variance in hierarchical
// models, and Christiansen & Morris (1997), Hierarchical Poisson regression modeling. Differs: they take B as uniform,
// with which 90 % intervals of 12 units held 85 % in our trials, against 88 % with this.
//
// What is left uncertain about the prior itself goes into every posterior by the delta method: with w the share of the
// prior in a unit's posterior mean, x the unit's own value and μ the prior's mean,
//
//     extra variance = w² var(μ) + (w (1 − w) (μ − x))² var(log weight) + c
//
// c the variance of what all units' values have in common by when they were observed (``MonthClusters``), which is no part of the
// units' own errors: it doesn't spread them.

/// What is known about a prior's two numbers.
struct PriorUncertainty: Sendable, Equatable {
  /// Squared standard error of the prior's mean.
  var meanVariance: Double
  /// Squared standard error of the logarithm of its weight.
  var logWeightVariance: Double
  /// The variance of what all units' estimates have in common: one deviation, which is in none of their own errors.
  var common = 0.0

  /// The variance that the prior's own uncertainty adds to a unit's posterior.
  func extra(share: Double, deviation: Double) -> Double {
    let slope = share * (1 - share) * deviation
    return share * share * meanVariance + slope * slope * logWeightVariance + common
  }
}

/// Where the profile of a log weight is highest, and how sharply.
struct LogWeightPeak: Sendable {
  /// The log weight.
  let place: Double
  /// Its squared standard error, −1 over the curvature; 4 where the profile bends less than that.
  let variance: Double

  /// Searches `limits` for the peak of `profile`.
  ///
  /// - Parameter slope: the profile's derivative. A search among values ends within about √ε of the peak, and where depends on
  ///   the last digit of everything before; with the slope it is found to the last digits.
  init(around limits: ClosedRange<Double>, slope: ((Double) -> Double)? = nil, _ profile: (Double) -> Double) {
    let found = ScannedMinimum().minimize(in: limits) { -profile($0) }
    let near = found.point[0]
    let h = 0.05
    // At an end of the limits there may be no root; then the value's search is all there is.
    let root = slope.flatMap { slope in try? BrentRoot().solve(in: (near - 0.01)...(near + 0.01), slope) }
    place = root.map { min(max($0, limits.lowerBound), limits.upperBound) } ?? near
    let bend = (profile(place + h) - 2 * profile(place) + profile(place - h)) / (h * h)
    variance = min(bend < 0 ? -1 / bend : 4, 4)
  }
}

/// A beta distribution of units' shares: mean μ, weight M in trials.
struct BetaPrior: Sendable, Equatable {
  var mean: Double
  var weight: Double
  var uncertainty: PriorUncertainty

  /// From successes out of trials by unit; units without a trial say nothing.
  ///
  ///     ℓ = Σ_units log (μM)ₖ + log ((1−μ)M)ₙ₋ₖ − log (M)ₙ        (x)ₖ = Γ(x + k)/Γ(x), a ``RisingFactorial``
  ///
  /// Neither k nor n need be whole, and neither is rounded: trials that go together count as fewer (``MonthClusters``). Half a
  /// success and half a failure are added to the total before a mean of exactly 0 or 1 could arise. Newton on (logit μ, log M),
  /// damped. Source: Skellam (1948), A probability distribution derived from the binomial.
  static func estimate(successes: [Double], trials: [Double]) -> BetaPrior {
    let rows = trials.indices.filter { trials[$0] > 0 }
    let units = Double(rows.count)
    let successTotal = rows.reduce(0) { $0 + successes[$1] }
    let trialTotal = rows.reduce(0) { $0 + trials[$1] }
    let start = (successTotal + 0.5) / (trialTotal + 1)
    guard units >= 2 else {
      // One unit says nothing of how units differ: a prior of two trials' weight.
      let variance = start * (1 - start) / max(trialTotal, 1)
      return BetaPrior(
        mean: start, weight: 2, uncertainty: PriorUncertainty(meanVariance: variance, logWeightVariance: 1))
    }
    let typical = trialTotal / units
    let succeeded = Lengths(rows.map { min(successes[$0], trials[$0]) })
    let failed = Lengths(rows.map { max(trials[$0] - successes[$0], 0) })
    let tried = Lengths(rows.map { trials[$0] })
    func evaluate(_ x: Double, _ y: Double) -> (
      value: Double, gradient: (Double, Double), hessian: (Double, Double, Double)
    ) {
      let m = exp(y)
      let p = 1 / (1 + exp(-x))
      let (a, b) = (p * m, (1 - p) * m)
      // Where a mean so near its end rounds onto it, no step goes.
      guard a > 0, b > 0 else { return (-.infinity, (0, 0), (0, 0, 0)) }
      let (ofSuccesses, ofFailures, ofTrials) = (succeeded.sum(base: a), failed.sum(base: b), tried.sum(base: m))
      var value = ofSuccesses.value + ofFailures.value - ofTrials.value
      let first = (ofSuccesses.first, ofFailures.first, -ofTrials.first)
      let second = (ofSuccesses.second, ofFailures.second, -ofTrials.second)
      // Half a success and half a failure keep the mean off 0 and 1; then the weight's own prior.
      value += 0.5 * log(p) + 0.5 * log(1 - p) + y - 3 * log(typical + m)
      let q = p * (1 - p)
      // a_x = m q, b_x = −m q, a_y = a, b_y = b, m_y = m.
      let gx = m * q * (first.0 - first.1) + 0.5 * (1 - 2 * p)
      let gy = a * first.0 + b * first.1 + m * first.2 + 1 - 3 * m / (typical + m)
      let hxx = m * m * q * q * (second.0 + second.1) + m * q * (1 - 2 * p) * (first.0 - first.1) - q
      let own = a * first.0 + a * a * second.0 + b * first.1 + b * b * second.1 + m * first.2 + m * m * second.2
      let hyy = own - 3 * m * typical / ((typical + m) * (typical + m))
      let hxy = m * q * (first.0 - first.1) + m * q * (a * second.0 - b * second.1)
      return (value, (gx, gy), (hxx, hxy, hyy))
    }
    var x = log(start / (1 - start))
    var y = log(10.0)
    var current = evaluate(x, y)
    var damping = 1e-3
    for _ in 0..<200 {
      let (hxx, hxy, hyy) = current.hessian
      // Downhill in −ℓ: negative Hessian, made positive definite by damping.
      let (a, b, d) = (-hxx + damping * (abs(hxx) + 1e-9), -hxy, -hyy + damping * (abs(hyy) + 1e-9))
      let determinant = a * d - b * b
      guard a > 0, determinant > 0 else {
        damping = max(damping * 10, 1e-3)
        if damping > 1e12 { break }
        continue
      }
      let dx = (d * current.gradient.0 - b * current.gradient.1) / determinant
      let dy = (a * current.gradient.1 - b * current.gradient.0) / determinant
      let (nextX, nextY) = (x + max(min(dx, 2), -2), min(max(y + max(min(dy, 2), -2), log(0.05)), log(1e6)))
      let next = evaluate(nextX, nextY)
      if next.value >= current.value - 1e-12 {
        let moved = abs(nextX - x) + abs(nextY - y)
        (x, y, current) = (nextX, nextY, next)
        damping = damping / 10
        if moved < 1e-10 { break }
      } else {
        damping = max(damping * 10, 1e-6)
        if damping > 1e12 { break }
      }
    }
    let p = 1 / (1 + exp(-x))
    let (hxx, hxy, hyy) = current.hessian
    let determinant = hxx * hyy - hxy * hxy
    let isPeak = hxx < 0 && determinant > 0
    let varianceX = isPeak ? -hyy / determinant : 4 / units
    let varianceY = isPeak ? -hxx / determinant : 4
    return BetaPrior(
      mean: p, weight: exp(y),
      uncertainty: PriorUncertainty(
        meanVariance: p * p * (1 - p) * (1 - p) * min(varianceX, 1), logWeightVariance: min(varianceY, 4)))
  }

  /// The posterior of a unit with these successes out of trials.
  func posterior(successes: Double, trials: Double) -> (a: Double, b: Double) {
    let a = mean * weight + successes
    let b = (1 - mean) * weight + trials - successes
    let share = weight / (weight + trials)
    let deviation = trials > 0 ? mean - successes / trials : 0
    let total = a + b
    let value = a / total
    let variance = value * (1 - value) / (total + 1)
    let wider = variance + uncertainty.extra(share: share, deviation: deviation)
    // Moment matching keeps the mean; never below one trial's weight over all.
    let precision = max(value * (1 - value) / wider - 1, min(total, 1))
    return (max(value * precision, 1e-6), max((1 - value) * precision, 1e-6))
  }
}

/// How many units have each number of successes, failures, trials or events, so that units with as many cost one evaluation.
private struct Lengths {
  private var lengths: [Double] = []
  private var counts: [Double] = []

  init(_ values: [Double]) {
    for value in values.sorted() where value > 0 {
      if value == lengths.last {
        counts[counts.count - 1] += 1
      } else {
        lengths.append(value)
        counts.append(1)
      }
    }
  }

  /// The sum over units of the logarithm of the base's rising factorial, and its derivatives.
  func sum(base: Double) -> (value: Double, first: Double, second: Double) {
    let factorial = RisingFactorial(base: base)
    var sum = (value: 0.0, first: 0.0, second: 0.0)
    for i in lengths.indices {
      let own = factorial.logarithm(lengths[i])
      sum.value += counts[i] * own.value
      sum.first += counts[i] * own.first
      sum.second += counts[i] * own.second
    }
    return sum
  }
}

/// A gamma distribution of units' rates: mean μ, weight r in units of exposure.
struct GammaPrior: Sendable, Equatable {
  var mean: Double
  var weight: Double
  var uncertainty: PriorUncertainty

  /// From events and exposure by unit.
  ///
  ///     ℓ = Σ_units log (μr)ₖ + μr log r − (μr + k) log(r + e)        (x)ₖ = Γ(x + k)/Γ(x), a ``RisingFactorial``
  ///
  /// k need not be whole: events that go together count as fewer (``MonthRates``).
  /// The weight by a scan and Brent's search; given the weight, the mean by Newton.
  static func estimate(events: [Double], exposure: [Double]) -> GammaPrior {
    let rows = exposure.indices.filter { exposure[$0] > 0 }
    let total = rows.reduce(0) { $0 + events[$1] }
    let exposed = rows.reduce(0) { $0 + exposure[$1] }
    let start = (total + 0.5) / max(exposed, 1e-12)
    let typical = exposed / Double(max(rows.count, 1))
    guard rows.count >= 2, total > 0 else {
      return GammaPrior(
        mean: start, weight: max(typical, 1e-9),
        uncertainty: PriorUncertainty(meanVariance: start / max(exposed, 1e-12), logWeightVariance: 1))
    }
    let counted = Lengths(rows.map { events[$0] })
    /// The profile over the mean at log weight y.
    func profile(_ y: Double) -> (value: Double, mean: Double, curvature: Double) {
      let r = exp(y)
      var logs = 0.0
      var constant = 0.0
      for i in rows {
        let l = log(r + exposure[i])
        logs += y - l
        constant -= events[i] * l
      }
      // In a = μr: ℓ = Σ log (a)ₖ + a Σ log(r/(r+e)), concave in a.
      var a = max(start * r, 1e-9)
      var own = counted.sum(base: a)
      for _ in 0..<100 {
        // Newton on log a, which can't leave the positive side.
        let slope = a * (own.first + logs)
        let bend = slope + a * a * own.second
        let step = max(min(bend < 0 ? -slope / bend : (slope > 0 ? 1 : -1), 1), -1)
        a *= exp(step)
        own = counted.sum(base: a)
        if abs(step) < 1e-12 { break }
      }
      return (constant + a * logs + y - 3 * log(typical + r) + own.value, a / r, own.second * r * r)
    }
    let peak = LogWeightPeak(around: log(typical) - 12...log(typical) + 12) { profile($0).value }
    let best = profile(peak.place)
    return GammaPrior(
      mean: best.mean, weight: exp(peak.place),
      uncertainty: PriorUncertainty(
        meanVariance: min(best.curvature < 0 ? -1 / best.curvature : .infinity, best.mean * best.mean),
        logWeightVariance: peak.variance))
  }

  /// The posterior of a unit with these events in this exposure.
  func posterior(events: Double, exposure: Double) -> (shape: Double, rate: Double) {
    let shape = mean * weight + events
    let rate = weight + exposure
    let share = weight / rate
    let deviation = exposure > 0 ? mean - events / exposure : 0
    let value = shape / rate
    let wider = value / rate + uncertainty.extra(share: share, deviation: deviation)
    return (value * value / wider, value / wider)
  }
}

/// A normal distribution of units' true values: mean μ, variance A.
struct NormalPrior: Sendable, Equatable {
  var mean: Double
  var variance: Double
  var uncertainty: PriorUncertainty

  /// From estimates with known squared standard errors.
  ///
  /// Restricted likelihood of A with B = V/(V + A) as above, V the harmonic mean of the variances; the mode by a scan over
  /// log A, Brent's search, and the root of the slope.
  static func estimate(_ estimates: [Double], variances: [Double]) -> NormalPrior {
    let count = estimates.count
    precondition(count == variances.count, "\(count) estimates with \(variances.count) variances")
    let variances = variances.map(positive)
    guard count >= 2 else {
      let variance = variances.first ?? 1
      return NormalPrior(
        mean: estimates.first ?? 0, variance: variance,
        uncertainty: PriorUncertainty(meanVariance: variance, logWeightVariance: 1))
    }
    let typical = Double(count) / variances.reduce(0) { $0 + 1 / $1 }
    func profile(_ y: Double) -> (value: Double, mean: Double, information: Double) {
      let between = exp(y)
      var weights = 0.0
      var sum = 0.0
      for i in 0..<count {
        let w = 1 / (between + variances[i])
        weights += w
        sum += w * estimates[i]
      }
      let mean = sum / weights
      var value = 2 * y - 3 * log(typical + between) - 0.5 * log(weights)
      for i in 0..<count {
        let total = between + variances[i]
        let d = estimates[i] - mean
        value -= 0.5 * (log(total) + d * d / total)
      }
      return (value, mean, weights)
    }
    let plain = estimates.reduce(0, +) / Double(count)
    let spread = estimates.reduce(0) { $0 + ($1 - plain) * ($1 - plain) } / Double(count - 1)
    let scale = max(spread, variances.reduce(0, +) / Double(count), 1e-12)
    /// Its derivative; the mean's own part vanishes, since the mean is the best for each y.
    func slope(_ y: Double) -> Double {
      let between = exp(y)
      let mean = profile(y).mean
      var (weights, squares, pull) = (0.0, 0.0, 0.0)
      for i in 0..<count {
        let w = 1 / (between + variances[i])
        let d = estimates[i] - mean
        weights += w
        squares += w * w
        pull += w - w * w * d * d
      }
      return 2 - between * (3 / (typical + between) - 0.5 * squares / weights + 0.5 * pull)
    }
    let peak = LogWeightPeak(around: log(scale) - 16...log(scale) + 3, slope: slope) { profile($0).value }
    let best = profile(peak.place)
    return NormalPrior(
      mean: best.mean, variance: exp(peak.place),
      uncertainty: PriorUncertainty(
        meanVariance: 1 / best.information, logWeightVariance: peak.variance))
  }

  /// Waits that are all the same have no error at all, on which nothing could be divided.
  private static func positive(_ variance: Double) -> Double { max(variance, 1e-12) }

  /// The posterior of a unit with this estimate and squared standard error; without an estimate, the prior's own.
  func posterior(_ estimate: Double?, variance own: Double) -> (mean: Double, variance: Double) {
    guard let estimate else { return (mean, variance + uncertainty.extra(share: 1, deviation: 0)) }
    let own = Self.positive(own)
    let share = own / (own + variance)
    let deviation = mean - estimate
    return (
      estimate + share * deviation,
      own * (1 - share) + uncertainty.extra(share: share, deviation: deviation)
    )
  }
}
