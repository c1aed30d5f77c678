import Glibc
@testable import RapportIngestion
import RapportNumerics
@testable import RapportScoring
import RapportTestSupport
import Testing

/// One request that waits for a reason of its own, from events to the sentence: no finding rests on it.
@Suite struct OneRequestTests {
  /// One partner who answers a request an hour in the order in which they were asked, now and then the next but one; but one of
  /// mgr0's is left lying while `passes` others are answered.
  static func events(passes: Int) -> EventLog {
    var log = EventLog()
    var stream = RandomStream(seed: 71, purpose: "one request")
    func time(_ minutes: Int) -> String {
      let first = CivilDate(year: 2026, month: 1, day: 1).dayNumber
      let (year, month, day) = CivilDate(dayNumber: first + minutes / 1440).components
      return "\(year)-\(month)-\(day) \(minutes / 60 % 24):\(minutes % 60)"
    }
    var (open, asked): ([(key: Int, manager: Int)], Int) = ([], 0)
    func ask(at minutes: Int) {
      let manager = asked < 6 ? asked : stream.integer(below: 6)
      log.event(time(minutes), .request, "mgr\(manager)", "pat", case: "\(asked)")
      open.append((asked, manager))
      asked += 1
    }
    for minute in 0..<6 { ask(at: minute) }
    var (left, passed): (Int?, Int) = (nil, 0)
    for hour in 1...400 {
      var place = stream.uniform() < 0.02 ? 1 : 0
      // The first of mgr0's that comes first, once what was open at the beginning is gone.
      if left == nil, hour > 40, open[0].manager == 0 { left = open[0].key }
      if open[0].key == left, passed < passes {
        place = 1
        passed += 1
      }
      let picked = open.remove(at: place)
      log.event(time(hour * 60), .response, "mgr\(picked.manager)", "pat", case: "\(picked.key)")
      ask(at: hour * 60 + 30)
    }
    return log
  }

  /// What is found of mgr0, and the estimate behind it.
  private static func mgr0(passes: Int) throws -> (pair: PairFinding, estimate: QueueChoices.Pair) {
    let history = try history(events(passes: passes))
    let choices = QueueChoices(history, options: AssessmentOptions())
    let findings = try FavouritismFindings.find(in: history, options: AssessmentOptions())
    return (
      try #require(findings.pairs.first { $0.manager == "mgr0" && $0.partner == "pat" }),
      try #require(choices.pairs.first { history.managers[$0.manager] == "mgr0" })
    )
  }

  @Test(arguments: [8, 15])
  func `a pair that stands out by one request gets no verdict, and is told why`(_ passes: Int) throws {
    let (pair, estimate) = try Self.mgr0(passes: passes)
    #expect(pair.verdict == .insufficientEvidence && pair.method == "choice")
    let without = try #require(pair.ratioWithoutOneRequest)
    // Four fifths of the way from what is usual, in logarithms, are that request's.
    let plain = try #require(pair.estimate).ratio
    #expect(plain < 0.1 && without > 0.5 && without < 1)
    let sentence =
      " One request changes the plain estimate, \(Wording.ratio(plain))×, by more than its error: without it, it would be"
    #expect(pair.statement.hasSuffix("\(sentence) \(Wording.ratio(without))×."), "\(pair.statement)")
    // The error is as wide as that request's share.
    #expect(estimate.restsOnOne)
    let rest = try #require(estimate.estimateWithoutOne)
    expectClose(estimate.logOddsError, rest - estimate.effect.estimate, relative: 1e-12)
    expectClose(rest, log(without), absolute: 1e-12)
  }

  // Nothing is left lying: mgr0's requests are picked in their turn, and no request makes anything of it.
  @Test func `in turn, no request makes a pair stand out`() throws {
    let (pair, estimate) = try Self.mgr0(passes: 0)
    #expect(pair.verdict == .insufficientEvidence && pair.ratioWithoutOneRequest == nil && !estimate.restsOnOne)
    #expect(!pair.statement.contains("One request"))
  }
}
