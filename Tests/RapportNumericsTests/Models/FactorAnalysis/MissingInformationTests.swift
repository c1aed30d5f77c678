import Glibc
import RapportTestSupport
import Testing

@testable import RapportNumerics

@Suite struct MissingInformationTests {
  /// Rows of p variables that load on one factor, each value missing with this chance.
  static func rows(_ count: Int, loading: Double, variables p: Int, missing share: Double, unit: Int) -> [[Double?]] {
    var stream = RandomStream(seed: 21, purpose: "missing information test", unit: UInt64(unit))
    let rest = (1 - loading * loading).squareRoot()
    return (0..<count).map { _ in
      let common = stream.normal()
      return (0..<p).map { _ in
        let value = loading * common + rest * stream.normal()
        return stream.uniform() < share ? nil : value
      }
    }
  }

  static func sample(_ rows: [[Double?]]) throws -> (moments: SampleMoments, sample: IncompleteSample) {
    let moments = try SampleMoments(missing: rows, tolerance: 1e-10)
    return (moments, try #require(moments.incomplete))
  }

  static func logLikelihood(_ sample: IncompleteSample, _ mean: [Double], _ covariance: Matrix) throws -> Double {
    try sample.patterns.reduce(0) { $0 + (try $1.logLikelihood(mean, covariance)) }
  }

  // The steps work on plain buffers, the likelihood by matrices: neither knows the other.
  @Test func `where the steps come to rest, the likelihood is highest`() throws {
    let (_, sample) = try Self.sample(Self.rows(60, loading: 0.6, variables: 4, missing: 0.3, unit: 1))
    let (mean, covariance) = (sample.estimate.mean, sample.estimate.covariance)
    let best = try Self.logLikelihood(sample, mean, covariance)
    for step in [-1e-3, 1e-3] {
      for j in 0..<4 {
        var moved = mean
        moved[j] += step
        #expect(try Self.logLikelihood(sample, moved, covariance) < best)
        for i in 0...j {
          var changed = covariance
          changed[i, j] += step
          changed[j, i] = changed[i, j]
          #expect(try Self.logLikelihood(sample, mean, changed) < best)
        }
      }
    }
  }

  // Central differences with a step of 1e-3 are good to about its square.
  @Test func `the information is minus the second derivative`() throws {
    let (_, own) = try Self.sample(Self.rows(40, loading: 0.6, variables: 3, missing: 0.3, unit: 2))
    // Scaled to variance 1, as the information is.
    let deviations = own.estimate.covariance.diagonal.map { $0.squareRoot() }
    let patterns = own.patterns.map { pattern in
      var products = pattern.products
      for (b, j) in pattern.known.enumerated() {
        for (a, i) in pattern.known.enumerated() { products[a, b] /= deviations[i] * deviations[j] }
      }
      return MissingPattern(
        known: pattern.known, missing: pattern.missing, count: pattern.count,
        sums: pattern.known.indices.map { pattern.sums[$0] / deviations[pattern.known[$0]] }, products: products)
    }
    let mean = zip(own.estimate.mean, deviations).map { $0 / $1 }
    let correlation = own.estimate.covariance.correlationFromCovariance
    let sample = IncompleteSample(
      patterns: patterns, estimate: NormalEstimate(mean: mean, covariance: correlation, count: own.estimate.count))
    func value(_ changes: [Int]) throws -> Double {
      var (mean, covariance) = (mean, correlation)
      for change in changes {
        let (place, step) = (abs(change) - 1, change < 0 ? -1e-3 : 1e-3)
        if place < 3 {
          mean[place] += step
        } else {
          for j in 0..<3 {
            for i in 0...j where 3 + MissingInformation.place(i, j) == place {
              covariance[i, j] += step
              if i != j { covariance[j, i] += step }
            }
          }
        }
      }
      return try Self.logLikelihood(sample, mean, covariance)
    }
    let information = try MissingInformation.information(own)
    for a in 1...9 {
      for b in 1...a {
        let difference = try value([a, b]) - value([a, -b]) - value([-a, b]) + value([-a, -b])
        expectClose(information[a - 1, b - 1], -difference / 4e-6, absolute: 0.02)
      }
    }
  }

  // Four rows with both of two unrelated variables: the others say nothing of their correlation.
  @Test func `rows that lack one of two variables don't count for their correlation`() throws {
    let rows: [[Double?]] = [[1, 1], [1, -1], [-1, 1], [-1, -1], [1, nil], [-1, nil]]
    let (moments, _) = try Self.sample(rows)
    expectClose(try #require(try MissingInformation(moments)).forIndependence, 4, relative: 1e-9)
    #expect(try MissingInformation(SampleMoments(complete: Matrix(rows: [[1, 1], [1, 2], [2, 4]]))) == nil)
  }

  // One gap in 400 rows: what the gaps leave is a little less than the rows.
  @Test func `few gaps cost little`() throws {
    var rows = Self.rows(400, loading: 0.7, variables: 5, missing: 0, unit: 3)
    rows[0][0] = nil
    let moments = try SampleMoments(missing: rows)
    let gaps = try #require(try MissingInformation(moments))
    let solution = try FactorAnalysis(factors: 1).fit(
      correlation: moments.correlation, observations: 400, gaps: gaps)
    let fit = try #require(solution.fit)
    // What the model leaves of the correlations shows in the metric, by as much as a correlation's standard error.
    expectClose(try #require(fit.effectiveObservations), 400, absolute: 12)
    #expect(fit.observations == 400 && gaps.forIndependence > 399 && gaps.forIndependence < 400)
    // Two factors of five variables leave one degree of freedom, three variables none with one.
    let three = try SampleMoments(missing: rows.map { Array($0[..<3]) })
    let none = try #require(try MissingInformation(three)).forModel(loadings: Matrix(columns: [[0.7, 0.7, 0.7]]))
    #expect(none == nil)
  }

  // Errors of a covariance as of three rows: Bartlett's correction takes more than that.
  @Test func `where gaps leave too few rows, a solution has no test`() throws {
    let gaps = MissingInformation(errors: 0.3 * Matrix.identity(21), variables: 6, forIndependence: 3)
    let solution = try FactorAnalysis(factors: 1).fit(
      correlation: FactorNumberTests.equicorrelation(6, 0.4), observations: 40, gaps: gaps)
    #expect(solution.fit == nil)
    expectClose(solution.loadings[0, 0], 0.4.squareRoot(), absolute: 1e-6)
  }

  @Test func `too many variables are told`() throws {
    var rows = Self.rows(60, loading: 0.5, variables: 41, missing: 0, unit: 4)
    rows[0][0] = nil
    let moments = try SampleMoments(missing: rows, tolerance: 1e-3)
    #expect(throws: NumericsError.self) { try MissingInformation(moments) }
  }

  // By n = 150 rows the test rejects a true model half the time; χ² with 9 degrees of freedom has mean 9, and a mean of 60 has
  // a standard error of √(18/60) = 0.55.
  @Test func `the test of a true model keeps its level where values are missing`() throws {
    var (sum, plain, rejected, wrongly) = (0.0, 0.0, 0, 0)
    for unit in 0..<60 {
      let moments = try SampleMoments(
        missing: Self.rows(150, loading: 0.6, variables: 6, missing: 0.3, unit: 100 + unit), tolerance: 1e-6)
      var analysis = FactorAnalysis(factors: 1)
      analysis.extractionStarts = 1
      let known = try analysis.fit(
        correlation: moments.correlation, observations: moments.observations, gaps: MissingInformation(moments))
      let naive = try analysis.fit(correlation: moments.correlation, observations: moments.observations)
      let (fit, other) = (try #require(known.fit), try #require(naive.fit))
      sum += fit.chiSquare
      plain += other.chiSquare
      rejected += (fit.pValue ?? 1) < 0.05 ? 1 : 0
      wrongly += (other.pValue ?? 1) < 0.05 ? 1 : 0
    }
    #expect(abs(sum / 60 - 9) < 3 * 0.55 && plain / 60 > 15, "\(sum / 60), \(plain / 60)")
    #expect(rejected <= 9 && wrongly >= 20, "\(rejected), \(wrongly)")
  }
}
