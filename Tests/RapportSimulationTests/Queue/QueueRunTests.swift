import RapportIngestion
import Testing

@testable import RapportSimulation

/// One partner, Monday 09:00–17:00, no interruptions: every moment can be worked by hand.
@Suite struct QueueRunTests {
  static let monday = CivilDate(year: 2024, month: 7, day: 1)
  static let clock = WorkClock(
    days: monday..<CivilDate(dayNumber: monday.dayNumber + 14), dayStart: 9 * 3600, daySeconds: 8 * 3600
  ) { $0.weekday < 5 }
  static func wall(_ day: Int, _ hour: Double) -> Int { (monday.dayNumber + day) * 86_400 + Int(hour * 3600) }

  static func request(_ arrived: Int, hours: Double, passTo: Int32 = -1) -> QueuedRequest {
    var request = QueuedRequest(
      manager: 0, pair: 0, partner: 0, topic: 0, priority: 0, channel: 0, arrived: arrived, due: .max,
      effort: Int32(hours * 3600), readiness: 0)
    request.passTo = passTo
    return request
  }

  static func answers(_ requests: [QueuedRequest], partners: Int = 1, end: Int = wall(13, 0)) -> [Int] {
    var run = QueueRun(
      requests, disciplines: Array(repeating: .firstInFirstOut, count: partners),
      clocks: Array(repeating: clock, count: partners), seed: 1, purpose: .queue, interruptions: .none, end: end)
    run.run { _, _, _, _ in }
    return run.requests.map(\.answered)
  }

  // 10:00 + 2 h = 12:00; the next, come at 11:00, waits until 12:00 and takes 6 h: 5 h that day, 1 h the next.
  // The third comes at night, is picked at 10:00 and done at 11:00.
  @Test func `works one after the other in working time`() {
    let answers = Self.answers([
      Self.request(Self.wall(0, 10), hours: 2), Self.request(Self.wall(0, 11), hours: 6),
      Self.request(Self.wall(0, 23), hours: 1),
    ])
    #expect(answers == [Self.wall(0, 12), Self.wall(1, 10), Self.wall(1, 11)])
  }

  @Test func `a request in the evening waits for the opening`() {
    #expect(Self.answers([Self.request(Self.wall(4, 20), hours: 1)]) == [Self.wall(7, 10)])
  }

  // Five minutes to look at it, then an hour's work by the other.
  @Test func `passing on ends with the other partner`() {
    let answers = Self.answers([Self.request(Self.wall(0, 10), hours: 1, passTo: 1)], partners: 2)
    #expect(answers == [Self.wall(0, 10) + 300 + 3600])
  }

  @Test func `what isn't done by the end stays open`() {
    let answers = Self.answers(
      [Self.request(Self.wall(0, 10), hours: 2), Self.request(Self.wall(0, 11), hours: 2)], end: Self.wall(0, 13))
    #expect(answers == [Self.wall(0, 12), 0])
  }

  @Test func `steps are told in the order of time, and a paused request is resumed before it is answered`() {
    var draws = Draws(seed: 5, .queue)
    let requests = (0..<400).map { i in
      Self.request(Self.wall(i / 45, 9 + Double(i % 45) * 0.17), hours: draws.uniform(0.02, 0.3))
    }
    var run = QueueRun(
      requests, disciplines: [.choice], clocks: [Self.clock], seed: 1, purpose: .queue,
      interruptions: QueueRun.Interruptions(withdrawal: 0.5, pause: 0.5), end: Self.wall(13, 0))
    var last = 0
    var paused = Set<Int>()
    var pauses = 0
    var withdrawn = Set<Int>()
    run.run { step, position, request, now in
      #expect(now >= last)
      last = now
      switch step {
      case .pause:
        paused.insert(position)
        pauses += 1
      case .resumption: paused.remove(position)
      case .withdrawal: withdrawn.insert(position)
      case .response: #expect(!paused.contains(position) && !withdrawn.contains(position))
      default: break
      }
    }
    #expect(pauses > 5 && withdrawn.count > 5)
    #expect(run.requests.indices.allSatisfy { run.requests[$0].answered == 0 || !withdrawn.contains($0) })
  }
}
