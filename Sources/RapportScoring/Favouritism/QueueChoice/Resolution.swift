import RapportIngestion
import RapportNumerics

/// How finely a partner's times are written, against how quickly replies follow each other.
///
/// Whether one request was picked before another can be told only from times that are finer than the usual gap between
/// replies; dates without times tell nothing. That holds of a partner's times, and of those of one manager among them.
struct Resolution {
  /// Seconds that the times are multiples of: a second, a minute, an hour or a day.
  let arrivalGrain: Int64
  let replyGrain: Int64
  /// Median time between two replies, in ms of the working clock.
  let medianGap: Int64

  /// Fewer replies than this have no usual gap.
  private static let fewestReplies = 3
  /// So large a share stands for all of them.
  private static let nearlyAll = 0.95
  /// A manager's share of what tells no order is larger than ``PartnerChoices/mostTied`` where chance would have as many less often.
  private static let chance = 0.025

  init(_ history: History, _ members: [Int]) {
    let spells = members.map { history.spells[$0] }
    let replies = spells.filter { $0.outcome == .answered }
    arrivalGrain = Self.grain(spells.map(\.entered.milliseconds))
    replyGrain = Self.grain(replies.map(\.ended.milliseconds))
    let clock = replies.map(\.endedClock).sorted()
    let gaps = zip(clock.dropFirst(), clock).map { $0 - $1 }.sorted()
    medianGap = gaps.count < Self.fewestReplies ? .max : gaps[gaps.count / 2]
  }

  /// Whether times are coarser than the median gap.
  var isTooCoarse: Bool { isCoarse(max(arrivalGrain, replyGrain)) }

  private func isCoarse(_ grain: Int64) -> Bool { grain > 1 && grain * 1000 > medianGap }

  /// Whether one manager's requests came at times coarser than that, whatever the others' are: too many at midnight, as dates without
  /// times are read or exported, or nearly all of them at full hours or minutes.
  ///
  /// What came at one time of day that is none of these isn't coarse: times that repeat are times all the same.
  ///
  /// - Parameter own: the manager's requests to the partner.
  func areTooCoarse(_ own: [RequestSpell], _ timeZone: TimeZoneRules) -> Bool {
    func count(_ grain: Int64) -> Int { own.count { timeZone.isMultiple($0.entered, of: grain) } }
    if isCoarse(86_400), Self.isTooMany(Self.dates(own, timeZone), of: own.count) { return true }
    guard own.count > Self.fewestReplies else { return false }
    let hourAndMinute: [Int64] = [3600, 60]
    return hourAndMinute.contains { isCoarse($0) && Double(count($0)) >= Self.nearlyAll * Double(own.count) }
  }

  /// How many requests came at midnight: here, or in UTC, where most of the other full hours are that one.
  ///
  /// In Tokyo midnight of UTC is nine o'clock. Of times that are written by the hour it is one like any other.
  private static func dates(_ own: [RequestSpell], _ timeZone: TimeZoneRules) -> Int {
    let others = own.filter { !timeZone.isMultiple($0.entered, of: 86_400) }
    let hours = others.count { $0.entered.milliseconds % 3_600_000 == 0 }
    let elsewhere = others.count { $0.entered.isMidnightInUTC }
    return own.count - others.count + (2 * elsewhere > hours ? elsewhere : 0)
  }

  /// Whether so many of one manager's requests are more than one in twenty, beyond what chance brings:
  ///
  ///     P(X ≥ k) < 0.025        X binomial with n trials of 0.05
  ///
  /// 2 of 2, 4 of 20, 8 of 60. Fewer shift an estimate by less than its error: a manager without one in seven picks seems to be picked
  /// 0.86 times as readily.
  static func isTooMany(_ count: Int, of requests: Int) -> Bool {
    Double(count) > PartnerChoices.mostTied * Double(requests)
      && Binomial(trials: requests, probability: PartnerChoices.mostTied).survival(count - 1) < chance
  }

  /// The coarsest unit of which nearly all distances between neighbouring times are multiples.
  private static func grain(_ times: [Int64]) -> Int64 {
    let sorted = times.sorted()
    return grain(ofDistances: zip(sorted.dropFirst(), sorted).map { $0 - $1 })
  }

  /// The coarsest unit, in seconds, of which nearly all of these ms are multiples; none of them is told by those that are 0.
  static func grain(ofDistances all: [Int64]) -> Int64 {
    let distances = all.filter { $0 > 0 }
    guard distances.count >= fewestReplies else { return 1 }
    for grain: Int64 in [86_400, 3600, 60] {
      let fitting = distances.count { $0 % (grain * 1000) == 0 }
      if Double(fitting) >= nearlyAll * Double(distances.count) { return grain }
    }
    return 1
  }
}

extension TimeZoneRules {
  /// Whether a moment falls on a multiple of so many seconds since midnight, which are whole minutes.
  fileprivate func isMultiple(_ instant: Instant, of grain: Int64) -> Bool {
    // Zones are whole minutes from UTC today, so only whole minutes need the zone's rules.
    instant.milliseconds % 60_000 == 0 && (grain == 60 || localSeconds(of: instant) % Int(grain) == 0)
  }

  /// Whether a moment is the beginning of a day, as a date without a time is read, or of one in UTC, as some systems export it.
  func isMidnight(_ instant: Instant) -> Bool { isMultiple(instant, of: 86_400) || instant.isMidnightInUTC }
}

extension Instant {
  /// Whether a day begins in UTC: 2025-07-01T00:00:00Z is 02:00 in Berlin, and a date all the same.
  fileprivate var isMidnightInUTC: Bool { milliseconds % 86_400_000 == 0 }
}
