import Glibc
import RapportIngestion
import RapportNumerics
import RapportScoring
import Testing

/// Findings on queues whose truth is known.
@Suite struct FavouritismTruthTests {
  static func find(_ queue: QueueHistory) -> (FavouritismFindings, TimingModel?) {
    let history = queue.make()
    let options = AssessmentOptions()
    let (timing, reason) = TimingModel.fit(history, options: options)
    return (FavouritismFindings.find(in: history, timing: timing, reason: reason, options: options), timing)
  }

  @Test func `no signals where managers differ in urgency, topics and hours, but nobody is favoured`() {
    var queue = QueueHistory()
    queue.partners = 4
    queue.days = 150
    let (findings, timing) = Self.find(queue)
    #expect(timing != nil)
    #expect(findings.pairs.count { $0.sValue != nil } > 50)
    #expect(findings.pairs.allSatisfy { $0.verdict != .signal })
    #expect(findings.managers.allSatisfy { $0.verdict != .signal })
    #expect(findings.groups.allSatisfy { $0.verdict != .signal })
  }
}
