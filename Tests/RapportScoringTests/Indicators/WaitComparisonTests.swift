import Foundation
import RapportIngestion
import RapportNumerics
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

  static func comparisons(_ spells: [RequestSpell]) -> [WaitComparison?] {
    var history = TimingCohortTests.history(spells)
    history.managers = ["A", "B"]
    history.partners = ["P", "Q"]
    history.topics = ["pay", "leave"]
    history.priorities = ["high", "low"]
    return WaitComparisons(history, pairs: PairTable(history), options: AssessmentOptions()).all
  }

  static func comparison(_ spells: [RequestSpell]) -> WaitComparison? { comparisons(spells)[0] }

  /// Others' requests, ten of one kind: half wait `short`, half `long`.
  static func others(_ short: Int, _ long: Int, partner: Int32 = 0, topic: Int32 = 0, priority: Int32 = 0)
    -> [RequestSpell]
  {
    (0..<10).map { spell(1, $0 < 5 ? short : long, partner: partner, topic: topic, priority: priority) }
  }

  // By hand: A asks 6 times of topic 0 and twice of topic 1. Others' shares fall to 1/2 at 100 and to 0 at 200 for topic 0, at
  // 1000 and 2000 for topic 1; weighted 3/4 and 1/4: 5/8 at 100, 1/4 at 200, 1/8 at 1000, 0 at 2000. A's own: 2 of 8 are
  // answered at 50, 4 more at 150; the open ones still wait.
  @Test func `the mix of topics is held equal`() throws {
    let own =
      [50, 50, 150, 150, 150, 150].map { Self.spell(0, $0) }
      + [2500, 3000].map { Self.spell(0, $0, isAnswered: false, topic: 1) }
    let result = try #require(Self.comparison(own + Self.others(100, 200) + Self.others(1000, 2000, topic: 1)))
    let comparable = try #require(result.comparable)
    #expect(comparable.seconds == [0, 100, 200, 1000, 2000] && comparable.isStepwise)
    #expect(comparable.shares == [1, 0.625, 0.25, 0.125, 0])
    #expect(comparable.median == 200)
    #expect(result.own.seconds == [0, 50, 150, 3000] && result.own.isStepwise)
    #expect(result.own.shares == [1, 0.75, 0.25, 0.25])
    #expect(result.own.median == 150)
    #expect(result.requests == 8 && result.answered == 6 && result.others == 20 && result.leftOut == 0)
  }

  // By hand: at 100 each of 20 others weighs 8/20, so that 20 count as 20 and 10 of them are answered: s = 1/2, and the
  // error of log S is √((1 − s)/(M s)) = √(1/20) = 0.2236; log(−log S) = −0.3665, its error 0.2236/0.6931 = 0.3226,
  // 90 % limits ± 1.6449 · 0.3226 = 0.5306: S^(e^0.5306) = 0.3078 and S^(e^−0.5306) = 0.6652.
  @Test func `limits, by hand`() throws {
    let own = (0..<8).map { _ in Self.spell(0, 150) }
    let result = try #require(Self.comparison(own + Self.others(100, 200) + Self.others(100, 200)))
    #expect(result.comparable?.shares == [1, 0.5, 0])
    #expect(result.comparable?.lows == [1, 0.3078, nil] && result.comparable?.highs == [1, 0.6652, nil])
  }

  // Nine of a kind are too few: the partner's requests of that priority stand in, and each counts once. By hand: half the
  // weight on 10 of topic 0, half on all 19; at 100 five of each are answered.
  @Test func `rare kinds are compared with less held equal`() throws {
    let rare = Self.others(7000, 8000, topic: 1).prefix(9)
    let own = [50, 50, 50].flatMap { [Self.spell(0, $0), Self.spell(0, $0, topic: 1)] }
    let result = try #require(Self.comparison(own + Self.others(100, 200) + rare))
    #expect(result.others == 19 && result.leftOut == 0)
    #expect(abs((result.comparable?.shares[1] ?? 0) - (0.5 * 0.5 + 0.5 * 14 / 19)) < 5e-5)
  }

  @Test func `requests of a partner whom nobody else asks are left out`() throws {
    let own = (0..<5).map { _ in Self.spell(0, 50) } + [Self.spell(0, 9000, partner: 1)]
    let result = try #require(Self.comparison(own + Self.others(100, 200)))
    #expect(result.leftOut == 1 && result.requests == 5 && result.own.seconds == [0, 50])
    let alone = try #require(Self.comparison((0..<5).map { _ in Self.spell(0, 9000, partner: 1) }))
    #expect(alone.comparable == nil && alone.requests == 5 && alone.leftOut == 0 && alone.others == 0)
  }

  // A request that P passed on to Q stays one that was made to P, and waits until Q answers.
  @Test func `who answers in the end is no part of the comparison`() throws {
    var passed = Self.spell(0, 50)
    passed.outcome = .reassigned
    passed.request = 7
    var last = Self.spell(0, 100, partner: 1)
    last.entered = Instant(seconds: Int(passed.entered.milliseconds / 1000) + 50)
    last.request = 7
    let own = (0..<4).map { _ in Self.spell(0, 50) } + [passed, last]
    let numbered = (own + Self.others(100, 200)).enumerated().map { i, spell in
      var spell = spell
      if spell.request != 7 { spell.request = Int32(100 + i) }
      return spell
    }
    let result = try #require(Self.comparison(numbered))
    #expect(result.requests == 5 && result.leftOut == 0 && result.others == 10)
    #expect(result.own.seconds == [0, 50, 150])
  }

  @Test func `too few answers, and nothing that waited`() {
    #expect(Self.comparison((0..<4).map { _ in Self.spell(0, 9) } + Self.others(100, 200)) == nil)
    #expect(Self.comparison([Self.spell(1, 5)]) == nil)
    // Others who weren't answered are no curve.
    let open = (0..<12).map { _ in Self.spell(1, 90, isAnswered: false) }
    #expect(Self.comparison((0..<6).map { _ in Self.spell(0, 9) } + open)?.comparable == nil)
  }

  @Test func `many falls become few points on the curve`() throws {
    let own = (1...500).map { Self.spell(0, 40 * $0) }
    let result = try #require(Self.comparison(own + (1...300).map { Self.spell(1, 10_000 + 90 * $0) }))
    for curve in [result.own, try #require(result.comparable)] {
      #expect((2...WaitComparison.points).contains(curve.seconds.count) && !curve.isStepwise)
      #expect(curve.seconds == curve.seconds.sorted() && curve.shares == curve.shares.sorted(by: >))
    }
    // Points lie in the middle of falls of 1/500.
    for (seconds, share) in zip(result.own.seconds, result.own.shares).dropFirst().dropLast() {
      #expect(abs(share - (1 - seconds / 20_000 + 0.001)) < 6e-5)
    }
  }

  // Half of all answers come at exactly 24 hours, as a nightly job gives them, the others over two days: under both curves the
  // lump is one fall at 86,400 s with both its ends, though others' waits are counted by rounded times, of which the nearest
  // is 86,016 s. Every share lies within its limits.
  @Test func `many answers at one time are a fall at that time`() throws {
    let waits = (1...100).map { 1_700 * $0 + 13 } + [Int](repeating: 86_400, count: 100)
    let result = try #require(
      Self.comparison(waits.map { Self.spell(0, $0) } + (waits + waits).map { Self.spell(1, $0) }))
    let comparable = try #require(result.comparable)
    for curve in [result.own, comparable] {
      #expect(!curve.isStepwise && curve.seconds.count <= WaitComparison.points)
      let places = curve.seconds.indices.filter { curve.seconds[$0] == 86_400 }
      // By hand: 50 of the 100 others come before, 100 at once.
      #expect(places.count == 2 && places.map { curve.shares[$0] } == [0.75, 0.25])
      #expect(curve.median == 86_400)
      for i in curve.shares.indices {
        guard let low = curve.lows[i], let high = curve.highs[i] else { continue }
        #expect(low <= curve.shares[i] && curve.shares[i] <= high, "\(curve.seconds[i])")
      }
    }
    #expect(WaitComparisons.rounded(86_400) == 86_016)
  }

  // Of 1000 answers with S(t) = exp(−t / 1000) no line is off by more than one in a hundred, steep or flat.
  @Test func `lines between points stay near the curve`() throws {
    let waits = (0..<1000).map { Int(-10_000 * log(1 - (Double($0) + 0.5) / 1000)) }
    let own = try #require(Self.comparison(waits.map { Self.spell(0, $0) })).own
    #expect(own.seconds.count == WaitComparison.points - 1)
    for hours in stride(from: 0.05, through: 18, by: 0.05) {
      #expect(abs(Self.share(own, at: hours) - exp(-hours * 0.36)) < 0.01, "\(hours)")
    }
  }

  // Whole up to 128 seconds, then to the nearest of seven binary digits; by hand: 150 = 1001011₂ · 2, 3000 lies between 2992
  // and 3008 and is rounded up.
  @Test func `rounded times`() {
    let some = [0, 1, 127, 128, 150, 255, 1000, 3000]
    #expect(some.map(WaitComparisons.rounded) == [0, 1, 127, 128, 150, 256, 1000, 3008])
    for seconds in stride(from: 0, through: 40_000_000, by: 9973) {
      let rounded = WaitComparisons.rounded(seconds)
      #expect(abs(rounded - Double(seconds)) <= 0.0079 * Double(seconds))
      #expect(WaitComparisons.rounded(Int(rounded)) == rounded)
    }
  }

  /// Requests of one partner in 100 days, of two slow topics, the second of which exists for the last 20 days only; the manager
  /// asks more of that.
  static func organisation(_ random: inout RandomStream, pace: Double) -> [RequestSpell] {
    (0..<640).map { i -> RequestSpell in
      let manager: Int32 = i < 80 ? 0 : 1
      let topic: Int32 = random.uniform() < (manager == 0 ? 0.6 : 0.25) ? 1 : 0
      let age = (topic == 1 ? 20 : 100) * random.uniform()
      let hours = -log(1 - random.uniform()) * (topic == 1 ? 200 : 300) * (manager == 0 ? pace : 1)
      let isAnswered = hours <= 24 * age
      var spell = TimingCohortTests.spell(age: age, hours: min(hours, 24 * age), isAnswered ? .answered : .open)
      (spell.manager, spell.topic) = (manager, topic)
      return spell
    }
  }

  /// Mean over 150 organisations of own − comparable at some hours, with its standard error.
  static func differences(pace: Double) throws -> [(mean: Double, error: Double)] {
    let hours = [8.0, 48, 200, 600, 1000]
    var all: [[Double]] = []
    for run in 0..<150 {
      var random = RandomStream(seed: 20, purpose: "wait comparison", unit: UInt64(run))
      let result = try #require(comparison(organisation(&random, pace: pace)))
      let comparable = try #require(result.comparable)
      all.append(hours.map { share(result.own, at: $0) - share(comparable, at: $0) })
    }
    return hours.indices.map { k in
      let values = all.map { $0[k] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
      return (mean, (variance / Double(values.count)).squareRoot())
    }
  }

  /// Read off as a drawing has it.
  static func share(_ curve: WaitComparison.Curve, at hours: Double) -> Double {
    let time = hours * 3600
    guard let next = curve.seconds.firstIndex(where: { $0 > time }) else { return curve.shares[curve.shares.count - 1] }
    let (a, b) = (curve.seconds[next - 1], curve.seconds[next])
    let fall = curve.shares[next] - curve.shares[next - 1]
    return curve.shares[next - 1] + (curve.isStepwise ? 0 : fall * (time - a) / (b - a))
  }

  // Where topics differ in pace, in how often the manager asks of them and in how long they are followed, and nothing else does,
  // the curves agree. A weighted mean of the topics' curves, each kept level where its waits end, lies 0.045 too high at 1000 hours.
  @Test func `without a difference the curves agree`() throws {
    for difference in try Self.differences(pace: 1) {
      #expect(abs(difference.mean) < max(3 * difference.error, 0.01), "\(difference)")
    }
  }

  @Test func `a manager who waits twice as long`() throws {
    let differences = try Self.differences(pace: 2)
    for difference in differences.dropFirst() { #expect(difference.mean > 5 * difference.error) }
  }
}
