import Glibc
import RapportNumerics

/// The requests that stand for a queue: all of a short one; of a long one those that are oldest of a kind, and of the rest
/// some, weighted by what they stand for.
///
/// With the picked one always among them, this is counter-matching, whose likelihood stays exact. Source: Langholz & Borgan
/// (1995).
struct QueueSample {
  /// The picked one first.
  private(set) var ages: [Int32] = []
  /// Of those that aren't oldest of a kind; zero where all stand.
  private(set) var logWeight: Float = 0

  private var draws: RandomStream
  /// Room: 0, 1, 2, …, between two samples.
  private var places: [Int32] = []

  init(_ draws: RandomStream) { self.draws = draws }

  /// Takes a queue's.
  mutating func take(_ queue: OpenQueue, picked: Int32, flags: [QueueColumns.Flag]) {
    logWeight = 0
    let all = queue.all
    if all.count > PartnerChoices.largestQueue {
      var oldest: Set<Int32> = []
      for flag in flags {
        switch flag {
        case .oldest: oldest.insert(all[0])
        case .oldestOfTopic: for own in queue.ofTopic where !own.isEmpty { oldest.insert(own[0]) }
        case .oldestOfPriority: for own in queue.ofPriority where !own.isEmpty { oldest.insert(own[0]) }
        case .overdue, .sameTopic, .sameManager: break
        }
      }
      let isPickedDrawn = oldest.insert(picked).inserted
      let certain = oldest.sorted()
      let room = max(1, PartnerChoices.largestQueue / 2 - (isPickedDrawn ? 1 : 0))
      let rest = all.count - certain.count
      if rest > room {
        let drawn = isPickedDrawn ? 1 : 0
        logWeight = Float(log(Double(rest + drawn) / Double(room + drawn)))
        ages = [picked] + certain.filter { $0 != picked }
        draw(room, of: rest, all, certain: certain.map { OpenQueue.position($0, all) })
        return
      }
    }
    ages = all
    ages.swapAt(0, OpenQueue.position(picked, all))
  }

  /// Draws some of those that don't stand at certain places.
  private mutating func draw(_ room: Int, of rest: Int, _ all: [Int32], certain: [Int]) {
    while places.count < rest { places.append(Int32(places.count)) }
    var swaps: [Int] = []
    for k in 0..<room {
      swaps.append(k + draws.integer(below: rest - k))
      places.swapAt(k, swaps[k])
      var place = Int(places[k])
      for other in certain where other <= place { place += 1 }
      ages.append(all[place])
    }
    for k in swaps.indices.reversed() { places.swapAt(k, swaps[k]) }
  }
}
