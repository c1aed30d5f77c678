import Glibc
import RapportIngestion
import RapportNumerics

/// Every manager's waits beside comparable ones, from one table of all requests.
///
/// A request is of the kind of the partner whom it reached first, its topic and its priority, and waits until it is
/// answered, whoever answers: what becomes of it is no part of what it is compared by. Where others have fewer than
/// ``WaitComparison/fewestOthers`` requests of a kind, those of the partner and priority stand in for it, then all of the
/// partner's; the manager's requests of a partner who has fewer from others take no part.
///
/// Others' waits are counted in cells of one kind and one rounded time (``rounded(_:)``), so that a manager costs the cells of
/// the partners asked, not their requests; the manager's own curve has every second. Where most of all answers that round
/// alike have one and the same wait, the cell stands at that wait, so that a lump stands at one time under both curves.
struct WaitComparisons {
  /// One request.
  private struct Row {
    var partner: Int32
    var priority: Int32
    var topic: Int32
    var manager: Int32
    var seconds: Int
    var isAnswered: Bool
    var kind: Int32 = -1

    static func comes(_ a: Row, before b: Row) -> Bool {
      if a.partner != b.partner { return a.partner < b.partner }
      if a.priority != b.priority { return a.priority < b.priority }
      if a.topic != b.topic { return a.topic < b.topic }
      if a.seconds != b.seconds { return a.seconds < b.seconds }
      if a.manager != b.manager { return a.manager < b.manager }
      return a.isAnswered && !b.isAnswered
    }

    /// Sorts rows by ``comes(_:before:)``.
    ///
    /// Numbers sort several times as fast, and all there is of a row makes one, as a rule: 64 bits are enough.
    static func sort(_ rows: inout [Row]) {
      func width(_ value: (Row) -> Int) -> UInt64 {
        UInt64(Int.bitWidth - (rows.lazy.map(value).max() ?? 0).leadingZeroBitCount)
      }
      let priorities = width { Int($0.priority) + 1 }
      let topics = width { Int($0.topic) + 1 }
      let seconds = width { $0.seconds }
      let managers = width { Int($0.manager) }
      guard width({ Int($0.partner) + 1 }) + priorities + topics + seconds + managers + 1 <= UInt64.bitWidth else {
        return rows.sort(by: comes)
      }
      var keys = rows.map { row in
        var key = UInt64(row.partner + 1)
        key = key << priorities | UInt64(row.priority + 1)
        key = key << topics | UInt64(row.topic + 1)
        key = key << seconds | UInt64(row.seconds)
        key = key << managers | UInt64(row.manager)
        return key << 1 | (row.isAnswered ? 0 : 1)
      }
      keys.sortByRadix()
      rows = keys.map { key in
        var rest = key
        /// Takes off the lowest bits.
        func take(_ width: UInt64) -> UInt64 {
          defer { rest >>= width }
          return rest & (1 << width - 1)
        }
        let isAnswered = take(1) == 0
        let manager = Int32(take(managers))
        let time = Int(take(seconds))
        let topic = Int32(take(topics)) - 1
        let priority = Int32(take(priorities)) - 1
        return Row(
          partner: Int32(rest) - 1, priority: priority, topic: topic, manager: manager, seconds: time,
          isAnswered: isAnswered)
      }
    }
  }

  /// Requests of one kind that leave at one rounded time.
  private struct Cell {
    var bin: Int
    var answered: Int
    var open: Int
  }

  /// Requests of one partner, topic and priority.
  private struct Kind {
    var cells: Range<Int>
    /// The kinds of the same partner and priority, and of the same partner.
    var samePriority: Range<Int>
    var samePartner: Range<Int>
  }

  /// By kind, then time; of each manager, the positions.
  private let rows: [Row]
  private let byManager: [Int32]
  private let starts: [Int]
  private let kinds: [Kind]
  /// How many requests the kinds before each have, and at the end all.
  private let requestsBefore: [Int]
  private let cells: [Cell]
  /// By rounded time, where answers are taken to stand.
  private let times: [Double]
  private var binCount: Int { times.count }
  private let level: Double
  private let threads: Int

  /// - Complexity: O(requests · log requests).
  init(_ history: History, pairs: PairTable, options: AssessmentOptions) {
    level = options.interval
    threads = options.threads
    var rows = Self.sortedRows(history, pairs)
    let (open, cells, requests) = Self.grouped(&rows)
    requestsBefore = requests.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    (starts, byManager) = Self.positions(rows, managers: history.managers.count)
    times = Self.times(rows, binCount: (cells.lazy.map(\.bin).max() ?? 0) + 1)
    (self.rows, kinds, self.cells) = (rows, Self.closed(open), cells)
  }

  /// All requests, by kind and then time; their kinds aren't numbered yet.
  private static func sortedRows(_ history: History, _ pairs: PairTable) -> [Row] {
    var rows: [Row] = []
    let first = firstPartners(history)
    history.forEachWait(Level(.manager, pairs: pairs)) { spell, wait in
      rows.append(
        Row(
          partner: first.isEmpty || first[Int(spell.request)] < 0 ? spell.partner : first[Int(spell.request)],
          priority: spell.priority,
          topic: spell.topic, manager: spell.manager, seconds: max(0, wait.seconds), isAnswered: wait.isAnswered))
    }
    Row.sort(&rows)
    return rows
  }

  /// Numbers the rows' kinds, and counts each kind's requests, together and by rounded time. The pools of a kind end at the
  /// kind itself so far.
  private static func grouped(_ rows: inout [Row]) -> (kinds: [Kind], cells: [Cell], requests: [Int]) {
    var kinds: [Kind] = []
    var cells: [Cell] = []
    var requests: [Int] = []
    for i in rows.indices where rows[i].partner >= 0 {
      let row = rows[i]
      let before = i > 0 && rows[i - 1].partner == row.partner ? rows[i - 1] : nil
      let isSame = before.map { $0.priority == row.priority && $0.topic == row.topic } ?? false
      if !isSame {
        let here = kinds.count
        let isSamePriority = before?.priority == row.priority
        requests.append(0)
        kinds.append(
          Kind(
            cells: cells.count..<cells.count,
            samePriority: (isSamePriority ? kinds[here - 1].samePriority.lowerBound : here)..<here + 1,
            samePartner: (before == nil ? here : kinds[here - 1].samePartner.lowerBound)..<here + 1))
      }
      let bin = bin(row.seconds)
      if !isSame || cells[cells.count - 1].bin != bin { cells.append(Cell(bin: bin, answered: 0, open: 0)) }
      if row.isAnswered { cells[cells.count - 1].answered += 1 } else { cells[cells.count - 1].open += 1 }
      kinds[kinds.count - 1].cells = kinds[kinds.count - 1].cells.lowerBound..<cells.count
      requests[kinds.count - 1] += 1
      rows[i].kind = Int32(kinds.count - 1)
    }
    return (kinds, cells, requests)
  }

  /// The kinds with all pools of one partner, or priority, ending where the last of its kinds does.
  private static func closed(_ kinds: [Kind]) -> [Kind] {
    var kinds = kinds
    for k in kinds.indices.reversed().dropFirst() {
      let next = kinds[k + 1]
      if next.samePriority.lowerBound <= k { kinds[k].samePriority = next.samePriority }
      if next.samePartner.lowerBound <= k { kinds[k].samePartner = next.samePartner }
    }
    return kinds
  }

  /// The positions of each manager's rows, and where they start.
  private static func positions(_ rows: [Row], managers: Int) -> (starts: [Int], byManager: [Int32]) {
    var starts = [Int](repeating: 0, count: managers + 1)
    for row in rows { starts[Int(row.manager) + 1] += 1 }
    for m in 0..<managers { starts[m + 1] += starts[m] }
    var next = starts
    var byManager = [Int32](repeating: 0, count: rows.count)
    for (i, row) in rows.enumerated() {
      byManager[next[Int(row.manager)]] = Int32(i)
      next[Int(row.manager)] += 1
    }
    return (starts, byManager)
  }

  /// By request, the partner who had it first where it was passed on, else −1; empty where none was.
  private static func firstPartners(_ history: History) -> [Int32] {
    var first: [Int32] = []
    var entered: [Instant] = []
    for spell in history.spells where spell.outcome == .reassigned && spell.partner >= 0 {
      if first.isEmpty {
        first = [Int32](repeating: -1, count: history.requestCount)
        entered = [Instant](repeating: .absent, count: first.count)
      }
      let request = Int(spell.request)
      guard first[request] < 0 || spell.entered < entered[request] else { continue }
      (first[request], entered[request]) = (spell.partner, spell.entered)
    }
    return first
  }

  /// By manager; `nil` for those with fewer than ``WaitComparison/fewestAnswers`` answers.
  ///
  /// - Complexity: O(managers · cells of the partners asked).
  var all: [WaitComparison?] {
    parallelMap(count: starts.count - 1, threads: threads) { comparison(of: $0) }
  }

  private func comparison(of manager: Int) -> WaitComparison? {
    let own = byManager[starts[manager]..<starts[manager + 1]].map { rows[Int($0)] }
    let weights = weights(own)
    let compared = own.filter { weights.compared.contains($0.kind) }
    if compared.count(where: \.isAnswered) >= WaitComparison.fewestAnswers,
      let (curve, others) = comparable(weights.ofOthers, own: own)
    {
      return WaitComparison(
        requests: compared.count, answered: compared.count(where: \.isAnswered), leftOut: own.count - compared.count,
        others: others, own: ownCurve(compared), comparable: curve)
    }
    let answered = own.count(where: \.isAnswered)
    guard answered >= WaitComparison.fewestAnswers else { return nil }
    return WaitComparison(
      requests: own.count, answered: answered, leftOut: 0, others: 0, own: ownCurve(own), comparable: nil)
  }

  /// How many requests of the manager each request of others stands for, by kind; and which kinds of the manager's
  /// requests have comparable ones.
  private func weights(_ own: [Row]) -> (ofOthers: [(kind: Int, weight: Double)], compared: Set<Int32>) {
    var ownKinds: [(kind: Int, count: Int)] = []
    for row in own where row.kind >= 0 {
      let kind = Int(row.kind)
      if ownKinds.last?.kind == kind {
        ownKinds[ownKinds.count - 1].count += 1
      } else {
        ownKinds.append((kind, 1))
      }
    }
    var ownCounts: [Range<Int>: Int] = [:]
    for (kind, count) in ownKinds {
      // One range may be that of the kind, the priority and the partner: each counts its requests once.
      for range in Set(pools(kind)) { ownCounts[range, default: 0] += count }
    }
    var pooled: [Range<Int>: Int] = [:]
    var compared: Set<Int32> = []
    for (kind, count) in ownKinds {
      let pool = pools(kind).first {
        requestsBefore[$0.upperBound] - requestsBefore[$0.lowerBound] - (ownCounts[$0] ?? 0)
          >= WaitComparison.fewestOthers
      }
      guard let pool else { continue }
      pooled[pool, default: 0] += count
      compared.insert(Int32(kind))
    }
    var weights: [Int: Double] = [:]
    // In a fixed order, so that sums round alike.
    for (pool, count) in pooled.sorted(by: { ($0.key.lowerBound, $0.key.count) < ($1.key.lowerBound, $1.key.count) }) {
      let others = requestsBefore[pool.upperBound] - requestsBefore[pool.lowerBound] - (ownCounts[pool] ?? 0)
      for kind in pool { weights[kind, default: 0] += Double(count) / Double(others) }
    }
    return (weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, compared)
  }

  /// The kinds whose requests may be compared with those of one kind, closest first.
  private func pools(_ kind: Int) -> [Range<Int>] {
    [kind..<kind + 1, kinds[kind].samePriority, kinds[kind].samePartner]
  }

  private func ownCurve(_ own: [Row]) -> WaitComparison.Curve {
    let curve = KaplanMeier(RiskTable(own.map { (Double($0.seconds), $0.isAnswered) }))
    let table = curve.table
    let falls = table.times.indices.filter { table.events[$0] > 0 }
    return WaitComparison.Curve(
      falls: falls.map { (table.times[$0], curve.survival[$0]) }, end: table.times.last ?? 0,
      median: curve.firstIndex(downTo: 0.5).map { table.times[$0] }
    ) {
      curve.limits(at: table.times[falls[$0]], level: level, scale: .logLog)
    }
  }

  /// The weighted curve of others' requests, and how many they are; `nil` where too few of them were answered.
  private func comparable(
    _ weights: [(kind: Int, weight: Double)], own: [Row]
  ) -> (curve: WaitComparison.Curve, others: Int)? {
    // Of each rounded time, the weight of those who leave then.
    var answered = [Double](repeating: 0, count: binCount)
    var leaving = answered
    var squares = answered
    var others = 0
    var answers = 0
    var next = 0
    for (kind, weight) in weights {
      while next < own.count && own[next].kind < kind { next += 1 }
      for var cell in cells[kinds[kind].cells] {
        // The manager's own requests are no others'.
        while next < own.count && own[next].kind == kind && Self.bin(own[next].seconds) == cell.bin {
          if own[next].isAnswered { cell.answered -= 1 } else { cell.open -= 1 }
          next += 1
        }
        let count = cell.answered + cell.open
        guard count > 0 else { continue }
        others += count
        answers += cell.answered
        answered[cell.bin] += weight * Double(cell.answered)
        leaving[cell.bin] += weight * Double(count)
        squares[cell.bin] += weight * weight * Double(count)
      }
    }
    guard answers >= WaitComparison.fewestOthers else { return nil }
    // Who still waits just before each time, summed from the last, so that nothing cancels.
    var waiting = leaving
    var waitingSquares = squares
    for bin in (0..<binCount - 1).reversed() {
      waiting[bin] += waiting[bin + 1]
      waitingSquares[bin] += waitingSquares[bin + 1]
    }
    var share = 1.0
    var variance = 0.0
    var falls: [(seconds: Double, share: Double)] = []
    var variances: [Double] = []
    var end = 0.0
    for bin in 0..<binCount where leaving[bin] > 0 {
      let effective = waiting[bin] * waiting[bin] / waitingSquares[bin]
      guard effective > WaitComparison.fewestWaiting - 1e-9 else { break }
      end = times[bin]
      guard answered[bin] > 0 else { continue }
      let factor = max(0, 1 - answered[bin] / waiting[bin])
      share *= factor
      variance += factor > 0 ? (1 - factor) / (effective * factor) : .infinity
      falls.append((end, share))
      variances.append(variance)
    }
    let z = Normal.standard.quantile(1 - (1 - level) / 2)
    let curve = WaitComparison.Curve(
      falls: falls, end: end, median: falls.first { $0.share <= 0.5 + 1e-9 }?.seconds
    ) { fall in
      let share = falls[fall].share
      guard share > 0 && share < 1 else { return nil }
      let width = z * variances[fall].squareRoot() / abs(log(share))
      return (pow(share, exp(width)), pow(share, exp(-width)))
    }
    return (curve, others)
  }

  /// The rounded time that a time falls to, by its number.
  ///
  /// Whole seconds up to 128, from there on seven binary digits, to the nearest: within 0.8 %.
  static func bin(_ seconds: Int) -> Int {
    let shift = max(0, Int.bitWidth - seconds.leadingZeroBitCount - 7)
    let digits = shift == 0 ? seconds : (seconds + 1 << (shift - 1)) >> shift
    // Digits run from 64 to 128 where there is a shift; 128 is 64 of the next.
    return digits + 64 * shift
  }

  /// The time with this number.
  static func seconds(_ bin: Int) -> Double {
    let shift = max(0, bin / 64 - 1)
    return Double((bin - 64 * shift) << shift)
  }

  /// Where answers of each rounded time stand: at the wait that more than half of them have to the second, else at the
  /// rounded time.
  ///
  /// Source: Boyer & Moore (1991), MJRTY, a fast majority vote algorithm; a second pass counts.
  private static func times(_ rows: [Row], binCount: Int) -> [Double] {
    var candidates = [Int](repeating: -1, count: binCount)
    var votes = candidates.map { _ in 0 }
    for row in rows where row.isAnswered && row.partner >= 0 {
      let bin = bin(row.seconds)
      if votes[bin] == 0 { candidates[bin] = row.seconds }
      votes[bin] += candidates[bin] == row.seconds ? 1 : -1
    }
    var balance = candidates.map { _ in 0 }
    for row in rows where row.isAnswered && row.partner >= 0 {
      let bin = bin(row.seconds)
      balance[bin] += candidates[bin] == row.seconds ? 1 : -1
    }
    return candidates.indices.map { balance[$0] > 0 ? Double(candidates[$0]) : seconds($0) }
  }

  /// A time as others' waits are counted.
  static func rounded(_ seconds: Int) -> Double { Self.seconds(bin(seconds)) }
}
