import RapportIngestion

/// What a manager's requests to a partner are and nobody else's, so that neither can be told from the other.
///
/// Where one manager asks nothing but topics that nobody else asks, how readily these are picked and how readily the manager's requests
/// are is one number. More requests of the same kind tell it better, and never whose it is. Where two in five are of what
/// others ask too, more of them tell the one from the other.
struct OwnLevels: Sendable {
  /// What requests are compared by that is theirs for good, or for nearly all of their wait.
  enum Category: String, Sendable, CaseIterable {
    case topic, priority, channel, target, escalation
  }

  /// The levels of one category that belong to one pair.
  struct Pair: Sendable, Equatable {
    var category: Category
    /// The commonest first.
    var names: [String]
    /// The share of the manager's requests to the partner that are of these levels.
    var share: Double
    /// Whether none of others' requests is.
    var isExclusive: Bool
  }

  /// From this share of its requests on a level belongs to one manager, and from this share of them on a manager to its levels.
  static let belonging = 0.95

  /// By partner, then manager.
  private let pairs: [Int: [Int: Pair]]

  /// Looks through all requests.
  init(_ history: History) {
    let requests = history.spells.indices.filter { history.spells[$0].asker == .manager }
    let answered = requests.map { history.spells[$0].outcome == .answered }
    var found: [Int: [Int: Pair]] = [:]
    for category in Category.allCases {
      guard let column = Self.column(category, history, requests, answered) else { continue }
      // Spells are in the order of partners.
      var position = 0
      while position < requests.count {
        let (partner, first) = (history.spells[requests[position]].partner, position)
        var counts = Counts(levels: column.names.count)
        while position < requests.count, history.spells[requests[position]].partner == partner {
          counts.add(
            manager: history.spells[requests[position]].manager, level: column.levels[position],
            touched: column.touched[position])
          position += 1
        }
        guard partner >= 0 else { continue }
        for (manager, own) in counts.managers where manager >= 0 {
          guard let pair = counts.pair(own, of: position - first, column),
            pair.share > found[Int(partner)]?[Int(manager)]?.share ?? 0
          else { continue }
          found[Int(partner), default: [:]][Int(manager)] = pair
        }
      }
    }
    pairs = found
  }

  /// What belongs to this pair: of several categories the one that most of its requests are of, of equal ones the first in the order of
  /// ``Category``; `nil` where none does.
  func pair(manager: Int, partner: Int) -> Pair? { pairs[partner]?[manager] }

  /// One category of all requests.
  private struct Column {
    var category: Category
    var names: [String]
    /// Each request's level for nearly all of its wait, and that which it had at any time; −1 without one.
    var levels: [Int32]
    var touched: [Int32]
  }

  /// A category as ``QueueColumns`` has it; `nil` where all requests are alike in it.
  private static func column(
    _ category: Category, _ history: History, _ requests: [Int], _ answered: [Bool]
  ) -> Column? {
    func pooled(_ names: [String], _ code: KeyPath<RequestSpell, Int32>) -> Column? {
      let pooled = PooledCategory(
        name: category.rawValue, names: names, codes: requests.map { history.spells[$0][keyPath: code] },
        answered: answered, mostLevels: QueueColumns.mostLevels)
      guard pooled.levels.count > 1 else { return nil }
      return Column(category: category, names: pooled.levels, levels: pooled.codes, touched: pooled.codes)
    }
    switch category {
    case .topic: return pooled(history.topics, \.topic)
    case .priority: return pooled(history.priorities, \.priority)
    case .channel: return pooled(history.channels, \.channel)
    case .target:
      let levels: [Int32] = requests.map { history.spells[$0].due.isPresent ? 1 : 0 }
      guard levels.contains(0), levels.contains(1) else { return nil }
      return Column(category: category, names: ["without a target", "given a target"], levels: levels, touched: levels)
    case .escalation:
      guard !history.escalations.isEmpty else { return nil }
      var levels = [Int32](repeating: -1, count: requests.count)
      var touched = levels
      for (row, index) in requests.enumerated() {
        let spell = history.spells[index]
        guard let escalation = history.escalations[spell.request], escalation <= spell.ended else { continue }
        touched[row] = 0
        let wait = Double(spell.ended.milliseconds - spell.entered.milliseconds)
        let rest = Double(spell.ended.milliseconds - max(spell.entered, escalation).milliseconds)
        if rest >= belonging * wait { levels[row] = 0 }
      }
      return Column(category: category, names: ["escalated"], levels: levels, touched: touched)
    }
  }

  /// One partner's requests by level of one category.
  private struct Counts {
    /// Of one manager: requests, those of each level, and those that it touched.
    struct Own {
      var requests = 0
      var levels: [Int]
      var touched: [Int]

      init(levels count: Int) {
        levels = [Int](repeating: 0, count: count)
        touched = levels
      }

      mutating func add(level: Int32, touched place: Int32) {
        requests += 1
        if level >= 0 { levels[Int(level)] += 1 }
        if place >= 0 { touched[Int(place)] += 1 }
      }
    }
    /// By manager.
    var managers: [Int32: Own] = [:]
    /// Everybody's requests that a level touched.
    var touched: [Int]

    init(levels count: Int) { touched = [Int](repeating: 0, count: count) }

    mutating func add(manager: Int32, level: Int32, touched place: Int32) {
      let count = touched.count
      if place >= 0 { touched[Int(place)] += 1 }
      managers[manager, default: Own(levels: count)].add(level: level, touched: place)
    }

    /// The levels that belong to one manager, where its requests belong to them as well and those of others hardly do.
    ///
    /// Of a manager who asks nearly all there is the commonest levels are nearly its own, and tell it from others all the same: theirs
    /// are of them too.
    func pair(_ own: Own, of all: Int, _ column: Column) -> Pair? {
      let levels = own.levels.indices.filter {
        own.levels[$0] > 0 && Double(own.touched[$0]) >= OwnLevels.belonging * Double(touched[$0])
      }
      let mine = levels.reduce(0) { $0 + own.levels[$1] }
      let others = levels.reduce(0) { $0 + touched[$1] - own.touched[$1] }
      guard mine > 0, all > own.requests, Double(mine) >= OwnLevels.belonging * Double(own.requests),
        Double(others) <= (1 - OwnLevels.belonging) * Double(all - own.requests)
      else { return nil }
      return Pair(
        category: column.category,
        names: levels.sorted { (-own.levels[$0], $0) < (-own.levels[$1], $1) }.map { column.names[$0] },
        share: Double(mine) / Double(own.requests), isExclusive: others == 0)
    }
  }
}
