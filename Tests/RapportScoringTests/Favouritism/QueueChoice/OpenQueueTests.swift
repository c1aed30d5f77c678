@testable import RapportIngestion
import RapportNumerics
@testable import RapportScoring
import Testing

@Suite struct OpenQueueTests {
  /// Of two hours the first is worked.
  private static let calendar = WorkingCalendar.always.without(
    (0..<99).map { hour(2 * $0 + 1)..<hour(2 * $0 + 2) }, horizon: hour(0)..<hour(200))
  private static func hour(_ hour: Int) -> Instant { Instant(milliseconds: Int64(hour) * 3_600_000) }

  /// Requests of five managers that come in, end, pause and come back at random, some of them out of hours.
  private static func asked(_ count: Int, seed: UInt64) -> [PartnerChoicesTests.Asked] {
    var stream = RandomStream(seed: seed, purpose: "open queue")
    func clock(_ hours: Double) -> Double {
      Double(calendar.workedMilliseconds(at: Instant(milliseconds: Int64(hours * 3_600_000)))) / 3_600_000
    }
    return (0..<count).map { _ in
      let at = Double(stream.integer(below: 400)) / 4
      let end = at + Double(stream.integer(below: 40)) / 4
      let pause = clock(at) + stream.uniform()
      return PartnerChoicesTests.Asked(
        manager: Int32(stream.integer(below: 5)), at: at, end: end, topic: Int32(stream.integer(below: 2)),
        priority: Int32(stream.integer(below: 2)) - 1, clock: (clock(at), clock(end)),
        paused: stream.integer(below: 3) == 0 ? (pause, pause + 1 + stream.uniform()) : nil)
    }
  }

  // At every end, in order: what is open is what a look at every request finds open, and so are counts of it.
  @Test(arguments: [UInt64(1), 2, 3])
  func `what is open is what a look at every request finds`(_ seed: UInt64) {
    let history = PartnerChoicesTests.history(Self.asked(300, seed: seed))
    let spells = history.spells
    let pauses = history.pauses.sorted { ($0.request, $0.startClock) < ($1.request, $1.startClock) }
    var queue = OpenQueue(spells, units: spells.map(\.manager), unitCount: 5, pauses: pauses[...])
    var setsOfUnit = [Int](repeating: 0, count: 5)
    var stood = spells.map { _ in false }
    var longest = 0
    var last: RequestSpell?
    for item in queue.endings.map({ Int($0) }) {
      let moment = Moment(spells[item], after: last, Self.calendar)
      // What came in while the clock stood is there at the opening.
      let isInHours = spells[item].endedClock > moment.clock
      for spell in spells where isInHours { #expect(moment.hasBegun(spell) == (spell.enteredClock <= moment.clock)) }
      queue.move(to: moment, picking: item)
      let open = spells.indices.filter { other in
        let spell = spells[other]
        let isPaused = pauses.contains {
          $0.request == spell.request && $0.startClock <= moment.clock && moment.clock < $0.endClock
        }
        return other == item || moment.hasBegun(spell) && !moment.hasEnded(spell) && !isPaused
      }
      .sorted { (spells[$0].opened, spells[$0].request) < (spells[$1].opened, spells[$1].request) }
      #expect(queue.all.map { Int(queue.items[Int($0)]) } == open)
      #expect(
        queue.ofTopic[1].map { Int(queue.items[Int($0)]) } == open.filter { spells[$0].topic == 0 })
      #expect(
        queue.ofPriority[0].map { Int(queue.items[Int($0)]) } == open.filter { spells[$0].priority == -1 })
      #expect(
        queue.olderAlike(item).map { Int(queue.items[Int($0)]) }
          == open.prefix { $0 != item }.filter {
            spells[$0].topic == spells[item].topic && spells[$0].priority == spells[item].priority
          })
      let units = Set(open.map { Int(spells[$0].manager) })
      #expect(queue.countSet() == (units.count > 1))
      if units.count > 1 {
        for unit in units { setsOfUnit[unit] += 1 }
        for other in open { stood[other] = true }
      }
      longest = max(longest, open.count)
      queue.end(item)
      last = spells[item]
    }
    queue.close()
    #expect(queue.all.isEmpty && queue.setsOfUnit == setsOfUnit && queue.stood == stood)
    #expect(longest > 10)
  }
}
