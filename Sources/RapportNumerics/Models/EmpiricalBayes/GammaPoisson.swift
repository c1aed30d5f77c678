import Glibc

/// Rates of counts that vary between units as a gamma distribution: fitted by maximum likelihood.
///
///     yᵢ ~ Poisson(eᵢ λᵢ)        λᵢ ~ Gamma(a, rate b)        μ = a/b        θ = 1/a
///
/// Counts are then negative binomial with mean eᵢ μ and size a. As in ``BetaBinomial``, θ = 0 is an ordinary point: one
/// rate for all. Source: Clayton & Kaldor (1987), Empirical Bayes estimates of age-standardized relative risks, §2.1.
public struct GammaPoisson: Sendable {
  /// The smallest a that a fit may give.
  public var smallestShape = 1e-3

  /// The model with its defaults.
  public init() {}

  /// Fits prior and unit rates.
  ///
  /// - Parameters: `counts` of events and `exposures`, in any unit of time or opportunity, by unit; a unit without
  ///   exposure has no events and carries no information.
  /// - Throws: ``NumericsError/invalidInput(_:)`` for negative or undefined values, events without exposure, or no
  ///   exposure at all.
  public func fit(counts: [Int], exposures: [Double]) throws(NumericsError) -> GammaPoissonFit {
    precondition(counts.count == exposures.count, "\(counts.count) counts and \(exposures.count) exposures")
    var total = 0
    var exposure = 0.0
    var exposedUnits = 0
    var constant = 0.0
    for (y, e) in zip(counts, exposures) {
      guard y >= 0, e >= 0, e.isFinite, e > 0 || y == 0 else {
        throw .invalidInput("\(y) events in exposure \(e): expected a count in a positive, finite exposure")
      }
      total += y
      exposure += e
      if e > 0 {
        exposedUnits += 1
        constant += Double(y) * log(e) - logGamma(Double(y) + 1)
      }
    }
    guard exposure > 0 else { throw .invalidInput("no unit has exposure; a rate needs some") }
    let pooled = Double(total) / exposure
    let common = Gamma(shape: Double(total) + 0.5, rate: exposure)
    let data = zip(counts, exposures).filter { $0.1 > 0 }.map { (Double($0.0), $0.1) }
    let more = BetaBinomial.Counts.exceedances(counts)
    let pooledValue = total > 0 ? Double(total) * log(pooled) - Double(total) : 0
    func boundary(_ spread: Spread, prior: Gamma?) -> GammaPoissonFit {
      GammaPoissonFit(
        spread: spread, rate: pooled, prior: prior, common: common, logLikelihood: pooledValue + constant, record: nil)
    }
    if exposedUnits < 2 {
      // A prior worth half an event.
      return boundary(.undetermined, prior: Gamma(shape: 0.5, rate: 0.5 / common.mean))
    }
    if total == 0 { return boundary(.none, prior: nil) }

    func negative(_ point: [Double]) -> Newton.Derivatives { derivatives(point, data, more) }
    var start = (value: Double.infinity, logTheta: 0.0)
    for logTheta in stride(from: -12.0, through: -log(smallestShape), by: 0.5) {
      let value = negative([log(pooled), logTheta]).value
      if value < start.value { start = (value, logTheta) }
    }
    let search = BoundedSearch(method: .bobyqa, lower: [-700, -25], upper: [700, -log(smallestShape)])
    let found =
      (try? Newton().minimize(from: [log(pooled), start.logTheta], negative))
      ?? (try? search.minimize(from: [log(pooled), start.logTheta]) { x, _ in negative(x).value })
    guard let found, found.record.converged, found.point[1] > -20, -found.value > pooledValue + 1e-10 else {
      return boundary(.none, prior: nil)
    }
    let shape = exp(-found.point[1])
    return GammaPoissonFit(
      spread: .estimated, rate: exp(found.point[0]), prior: Gamma(shape: shape, rate: shape / exp(found.point[0])),
      common: common, logLikelihood: -found.value + constant, record: found.record)
  }

  /// Of −log L in x = log μ, z = log θ, without the terms in y! and e.
  private func derivatives(_ point: [Double], _ data: [(Double, Double)], _ more: [Double]) -> Newton.Derivatives {
    let undefined = Newton.Derivatives(value: .infinity, gradient: [0, 0], hessian: Matrix(rows: 2, columns: 2))
    if point[1] > -log(smallestShape) || point[1] < -30 || abs(point[0]) > 700 { return undefined }
    let rate = exp(point[0])
    let t = exp(point[1])
    var (value, x, z, xx, xz, zz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, count) in more.enumerated() where count > 0 && index > 0 {
      let j = Double(index)
      value += count * log1p(j * t)
      z += count * j / (1 + j * t)
      zz -= count * j * j / ((1 + j * t) * (1 + j * t))
    }
    for (y, e) in data {
      let m = rate * e
      let tm = t * m
      // The functions of tm below are differences that cancel as tm goes to 0, where their series are used.
      let spread = log1p(tm)
      let (first, second): (Double, Double)
      if tm < 1e-3 {
        first = m * m * (0.5 - tm * (2.0 / 3 - tm * (0.75 - tm * (0.8 - tm * (5.0 / 6)))))
        second = m * m * m * (-2.0 / 3 + tm * (1.5 - tm * (2.4 - tm * (10.0 / 3 - tm * (30.0 / 7)))))
      } else {
        first = (spread - tm / (1 + tm)) / (t * t)
        second = (-2 * spread + 2 * tm / (1 + tm) + tm * tm / ((1 + tm) * (1 + tm))) / (t * t * t)
      }
      value += y * (point[0]) - y * spread - (tm < 1e-9 ? m * (1 - 0.5 * tm) : spread / t)
      x += (y - m) / (1 + tm)
      xx -= (m * (1 + tm) + (y - m) * tm) / ((1 + tm) * (1 + tm))
      xz -= (y - m) * m / ((1 + tm) * (1 + tm))
      // d/dθ of −(y + 1/θ) log(1 + θm): from 1/θ the functions above, from y the rest.
      z += first - y * m / (1 + tm)
      zz += second + y * m * m / ((1 + tm) * (1 + tm))
    }
    return Newton.Derivatives(
      value: -value, gradient: [-x, -t * z],
      hessian: Matrix(rows: 2, columns: 2, elements: [-xx, -t * xz, -t * xz, -(t * t * zz + t * z)]))
  }
}

/// Rates with a common gamma prior.
public struct GammaPoissonFit: Sendable, Equatable {
  /// Whether units differ.
  public let spread: Spread
  /// μ, the prior's mean; the pooled rate where units don't differ.
  public let rate: Double
  /// The prior; `nil` where units don't differ. Where the data can't tell, a prior worth half an event.
  public let prior: Gamma?
  /// What all events together say about one common rate, with Jeffreys' prior.
  public let common: Gamma
  /// The largest log likelihood.
  public let logLikelihood: Double
  /// How it was found; `nil` where no search was needed.
  public let record: SearchRecord?

  /// What is known of a unit's rate; where units don't differ, what is known of all together.
  public func posterior(count: Double, exposure: Double) -> Gamma {
    precondition(count >= 0 && exposure >= 0, "\(count) events in exposure \(exposure)")
    guard let prior else { return common }
    return Gamma(shape: prior.shape + count, rate: prior.rate + exposure)
  }
}
