import Glibc
import RapportNumerics
import RapportTestSupport
import Testing

@Suite struct LocalLevelTests {
  /// Two gaps, a pause, uneven errors, nothing at first.
  static let uneven = LevelSeries(
    observations: [nil, 1.5, nil, 2.5, 0.5, nil, nil, 3.0, 2.0, nil], variances: [1, 0.5, 1, 2, 0.25, 1, 1, 1, 4, 1],
    isPaused: [false, false, false, true, false, true, true, false, false, false])

  // Errors given three times too small: the factor stands for what the fit of the right ones finds, at 1, with the same q.
  @Test func `an error factor makes good for errors known up to a factor`() throws {
    var stream = RandomStream(seed: 11, purpose: "error factor")
    let series = (0..<40).map { _ in
      var level = 0.0
      return LevelSeries(
        observations: (0..<24).map { _ in
          level += 0.3 * stream.normal()
          return level + stream.normal()
        }, variances: [Double](repeating: 1, count: 24))
    }
    let small = series.map { LevelSeries(observations: $0.observations, variances: $0.variances.map { $0 / 3 }) }
    let (own, other) = (
      try LocalLevel().fit(pooled: series, errorFactors: 0.25...8),
      try LocalLevel().fit(pooled: small, errorFactors: 0.25...8)
    )
    expectClose(other.errorFactor, 3 * own.errorFactor, relative: 1e-10)
    expectClose(other.driftVariance, own.driftVariance, relative: 1e-10)
    expectClose(other.logLikelihood, own.logLikelihood, relative: 1e-12)
    expectClose(own.errorFactor, 1, absolute: 0.2)
    // At a limit, it is the fit of these errors.
    let limited = try LocalLevel().fit(pooled: small, errorFactors: 0.5...1)
    let plain = try LocalLevel().fit(pooled: small)
    #expect(limited.errorFactor == 1 && plain.errorFactor == 1)
    expectClose(limited.driftVariance, plain.driftVariance, relative: 1e-10)
    // The best factor at its q: what is tried beside it is less likely.
    for factor in [0.9, 1.1] {
      let beside = try LocalLevel().fit(
        pooled: series, errorFactors: factor * own.errorFactor...factor * own.errorFactor)
      #expect(beside.logLikelihood < own.logLikelihood)
    }
  }

  @Test func `the order of series moves the drift by no more than rounding`() throws {
    var stream = RandomStream(seed: 12, purpose: "order of series")
    let series = (0..<300).map { _ in
      LevelSeries(
        observations: (0..<12).map { t in 0.2 * Double(t) * stream.normal() + stream.normal() },
        variances: (0..<12).map { _ in 0.5 + stream.uniform() })
    }
    let (one, other) = (
      try LocalLevel().fit(pooled: series, errorFactors: 0.25...8),
      try LocalLevel().fit(pooled: series.reversed(), errorFactors: 0.25...8)
    )
    #expect(one.driftVariance > 0)
    expectClose(one.driftVariance, other.driftVariance, relative: 1e-11)
    expectClose(one.errorFactor, other.errorFactor, relative: 1e-11)
  }

  // By hand: y = 0, 2 with h = 1 and q = 2. The first level is 0 ± 1, predicted with P = 1 + 2 = 3, so F = 4 and K = ¾:
  // the second is 1.5 with variance ¾. Smoothing back: C = 1/3, level 0 + 1.5/3 = ½, variance C q + C² ¾ = 2/3 + 1/12 = ¾.
  @Test func `two observations, worked by hand`() throws {
    let path = try LevelPath(LevelSeries(observations: [0, 2], variances: [1, 1]), driftVariance: 2)
    #expect(path.filtered[0] == LevelEstimate(level: 0, variance: 1))
    expectClose(try #require(path.filtered[1]).level, 1.5, relative: 1e-15)
    expectClose(try #require(path.filtered[1]).variance, 0.75, relative: 1e-15)
    expectClose(try #require(path.smoothed[0]).level, 0.5, relative: 1e-15)
    expectClose(try #require(path.smoothed[0]).variance, 0.75, relative: 1e-15)
    #expect(path.standardizedInnovations[0] == nil)
    expectClose(try #require(path.standardizedInnovations[1]), 1, relative: 1e-15)
    // The change is 1 with variance ¾ + ¾ − 2 · ⅓ · ¾ = 1.
    let change = try #require(path.change(from: 0, to: 1))
    expectClose(change.level, 1, relative: 1e-15)
    expectClose(change.variance, 1, relative: 1e-14)
  }

  // By hand: the difference 2 has variance q + 2, whose likelihood is largest at 4, so q = 2 and
  // log L = −log 2π − ½ (log 4 + 1). A difference of 1 is less than errors alone make: q = 0.
  @Test func `q of two observations, worked by hand`() throws {
    let far = try LocalLevel().fit(LevelSeries(observations: [0, 2], variances: [1, 1]))
    #expect(far.drift == .estimated)
    #expect(try #require(far.record).converged)
    expectClose(far.driftVariance, 2, relative: 1e-7)
    expectClose(far.logLikelihood, -log(2 * Double.pi) - 0.5 * (log(4) + 1), relative: 1e-14)
    let near = try LocalLevel().fit(LevelSeries(observations: [0, 1], variances: [1, 1]))
    #expect(near.drift == .none)
    #expect(near.driftVariance == 0)
    #expect(near.logLikelihood == near.logLikelihoodWithoutDrift)
    // Over two moving steps q is half of that, over a pause it can't be told.
    let apart = try LocalLevel().fit(LevelSeries(observations: [0, nil, 2], variances: [1, 0, 1]))
    expectClose(apart.driftVariance, 1, relative: 1e-7)
    let paused = try LocalLevel().fit(
      LevelSeries(observations: [0, 2], variances: [1, 1], isPaused: [true, false]))
    #expect(paused.drift == .undetermined)
    expectClose(try #require(paused.paths[0].smoothed[0]).level, 1, relative: 1e-15)
  }

  // y ~ N(μ₀ 1, H + q A Aᵀ) with flat μ₀: dense algebra, without any recursion.
  @Test(arguments: [0.0, 0.05, 1, 30]) func `agrees with the dense posterior`(q: Double) throws {
    let series = Self.uneven
    let path = try LevelPath(series, driftVariance: q)
    for end in 1..<series.observations.count {
      let dense = try DenseLevels(series, q, upTo: end)
      let filtered = try #require(path.filtered[end])
      expectClose(filtered.level, dense.mean(end), relative: 1e-11)
      expectClose(filtered.variance, dense.covariance(end, end), relative: 1e-11)
    }
    let all = try DenseLevels(series, q, upTo: series.observations.count - 1)
    for t in series.observations.indices {
      let smoothed = try #require(path.smoothed[t])
      expectClose(smoothed.level, all.mean(t), relative: 1e-11)
      expectClose(smoothed.variance, all.covariance(t, t), relative: 1e-11)
      for s in 0...t {
        let change = try #require(path.change(from: s, to: t))
        expectClose(change.level, all.mean(t) - all.mean(s), absolute: 1e-11)
        expectClose(
          change.variance, all.covariance(t, t) + all.covariance(s, s) - 2 * all.covariance(s, t), absolute: 1e-10)
      }
    }
    #expect(path.filtered[0] == nil)
  }

  @Test func `the largest likelihood is that of the dense model`() throws {
    let fit = try LocalLevel().fit(Self.uneven)
    let end = Self.uneven.observations.count - 1
    let still = try DenseLevels(Self.uneven, 0, upTo: end).logLikelihood
    expectClose(fit.logLikelihoodWithoutDrift, still, relative: 1e-12)
    var best = (q: 0.0, value: still)
    for step in 0...400 {
      let q = exp(-10 + 0.05 * Double(step))
      let value = try DenseLevels(Self.uneven, q, upTo: end).logLikelihood
      if value > best.value { best = (q, value) }
    }
    #expect(fit.logLikelihood >= best.value - 1e-12)
    expectClose(fit.logLikelihood, best.value, absolute: 1e-3)
    expectClose(
      fit.logLikelihood, try DenseLevels(Self.uneven, fit.driftVariance, upTo: end).logLikelihood, relative: 1e-12)
  }

  // P solves P = P h/(P + h) + q, so P = q/2 + √(q²/4 + q h).
  @Test func `comes to its steady state`() throws {
    let (h, q) = (2.0, 0.3)
    let ends = [Double?](repeating: 1, count: 300)
    let path = try LevelPath(LevelSeries(observations: ends, variances: ends.map { _ in h }), driftVariance: q)
    let predicted = q / 2 + (q * q / 4 + q * h).squareRoot()
    expectClose(try #require(path.filtered[299]).variance, predicted * h / (predicted + h), relative: 1e-13)
    // In the middle V solves V = C q + C² V with C = P_{t|t}/P.
    let gain = h / (predicted + h)
    expectClose(try #require(path.smoothed[150]).variance, gain * q / (1 - gain * gain), relative: 1e-13)
  }

  @Test func `without drift the level is the weighted mean`() throws {
    let path = try LevelPath(Self.uneven, driftVariance: 0)
    var (weights, sum) = (0.0, 0.0)
    for (y, h) in zip(Self.uneven.observations, Self.uneven.variances) {
      guard let y else { continue }
      weights += 1 / h
      sum += y / h
    }
    for estimate in path.smoothed {
      expectClose(try #require(estimate).level, sum / weights, relative: 1e-14)
      expectClose(try #require(estimate).variance, 1 / weights, relative: 1e-14)
    }
    #expect(try #require(path.change(from: 1, to: 9)).variance < 1e-15)
  }

  // In other units, y c, everything follows: q c², log L less (n − 1) log c; the first level's κ stays as it is.
  @Test(arguments: [1e-60, 1e-3, 1e60]) func `units don't matter`(scale: Double) throws {
    let variances = Self.uneven.variances.map { $0 * scale * scale }
    let scaled = LevelSeries(
      observations: Self.uneven.observations.map { $0.map { $0 * scale } }, variances: variances,
      isPaused: Self.uneven.isPaused)
    let (fit, plain) = (try LocalLevel().fit(scaled), try LocalLevel().fit(Self.uneven))
    let count = Double(Self.uneven.observations.compactMap { $0 }.count)
    expectClose(fit.logLikelihood, plain.logLikelihood - (count - 1) * log(scale), relative: 1e-11)
    expectClose(fit.driftVariance, plain.driftVariance * scale * scale, relative: 1e-5)
  }

  // Leave of any length changes nothing but the number of periods.
  @Test func `a pause moves nothing`() throws {
    let short = LevelSeries(observations: [1, 2, 4], variances: [1, 1, 1])
    let long = LevelSeries(
      observations: [1, 2, nil, nil, 4], variances: [1, 1, 0, 0, 1], isPaused: [false, false, true, true, false])
    let (a, b) = (try LocalLevel().fit(short), try LocalLevel().fit(long))
    #expect(a.driftVariance == b.driftVariance)
    #expect(a.logLikelihood == b.logLikelihood)
    #expect(b.paths[0].smoothed[2] == b.paths[0].smoothed[3])
    #expect(a.paths[0].filtered[2] == b.paths[0].filtered[4])
  }

  // Annual flow of the Nile at Aswan, 1871–1970. Durbin & Koopman (2012), §2.10.3, find both
  // variances by maximum likelihood, σ²_ε = 15099 and σ²_η = 1469.1; at that σ²_ε the other has to be the best q.
  @Test func `the Nile, as Durbin and Koopman`() throws {
    let flow: [Double] = [
      1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
      1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831,
      726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845,
      944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918,
      986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
    ]
    let fit = try LocalLevel().fit(LevelSeries(observations: flow, variances: flow.map { _ in 15099 }))
    expectClose(fit.driftVariance, 1469.1, absolute: 0.05)
    // The same sum in numpy, by the textbook's recursion at σ²_ε = 15099.
    expectClose(fit.logLikelihood, -633.4645636479694, relative: 1e-11)
  }

  // One q for all: the pooled likelihood is the sum, so its maximum lies between those of the parts.
  @Test func `series share one drift`() throws {
    var stream = RandomStream(seed: 5, purpose: "local level")
    let q = 0.04
    let series = (0..<600).map { _ in
      var level = stream.normal()
      let variances = (0..<14).map { _ in 0.1 + stream.uniform() }
      let observations = variances.map { h -> Double? in
        level += q.squareRoot() * stream.normal()
        return stream.uniform() < 0.2 ? nil : level + h.squareRoot() * stream.normal()
      }
      return LevelSeries(observations: observations, variances: variances)
    }
    var model = LocalLevel()
    let fit = try model.fit(pooled: series)
    // The standard error of q̂, seen over other seeds, is about 0.003.
    expectClose(fit.driftVariance, q, absolute: 0.012)
    var sum = 0.0
    for (one, path) in zip(series, fit.paths) {
      #expect(try LevelPath(one, driftVariance: fit.driftVariance) == path)
      sum += try model.fit(one).logLikelihoodWithoutDrift
    }
    expectClose(fit.logLikelihoodWithoutDrift, sum, relative: 1e-12)
    model.threads = 2
    #expect(try model.fit(pooled: series) == fit)
    // Innovations of the right model are standard normal: 6000 squares have a mean within five standard errors of one.
    let squares = fit.paths.flatMap { $0.standardizedInnovations.compactMap { $0 }.map { $0 * $0 } }
    expectClose(squares.reduce(0, +) / Double(squares.count), 1, absolute: 5 * (2 / Double(squares.count)).squareRoot())
  }

  @Test func `nothing to go by`() throws {
    let empty = try LocalLevel().fit(LevelSeries(observations: [nil, nil], variances: [1, 1]))
    #expect(empty.drift == .undetermined)
    #expect(empty.paths[0].smoothed == [nil, nil])
    #expect(empty.paths[0].change(from: 0, to: 1) == nil)
    #expect(try LocalLevel().fit(LevelSeries(observations: [], variances: [])).paths[0].filtered.isEmpty)
    #expect(try LocalLevel().fit(pooled: []).drift == .undetermined)
    let equal = try LocalLevel().fit(LevelSeries(observations: [3, 3, 3], variances: [1, 1, 1]))
    #expect(equal.drift == .none)
    #expect(throws: NumericsError.self) {
      try LocalLevel().fit(LevelSeries(observations: [1, 2], variances: [1, 0]))
    }
    #expect(throws: NumericsError.self) {
      try LocalLevel().fit(LevelSeries(observations: [1, .nan], variances: [1, 1]))
    }
    #expect(throws: NumericsError.self) {
      try LevelPath(LevelSeries(observations: [1], variances: [1]), driftVariance: -1)
    }
  }
}

/// Levels and observations as one normal vector with a flat first level.
struct DenseLevels {
  let logLikelihood: Double
  private let means: [Double]
  private let covariances: Matrix

  /// With M the covariance of levels that start at zero, S its rows observed, Σ = S M Sᵀ + H and W = Σ⁻¹:
  /// μ₀ = 1'W y / 1'W 1, and the levels are μ₀ + M Sᵀ W (y − μ₀), their covariance with what the flat start adds.
  init(_ series: LevelSeries, _ q: Double, upTo end: Int) throws {
    let count = series.observations.count
    var times = [0.0]
    for t in 1..<count { times.append(times[t - 1] + (series.isPaused[t - 1] ? 0 : q)) }
    let prior = { (s: Int, t: Int) in min(times[s], times[t]) }
    let seen = (0...end).filter { series.observations[$0] != nil }
    let y = seen.compactMap { series.observations[$0] }
    var sigma = Matrix(rows: seen.count, columns: seen.count)
    for (i, s) in seen.enumerated() {
      for (j, t) in seen.enumerated() { sigma[i, j] = prior(s, t) + (i == j ? series.variances[s] : 0) }
    }
    let factor = try Cholesky(sigma)
    let ones = y.map { _ in 1.0 }
    let information = dot(ones, factor.solve(ones))
    let start = dot(ones, factor.solve(y)) / information
    let residuals = y.map { $0 - start }
    let solved = factor.solve(residuals)
    logLikelihood =
      -0.5
      * (Double(y.count) * log(2 * Double.pi) + factor.logDeterminant + log(information) + dot(residuals, solved))
    let columns = (0..<count).map { t in seen.map { prior($0, t) } }
    means = columns.map { start + dot($0, solved) }
    var result = Matrix(rows: count, columns: count)
    for s in 0..<count {
      for t in 0..<count {
        let left = 1 - dot(ones, factor.solve(columns[s]))
        let right = 1 - dot(ones, factor.solve(columns[t]))
        result[s, t] = prior(s, t) - dot(columns[s], factor.solve(columns[t])) + left * right / information
      }
    }
    covariances = result
  }

  func mean(_ t: Int) -> Double { means[t] }
  func covariance(_ s: Int, _ t: Int) -> Double { covariances[s, t] }
}
