import Glibc
import RapportIngestion
import RapportNumerics

/// What one partner picked, each time out of what was open then.
///
/// A reply is stamped when the work is done. What it was picked from is the queue at the moment when the partner turned to
/// it: after the partner's last reply (or the last request passed on), or when it came in, if later; out of hours, at the
/// next opening. Replies with one stamp are a batch, whose order nobody knows; they are no choices.
///
/// Source: METHODS.md §5, §14.2, §14.3.
struct PartnerChoices: Sendable {
  let partner: Int
  /// The sets with at least two open requests.
  var sets: ChoiceSets
  /// Each unit's manager, ascending.
  var managers: [Int32]
  /// By unit: picks from queues with another manager's request, such queues in which a request of its own stood, requests that
  /// stood in them, older comparable requests of others that were passed over, and how often one's own was passed over by a
  /// younger one. All count whole queues, also where a sample stands for them in `sets`.
  var choices: [Int]
  var queues: [Int]
  var requests: [Int]
  var overtakes: [Int]
  var overtaken: [Int]
  /// The history's spell of each item.
  var spells: [Int32]
  /// Each set's moment; empty unless they were asked for.
  var moments: [Moment] = []
  /// Replies in all, and those that share their stamp with another.
  var replies = 0
  var tied = 0
  /// Why these choices can't be used; `nil` when they can.
  var obstacle: ChoiceObstacle?
  /// Sets from which open requests were sampled.
  var sampledSets = 0

  /// Queues longer than this are sampled down to half of it.
  static let largestQueue = 200
  /// Largest share of tied replies.
  static let mostTied = 0.05

  /// - Parameters:
  ///   - range: the partner's spells in the history
  ///   - pauses: the partner's pauses, by request and start
  init(
    _ history: History, partner: Int, spells range: Range<Int>, pauses: ArraySlice<RequestPause>, columns: QueueColumns,
    seed: UInt64, keepsMoments: Bool = false, turnedTo: Moment.Rule = .whenFree
  ) {
    let members = range.filter { index in
      let spell = history.spells[index]
      return spell.asker == .manager && spell.manager >= 0 && !spell.excludedFromWaits
    }
    self.partner = partner
    managers = Set(members.map { history.spells[$0].manager }).sorted()
    sets = ChoiceSets(
      unitCount: managers.count, denseCount: columns.dense.count, flagCount: columns.flags.count,
      categoryCount: columns.categoryCount, columnCount: columns.names.count)
    let zeros = [Int](repeating: 0, count: managers.count)
    (choices, queues, requests, overtakes, overtaken) = (zeros, zeros, zeros, zeros, zeros)
    spells = members.map { Int32($0) }
    var unitOf = [Int32: Int32](minimumCapacity: managers.count)
    for (unit, manager) in managers.enumerated() { unitOf[manager] = Int32(unit) }
    sets.itemUnits = members.map { unitOf[history.spells[$0].manager]! }
    sets.itemColumns = members.flatMap { index in
      columns.spellColumns[index * columns.categoryCount..<(index + 1) * columns.categoryCount]
    }
    obstacle = Resolution(history, members).isTooCoarse ? .resolution : nil
    addSets(
      history, members, pauses, columns, RandomStream(seed: seed, purpose: "queues", unit: UInt64(partner)),
      keepsMoments, turnedTo)
    if obstacle == nil && Double(tied) > Self.mostTied * Double(max(replies, 1)) { obstacle = .resolution }
    if obstacle == nil && !choices.contains(where: { $0 > 0 }) { obstacle = .noQueue }
    if obstacle != nil { forgetSets() }
  }

  /// Keeps the counts alone.
  mutating func forgetSets() {
    let empty = ChoiceSets(
      unitCount: sets.unitCount, denseCount: sets.denseCount, flagCount: sets.flagCount,
      categoryCount: sets.categoryCount, columnCount: sets.columnCount)
    sets = empty
    moments = []
  }

  /// An open request as it stands in the queue.
  private struct Open {
    var item: Int32
    /// When the request was made, ms since 1970: the order of the queue.
    var opened: Int64
    var request: Int32
  }

  /// Walks through the partner's replies in order, the queue beside.
  private mutating func addSets(
    _ history: History, _ members: [Int], _ pauses: ArraySlice<RequestPause>, _ columns: QueueColumns,
    _ stream: RandomStream, _ keepsMoments: Bool, _ turnedTo: Moment.Rule
  ) {
    // Members stand in the order of entry.
    let acts = members.indices.filter {
      let outcome = history.spells[members[$0]].outcome
      return outcome == .answered || outcome == .reassigned
    }
    .sorted {
      let (a, b) = (history.spells[members[$0]], history.spells[members[$1]])
      return (a.ended, a.request) < (b.ended, b.request)
    }
    let settled = Self.settled(history, members)
    var stood = [Bool](repeating: false, count: members.count)
    var queue: [Open] = []
    var entered = 0
    var draws = stream
    var lastAct: Int?
    var walk = Walk(topics: history.topics.count, priorities: history.priorities.count, units: managers.count)
    var position = 0
    while position < acts.count {
      let item = acts[position]
      let spell = history.spells[members[item]]
      // All that share the stamp.
      var end = position + 1
      while end < acts.count, history.spells[members[acts[end]]].ended == spell.ended { end += 1 }
      let replyCount = acts[position..<end].count { history.spells[members[$0]].outcome == .answered }
      replies += replyCount
      if replyCount == 1, end == position + 1 {
        let before = position > 0 ? history.spells[members[acts[position - 1]]] : nil
        let moment = Moment(spell, after: before, turnedTo)
        while entered < members.count, moment.hasBegun(history.spells[members[entered]]) {
          let other = history.spells[members[entered]]
          queue.append(
            Open(item: Int32(entered), opened: other.opened.milliseconds, request: other.request))
          var k = queue.count - 1
          while k > 0, (queue[k].opened, queue[k].request) < (queue[k - 1].opened, queue[k - 1].request) {
            queue.swapAt(k, k - 1)
            k -= 1
          }
          entered += 1
        }
        queue.removeAll { Int($0.item) != item && moment.hasEnded(history.spells[members[Int($0.item)]]) }
        let last = lastAct.map { history.spells[members[$0]] }
        guard moment.clock > settled else {
          lastAct = item
          position = end
          continue
        }
        add(
          item, at: moment, queue, history, members, pauses, columns, last: last, &walk, &stood, &draws, keepsMoments)
      } else if replyCount > 1 {
        tied += replyCount
      }
      // A request that was passed on had been picked as well.
      lastAct = end == position + 1 ? item : nil
      position = end
    }
    for item in members.indices where stood[item] { requests[Int(sets.itemUnits[item])] += 1 }
  }

  /// When what had been open before the data began can be taken to be gone, on the working clock: after the working time
  /// within which 19 in 20 of the partner's replies come. Until then there is more in the queue than the input tells.
  private static func settled(_ history: History, _ members: [Int]) -> Int64 {
    let spells = members.map { history.spells[$0] }
    let waits = spells.filter { $0.outcome == .answered }.map { $0.endedClock - $0.enteredClock }.sorted()
    guard !waits.isEmpty, let first = spells.map(\.enteredClock).min() else { return .min }
    return first + waits[waits.count * 19 / 20]
  }

  /// What is kept from set to set: when a topic, a priority, a unit was last seen.
  private struct Walk {
    var topics: [Int32]
    var priorities: [Int32]
    var units: [Int32]
    var round: Int32 = 0
    init(topics: Int, priorities: Int, units: Int) {
      self.topics = [Int32](repeating: 0, count: topics + 1)
      self.priorities = [Int32](repeating: 0, count: priorities + 1)
      self.units = [Int32](repeating: 0, count: units)
    }
  }

  /// Adds the set of one reply.
  private mutating func add(
    _ item: Int, at moment: Moment, _ queue: [Open], _ history: History, _ members: [Int],
    _ pauses: ArraySlice<RequestPause>, _ columns: QueueColumns, last: RequestSpell?, _ walk: inout Walk,
    _ stood: inout [Bool], _ draws: inout RandomStream, _ keepsMoments: Bool
  ) {
    guard queue.count > 1 else { return }
    walk.round += 1
    let picked = history.spells[members[item]]
    var rows: [(item: Int32, flags: UInt8, isSpecial: Bool)] = []
    rows.reserveCapacity(queue.count)
    var present: [Int] = []
    var isFirst = true
    for open in queue {
      let spell = history.spells[members[Int(open.item)]]
      if Int(open.item) != item, spell.pausedSeconds > 0, Self.isPaused(spell, at: moment.clock, pauses) { continue }
      var bits: UInt8 = 0
      var isSpecial = false
      for (bit, flag) in columns.flags.enumerated() {
        let holds: Bool
        switch flag {
        case .oldest: holds = isFirst
        case .oldestOfTopic: holds = walk.topics[Int(spell.topic) + 1] != walk.round
        case .oldestOfPriority: holds = walk.priorities[Int(spell.priority) + 1] != walk.round
        case .overdue: holds = spell.due.isPresent && spell.due.milliseconds < moment.raw
        case .sameTopic: holds = last?.topic == spell.topic
        case .sameManager: holds = last?.manager == spell.manager
        }
        if holds {
          bits |= 1 << bit
          if flag == .oldest || flag == .oldestOfTopic || flag == .oldestOfPriority { isSpecial = true }
        }
      }
      isFirst = false
      walk.topics[Int(spell.topic) + 1] = walk.round
      walk.priorities[Int(spell.priority) + 1] = walk.round
      let unit = Int(sets.itemUnits[Int(open.item)])
      if walk.units[unit] != walk.round {
        walk.units[unit] = walk.round
        present.append(unit)
      }
      rows.append((open.item, bits, isSpecial))
    }
    guard rows.count > 1 else { return }
    if present.count > 1 {
      for unit in present { queues[unit] += 1 }
      for row in rows { stood[Int(row.item)] = true }
      choices[Int(sets.itemUnits[item])] += 1
      for row in rows where Int(row.item) != item {
        let other = history.spells[members[Int(row.item)]]
        if other.isPassedOver(by: picked) {
          overtakes[Int(sets.itemUnits[item])] += 1
          overtaken[Int(sets.itemUnits[Int(row.item)])] += 1
        }
      }
    }
    // The picked one first.
    let place = rows.firstIndex { Int($0.item) == item }!
    rows.swapAt(0, place)
    var logWeight: Float = 0
    if rows.count > Self.largestQueue {
      // Those that are oldest of a kind all stay; of the rest a sample, weighted by what it stands for: with the picked
      // one always in, this is counter-matching, whose likelihood stays exact. Source: Langholz & Borgan (1995).
      let wanted = Self.largestQueue / 2
      let special = rows.dropFirst().filter(\.isSpecial)
      var rest = Array(rows.dropFirst().filter { !$0.isSpecial })
      let restCount = rest.count + (rows[0].isSpecial ? 0 : 1)
      let room = max(1, wanted - (rows[0].isSpecial ? 0 : 1))
      if rest.count > room {
        for k in 0..<room { rest.swapAt(k, k + draws.integer(below: rest.count - k)) }
        rest.removeLast(rest.count - room)
        let kept = rest.count + (rows[0].isSpecial ? 0 : 1)
        logWeight = Float(log(Double(restCount) / Double(kept)))
        rows = [rows[0]] + special + rest
        sampledSets += 1
      }
    }
    let isWeighted = logWeight != 0 || !sets.logWeights.isEmpty
    if isWeighted && sets.logWeights.isEmpty { sets.logWeights = [Float](repeating: 0, count: sets.items.count) }
    for row in rows {
      let spell = history.spells[members[Int(row.item)]]
      sets.items.append(row.item)
      sets.flags.append(row.flags)
      for column in columns.dense {
        switch column {
        case .logWorkingWait:
          sets.dense.append(Float(log1p(Double(max(0, moment.clock - spell.enteredClock)) / 3_600_000)))
        case .logElapsedWait:
          sets.dense.append(Float(log1p(Double(max(0, moment.raw - spell.opened.milliseconds)) / 3_600_000)))
        case .expectedEffort: sets.dense.append(columns.effort[Int(spell.topic) + 1])
        }
      }
      if isWeighted { sets.logWeights.append(row.isSpecial ? 0 : logWeight) }
    }
    sets.starts.append(sets.items.count)
    if keepsMoments { moments.append(moment) }
  }

  /// Whether a request was paused at a moment of the working clock.
  private static func isPaused(_ spell: RequestSpell, at clock: Int64, _ pauses: ArraySlice<RequestPause>) -> Bool {
    var (low, high) = (pauses.startIndex, pauses.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if pauses[middle].request < spell.request { low = middle + 1 } else { high = middle }
    }
    while low < pauses.endIndex, pauses[low].request == spell.request {
      if pauses[low].startClock <= clock && clock < pauses[low].endClock { return true }
      low += 1
    }
    return false
  }
}

extension RequestSpell {
  /// Whether this request, of another manager, is older than one that was picked, and comparable: same topic and priority.
  func isPassedOver(by picked: RequestSpell) -> Bool {
    manager != picked.manager && topic == picked.topic && priority == picked.priority
      && (opened, request) < (picked.opened, picked.request)
  }
}

/// When a partner turned to a request.
struct Moment: Sendable {
  /// ms since 1970, and on the partner's working clock.
  var raw: Int64
  var clock: Int64
  /// The work took working time: what came in before the opening was there.
  private var wasInHours: Bool

  /// When the partner is taken to have turned to a request.
  enum Rule: Sendable {
    /// When the partner was free and the request was there.
    case whenFree
    /// When the reply was sent; wrong by the time that the work took, for comparison only.
    case whenSent
  }

  /// - Parameter before: what the partner did last.
  init(_ spell: RequestSpell, after before: RequestSpell?, _ rule: Rule = .whenFree) {
    if rule == .whenSent {
      (raw, clock) = (spell.ended.milliseconds, spell.endedClock)
    } else if let before, before.ended >= spell.entered {
      (raw, clock) = (before.ended.milliseconds, before.endedClock)
    } else {
      (raw, clock) = (spell.entered.milliseconds, spell.enteredClock)
    }
    wasInHours = spell.endedClock > clock
  }

  /// Whether a spell was in the partner's hands.
  func hasBegun(_ spell: RequestSpell) -> Bool {
    spell.entered.milliseconds <= raw || (wasInHours && spell.enteredClock <= clock)
  }

  /// Whether it was no longer.
  func hasEnded(_ spell: RequestSpell) -> Bool {
    spell.ended.milliseconds <= raw || (wasInHours && spell.endedClock <= clock)
  }
}
