import RapportIngestion

/// How finely a partner's times are written, against how quickly replies follow each other.
///
/// Whether one request was picked before another can be told only from times that are finer than the usual gap between
/// replies; dates without times tell nothing.
struct Resolution {
  /// Seconds that the times are multiples of: a second, a minute, an hour or a day.
  let arrivalGrain: Int64
  let replyGrain: Int64
  /// Median time between two replies, in ms of the working clock.
  let medianGap: Int64

  /// Fewer replies than this have no usual gap.
  private static let fewestReplies = 3

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
  var isTooCoarse: Bool { max(arrivalGrain, replyGrain) > 1 && max(arrivalGrain, replyGrain) * 1000 > medianGap }

  /// The coarsest unit of which nearly all distances between neighbouring times are multiples.
  private static func grain(_ times: [Int64]) -> Int64 {
    let sorted = times.sorted()
    let distances = zip(sorted.dropFirst(), sorted).map { $0 - $1 }.filter { $0 > 0 }
    guard distances.count >= fewestReplies else { return 1 }
    for grain: Int64 in [86_400, 3600, 60] {
      let fitting = distances.count { $0 % (grain * 1000) == 0 }
      if Double(fitting) >= 0.95 * Double(distances.count) { return grain }
    }
    return 1
  }
}
