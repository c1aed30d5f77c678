import Glibc
import RapportIngestion
import RapportNumerics

/// What one partner picked, each time out of what was open then.
///
/// A reply is stamped when the work is done. What it was picked from is the queue at the moment when the partner turned to
/// it: after the partner's last reply (or the last request passed on), or when it came in, if later; out of hours, at the
/// next opening. Replies with one stamp are a batch, whose order nobody knows; they are no choices.
///
/// What one manager asked at one moment and has back at one moment is one item and one pick: one mail with three matters, a case
/// each, isn't three requests that wait for each other. Where its matters differ in what the columns tell, nobody knows for which of
/// them it was picked; such an item has no place in the queues, nor have those of a manager whose own times or stamps tell no order,
/// nor what was put to somebody else and not passed on, of which nobody knows since when it stood here. The partner's time went into
/// their replies all the same.
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
  /// Replies in all, and those that share their stamp with another; what is one item is one reply.
  private(set) var replies = 0
  private(set) var tied = 0
  /// By unit, whether its own times are too coarse, or too many of its replies tied, to tell an order: its requests leave the queues.
  private(set) var isUntold: [Bool] = []
  /// Items that hold several requests which differ in what the columns tell; they leave the queues.
  private(set) var mixedBundles = 0
  /// Requests that the partner answered though they had been put to another (``RequestSpell/answeredByOther``); they leave the queues.
  private(set) var othersRequests = 0
  /// Why these choices can't be used; `nil` when they can.
  var obstacle: ChoiceObstacle?
  /// Sets from which open requests were sampled.
  var sampledSets = 0

  /// Queues longer than this are sampled: half as many of the oldest of their kinds, and as many of the others.
  static let largestQueue = 200
  /// Largest share of tied replies: of a partner's, and of one manager's (``Resolution/isTooMany(_:of:)``).
  static let mostTied = 0.05

  /// - Parameters:
  ///   - range: the partner's spells in the history
  ///   - pauses: the partner's pauses, by request and start
  init(
    _ history: History, partner: Int, spells range: Range<Int>, pauses: ArraySlice<RequestPause>, columns: QueueColumns,
    seed: UInt64, keepsMoments: Bool = false, turnedTo: Moment.Rule = .whenFree
  ) {
    let (members, isMixed, others) = Self.bundled(history, range)
    // Members stand in the order of entry.
    let own = members.map { history.spells[$0] }
    self.partner = partner
    managers = Set(own.map(\.manager)).sorted()
    sets = ChoiceSets(
      unitCount: managers.count, denseCount: columns.dense.count, flagCount: columns.flags.count,
      categoryCount: columns.categoryCount, columnCount: columns.names.count)
    let zeros = [Int](repeating: 0, count: managers.count)
    (choices, queues, requests, overtakes, overtaken) = (zeros, zeros, zeros, zeros, zeros)
    spells = members.map { Int32($0) }
    var unitOf = [Int32: Int32](minimumCapacity: managers.count)
    for (unit, manager) in managers.enumerated() { unitOf[manager] = Int32(unit) }
    sets.itemUnits = own.map { unitOf[$0.manager]! }
    sets.itemColumns = members.flatMap { index in
      columns.spellColumns[index * columns.categoryCount..<(index + 1) * columns.categoryCount]
    }
    let resolution = Resolution(history, members)
    let queue = OpenQueue(
      own, units: sets.itemUnits, unitCount: managers.count, pauses: pauses, flags: columns.flags)
    let isTied = tellUnits(queue, resolution, history.timeZone)
    let isOut = own.indices.map { isMixed[$0] || others[$0] > 0 || isUntold[Int(sets.itemUnits[$0])] }
    mixedBundles = isMixed.count { $0 }
    othersRequests = others.reduce(0, +)
    addSets(
      queue, columns, isOut: isOut,
      columns.flags.contains(.escalated) ? own.map { history.escalations[$0.request] ?? .absent } : [],
      history.partnerCalendars.isEmpty ? .always : history.partnerCalendars[partner],
      RandomStream(seed: seed, purpose: "queues", unit: UInt64(partner)), keepsMoments, turnedTo)
    // What is tied of those that stay counts against the partner.
    let told = own.indices.filter { own[$0].outcome == .answered && !isOut[$0] }
    let isTooTied = Double(told.count { isTied[$0] }) > Self.mostTied * Double(told.count)
    if resolution.isTooCoarse || isTooTied {
      obstacle = .resolution
    } else if !choices.contains(where: { $0 > 0 }) {
      obstacle = isUntold.contains(true) ? .resolution : .noQueue
    }
    if obstacle != nil { forgetSets() }
  }

  /// The first spell of each item, in the order of entry, whether the item's spells differ in what the columns tell, and how many of
  /// them had been put to another partner.
  private static func bundled(
    _ history: History, _ range: Range<Int>
  ) -> (members: [Int], isMixed: [Bool], others: [Int]) {
    var (members, isMixed, others) = ([Int](), [Bool](), [Int]())
    var places: [Bundle: Int] = [:]
    for index in range {
      let spell = history.spells[index]
      guard spell.asker == .manager && spell.manager >= 0 && !spell.excludedFromWaits else { continue }
      if let place = places[Bundle(spell)] {
        if Matter(spell, history) != Matter(history.spells[members[place]], history) { isMixed[place] = true }
        if spell.answeredByOther { others[place] += 1 }
      } else {
        places[Bundle(spell)] = members.count
        members.append(index)
        isMixed.append(false)
        others.append(spell.answeredByOther ? 1 : 0)
      }
    }
    return (members, isMixed, others)
  }

  /// What one manager asked at one moment and what became of it at one moment.
  private struct Bundle: Hashable {
    private let manager: Int32
    private let opened: Instant
    private let entered: Instant
    private let ended: Instant
    private let outcome: UInt8

    init(_ spell: RequestSpell) {
      (manager, outcome) = (spell.manager, spell.outcome.rawValue)
      (opened, entered, ended) = (spell.opened, spell.entered, spell.ended)
    }
  }

  /// What the columns tell of a request besides its times.
  private struct Matter: Equatable {
    private let topic: Int32
    private let priority: Int32
    private let channel: Int32
    private let due: Instant
    private let escalated: Instant?

    init(_ spell: RequestSpell, _ history: History) {
      (topic, priority, channel, due) = (spell.topic, spell.priority, spell.channel, spell.due)
      escalated = history.escalations[spell.request]
    }
  }

  /// Finds the units that tell no order, and by item whether its reply shares its stamp with another.
  private mutating func tellUnits(_ queue: OpenQueue, _ resolution: Resolution, _ timeZone: TimeZoneRules) -> [Bool] {
    let spells = queue.spells
    var isTied = [Bool](repeating: false, count: spells.count)
    let answered = queue.endings.map { Int($0) }.filter { spells[$0].outcome == .answered }
    for (item, next) in zip(answered, answered.dropFirst()) where spells[item].ended == spells[next].ended {
      (isTied[item], isTied[next]) = (true, true)
    }
    replies = answered.count
    tied = isTied.count { $0 }
    var items = [[Int]](repeating: [], count: managers.count)
    for item in spells.indices { items[Int(sets.itemUnits[item])].append(item) }
    isUntold = items.map { own in
      resolution.areTooCoarse(own.map { spells[$0] }, timeZone)
        || Resolution.isTooMany(own.count { isTied[$0] }, of: own.count { spells[$0].outcome == .answered })
    }
    return isTied
  }

  /// The managers of the units that tell no order.
  var untoldManagers: Set<Int> { Set(managers.indices.filter { isUntold[$0] }.map { Int(managers[$0]) }) }

  /// Keeps the counts alone.
  mutating func forgetSets() {
    let empty = ChoiceSets(
      unitCount: sets.unitCount, denseCount: sets.denseCount, flagCount: sets.flagCount,
      categoryCount: sets.categoryCount, columnCount: sets.columnCount)
    sets = empty
    moments = []
  }

  /// Walks through the partner's replies in order, the queue beside.
  private mutating func addSets(
    _ start: OpenQueue, _ columns: QueueColumns, isOut: [Bool], _ escalations: [Instant], _ calendar: WorkingCalendar,
    _ stream: RandomStream, _ keepsMoments: Bool, _ turnedTo: Moment.Rule
  ) {
    var queue = start
    var sample = QueueSample(stream)
    var patterns = FlagPatterns(flagCount: columns.flags.count)
    let spells = queue.spells
    for item in spells.indices where isOut[item] { queue.end(item) }
    let acts = queue.endings.map { Int($0) }.filter {
      spells[$0].outcome == .answered || spells[$0].outcome == .reassigned
    }
    let settled = Self.settled(spells)
    var last: Int?
    var position = 0
    while position < acts.count {
      let item = acts[position]
      // All that share the stamp.
      var end = position + 1
      while end < acts.count, spells[acts[end]].ended == spells[item].ended { end += 1 }
      if end == position + 1, spells[item].outcome == .answered, !isOut[item] {
        let moment = Moment(
          spells[item], after: position > 0 ? spells[acts[position - 1]] : nil, calendar, turnedTo)
        if moment.clock > settled {
          queue.move(to: moment, picking: item)
          if queue.all.count > 1 {
            count(item, &queue)
            add(item, at: moment, queue, columns, escalations, last: last.map { spells[$0] }, &sample, &patterns)
            if keepsMoments { moments.append(moment) }
          }
          queue.end(item)
        }
      }
      // A request that was passed on had been picked as well.
      last = end == position + 1 ? item : nil
      position = end
    }
    sets.patterns = patterns.bits
    queue.close()
    queues = queue.setsOfUnit
    for item in spells.indices where queue.stood[item] { requests[Int(sets.itemUnits[item])] += 1 }
  }

  /// When what had been open before the data began can be taken to be gone, on the working clock: after the working time
  /// within which 19 in 20 of the partner's replies come. Until then there is more in the queue than the input tells.
  private static func settled(_ spells: [RequestSpell]) -> Int64 {
    let waits = spells.filter { $0.outcome == .answered }.map { $0.endedClock - $0.enteredClock }.sorted()
    guard !waits.isEmpty, let first = spells.map(\.enteredClock).min() else { return .min }
    return first + waits[waits.count * 19 / 20]
  }

  /// Counts what stands in the whole queue out of which an item is picked.
  private mutating func count(_ item: Int, _ queue: inout OpenQueue) {
    guard queue.countSet() else { return }
    let unit = Int(sets.itemUnits[item])
    choices[unit] += 1
    for age in queue.olderAlike(item) {
      let other = Int(sets.itemUnits[Int(queue.items[Int(age)])])
      if other != unit {
        overtakes[unit] += 1
        overtaken[other] += 1
      }
    }
  }

  /// Adds the set of one reply.
  private mutating func add(
    _ item: Int, at moment: Moment, _ queue: OpenQueue, _ columns: QueueColumns, _ escalations: [Instant],
    last: RequestSpell?, _ sample: inout QueueSample, _ patterns: inout FlagPatterns
  ) {
    sample.take(queue, picked: queue.ages[item], flags: columns.flags)
    if !sample.logWeights.isEmpty { sampledSets += 1 }
    let isWeighted = sampledSets > 0
    if isWeighted && sets.logWeights.isEmpty { sets.logWeights = [Float](repeating: 0, count: sets.items.count) }
    let (oldest, oldestOfTopic) = (columns.bit(.oldest), columns.bit(.oldestOfTopic))
    let (oldestOfPriority, overdue) = (columns.bit(.oldestOfPriority), columns.bit(.overdue))
    let (sameTopic, sameManager) = (columns.bit(.sameTopic), columns.bit(.sameManager))
    let (newest, longestHere) = (columns.bit(.newest), columns.bit(.longestHere))
    let (earliestTarget, withoutTarget) = (columns.bit(.earliestTarget), columns.bit(.withoutTarget))
    let (escalated, target) = (columns.bit(.escalated), queue.earliestTarget)
    let (eldest, latest) = (queue.all[0], queue.all[queue.all.count - 1])
    let logLength = Float(log(Double(queue.all.count) / ChoiceSummary.usualLength))
    for (place, age) in sample.ages.enumerated() {
      let item = queue.items[Int(age)]
      let spell = queue.spells[Int(item)]
      var bits: UInt16 = 0
      if age == eldest { bits |= oldest }
      if age == queue.ofTopic[Int(spell.topic) + 1][0] { bits |= oldestOfTopic }
      if age == queue.ofPriority[Int(spell.priority) + 1][0] { bits |= oldestOfPriority }
      if age == latest { bits |= newest }
      if longestHere != 0 && item == queue.byEntry[0] { bits |= longestHere }
      if spell.due == target { bits |= earliestTarget }
      if !spell.due.isPresent { bits |= withoutTarget }
      if spell.due.milliseconds < moment.raw { bits |= overdue }
      if escalated != 0 && escalations[Int(item)].milliseconds <= moment.raw { bits |= escalated }
      if spell.topic == last?.topic { bits |= sameTopic }
      if spell.manager == last?.manager { bits |= sameManager }
      sets.items.append(item)
      sets.flags.append(patterns.number(of: bits))
      for column in columns.dense {
        switch column {
        case .logWorkingWait:
          sets.dense.append(Float(log(1 + Double(max(0, moment.clock - spell.enteredClock)) / 3_600_000)))
        case .logElapsedWait:
          sets.dense.append(Float(log(1 + Double(max(0, moment.raw - spell.opened.milliseconds)) / 3_600_000)))
        case .logTimeToTarget:
          let hours = Self.timeToTarget(spell, moment) / 3_600_000
          sets.dense.append(Float(hours < 0 ? -log(1 - hours) : log(1 + hours)))
        case .daysToTarget:
          sets.dense.append(Float((Self.timeToTarget(spell, moment) / 86_400_000).clamped(to: -30...60)))
        case .logLengthIfOldest: sets.dense.append(age == eldest ? logLength : 0)
        case .logLengthIfNewest: sets.dense.append(age == latest ? logLength : 0)
        case .expectedEffort: sets.dense.append(columns.effort[Int(spell.topic) + 1])
        }
      }
      if isWeighted { sets.logWeights.append(sample.logWeights.isEmpty ? 0 : sample.logWeights[place]) }
    }
    sets.starts.append(sets.items.count)
  }
}

extension PartnerChoices {
  /// Milliseconds until the target, 0 without one.
  private static func timeToTarget(_ spell: RequestSpell, _ moment: Moment) -> Double {
    spell.due.isPresent ? Double(spell.due.milliseconds - moment.raw) : 0
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

  /// When the partner is taken to have turned to a request.
  enum Rule: Sendable {
    /// When the partner was free and the request was there.
    case whenFree
    /// When the reply was sent; wrong by the time that the work took, for comparison only.
    case whenSent
  }

  /// - Parameters:
  ///   - before: what the partner did last
  ///   - calendar: what the partner's clock runs by
  init(_ spell: RequestSpell, after before: RequestSpell?, _ calendar: WorkingCalendar, _ rule: Rule = .whenFree) {
    if rule == .whenSent {
      (raw, clock) = (spell.ended.milliseconds, spell.endedClock)
      return
    }
    if let before, before.ended >= spell.entered {
      (raw, clock) = (before.ended.milliseconds, before.endedClock)
    } else {
      (raw, clock) = (spell.entered.milliseconds, spell.enteredClock)
    }
    // The work took working time, so it began in hours; a reply of the night was begun at night.
    if spell.endedClock > clock, let opening = calendar.opening(notBefore: Instant(milliseconds: raw)) {
      raw = opening.milliseconds
    }
  }

  /// Whether a spell was in the partner's hands.
  func hasBegun(_ spell: RequestSpell) -> Bool { spell.entered.milliseconds <= raw }

  /// Whether it was no longer.
  func hasEnded(_ spell: RequestSpell) -> Bool { spell.ended.milliseconds <= raw }
}
