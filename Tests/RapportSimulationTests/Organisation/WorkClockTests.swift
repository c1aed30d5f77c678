import RapportIngestion
import Testing

@testable import RapportSimulation

/// A week from Monday 2024-07-01, 09:00 to 17:00, the Wednesday off.
@Suite struct WorkClockTests {
  static let monday = CivilDate(year: 2024, month: 7, day: 1)
  static let clock = WorkClock(
    days: monday..<CivilDate(dayNumber: monday.dayNumber + 14), dayStart: 9 * 3600, daySeconds: 8 * 3600
  ) { $0.weekday < 5 && $0.dayNumber != monday.dayNumber + 2 }

  static func wall(_ day: Int, _ hour: Double) -> Int { (monday.dayNumber + day) * 86_400 + Int(hour * 3600) }

  // Monday 8 h and Tuesday 10:00 are 9 h; Wednesday is off, so Thursday 11:00 is 8 + 8 + 2 = 18 h.
  @Test func `hours worked, by hand`() {
    #expect(Self.clock.worked(at: Self.wall(1, 10)) == 9 * 3600)
    #expect(Self.clock.worked(at: Self.wall(3, 11)) == 18 * 3600)
    #expect(Self.clock.worked(at: Self.wall(2, 12)) == 16 * 3600)
    #expect(Self.clock.worked(at: Self.wall(0, 3)) == 0)
    #expect(Self.clock.worked(at: Self.wall(-3, 12)) == 0)
    #expect(Self.clock.worked(at: Self.wall(30, 12)) == Self.clock.totalSeconds)
    #expect(Self.clock.totalSeconds == 9 * 8 * 3600)
  }

  @Test func `a day's last second leads to the next day's opening`() {
    #expect(Self.clock.wall(worked: 8 * 3600) == Self.wall(1, 9))
    #expect(Self.clock.wall(worked: 16 * 3600) == Self.wall(3, 9))
    #expect(Self.clock.wall(worked: Self.clock.totalSeconds) == nil)
  }

  @Test func `walls and work are inverse within working hours`() {
    for seconds in stride(from: 0, to: Self.clock.totalSeconds, by: 997) {
      let wall = Self.clock.wall(worked: seconds)!
      #expect(Self.clock.worked(at: wall) == seconds)
      #expect(Self.clock.isWorking(wall))
    }
  }

  @Test func `out of hours waits for the opening`() {
    #expect(Self.clock.nextWorking(Self.wall(4, 18)) == Self.wall(7, 9))
    #expect(!Self.clock.isWorking(Self.wall(4, 18)))
    #expect(Self.clock.nextWorking(Self.wall(0, 12)) == Self.wall(0, 12))
  }

  // Thursday 18:00 is an hour after work and 15 before; Friday 05:00 is four before it.
  @Test func `the nearest working moment lies on either side`() {
    #expect(Self.clock.nearestWorking(Self.wall(3, 18)) == Self.wall(3, 17) - 1)
    #expect(Self.clock.nearestWorking(Self.wall(4, 5)) == Self.wall(4, 9))
    #expect(Self.clock.nearestWorking(Self.wall(4, 11)) == Self.wall(4, 11))
    #expect(Self.clock.nearestWorking(Self.wall(-1, 11)) == Self.wall(0, 9))
  }

  @Test func `ends of days`() {
    #expect(Self.clock.endOfDay(Self.wall(0, 12)) == Self.wall(0, 17))
    #expect(Self.clock.endOfDay(Self.wall(0, 17)) == Self.wall(0, 17))
    #expect(Self.clock.endOfDay(Self.wall(1, 20)) == Self.wall(3, 17))
    #expect(Self.clock.endOfDay(Self.wall(5, 12)) == Self.wall(7, 17))
    #expect(Self.clock.endOfDay(Self.wall(30, 12)) == nil)
  }
}
