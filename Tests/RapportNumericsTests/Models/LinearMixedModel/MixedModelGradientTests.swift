import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

/// Derivatives of the deviance, and what the search makes of them.
@Suite struct MixedModelGradientTests {
  /// Groups nested in one another, in two that are crossed: every part of the factorization has its share.
  private static func layout() throws -> (cells: ResponseCells, design: DesignMatrix, groups: [Grouping]) {
    let data = LinearMixedModelTests.crossed(managers: 30, partners: 6, rows: 400, seed: 8)
    let pair = data.groups[2]
    let month = Grouping(name: "month", codes: (0..<400).map { Int32($0 * 7 % 5) }, levelCount: 5)
    let finest = Grouping.crossing(pair, month).grouping
    var stream = RandomStream(seed: 3, purpose: "weights")
    let weights = (0..<400).map { _ in 0.5 + stream.uniform() }
    return (
      try ResponseCells(rows: data.responses, weights: weights), data.design,
      [data.groups[0], data.groups[1], pair, finest, month]
    )
  }

  /// A derivative by differences of sixth order.
  private static func slope(_ f: (Double) throws -> Double) rethrows -> Double {
    let h = 0.005
    let (one, two, three) = (try f(h) - f(-h), try f(2 * h) - f(-2 * h), try f(3 * h) - f(-3 * h))
    return (45 * one - 9 * two + three) / (60 * h)
  }

  @Test(arguments: [LinearMixedModel.Criterion.restricted, .likelihood])
  func `gradients agree with differences of values`(_ criterion: LinearMixedModel.Criterion) throws {
    let data = try Self.layout()
    let subsets: [[Int]] = [[0], [0, 1], [2], [2, 0], [1, 2, 0], [3, 2, 0, 1], [0, 1, 2, 3, 4]]
    for subset in subsets {
      let system = try MixedModelSystem(data.cells, data.design, subset.map { data.groups[$0] })
      let objective = try MixedModelObjective(system, criterion)
      let ratios = subset.map { [0.6, 0.9, 0.4, 0.3, 0.7][$0] }
      let profiled = try objective.point(ratios).gradient()
      let given = try objective.point(ratios, sigma: 1.3).gradient()
      for g in ratios.indices {
        func moved(_ h: Double) -> [Double] { ratios.enumerated().map { $0 == g ? $1 + h : $1 } }
        expectClose(profiled[g], try Self.slope { try objective.value(moved($0)) }, relative: 1e-7, absolute: 1e-7)
        let direct = try Self.slope { try objective.point(moved($0), sigma: 1.3).value }
        expectClose(given[g], direct, relative: 1e-7, absolute: 1e-7)
        // Other ratios, then σ.
        var x = ratios
        x.remove(at: g)
        x.append(0.9)
        let held = try objective.point(x, group: g, deviation: 0.5, scale: 1.1).gradient()
        for j in x.indices {
          let along = try Self.slope { h in
            try objective.point(
              x.enumerated().map { $0 == j ? $1 + h : $1 }, group: g, deviation: 0.5, scale: 1.1
            ).value
          }
          expectClose(held[j], along, relative: 1e-6, absolute: 1e-6)
        }
      }
      let slopes = objective.residualSlopes(try MixedModelFactor(system, ratios: ratios))
      for g in ratios.indices {
        let along = try Self.slope { h in
          log(
            try MixedModelFactor(system, ratios: ratios.enumerated().map { $0 == g ? $1 + h : $1 })
              .residualSquares)
        }
        expectClose(slopes[g], along, relative: 1e-7, absolute: 1e-9)
      }
    }
  }

  @Test func `a ratio of zero has no slope, and its group takes no part in others'`() throws {
    let data = try Self.layout()
    func gradient(_ groups: [Int], _ ratios: [Double]) throws -> [Double] {
      let system = try MixedModelSystem(data.cells, data.design, groups.map { data.groups[$0] })
      return try MixedModelObjective(system, .restricted).point(ratios).gradient()
    }
    let all = try gradient([3, 2, 0, 1], [0, 0.4, 0, 0.9])
    #expect(all[0] == 0 && all[2] == 0)
    let some = try gradient([2, 1], [0.4, 0.9])
    expectClose([all[1], all[3]], some, relative: 1e-10)
  }

  // What differs between two libraries for matrices is the order in which numbers are added; so does the order of rows.
  @Test func `the order of rows moves no ratio by more than rounding`() throws {
    let data = LinearMixedModelTests.crossed(managers: 60, partners: 8, rows: 1500, seed: 4)
    var stream = RandomStream(seed: 1, purpose: "order")
    let order = (0..<1500).map { ($0, stream.uniform()) }.sorted { $0.1 < $1.1 }.map(\.0)
    let dense = data.design.dense
    let x = order.map { dense[$0, 1] }
    let (c, b) = (order.map { dense[$0, 3] }, order.map { dense[$0, 2] })
    let design = try DesignMatrix(
      rows: 1500,
      terms: [.number(name: "x", values: x), .number(name: "b", values: b), .number(name: "c", values: c)])
    let groups = data.groups.map { group in
      Grouping(name: group.name, codes: order.map { group.codes[$0] }, levelCount: group.levelCount)
    }
    let plain = try LinearMixedModel().fit(
      ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    let other = try LinearMixedModel().fit(
      ResponseCells(rows: order.map { data.responses[$0] }), design: design, groups: groups)
    #expect(plain.search.converged && other.search.converged)
    expectClose(plain.components.map(\.ratio), other.components.map(\.ratio), relative: 1e-11)
    expectClose(plain.residualVariance, other.residualVariance, relative: 1e-11)
    // From elsewhere, on several threads.
    var model = LinearMixedModel()
    model.startRatio = 0.1
    model.threads = 3
    let elsewhere = try model.fit(ResponseCells(rows: data.responses), design: data.design, groups: data.groups)
    expectClose(plain.components.map(\.ratio), elsewhere.components.map(\.ratio), relative: 1e-11)
  }

  // Balanced, one way: the mean squares λ̂ = MSA and σ̂² = MSE have degrees k − 1 and k (n − 1), the information of which is
  // diagonal, and σ_g² = (λ − σ²)/n. So Var(log σ_g²) = [2 λ²/(k − 1) + 2 σ⁴/(k (n − 1))] / (λ − σ²)², exactly.
  @Test(arguments: [(2, 2.0), (2, 1.0), (5, 2.0), (5, 0.7)])
  func `approximate intervals of a balanced layout are those of its mean squares`(_ n: Int, _ theta: Double) throws {
    let k = 40
    var stream = RandomStream(seed: 5, purpose: "balanced", unit: UInt64(n))
    let effects = (0..<k).map { _ in theta * stream.normal() }
    let y = (0..<(k * n)).map { effects[$0 / n] + stream.normal() }
    let means = (0..<k).map { g in (0..<n).reduce(0.0) { $0 + y[g * n + $1] } / Double(n) }
    let grand = means.reduce(0, +) / Double(k)
    let between = Double(n) * means.reduce(0.0) { $0 + ($1 - grand) * ($1 - grand) } / Double(k - 1)
    var within = 0.0
    for i in y.indices { within += (y[i] - means[i / n]) * (y[i] - means[i / n]) }
    within /= Double(k * (n - 1))
    try #require(between > within)
    let fit = try LinearMixedModel().fit(
      ResponseCells(rows: y), design: DesignMatrix(rows: y.count, terms: []),
      groups: [Grouping(name: "g", codes: y.indices.map { Int32($0 / n) }, levelCount: k)])
    expectClose(fit.components[0].variance, (between - within) / Double(n), relative: 1e-9)
    let interval = try fit.approximateIntervals(level: 0.9)[0]
    let variance =
      (2 * between * between / Double(k - 1) + 2 * within * within / Double(k * (n - 1)))
      / ((between - within) * (between - within))
    // What is seen of a level is b times σ_g², about like χ² of k − 1.
    let b = max(1, (variance * Double(k - 1) / 2).squareRoot())
    let step = Normal.standard.quantile(0.95) * variance.squareRoot() / b
    let own = fit.components[0].variance
    expectClose(interval.high, own * (1 + b * (exp(step) - 1)), relative: 1e-5)
    expectClose(interval.low, own * max(0, 1 + b * (exp(-step) - 1)), relative: 1e-5, absolute: 1e-12)
  }

  // A variance far below its error: σ_g² exp(z √Var) went to 10³² and beyond. Ends near those of the profiled deviance.
  @Test func `an interval of a small variance ends near its profile's`() throws {
    var (compared, widest) = (0, 0.0)
    for seed in UInt64(1)...40 {
      var stream = RandomStream(seed: seed, purpose: "small variance")
      let effects = (0..<6).map { _ in 0.1 * stream.normal() }
      let y = (0..<120).map { effects[$0 / 20] + stream.normal() }
      let fit = try LinearMixedModel().fit(
        ResponseCells(rows: y), design: DesignMatrix(rows: y.count, terms: []),
        groups: [Grouping(name: "g", codes: y.indices.map { Int32($0 / 20) }, levelCount: 6)])
      guard fit.components[0].variance > 0 else { continue }
      let (own, profile) = (try fit.approximateIntervals(level: 0.9)[0], try fit.profileIntervals(level: 0.9)[0])
      #expect(own.high > fit.components[0].variance && own.low < fit.components[0].variance && own.low >= 0)
      widest = max(widest, own.high / (profile.high * profile.high), profile.high * profile.high / own.high)
      compared += 1
    }
    #expect(compared >= 6 && widest < 3, "\(compared), \(widest)")
  }
}
