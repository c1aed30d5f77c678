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
  /// What the data can't tell apart, in words.
  var notes: [String] = []

  private var managerOfPair: [Int] = []
  private var partnerOfPair: [Int] = []

  /// Most levels that may stay in the dense block of the fit.
  static let mostDenseLevels = 500

  init(_ cells: TimingCells) {
    let managerIndex = Dictionary(uniqueKeysWithValues: cells.managers.enumerated().map { ($1, $0) })
    let partnerIndex = Dictionary(uniqueKeysWithValues: cells.partners.enumerated().map { ($1, $0) })
    managerOfPair = cells.pairs.map { managerIndex[$0.manager]! }
    partnerOfPair = cells.pairs.map { partnerIndex[$0.partner]! }
    let (pairCount, managerCount, partnerCount) = (cells.pairs.count, cells.managers.count, cells.partners.count)
    let rows = cells.responses.observations

    // Months within pairs: only where a month holds several requests.
    if cells.pairMonthCount > pairCount && Double(cells.pairMonthCount) < 0.7 * rows {
      pairMonth = add("pair:month", cells.pairMonthOfCell, cells.pairMonthCount)
      adjustments.append("busy and quiet months of the pair")
    }
    let managerCodes = cells.pairOfCell.map { Int32(managerOfPair[Int($0)]) }
    let partnerCodes = cells.pairOfCell.map { Int32(partnerOfPair[Int($0)]) }
    if pairCount > managerCount && pairCount > partnerCount {
      pair = add("manager:partner", cells.pairOfCell, pairCount)
    } else {
      notes.append(
        pairCount == managerCount
          ? "every manager has one partner only, so that manager and pair can't be told apart"
          : "every partner has one manager only, so that partner and pair can't be told apart")
    }
    if managerCount > 1 && (pair != nil || pairCount == managerCount) {
      manager = add("manager", managerCodes, managerCount)
    }
    if partnerCount > 1 && (pair != nil || pairCount > partnerCount) {
      partner = add("partner", partnerCodes, partnerCount)
    }

    // Each partner's own way with priorities and topics.
    var room = Self.mostDenseLevels - min(managerCount, partnerCount)
    for (index, category) in cells.categories.enumerated() where ["priority", "topic"].contains(category.name) {
      guard partnerCount > 1, partnerCount < managerCount else { continue }
      let crossed = Grouping.crossing(
        Grouping(name: "partner", codes: partnerCodes, levelCount: partnerCount),
        Grouping(name: category.name, codes: cells.levelsOfCell[index], levelCount: category.levels.count)
      ).grouping
      if crossed.levelCount <= room {
        room -= crossed.levelCount
        groupings.append(crossed)
        adjustments.append("each partner's own way with \(category.name)")
      } else {
        notes.append(
          "each partner's own way with \(category.name) is not adjusted for: \(crossed.levelCount) combinations are too many"
        )
      }
    }
    if managerCount > Self.mostDenseLevels && partnerCount > Self.mostDenseLevels {
      notes.append("with \(managerCount) managers and \(partnerCount) partners the fit is slow")
    }
  }

  private mutating func add(_ name: String, _ codes: [Int32], _ count: Int) -> Int {
    groupings.append(Grouping(name: name, codes: codes, levelCount: count))
    return groupings.count - 1
  }

  /// How a pair is treated relative to its partner's usual: manager and pair together.
  func treatment(ofPair index: Int) -> LinearCombination {
    var terms: [LinearCombination.Term] = []
    if let pair { terms.append(LinearCombination.Term(group: pair, level: index, weight: 1)) }
    if let manager { terms.append(LinearCombination.Term(group: manager, level: managerOfPair[index], weight: 1)) }
    return LinearCombination(effects: terms)
  }

  /// What stands for the pair where it can't be told from manager or partner.
  var releasedInstead: Int { manager ?? partner ?? 0 }

  /// Its level.
  func levelReleasedInstead(ofPair index: Int) -> Int { manager != nil ? managerOfPair[index] : partnerOfPair[index] }

  /// Positions of a pair's manager and partner among those that occur.
  func manager(ofPair index: Int) -> Int { managerOfPair[index] }
  func partner(ofPair index: Int) -> Int { partnerOfPair[index] }
}
