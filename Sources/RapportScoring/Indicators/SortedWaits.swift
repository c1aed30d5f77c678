import RapportIngestion
import RapportNumerics

/// A level's waits, shortest first, so that curves of any months are read off without sorting again.
struct SortedWaits: Sendable {
  let months: ClosedRange<Month>
  let byUnit: [[PackedWait]]
  let all: [PackedWait]
  /// Means are up to the same number of working hours for all units and months.
  let limit: Double
  let interval: Double
  let threads: Int

  init(_ history: History, _ level: Level, options: AssessmentOptions) {
    let months = history.months
    self.months = months
    limit = options.followUpDays * 86_400 * history.workingShare
    (interval, threads) = (options.interval, options.threads)
    let first = months.lowerBound
    let waits = history.waits(level)
    var starts = [Int](repeating: 0, count: level.count + 1)
    for wait in waits where months.contains(wait.month) { starts[Int(wait.unit) + 1] += 1 }
    for unit in 0..<level.count { starts[unit + 1] += starts[unit] }
    var next = starts
    var keys = [UInt64](repeating: 0, count: starts[level.count])
    for wait in waits where months.contains(wait.month) {
      keys[next[Int(wait.unit)]] = PackedWait(wait, place: first.distance(to: wait.month)).bits
      next[Int(wait.unit)] += 1
    }
    let (packed, offsets) = (keys, starts)
    byUnit = parallelMap(count: level.count, threads: options.threads) { unit in
      PackedWait.sorted(packed[offsets[unit]..<offsets[unit + 1]])
    }
    all = PackedWait.sorted(packed[...])
  }
}

/// A unit's wait as one number that rises with its seconds.
struct PackedWait: Sendable {
  let bits: UInt64

  private init(bits: UInt64) { self.bits = bits }

  /// - Parameter place: of its month, from 0; ten thousand years have 120,000.
  init(_ wait: Wait, place: Int) {
    let packed = Int64(wait.seconds) << 18 | Int64(place) << 1 | (wait.isAnswered ? 1 : 0)
    bits = UInt64(bitPattern: packed) ^ 1 << 63
  }

  /// Shortest first.
  static func sorted(_ bits: ArraySlice<UInt64>) -> [PackedWait] {
    var bits = Array(bits)
    bits.sortByRadix()
    return bits.map { PackedWait(bits: $0) }
  }

  /// Those of these months, in the same order.
  static func selected(_ waits: [PackedWait], _ isSelected: [Bool]) -> [PackedWait] {
    guard isSelected.contains(false) else { return waits }
    return Array(unsafeUninitializedCapacity: waits.count) { selected, count in
      // Every wait is written and only those of these months kept: which they are is a coin's toss, as bad as any to guess.
      for wait in waits {
        selected[count] = wait
        count += isSelected[wait.place] ? 1 : 0
      }
    }
  }

  /// Waits with the same number are equally long.
  @inline(__always) var time: UInt64 { bits >> 18 }
  @inline(__always) var seconds: Double { Double(Int64(bitPattern: bits ^ 1 << 63) >> 18) }
  @inline(__always) var place: Int { Int(bits >> 1 & 0x1_ffff) }
  @inline(__always) var isAnswered: Bool { bits & 1 == 1 }
}
