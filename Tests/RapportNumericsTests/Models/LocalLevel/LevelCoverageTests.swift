import Glibc
import RapportNumerics
import Testing

/// How often 90 % intervals of levels hold the true level, on data of the model itself.
///
/// Errors whose variances differ a hundredfold, every fifth month empty, every fifth series with three months of leave, and q and
/// the error factor estimated from all series, as trends do it. `runs` times more series than here made the table of the page on
/// the local level model.
@Suite struct LevelCoverageTests {
  struct Setting: CustomStringConvertible, Sendable {
    var drift: Double
    var series: Int
    var months: Int
    var description: String { "q \(drift), \(series) series of \(months) months" }
  }

  static let settings = [0, 0.01, 0.3].flatMap { drift in
    [50, 200].flatMap { series in [12, 36].map { Setting(drift: drift, series: series, months: $0) } }
  }

  /// Levels held, of those there are.
  struct Coverage: Sendable {
    var filtered = (held: 0, all: 0)
    var smoothed = (held: 0, all: 0)
    /// Fits with q̂ = 0.
    var still = 0

    var filteredShare: Double { Double(filtered.held) / Double(filtered.all) }
    var smoothedShare: Double { Double(smoothed.held) / Double(smoothed.all) }
  }

  /// A series of the model and its levels.
  static func draw(_ setting: Setting, _ stream: inout RandomStream) -> (series: LevelSeries, levels: [Double]) {
    var isPaused = [Bool](repeating: false, count: setting.months)
    if stream.uniform() < 0.2 {
      let start = 1 + stream.integer(below: setting.months - 4)
      for month in start..<start + 3 { isPaused[month] = true }
    }
    var level = 3 * stream.normal()
    var levels: [Double] = []
    var observations: [Double?] = []
    var variances: [Double] = []
    for month in 0..<setting.months {
      levels.append(level)
      let variance = 0.05 * exp(log(100) * stream.uniform())
      variances.append(variance)
      let isSeen = stream.uniform() < 0.8 && !isPaused[month]
      let error = variance.squareRoot() * stream.normal()
      observations.append(isSeen ? level + error : nil)
      let step = setting.drift.squareRoot() * stream.normal()
      if !isPaused[month] { level += step }
    }
    return (LevelSeries(observations: observations, variances: variances, isPaused: isPaused), levels)
  }

  static func coverage(_ setting: Setting, runs: Int, seed: UInt64) throws -> Coverage {
    let z = Normal.standard.quantile(0.95)
    var coverage = Coverage()
    var model = LocalLevel()
    model.threads = 2
    for run in 0..<runs {
      var stream = RandomStream(seed: seed, purpose: "level coverage \(setting)", unit: UInt64(run))
      let drawn = (0..<setting.series).map { _ in draw(setting, &stream) }
      let fit = try model.fit(pooled: drawn.map(\.series), errorFactors: 0.25...8)
      if fit.driftVariance == 0 { coverage.still += 1 }
      for (path, (_, levels)) in zip(fit.paths, drawn) {
        for (month, level) in levels.enumerated() {
          func isHeld(_ estimate: LevelEstimate) -> Bool {
            abs(estimate.level - level) <= z * estimate.standardDeviation
          }
          if let filtered = path.filtered[month] {
            coverage.filtered.all += 1
            if isHeld(filtered) { coverage.filtered.held += 1 }
          }
          if let smoothed = path.smoothed[month] {
            coverage.smoothed.all += 1
            if isHeld(smoothed) { coverage.smoothed.held += 1 }
          }
        }
      }
    }
    return coverage
  }

  // 2,000 series a setting. Levels of one series are held or missed together, and those of one fit share q̂: the standard error of
  // a setting's share is up to 0.7 points, that of the mean of all below 0.2.
  @Test func `intervals hold the true level as often as they say`() throws {
    var (filtered, smoothed) = (0.0, 0.0)
    for setting in Self.settings {
      let coverage = try Self.coverage(setting, runs: 2_000 / setting.series, seed: 1)
      for share in [coverage.filteredShare, coverage.smoothedShare] {
        #expect(share > 0.87 && share < 0.93, "\(share) with \(setting)")
      }
      filtered += coverage.filteredShare / Double(Self.settings.count)
      smoothed += coverage.smoothedShare / Double(Self.settings.count)
    }
    #expect(filtered > 0.88 && filtered < 0.92, "\(filtered)")
    #expect(smoothed > 0.88 && smoothed < 0.92, "\(smoothed)")
  }
}
