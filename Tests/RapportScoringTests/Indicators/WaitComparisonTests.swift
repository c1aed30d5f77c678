import RapportIngestion
import Testing

@testable import RapportScoring

@Suite struct WaitComparisonTests {
  /// A request that waited so many seconds; manager 0 is the one that is compared.
  static func spell(
    _ manager: Int32, _ seconds: Int, isAnswered: Bool = true, partner: Int32 = 0, topic: Int32 = 0,
    priority: Int32 = 0
  ) -> RequestSpell {
    var spell = TimingCohortTests.spell(age: 50, hours: Double(seconds) / 3600, isAnswered ? .answered : .open)
    spell.manager = manager
    spell.partner = partner
    spell.topic = topic
    spell.priority = priority
    return spell
  }

  static func comparison(_ spells: [RequestSpell], manager: String = "A") -> WaitComparison? {
    var history = TimingCohortTests.history(spells)
    history.managers = ["A", "B"]
    history.partners = ["P", "Q"]
    history.topics = ["pay", "leave"]
    history.priorities = ["high", "low"]
    return WaitComparison(history, manager: manager)
  }

  /// Others' requests of ten of one kind: half wait `short`, half `long`.
  static func others(_ short: Int, _ long: Int, partner: Int32 = 0, topic: Int32 = 0, priority: Int32 = 0)
    -> [RequestSpell]
  {
    (0..<10).map { spell(1, $0 < 5 ? short : long, partner: partner, topic: topic, priority: priority) }
  }

  // By hand: A asks 3 times of topic 0 and once of topic 1. Others' shares fall to 1/2 at 100 and to 0 at 200 for topic 0, at
  // 1000 and 2000 for topic 1; weighted 3/4 and 1/4: 5/8 at 100, 1/4 at 200, 1/8 at 1000, 0 at 2000.
  @Test func `the mix of topics is held equal`() throws {
    let own = [50, 150, 150].map { Self.spell(0, $0) } + [Self.spell(0, 3000, isAnswered: false, topic: 1)]
    let result = try #require(Self.comparison(own + Self.others(100, 200) + Self.others(1000, 2000, topic: 1)))
    #expect(result.comparable.map(\.seconds) == [0, 100, 200, 1000, 2000])
    #expect(result.comparable.map(\.share) == [1, 0.625, 0.25, 0.125, 0])
    #expect(result.comparableMedian == 200)
    // A's own: 1 of 4 at 50, 2 more at 150; the open one still waits.
    #expect(result.own.map(\.seconds) == [0, 50, 150, 3000])
    #expect(result.own.map(\.share) == [1, 0.75, 0.25, 0.25])
    #expect(result.ownMedian == 150)
    #expect(result.requests == 4 && result.answered == 3 && result.others == 20 && result.leftOut == 0)
    #expect(result.own.allSatisfy { ($0.low ?? 0) <= $0.share && $0.share <= ($0.high ?? 1) })
  }

  // Nine of a kind are too few: the partner's requests of that priority stand in, and each counts once.
  @Test func `rare kinds are compared with less held equal`() throws {
    let rare = Self.others(7000, 8000, topic: 1).prefix(9)
    let result = try #require(
      Self.comparison([Self.spell(0, 50), Self.spell(0, 50, topic: 1)] + Self.others(100, 200) + rare))
    #expect(result.others == 19)
    // Half the weight on 10 of topic 0, half on all 19: at 100 five of each are answered.
    #expect(abs(result.comparable[1].share - (0.5 * 0.5 + 0.5 * 14 / 19)) < 1e-12)
  }

  @Test func `requests of a partner whom nobody else asks are left out`() throws {
    let own = [Self.spell(0, 50), Self.spell(0, 9000, partner: 1)]
    let result = try #require(Self.comparison(own + Self.others(100, 200)))
    #expect(result.leftOut == 1 && result.requests == 1 && result.own.last?.seconds == 50)
    let alone = try #require(Self.comparison([Self.spell(0, 9000, partner: 1)]))
    #expect(alone.comparable.isEmpty && alone.requests == 1 && alone.leftOut == 0 && alone.others == 0)
    #expect(alone.comparableMedian == nil)
  }

  @Test func `nobody, and nothing that waited`() {
    #expect(Self.comparison([Self.spell(1, 5)], manager: "C") == nil)
    #expect(Self.comparison([Self.spell(1, 5)]) == nil)
  }
}
