import Foundation
import Rapport
import RapportSimulation
import Testing

/// A small, fast version of `Benchmarks/ValidityStudy`: simulated, written, read back and scored as users do it.
@Suite struct ValidityTests {
  /// The truth and the assessment of an organisation of 40 managers over a year.
  static func trial(
    _ change: (inout SimulationSettings) -> Void
  ) throws -> (truth: SimulationTruth, assessment: Assessment) {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.requestsPerMonth) = (40, 6, 4)
    settings.referenceRequests = 300
    settings.seed = 4
    change(&settings)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rapport-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var organisation = try simulate(settings)
    organisation.truth.plantHealth { values in
      Health.composite(
        indicatorValues: Dictionary(
          uniqueKeysWithValues: values.compactMap { name, value in Indicator(rawValue: name).map { ($0, value) } }))
    }
    try organisation.write(to: folder)
    var configuration = Configuration()
    let toml = try Data(contentsOf: URL(fileURLWithPath: folder + "/rapport.toml"))
    try configuration.read(String(decoding: toml, as: UTF8.self), name: "rapport.toml", folder: folder)
    let loaded = try load([.path(folder + "/events.csv")], configuration: configuration)
    var options = configuration.assessmentOptions
    options.draws = 200
    return (organisation.truth, try assess(loaded.history, options: options))
  }

  // Over ten seeds of the full study the correlation was 0.95 to 0.97 and coverage 90 %. Forty intervals that hold the
  // truth with chance 0.9 hold it at least 30 times in 998 of 1000.
  @Test func `estimated health follows planted health, and its intervals hold it`() throws {
    let (truth, assessment) = try Self.trial { _ in }
    let estimates = Dictionary(uniqueKeysWithValues: assessment.managers.map { ($0.id, $0.health.estimate) })
    var pairs: [(estimate: Estimate, truth: Double)] = []
    for manager in truth.managers {
      if let estimate = estimates[manager.id] ?? nil, let health = manager.health { pairs.append((estimate, health)) }
    }
    #expect(pairs.count >= 35)
    let n = Double(pairs.count)
    let (a, b) = (pairs.reduce(0) { $0 + $1.estimate.value } / n, pairs.reduce(0) { $0 + $1.truth } / n)
    let (ab, aa, bb) = pairs.reduce((0.0, 0.0, 0.0)) {
      let (x, y) = ($1.estimate.value - a, $1.truth - b)
      return ($0.0 + x * y, $0.1 + x * x, $0.2 + y * y)
    }
    #expect(ab / (aa * bb).squareRoot() >= 0.8)
    #expect(pairs.count { $0.estimate.low <= $0.truth && $0.truth <= $0.estimate.high } >= 30)
    #expect(assessment.ranking.isOrdinal)
  }

  @Test func `managers between whom nothing differs are not put in order, and nobody is signalled`() throws {
    let (_, assessment) = try Self.trial {
      ($0.traitSpread, $0.favouredShare, $0.confounding) = (0, 0, 0)
      $0.referenceRequests = 0
    }
    #expect(try #require(assessment.ranking.rankability) < 0.4)
    #expect(!assessment.ranking.isOrdinal)
    #expect(!assessment.favouritism.pairs.contains { $0.verdict == .signal })
  }
}
