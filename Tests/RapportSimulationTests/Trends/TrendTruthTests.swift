import RapportIngestion
import RapportSimulation
import Testing

@testable import RapportScoring

/// Trends against what a simulation planted.
@Suite struct TrendTruthTests {
  static func trial(
    withTiming: Bool = true, _ change: (inout SimulationSettings) -> Void
  ) throws -> (truth: SimulationTruth, trends: Trends) {
    var settings = SimulationSettings()
    (settings.managers, settings.partners, settings.months) = (60, 6, 18)
    (settings.referenceRequests, settings.favouredShare, settings.activity) = (0, 0, 3)
    change(&settings)
    let organisation = try simulate(settings)
    let history = try organisation.history()
    let options = AssessmentOptions()
    let timing = withTiming ? TimingModel.fit(history, options: options).model : nil
    return (
      organisation.truth, Trends.find(in: history, timing: timing, pairs: PairTable(history), options: options)
    )
  }

  // At a false share of 5 % among findings, an organisation in which nothing changes should have next to none.
  @Test(arguments: [11, 12] as [UInt64]) func `where nothing changes, nobody's rate is found to`(_ seed: UInt64)
    throws
  {
    let (_, trends) = try Self.trial { ($0.trendShare, $0.seed) = (0, seed) }
    #expect(trends.managers.count == 60 && trends.indicators.count == 6)
    let found = trends.managers.flatMap { manager in manager.changes.map { "\(manager.manager) \($0.indicator)" } }
    #expect(found.count <= 1, "\(found)")
  }

  // Sixty managers share twenty partners' queues, which overflow: in some months hardly any target is met, for nobody. As
  // if cases were independent, six managers' shares were found to have changed (seed 1).
  @Test func `crowded queues are no change`() throws {
    let (_, trends) = try Self.trial(withTiming: false) {
      ($0.trendShare, $0.seed) = (0, 1)
      ($0.partners, $0.months, $0.requestsPerMonth, $0.behaviours) = (20, 24, 4, [.requests])
    }
    let targets = try #require(trends.indicators.first { $0.indicator == "answeredWithinTarget" })
    let changes = try #require(targets.changes)
    #expect(changes.managers >= 30, "\(changes)")
    #expect(changes.found == 0 && changes.expectedShare < 0.2, "\(changes)")
    #expect(trends.managers.allSatisfy { $0.changes.isEmpty })
  }

  // Some nineteen promises a month, kept with a chance that moves by four standard deviations within a year and a half.
  @Test func `planted trends are found, with their direction`() throws {
    let (truth, trends) = try Self.trial {
      ($0.trendShare, $0.trendSize, $0.seed) = (0.3, 4, 21)
      ($0.activity, $0.behaviours) = (12, [.commitments, .checkIns])
    }
    let planted = Dictionary(uniqueKeysWithValues: truth.managers.map { ($0.id, $0.trend) })
    var (found, wrong) = (Set<String>(), Set<String>())
    for manager in trends.managers {
      guard let first = manager.changes.first, let last = manager.changes.last,
        let trend = planted[manager.manager]
      else { continue }
      let isRight = trend != 0 && (last.after.value > first.before.value) == (trend > 0)
      if isRight { found.insert(manager.manager) } else { wrong.insert(manager.manager) }
    }
    let count = planted.values.count { $0 != 0 }
    #expect(count >= 10)
    #expect(found.count * 10 >= count * 8, "\(found.count) of \(count)")
    #expect(wrong.count <= 2, "\(wrong)")
    // Levels move, those of managers with a trend its way; nobody else's direction is told more often than it may be.
    let promises = try #require(trends.indicators.first { $0.indicator == "promisesKeptOnTime" })
    #expect(promises.drift == .estimated)
    func higher(_ isPlanted: Bool) -> [(trend: Double, higher: Double)] {
      trends.managers.compactMap { manager in
        guard let trend = planted[manager.manager], (trend != 0) == isPlanted,
          let direction = manager.indicators["promisesKeptOnTime"]?.path?.direction
        else { return nil }
        return (trend, direction.probabilityHigher)
      }
    }
    let told = higher(true)
    #expect(told.count { ($0.higher > 0.5) == ($0.trend > 0) } * 10 >= told.count * 8)
    #expect(higher(false).count { $0.higher > 0.95 || $0.higher < 0.05 } <= 4)
  }
}
