import RapportIngestion
import RapportTestSupport
import Testing

@Suite struct RejectsTests {
  @Test func `reasons as people read them`() {
    #expect(
      RejectReason.badTime.words == "bad time" && RejectReason.respondedBeforeOpened.words == "responded before opened")
    #expect(RejectReason.badJSON.words == "bad JSON" && RejectReason.invalidUTF8.words == "invalid UTF8")
  }

  static func sample(_ reasons: [RejectReason], from line: Int, file: String = "a.csv") -> Rejects {
    var rejects = Rejects.empty
    for (offset, reason) in reasons.enumerated() {
      rejects.add(reason, at: Rejects.Place(file: file, line: line + offset))
    }
    return rejects
  }

  @Test func `merges as a commutative monoid`() {
    expectMergeLaws([
      .empty, Self.sample([.badTime], from: 2),
      Self.sample(Array(repeating: .badTime, count: 7) + [.selfRequest], from: 100),
      Self.sample(Array(repeating: .badTime, count: 4), from: 1, file: "b.csv"),
    ])
  }

  @Test func `keeps the first places whatever the order`() {
    var rejects = Rejects.empty
    for line in (1...9).reversed() { rejects.add(.badTime, at: Rejects.Place(file: "a", line: line)) }
    #expect(rejects.count(of: .badTime) == 9)
    #expect(rejects.entries[.badTime]?.places.map(\.line) == [1, 2, 3, 4, 5])
    #expect(rejects.entries[.badTime]?.places.first?.description == "a:1")
  }

  @Test func `tells refused rows from rows left out, and neither from values removed`() {
    var rejects = Self.sample([.badTime, .badTime, .selfRequest, .respondedBeforeOpened], from: 1)
    rejects.add(.caseRepeats, count: 3)
    rejects.add(.unknownKind, count: 0)
    #expect(rejects.refusedRows == 5)
    #expect(rejects.leftOutRows == 1)
    #expect(rejects.byFrequency.map(\.reason) == [.caseRepeats, .badTime, .selfRequest, .respondedBeforeOpened])
  }

  @Test func `every reason has its advice`() {
    for reason in RejectReason.allCases { #expect(reason.advice.hasSuffix(".")) }
  }
}
