import RapportIngestion
import RapportNumerics
@testable import RapportScoring
import RapportTestSupport
import Testing

@Suite struct TimingDifferencesTests {
  // A pair less the mean of its partner's others, as one combination of effects.
  @Test func `a pair against its partner's others is what the model says of that combination`() throws {
    let queue = QueueHistory(partners: 4, managersPerPartner: 5, days: 90)
    let history = queue.make()
    let cells = TimingCells(TimingCohort(history, followUpDays: 30), history)
    let groups = TimingGroups(cells)
    let design = try DesignMatrix(
      rows: cells.pairOfCell.count,
      terms: zip(cells.categories, cells.levelsOfCell).map {
        .category(DesignTerm.Category(name: $0.name, levels: $0.levels, codes: $1))
      })
    let fit = try LinearMixedModel().fit(cells.responses, design: design, groups: groups.groupings)
    let treatments = cells.pairs.indices.map { groups.treatment(ofPair: $0) }
    let found = TimingModel.differences(
      treatments, fit.uncertainty(of: treatments).map(\.prediction), groups, fit)
    #expect(!groups.pairsByPartner.isEmpty)
    for members in groups.pairsByPartner {
      for pair in members {
        var combination = treatments[pair]
        for other in members where other != pair {
          combination.effects += treatments[other].effects.map {
            .init(group: $0.group, level: $0.level, weight: -$0.weight / Double(members.count - 1))
          }
        }
        let difference = try #require(found[pair])
        expectClose(difference.mean, fit.estimate(of: combination), relative: 1e-8, absolute: 1e-12)
        expectClose(
          difference.variance, fit.uncertainty(of: [combination])[0].prediction, relative: 1e-7, absolute: 1e-12)
      }
    }
  }

  @Test func `a partner with one manager has nothing to compare`() throws {
    let queue = QueueHistory(partners: 3, managersPerPartner: 1, secondPartnerShare: 0, days: 60)
    let timing = try #require(TimingModel.fit(queue.make(), options: AssessmentOptions()).model)
    #expect(timing.pairs.allSatisfy { $0.difference == nil })
  }
}
