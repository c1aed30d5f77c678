import RapportIngestion

/// One person's working time: turns wall-clock seconds into seconds of work and back.
///
/// Wall-clock seconds count from 1970-01-01T00:00 local time. Nobody works at the hours at which clocks change, so
/// the simulation needs no time zone.
struct WorkClock: Sendable {
  /// Seconds after midnight at which work begins, and the length of the day.
  let dayStart: Int
  let daySeconds: Int
  private let firstDay: Int
  /// The numbers of the working days, ascending.
  private let workDays: [Int32]
  /// Working days before each day from `firstDay` on.
  private let workDaysBefore: [Int32]

  /// - Parameters:
  ///   - days: the days that exist; nobody works before or after them
  ///   - isWorkDay: whether the person works on that day
  init(days: Range<CivilDate>, dayStart: Int, daySeconds: Int, isWorkDay: (CivilDate) -> Bool) {
    self.dayStart = dayStart
    self.daySeconds = daySeconds
    firstDay = days.lowerBound.dayNumber
    var workDays: [Int32] = []
    var before: [Int32] = []
    for number in days.lowerBound.dayNumber..<days.upperBound.dayNumber {
      before.append(Int32(workDays.count))
      if isWorkDay(CivilDate(dayNumber: number)) { workDays.append(Int32(number)) }
    }
    before.append(Int32(workDays.count))
    self.workDays = workDays
    workDaysBefore = before
  }

  /// Seconds of work in all.
  var totalSeconds: Int { workDays.count * daySeconds }

  /// Seconds worked before the wall clock shows `wall`.
  func worked(at wall: Int) -> Int {
    let day = wall / 86_400 - firstDay
    if day < 0 { return 0 }
    if day >= workDaysBefore.count - 1 { return totalSeconds }
    let before = Int(workDaysBefore[day])
    let works = Int(workDaysBefore[day + 1]) > before
    return before * daySeconds + (works ? min(max(wall % 86_400 - dayStart, 0), daySeconds) : 0)
  }

  /// The moment at which `seconds` have been worked, the next opening where that is a day's end; `nil` past the end.
  func wall(worked seconds: Int) -> Int? {
    let day = seconds / daySeconds
    guard day < workDays.count else { return nil }
    return Int(workDays[day]) * 86_400 + dayStart + seconds % daySeconds
  }

  /// The first working moment from `wall` on; `nil` past the end.
  func nextWorking(_ wall: Int) -> Int? { self.wall(worked: worked(at: wall)) }

  /// The working moment nearest to `wall`: itself, the last one before, or the next; `nil` past the end.
  func nearestWorking(_ wall: Int) -> Int? {
    guard let next = nextWorking(wall) else { return nil }
    let seconds = worked(at: wall)
    guard next > wall, seconds > 0, let before = self.wall(worked: seconds - 1) else { return next }
    return wall - before <= next - wall ? before : next
  }

  /// Whether the person works at that moment.
  func isWorking(_ wall: Int) -> Bool { nextWorking(wall) == wall }

  /// The end of the first working day that ends at or after `wall`.
  func endOfDay(_ wall: Int) -> Int? {
    let seconds = max(worked(at: wall) - 1, 0)
    let day = seconds / daySeconds
    // A moment after hours belongs to the next working day.
    for candidate in day..<min(day + 2, workDays.count) {
      let end = Int(workDays[candidate]) * 86_400 + dayStart + daySeconds
      if end >= wall { return end }
    }
    return nil
  }
}
