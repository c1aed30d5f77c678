import Glibc
import RapportIngestion

/// The requests that the timing model rests on, and why others are left out.
///
/// A request belongs to it if a manager asked a known partner at least L before as-of. Its response is
///
///     y = log max(g, min(T, L'))        T in working seconds, L' the working seconds in L
///
/// so that answers after L' and requests still open count alike, as L'. g is a minute, or the working seconds in what a partner's waits
/// are multiples of (``Resolution/grain(ofDistances:)``), where that is more: where only dates are known, an answer of the same day came
/// within a day, not within a minute. A request that was withdrawn or reassigned
/// before L' says only that the wait was longer than it stood; it is left out and counted. One that had stood for L'
/// by then counts as L'.
///
/// Source: METHODS.md §4, §14.5.
struct TimingCohort: Sendable {
  /// Positions in the history's spells.
  var spells: [Int] = []
  /// log working seconds, by row.
  var responses: [Double] = []
  /// Answered within the limit, by row.
  var answered: [Bool] = []
  /// Left out, by reason.
  var leftOut: [String: Int] = [:]
  /// All requests from managers.
  var total = 0
  /// L', in working seconds.
  var limitSeconds: Double

  init(_ history: History, followUpDays: Double) {
    let limit = followUpDays * 86_400
    let share = history.workingShare
    limitSeconds = max(limit * share, Self.smallest)
    let floors = Self.floors(history, workingShare: share)
    for (index, spell) in history.spells.enumerated() where spell.asker == .manager && spell.manager >= 0 {
      total += 1
      if spell.partner < 0 {
        leftOut["partnerUnknown", default: 0] += 1
        continue
      }
      if spell.excludedFromWaits {
        leftOut["impossibleTime", default: 0] += 1
        continue
      }
      let age = Double(history.asOf.milliseconds - spell.entered.milliseconds) / 1000
      if age < limit {
        leftOut["tooRecent", default: 0] += 1
        continue
      }
      let stood = Double(spell.workingSeconds)
      let isAnswered = spell.outcome == .answered && stood <= limitSeconds
      if (spell.outcome == .withdrawn || spell.outcome == .reassigned) && stood < limitSeconds {
        leftOut[spell.outcome == .withdrawn ? "withdrawn" : "reassigned", default: 0] += 1
        continue
      }
      spells.append(index)
      answered.append(isAnswered)
      responses.append(log(isAnswered ? min(limitSeconds, max(floors[Int(spell.partner)], stood)) : limitSeconds))
    }
  }

  /// No wait counts as shorter.
  private static let smallest = 60.0

  /// g, by partner.
  private static func floors(_ history: History, workingShare: Double) -> [Double] {
    var waits = [[Int64]](repeating: [], count: history.partners.count)
    for spell in history.spells where spell.asker == .manager && spell.partner >= 0 && spell.outcome == .answered {
      if !spell.excludedFromWaits {
        waits[Int(spell.partner)].append(spell.ended.milliseconds - spell.entered.milliseconds)
      }
    }
    return waits.map { max(smallest, Double(Resolution.grain(ofDistances: $0)) * workingShare) }
  }
}

/// What makes requests comparable, as categories.
enum ArrivalBand {
  /// Eight parts of the week.
  static let names = [
    "weekday 00-07", "weekday 07-10", "weekday 10-13", "weekday 13-16", "weekday 16-19", "weekday 19-24",
    "friday 13-24", "weekend",
  ]

  /// The band of an hour of the week, 0 = Monday 00:00.
  static func code(hourOfWeek: Int16) -> Int32 {
    let (day, hour) = (Int(hourOfWeek) / 24, Int(hourOfWeek) % 24)
    if day >= 5 { return 7 }
    if day == 4 && hour >= 13 { return 6 }
    switch hour {
    case ..<7: return 0
    case ..<10: return 1
    case ..<13: return 2
    case ..<16: return 3
    case ..<19: return 4
    default: return 5
    }
  }
}

/// The partner's other open requests at arrival, by powers of two.
enum BacklogBand {
  static let names = ["0", "1-2", "3-6", "7-14", "15-30", "31-62", "63-126", "127-254", "255-510", "511 or more"]

  /// ⌊log₂(backlog + 1)⌋, at most 9.
  static func code(_ backlog: Int32) -> Int32 {
    min(9, Int32(31 - (max(0, backlog) + 1).leadingZeroBitCount))
  }
}
