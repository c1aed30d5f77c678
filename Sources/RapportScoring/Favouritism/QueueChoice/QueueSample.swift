import Glibc
import RapportNumerics

/// The requests that stand for a queue: all of a short one; of a long one those that are first of all or oldest of a kind, and of
/// the rest some, weighted by what they stand for. Where kinds are many as well, some of their oldest stand for these.
///
/// With the picked one always among them, this is counter-matching, whose likelihood stays exact. Source: Langholz & Borgan
/// (1995).
struct QueueSample {
  /// The picked one first.
  private(set) var ages: [Int32] = []
  /// log of how many each stands for; empty where all stand for themselves.
  private(set) var logWeights: [Float] = []

  private var draws: RandomStream
  /// Room: 0, 1, 2, …, between two samples.
  private var places: [Int32] = []

  /// So many of those that are oldest of a kind, and so many of the rest.
  private static let most = PartnerChoices.largestQueue / 2

  init(_ draws: RandomStream) { self.draws = draws }

  /// Takes a queue's; of requests with one target, the earliest of all, the first stands for all.
  mutating func take(_ queue: OpenQueue, picked: Int32, flags: [QueueColumns.Flag]) {
    let all = queue.all
    guard all.count > PartnerChoices.largestQueue else {
      (ages, logWeights) = (all, [])
      ages.swapAt(0, OpenQueue.position(picked, all))
      return
    }
    // Those that are first of all, and those that are oldest of a kind.
    var (firsts, found) = (Set<Int32>(), Set<Int32>())
    for flag in flags {
      switch flag {
      case .oldest: firsts.insert(all[0])
      case .oldestOfTopic: for own in queue.ofTopic where !own.isEmpty { found.insert(own[0]) }
      case .oldestOfPriority: for own in queue.ofPriority where !own.isEmpty { found.insert(own[0]) }
      case .newest: firsts.insert(all[all.count - 1])
      case .longestHere: firsts.insert(queue.ages[Int(queue.byEntry[0])])
      case .earliestTarget: if let age = queue.earliestTargetAge { firsts.insert(age) }
      case .overdue, .withoutTarget, .escalated, .sameTopic, .sameManager: break
      }
    }
    let oldest = found.union(firsts).sorted()
    let certain = oldest.count > Self.most ? firsts.sorted() : oldest
    ages = [picked] + certain.filter { $0 != picked }
    logWeights = [Float](repeating: 0, count: ages.count)
    if oldest.count > certain.count { draw(from: oldest, without: certain, picked) }
    if all.count > oldest.count { draw(from: all, without: oldest, picked) }
  }

  /// Draws some of these ages but for certain ones, the picked one among them if it is.
  private mutating func draw(from members: [Int32], without certain: [Int32], _ picked: Int32) {
    let isPicked = !certain.contains(picked) && members.contains(picked)
    var taken = certain.map { OpenQueue.position($0, members) }
    if isPicked {
      let place = OpenQueue.position(picked, members)
      taken.insert(place, at: taken.firstIndex { $0 > place } ?? taken.count)
    }
    let rest = members.count - taken.count
    let drawn = isPicked ? 1 : 0
    let room = min(rest, Self.most - drawn)
    let logWeight = Float(log(Double(rest + drawn) / Double(room + drawn)))
    if isPicked { logWeights[0] = logWeight }
    while places.count < rest { places.append(Int32(places.count)) }
    var swaps: [Int] = []
    for k in 0..<room {
      swaps.append(k + draws.integer(below: rest - k))
      places.swapAt(k, swaps[k])
      ages.append(members[Self.place(Int(places[k]), without: taken)])
      logWeights.append(logWeight)
    }
    for k in swaps.indices.reversed() { places.swapAt(k, swaps[k]) }
  }

  /// The place of one of those that are left, where some are taken; ascending.
  private static func place(_ left: Int, without taken: [Int]) -> Int {
    var (low, high) = (0, taken.count)
    while low < high {
      let middle = (low + high) / 2
      if taken[middle] - middle <= left { low = middle + 1 } else { high = middle }
    }
    return left + low
  }
}
