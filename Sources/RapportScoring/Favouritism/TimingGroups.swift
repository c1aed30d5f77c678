import RapportIngestion
import RapportNumerics

/// The random intercepts of the timing model and where each stands.
struct TimingGroups: Sendable {
  /// In the order of the model.
  var groupings: [Grouping] = []
  /// Positions in `groupings`; `nil` where the data can't tell the group from another.
  var pairMonth: Int?
  var pair: Int?
  var manager: Int?
  var partner: Int?
  /// What the groups adjust for besides the categories, in words.
  var adjustments: [String] = []
  /// What the data can't tell apart, in sentences.
  var notes: [String] = []

  private var managerOfPair: [Int] = []
  private var partnerOfPair: [Int] = []
  /// Each partner's level in the partner group: its own, or the last for all that were pooled.
  private var partnerLevels: [Int] = []

  /// Most levels that may stay in the dense block of the fit.
  static let mostDenseLevels = 600

  /// - Parameters: `mostDenseLevels`: so many levels may stay in the dense block of the fit.
  init(_ cells: TimingCells, mostDenseLevels: Int = Self.mostDenseLevels) {
    let managerIndex = Dictionary(uniqueKeysWithValues: cells.managers.enumerated().map { ($1, $0) })
    let partnerIndex = Dictionary(uniqueKeysWithValues: cells.partners.enumerated().map { ($1, $0) })
    managerOfPair = cells.pairs.map { managerIndex[$0.manager]! }
    partnerOfPair = cells.pairs.map { partnerIndex[$0.partner]! }
    let (pairCount, managerCount, partnerCount) = (cells.pairs.count, cells.managers.count, cells.partners.count)
    let rows = cells.responses.observations

    // Months within pairs: only where a month holds several requests.
    if cells.pairMonthCount > pairCount && Double(cells.pairMonthCount) < 0.7 * rows {
      pairMonth = add("pair:month", cells.pairMonthOfCell, cells.pairMonthCount)
    }
    let managerCodes = cells.pairOfCell.map { Int32(managerOfPair[Int($0)]) }
    let levelCount = poolPartners(cells, keeping: mostDenseLevels)
    let partnerCodes = cells.pairOfCell.map { Int32(partnerLevels[partnerOfPair[Int($0)]]) }
    if pairCount > managerCount && pairCount > partnerCount {
      pair = add("manager:partner", cells.pairOfCell, pairCount)
    } else {
      notes.append(
        pairCount == managerCount
          ? "Every manager has one partner only, so that manager and pair can't be told apart."
          : "Every partner has one manager only, so that partner and pair can't be told apart.")
    }
    if managerCount > 1 && (pair != nil || pairCount == managerCount) {
      manager = add("manager", managerCodes, managerCount)
    }
    if partnerCount > 1 && (pair != nil || pairCount > partnerCount) {
      partner = add("partner", partnerCodes, levelCount)
    }

    // Each partner's own way with priorities and topics.
    var room = mostDenseLevels - min(managerCount, levelCount)
    for (index, category) in cells.categories.enumerated() where ["priority", "topic"].contains(category.name) {
      guard levelCount > 1, levelCount < managerCount else { continue }
      let crossed = Grouping.crossing(
        Grouping(name: "partner", codes: partnerCodes, levelCount: levelCount),
        Grouping(name: category.name, codes: cells.levelsOfCell[index], levelCount: category.levels.count)
      ).grouping
      // Where each partner has one priority or topic only, its way with it is its own pace.
      guard crossed.levelCount > levelCount else { continue }
      if crossed.levelCount <= room {
        room -= crossed.levelCount
        _ = add(crossed.name, crossed.codes, crossed.levelCount)
      } else {
        notes.append(
          "Each partner's own way with \(category.name) is not adjusted for: \(crossed.levelCount) combinations are too many."
        )
      }
    }
  }

  /// Where there are too many of both managers and partners for a fit, the partners with the fewest requests share one
  /// level.
  ///
  /// - Returns: how many levels the partner group has.
  private mutating func poolPartners(_ cells: TimingCells, keeping limit: Int) -> Int {
    let count = cells.partners.count
    guard count > limit && cells.managers.count > limit else {
      partnerLevels = Array(0..<count)
      return count
    }
    var requests = [Double](repeating: 0, count: count)
    for (cell, pair) in cells.pairOfCell.enumerated() {
      requests[partnerOfPair[Int(pair)]] += cells.responses.counts[cell]
    }
    let largest = requests.indices.sorted { (-requests[$0], $0) < (-requests[$1], $1) }.prefix(limit - 1)
    partnerLevels = [Int](repeating: limit - 1, count: count)
    for (level, partner) in largest.sorted().enumerated() { partnerLevels[partner] = level }
    notes.append(
      "Of \(count) partners, the \(count - limit + 1) with the fewest requests share one level: their own pace isn't told apart."
    )
    return limit
  }

  /// What a group adjusts for, in words; `nil` of one that stands for somebody.
  private static func adjustment(_ name: String) -> String? {
    if name == "pair:month" { return "busy and quiet months of the pair" }
    guard name.hasPrefix("partner:") else { return nil }
    return "each partner's own way with \(name.dropFirst("partner:".count))"
  }

  /// Leaves out groups whose levels the categories tell already, as where each partner has a topic of its own: the likelihood knows
  /// nothing of their variances.
  ///
  /// - Returns: whether there was one.
  mutating func leaveOut(toldBy categories: [String], in fit: LinearMixedModelFit) -> Bool {
    let told = groupings.indices.filter { fit.components[$0].contrasts == 0 }
    guard !told.isEmpty else { return false }
    for index in told {
      notes.append(
        "What is adjusted for (\(categories.joined(separator: ", "))) tells the levels of '\(groupings[index].name)' already, so that "
          + "they have no effect of their own.")
      adjustments.removeAll { $0 == Self.adjustment(groupings[index].name) }
    }
    func moved(_ group: Int?) -> Int? {
      group.flatMap { group in told.contains(group) ? nil : group - told.count { $0 < group } }
    }
    (pairMonth, pair, manager, partner) = (moved(pairMonth), moved(pair), moved(manager), moved(partner))
    groupings = groupings.indices.filter { !told.contains($0) }.map { groupings[$0] }
    return true
  }

  private mutating func add(_ name: String, _ codes: [Int32], _ count: Int) -> Int {
    groupings.append(Grouping(name: name, codes: codes, levelCount: count))
    if let adjustment = Self.adjustment(name) { adjustments.append(adjustment) }
    return groupings.count - 1
  }

  /// Adds the effects of these groups to what is known of each cell.
  func addEffects(of indices: [Int], _ fit: LinearMixedModelFit, to sums: inout [Double]) {
    for index in indices {
      let (codes, effects) = (groupings[index].codes, fit.effects[index])
      for cell in sums.indices { sums[cell] += effects[Int(codes[cell])] }
    }
  }

  /// How a pair is treated relative to its partner's usual: manager and pair together.
  func treatment(ofPair index: Int) -> LinearCombination {
    var terms: [LinearCombination.Term] = []
    if let pair { terms.append(LinearCombination.Term(group: pair, level: index, weight: 1)) }
    if let manager { terms.append(LinearCombination.Term(group: manager, level: managerOfPair[index], weight: 1)) }
    return LinearCombination(effects: terms)
  }

  /// The pairs of each partner that has several, in the order of partners.
  var pairsByPartner: [[Int]] {
    Dictionary(grouping: partnerOfPair.indices) { partnerOfPair[$0] }.sorted { $0.key < $1.key }.map(\.value)
      .filter { $0.count > 1 }
  }

  /// The group and level that stand for a pair: its manager's or partner's where the pair can't be told from them, `nil` where these
  /// can't be told either, as where every partner serves one manager.
  func released(ofPair index: Int) -> (group: Int, level: Int)? {
    if let pair { return (pair, index) }
    if let manager { return (manager, managerOfPair[index]) }
    return partner.map { ($0, partnerLevels[partnerOfPair[index]]) }
  }

  /// The level of a partner in the partner group.
  func level(ofPartner index: Int) -> Int { partnerLevels[index] }

  /// Positions of a pair's manager and partner among those that occur.
  func manager(ofPair index: Int) -> Int { managerOfPair[index] }
  func partner(ofPair index: Int) -> Int { partnerOfPair[index] }
}
