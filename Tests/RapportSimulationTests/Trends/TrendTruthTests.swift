import RapportIngestion
import RapportSimulation
import Testing

@testable import RapportScoring

/// Trends against what a simulation planted.
@Suite struct TrendTruthTests {
  static func trial(
    _ change: (inout SimulationSettings) -> Void
  ) throws -> (truth: SimulationTruth, trends: Trends) {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.months) = (60, 6, 18)
    (settings.referenceRequests, settings.favouredShare, settings.activity) = (0, 0, 3)
    change(&settings)
    let organisation = try simulate(settings)
    let history = try organisation.history()
    let options = AssessmentOptions()
    let timing = TimingModel.fit(history, options: options).model
    return (
      organisation.truth, Trends.find(in: history, timing: timing, pairs: PairTable(history), options: options)
    )
  }

  // At a false share of 5 % among findings, an organisation in which nothing changes should have next to none.
  @Test(arguments: [11, 12, 13] as [UInt64]) func `where nothing changes, nobody's rate is found to`(_ seed: UInt64)
    throws
  {
    let (_, trends) = try Self.trial { ($0.trendShare, $0.seed) = (0, seed) }
    #expect(trends.managers.count == 60 && trends.indicators.count == 6)
    let found = trends.managers.flatMap { manager in manager.changes.map { "\(manager.manager) \($0.indicator)" } }
    #expect(found.count <= 1, "\(found)")
  }

  @Test func `planted trends are found, with their direction`() throws {
    let (truth, trends) = try Self.trial { ($0.trendShare, $0.trendSize, $0.seed) = (0.3, 4, 21) }
    let planted = Dictionary(uniqueKeysWithValues: truth.managers.map { ($0.id, $0.trend) })
    var (found, wrong) = (Set<String>(), 0)
    for manager in trends.managers {
      for change in manager.changes where ["regularity", "promisesKeptOnTime"].contains(change.indicator) {
        let trend = planted[manager.manager] ?? 0
        if trend != 0 && (change.after.value > change.before.value) == (trend > 0) {
          found.insert(manager.manager)
        } else {
          wrong += 1
        }
      }
    }
    let count = planted.values.count { $0 != 0 }
    #expect(count >= 10)
    #expect(found.count * 2 >= count, "\(found.count) of \(count)")
    #expect(wrong <= 2)
    // Levels move, and those of managers with a trend move its way.
    let promises = try #require(trends.indicators.first { $0.indicator == "promisesKeptOnTime" })
    #expect(promises.drift == .estimated)
    let told = trends.managers.compactMap { manager -> Bool? in
      guard let trend = planted[manager.manager], trend != 0,
        let direction = manager.indicators["promisesKeptOnTime"]?.path?.direction
      else { return nil }
      return (direction.probabilityHigher > 0.5) == (trend > 0)
    }
    #expect(told.count { $0 } * 10 >= told.count * 8)
  }
}
