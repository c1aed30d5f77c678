import Foundation
import RapportNumerics

/// How often factor analysis is right where values are missing: tests under and off their null hypothesis, numbers of
/// factors, and intervals.
///
///     OPENBLAS_NUM_THREADS=1 swift run -c release --package-path Benchmarks FactorCoverage [--tables N] [--only tests|intervals] [--missing P]
///
/// Values missing completely at random; 200 rows, of intervals 60 and 150 as well. Prints two tables in Markdown, those of
/// FactorModel.md.
@main struct FactorCoverage {
  static func main() throws {
    func asked(_ option: String) -> String? {
      let arguments = CommandLine.arguments
      return arguments.firstIndex(of: option).flatMap { arguments.dropFirst($0 + 1).first }
    }
    let tables = max(1, asked("--tables").flatMap(Int.init) ?? 200)
    let only = asked("--only")
    func shares(_ usual: [Double]) -> [Double] {
      asked("--missing").flatMap(Double.init).map { [$0 / 100] } ?? usual
    }
    if only != "intervals" {
      print(
        "| missing | Bartlett, independent | Bartlett, loadings 0.3 | χ² of a true factor | nₑ "
          + "| parallel analysis, independent | loadings 0.6: one factor |")
      print("| --- | --- | --- | --- | --- | --- | --- |")
      for share in shares([0.0, 0.1, 0.2, 0.3]) { print(try levels(share, tables: tables)) }
    }
    if only != "tests" {
      print("\n| rows | missing | loadings | loadings of 0 | α | ω total | ω hierarchical | α ± 1.645 errors |")
      print("| --- | --- | --- | --- | --- | --- | --- | --- |")
      for rows in [60, 150, 200] {
        for share in shares([0.0, 0.2, 0.3]) { print(try coverage(share, rows: rows, tables: tables)) }
      }
    }
  }

  /// A share of tests, in brackets that of the same test by the number of rows.
  private static func levels(_ share: Double, tables: Int) throws -> String {
    var sphericity = Count()
    var (power, model, factors, found) = (Count(), Count(), Count(), Count())
    var effective = 0.0
    for unit in 0..<tables {
      var stream = RandomStream(seed: 11, purpose: "factor levels \(share)", unit: UInt64(unit))
      let null = try SampleMoments(missing: PlantedRows(loadings: zeros(6)).draw(share, &stream), tolerance: 1e-7)
      sphericity.add(
        try SphericityTest(null).pValue < 0.05,
        naive: try SphericityTest(correlation: null.correlation, observations: null.observations).pValue < 0.05)
      let weak = try SampleMoments(missing: PlantedRows(loadings: one(0.3, 6)).draw(share, &stream), tolerance: 1e-7)
      power.add(try SphericityTest(weak).pValue < 0.05, naive: false)
      let strong = try SampleMoments(missing: PlantedRows(loadings: one(0.6, 6)).draw(share, &stream), tolerance: 1e-7)
      let analysis = FactorAnalysis(factors: 1)
      let fit = try analysis.fit(
        correlation: strong.correlation, observations: strong.observations, gaps: MissingInformation(strong)
      ).fit
      let naive = try analysis.fit(correlation: strong.correlation, observations: strong.observations).fit
      model.add((fit?.pValue ?? 1) < 0.05, naive: (naive?.pValue ?? 1) < 0.05)
      effective += fit?.effectiveObservations ?? Double(strong.observations)
      let parallel = ParallelAnalysis(draws: 200, seed: UInt64(unit))
      let noise = try SampleMoments(missing: PlantedRows(loadings: zeros(10)).draw(share, &stream), tolerance: 1e-6)
      factors.add(
        try parallel.run(noise).factors.count > 0,
        naive: try parallel.run(correlation: noise.correlation, observations: noise.observations).factors.count > 0)
      let planted = try SampleMoments(
        missing: PlantedRows(loadings: one(0.6, 10)).draw(share, &stream), tolerance: 1e-6)
      found.add(try parallel.run(planted).factors.count == 1, naive: false)
    }
    return "| \(Int(share * 100)) % | \(sphericity.both) | \(power.share) | \(model.both) | "
      + "\(Int((effective / Double(tables)).rounded())) | \(factors.both) | \(found.share) |"
  }

  /// How many 90 % intervals hold the planted value.
  private static func coverage(_ share: Double, rows count: Int, tables: Int) throws -> String {
    let planted = PlantedRows(
      loadings: [0.8, 0.7, 0.6, 0.5].map { [$0, 0] } + [0.8, 0.7, 0.6, 0.5].map { [0, $0] }, correlation: 0.3)
    let general = try SchmidLeiman(
      correlation: planted.correlations, loadings: Matrix(rows: planted.loadings),
      factorCorrelations: Matrix(rows: [[1, 0.3], [0.3, 1]]))
    let truth = (
      alpha: Reliability.alpha(covariance: planted.correlations)!, total: general.omegaTotal,
      hierarchical: general.omegaHierarchical!
    )
    var (large, none, alpha) = (Count(), Count(), Count())
    var (alphaLimits, total, hierarchical) = (Count(), Count(), Count())
    for unit in 0..<tables {
      var stream = RandomStream(seed: 31, purpose: "factor coverage \(share) \(count)", unit: UInt64(unit))
      let rows = planted.draw(share, &stream, rows: count)
      guard let moments = try? SampleMoments(missing: rows, tolerance: 1e-7) else { continue }
      let analysis = FactorAnalysis(factors: 2)
      guard let solution = try? analysis.fit(correlation: moments.correlation) else { continue }
      let bootstrap = LoadingBootstrap(draws: 100, seed: UInt64(unit), threads: 2)
      guard let limits = bootstrap.run(rows: rows, analysis: analysis, solution: solution) else { continue }
      func holds(_ limit: LoadingBootstrap.Limits?, _ value: Double) -> Bool? {
        limit.map { $0.low <= value && value <= $0.high }
      }
      if let isHeld = holds(limits.alpha, truth.alpha) { alphaLimits.add(isHeld, naive: false) }
      if let isHeld = holds(limits.omegaTotal, truth.total) { total.add(isHeld, naive: false) }
      if let isHeld = holds(limits.omegaHierarchical, truth.hierarchical) { hierarchical.add(isHeld, naive: false) }
      // Factors come largest first, which may be either.
      let own = (0..<4).reduce(0.0) { $0 + abs(solution.loadings[$1, 0]) - abs(solution.loadings[$1 + 4, 0]) } > 0
      for i in 0..<8 {
        for k in 0..<2 {
          let value = planted.loadings[i][own ? k : 1 - k]
          let holds = limits.low[i, k] <= value && value <= limits.high[i, k]
          if value == 0 { none.add(holds, naive: false) } else { large.add(holds, naive: false) }
        }
      }
      let items = try ItemAnalysis(correlation: moments.correlation, observations: moments.observations)
      guard let found = items.alpha, let error = items.standardizedAlphaStandardError else { continue }
      alpha.add(abs(found - truth.alpha) <= 1.645 * error, naive: false)
    }
    let withheld = share > 0 ? "not given; by the number of rows \(alpha.share)" : alpha.share
    return
      "| \(count) | \(Int(share * 100)) % | \(large.share) | \(none.share) | \(alphaLimits.share) | \(total.share) | "
      + "\(hierarchical.share) | \(withheld) |"
  }

  private static func zeros(_ p: Int) -> [[Double]] { one(0, p) }
  private static func one(_ loading: Double, _ p: Int) -> [[Double]] { [[Double]](repeating: [loading], count: p) }
}

/// How often something was so.
struct Count {
  private var (all, yes, naive) = (0, 0, 0)

  mutating func add(_ isSo: Bool, naive other: Bool) {
    all += 1
    yes += isSo ? 1 : 0
    naive += other ? 1 : 0
  }

  var share: String { Self.percent(yes, of: all) }
  var both: String { "\(share) (\(Self.percent(naive, of: all)))" }

  private static func percent(_ count: Int, of all: Int) -> String {
    String(format: "%.1f %%", 100 * Double(count) / Double(max(1, all)))
  }
}

/// Rows of standardised variables with planted loadings on one factor, or on two that correlate.
struct PlantedRows {
  var loadings: [[Double]]
  var correlation = 0.0

  init(loadings: [[Double]], correlation: Double = 0) {
    self.loadings = loadings
    self.correlation = correlation
  }

  /// Λ Φ Λᵀ with ones on its diagonal.
  var correlations: Matrix {
    let lambda = Matrix(rows: loadings)
    var phi = Matrix.identity(lambda.columns)
    if lambda.columns == 2 { (phi[0, 1], phi[1, 0]) = (correlation, correlation) }
    var result = (lambda * phi).timesTransposed(lambda)
    for i in loadings.indices { result[i, i] = 1 }
    return result
  }

  /// Rows, each value missing with this chance. Every variable has one loading that isn't 0.
  func draw(_ share: Double, _ stream: inout RandomStream, rows: Int = 200) -> [[Double?]] {
    (0..<rows).map { _ in
      let first = stream.normal()
      let second = correlation * first + (1 - correlation * correlation).squareRoot() * stream.normal()
      return loadings.map { row in
        let common = row[0] * first + (row.count > 1 ? row[1] * second : 0)
        let value = common + (1 - dot(row, row)).squareRoot() * stream.normal()
        return stream.uniform() < share ? nil : value
      }
    }
  }
}
