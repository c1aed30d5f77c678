import RapportIngestion

/// What makes open requests differ besides who asked: the columns of the queue-choice model.
///
/// Dense columns come first, then flags, then levels of categories, as ``ChoiceSets`` wants them. What the input can't
/// tell has no column: no target, no `overdue`; one topic, no `sameTopic`.
///
/// Source: METHODS.md §5. Differs: `sameManager` is added (answering one person's requests in a row is a habit, not a
/// preference), waiting enters by both clocks where a working calendar or passing on makes them differ, and rules of order that
/// have nothing to do with persons are added, each where the log can tell it: the newest first, the earliest target first, what has
/// lain here longest, what was escalated. Without them whoever asks late in the day, or sets short targets, seemed to be favoured
/// in every organisation whose partners go by such a rule (<doc:Validity>).
struct QueueColumns: Sendable {
  /// A number that changes while a request waits.
  enum Dense: String, Sendable {
    case logWorkingWait, logElapsedWait, expectedEffort
    /// sign(h) log(1 + |h|), h the hours until the target, below 0 once it is past; 0 without one.
    case logTimeToTarget
    /// Days until the target, below 0 once it is past, between −30 and 60; 0 without one.
    case daysToTarget
    /// log of how many requests are open, in tens, of the oldest, or the newest, of them; 0 of others. Who takes the oldest as a rule,
    /// and any of n else, picks it with odds that grow with n (``ChoiceSummary/usualLength``).
    case logLengthIfOldest, logLengthIfNewest
  }
  /// Something that is true or not at the moment of the choice.
  enum Flag: String, Sendable, CaseIterable {
    case oldest, oldestOfTopic, oldestOfPriority, newest
    /// Which has been this partner's for longest; as `oldest`, unless requests are passed on.
    case longestHere
    case earliestTarget, withoutTarget, overdue, escalated, sameTopic, sameManager
  }

  var dense: [Dense] = [.logWorkingWait]
  var flags: [Flag] = []
  /// Category columns per spell of the history, `categoryCount` of them; −1 for the reference level.
  private(set) var spellColumns: [Int32] = []
  private(set) var categoryCount = 0
  /// Names of all columns, in order.
  private(set) var names: [String] = []
  /// The level that a category's others are compared with, by category.
  private(set) var references: [String: String] = [:]
  /// Rare levels that stand together, by category.
  private(set) var pooledLevels: [String: Int] = [:]
  /// Whether there is a working calendar; without one every hour is a working hour.
  let hasWorkingCalendar: Bool
  /// What a request that was passed over has in common with the one that was picked, besides the partner.
  let comparableBy: [String]
  /// log of the typical working hours that a topic takes, by topic code + 1; empty unless topics are pooled.
  private(set) var effort: [Float] = []

  /// A category in the model has at most so many levels of its own.
  static let mostLevels = 20

  init(_ history: History) {
    let requests = history.spells.indices.filter { history.spells[$0].asker == .manager }
    let answered = requests.map { history.spells[$0].outcome == .answered }
    func category(_ name: String, _ names: [String], _ code: KeyPath<RequestSpell, Int32>) -> PooledCategory {
      PooledCategory(
        name: name, names: names, codes: requests.map { history.spells[$0][keyPath: code] }, answered: answered,
        mostLevels: Self.mostLevels)
    }
    let all = [
      category("priority", history.priorities, \.priority), category("topic", history.topics, \.topic),
      category("channel", history.channels, \.channel),
    ]
    let categories = all.filter { $0.levels.count > 1 }
    for category in all where category.pooled > 0 { pooledLevels[category.name] = category.pooled }
    let arePassedOn = requests.contains { history.spells[$0].opened != history.spells[$0].entered }
    hasWorkingCalendar = history.hasWorkingCalendar
    if hasWorkingCalendar || arePassedOn { dense.append(.logElapsedWait) }
    let withTarget = requests.count { history.spells[$0].due.isPresent }
    if withTarget > 0 { dense += [.logTimeToTarget, .daysToTarget] }
    dense += [.logLengthIfOldest, .logLengthIfNewest]
    let escalations = history.escalations
    let areEscalated = !escalations.isEmpty && requests.contains { escalations[history.spells[$0].request] != nil }
    comparableBy = history.comparableBy
    let (severalTopics, severalPriorities) = (comparableBy.contains("topic"), comparableBy.contains("priority"))
    flags = Flag.allCases.filter { flag in
      switch flag {
      case .oldest, .newest, .sameManager: true
      case .longestHere: arePassedOn
      case .earliestTarget: withTarget > 0
      case .withoutTarget: withTarget > 0 && withTarget < requests.count
      case .escalated: areEscalated
      case .oldestOfTopic, .sameTopic: severalTopics
      case .oldestOfPriority: severalPriorities
      case .overdue: withTarget > 0
      }
    }
    if pooledLevels["topic"] != nil {
      effort = Self.effort(history)
      if !effort.isEmpty { dense.append(.expectedEffort) }
    }

    names = dense.map(\.rawValue) + flags.map(\.rawValue)
    categoryCount = categories.count
    spellColumns = [Int32](repeating: -1, count: history.spells.count * categoryCount)
    for (c, category) in categories.enumerated() {
      // The commonest level is what others are compared with.
      var counts = [Int](repeating: 0, count: category.levels.count)
      for code in category.codes { counts[Int(code)] += 1 }
      let reference = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) }!
      references[category.name] = category.levels[reference]
      let base = names.count
      for (level, name) in category.levels.enumerated() where level != reference {
        names.append("\(category.name)=\(name)")
      }
      for (row, spell) in requests.enumerated() {
        let code = Int(category.codes[row])
        if code != reference {
          spellColumns[spell * categoryCount + c] = Int32(base + code - (code > reference ? 1 : 0))
        }
      }
    }
  }

  /// A flag's bit; 0 where the input can't tell it.
  func bit(_ flag: Flag) -> UInt16 { flags.firstIndex(of: flag).map { 1 << $0 } ?? 0 }

  /// Typical handling time by topic, from gaps between a partner's replies while the next request was already waiting.
  ///
  /// Needed only where rare topics stand together and differ in effort; elsewhere each topic's own column tells it.
  private static func effort(_ history: History) -> [Float] {
    var sums = [Double](repeating: 0, count: history.topics.count + 1)
    var counts = sums
    var last: (partner: Int32, end: Int64)?
    let replies = history.spells.filter { $0.asker == .manager && $0.outcome == .answered && $0.partner >= 0 }
      .sorted { ($0.partner, $0.ended, $0.request) < ($1.partner, $1.ended, $1.request) }
    for spell in replies {
      if let before = last, before.partner == spell.partner, spell.enteredClock <= before.end,
        spell.endedClock > before.end
      {
        sums[Int(spell.topic) + 1] += WaitCurve.log(Double(spell.endedClock - before.end) / 3_600_000)
        counts[Int(spell.topic) + 1] += 1
      }
      last = (spell.partner, spell.endedClock)
    }
    let total = counts.reduce(0, +)
    guard total >= 100 else { return [] }
    let mean = sums.reduce(0, +) / total
    // Few gaps say little: five at the mean are added to each topic's own.
    return zip(sums, counts).map { Float(($0 - $1 * mean) / ($1 + 5)) }
  }

  /// What findings say the log can't tell, in words.
  var notAdjustedFor: [String] {
    let common = comparableBy
    let effort =
      common.isEmpty
      ? "how much work a request is"
      : "effort that \(common.joined(separator: " and ")) \(common.count == 1 ? "doesn't" : "don't") show"
    let knowsUrgency = common.contains("priority") || flags.contains(.overdue) || flags.contains(.escalated)
    return [effort, knowsUrgency ? "urgency agreed outside the log" : "how urgent a request is"]
  }

  /// What findings say was held equal, in words.
  var adjustedFor: [String] {
    var words = ["how long each had waited", "which was oldest or newest"]
    if flags.contains(.longestHere) { words.append("which had been the partner's for longest") }
    if flags.contains(.overdue) { words.append("how soon each was due, and being past the target") }
    if flags.contains(.escalated) { words.append("being escalated") }
    for category in ["priority", "topic", "channel"] where names.contains(where: { $0.hasPrefix("\(category)=") }) {
      words.append(category)
    }
    if flags.contains(.sameTopic) { words.append("working through one topic at a time") }
    words.append("answering one person's requests in a row")
    words.append("the partner's workload, absences and busy times")
    return words
  }
}

extension History {
  /// What requests are told apart by, so that those alike in it can be compared: of `topic` and `priority` those of which managers'
  /// requests have several.
  var comparableBy: [String] {
    func hasSeveral(_ code: KeyPath<RequestSpell, Int32>) -> Bool {
      guard let first = spells.first(where: { $0.asker == .manager }) else { return false }
      return spells.contains { $0.asker == .manager && $0[keyPath: code] != first[keyPath: code] }
    }
    return (hasSeveral(\.topic) ? ["topic"] : []) + (hasSeveral(\.priority) ? ["priority"] : [])
  }
}
