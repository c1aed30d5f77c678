import RapportIngestion

/// Categories that one manager's requests to a partner have nearly alone, so that neither can be told from the other.
///
/// Where a topic is asked by one manager and that manager asks hardly anything else, how readily the topic is picked and how
/// readily the manager's requests are is one number. More requests of the same kind tell it better, and never whose it is.
struct OwnLevels: Sendable {
  /// A level that belongs to one pair.
  struct Level: Sendable, Equatable {
    /// `topic`, `priority` or `channel`.
    var category: String
    var name: String
    /// The share of the partner's requests of this level that are the manager's.
    var share: Double
  }

  /// From this share on a level belongs to one manager.
  static let belonging = 0.95
  /// More than this share of the manager's requests to the partner have the level.
  static let most = 0.5

  /// By partner, then manager.
  private let levels: [Int: [Int: Level]]

  /// Looks through all requests; categories and their pooled levels are those of ``QueueColumns``.
  init(_ history: History) {
    let requests = history.spells.indices.filter { history.spells[$0].asker == .manager }
    let answered = requests.map { history.spells[$0].outcome == .answered }
    var found: [Int: [Int: Level]] = [:]
    let categories: [(name: String, names: [String], code: KeyPath<RequestSpell, Int32>)] = [
      ("topic", history.topics, \.topic), ("priority", history.priorities, \.priority),
      ("channel", history.channels, \.channel),
    ]
    for category in categories {
      let pooled = PooledCategory(
        name: category.name, names: category.names,
        codes: requests.map { history.spells[$0][keyPath: category.code] }, answered: answered,
        mostLevels: QueueColumns.mostLevels)
      guard pooled.levels.count > 1 else { continue }
      // Requests by partner, manager and level; spells are in the order of partners.
      var position = 0
      while position < requests.count {
        let partner = history.spells[requests[position]].partner
        var whole = [Int](repeating: 0, count: pooled.levels.count)
        var own: [Int32: [Int]] = [:]
        while position < requests.count, history.spells[requests[position]].partner == partner {
          let level = Int(pooled.codes[position])
          let manager = history.spells[requests[position]].manager
          whole[level] += 1
          if manager >= 0 {
            own[manager, default: [Int](repeating: 0, count: pooled.levels.count)][level] += 1
          }
          position += 1
        }
        guard partner >= 0 else { continue }
        for (manager, counts) in own {
          let level = counts.indices.max { counts[$0] < counts[$1] }!
          let share = Double(counts[level]) / Double(whole[level])
          guard share >= Self.belonging,
            Double(counts[level]) > Self.most * Double(counts.reduce(0, +)),
            found[Int(partner)]?[Int(manager)] == nil
          else { continue }
          found[Int(partner), default: [:]][Int(manager)] = Level(
            category: category.name, name: pooled.levels[level], share: share)
        }
      }
    }
    levels = found
  }

  /// The level that belongs to this pair, the first of topic, priority and channel; `nil` where none does.
  func level(manager: Int, partner: Int) -> Level? { levels[partner]?[manager] }
}
