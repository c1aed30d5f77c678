import Glibc
import RapportIngestion
import RapportNumerics

/// A cohort's requests as cells: rows that share pair, month and every category are summed.
struct TimingCells: Sendable {
  /// Each pair's manager and partner; by manager, then partner.
  var pairs: [(manager: Int, partner: Int)] = []
  /// Codes that occur, ascending; groups number them in this order.
  var managers: [Int] = []
  var partners: [Int] = []
  /// The rows' categories, constants left out.
  var categories: [PooledCategory] = []
  /// Every category's number of pooled levels.
  var pooledLevels: [String: Int] = [:]

  /// Each row's cell.
  var cellOfRow: [Int32] = []
  /// Each cell's pair, and its pair in a month.
  var pairOfCell: [Int32] = []
  var pairMonthOfCell: [Int32] = []
  var pairMonthCount = 0
  /// The month of each pair in a month, from the history's first.
  var monthOfPairMonth: [Int32] = []
  /// Each cell's level of each category.
  var levelsOfCell: [[Int32]] = []
  /// All rows, and the answered ones alone.
  var responses = ResponseCells(counts: [], sums: [], squares: [])
  var answered = ResponseCells(counts: [], sums: [], squares: [])

  init(_ cohort: TimingCohort, _ history: History) {
    let rows = cohort.spells.indices
    let spells = cohort.spells.map { history.spells[$0] }
    addCategories(cohort, spells, history)

    // Pairs in order.
    let partnerCount = history.partners.count
    let pairKeys = spells.map { Int($0.manager) * partnerCount + Int($0.partner) }
    let sortedPairs = Set(pairKeys).sorted()
    let pairCode = Dictionary(uniqueKeysWithValues: sortedPairs.enumerated().map { ($1, $0) })
    pairs = sortedPairs.map { ($0 / partnerCount, $0 % partnerCount) }
    managers = Set(pairs.map(\.manager)).sorted()
    partners = Set(pairs.map(\.partner)).sorted()

    // A key per row: pair, month, then one digit per category.
    let firstMonth = history.months.lowerBound.index
    let monthCount = max(1, history.months.upperBound.index - firstMonth + 1)
    var keys = rows.map { row in
      pairCode[pairKeys[row]]! * monthCount + min(max(0, spells[row].openedMonth.index - firstMonth), monthCount - 1)
    }
    for category in categories {
      for row in rows { keys[row] = keys[row] * category.levels.count + Int(category.codes[row]) }
    }
    let order = rows.sorted { (keys[$0], $0) < (keys[$1], $1) }
    cellOfRow = [Int32](repeating: 0, count: rows.count)
    levelsOfCell = categories.map { _ in [] }
    var last = -1
    var lastPairMonth = -1
    for row in order {
      if keys[row] != last {
        last = keys[row]
        let pair = pairCode[pairKeys[row]]!
        let pairMonth = pair * monthCount + min(max(0, spells[row].openedMonth.index - firstMonth), monthCount - 1)
        if pairMonth != lastPairMonth {
          lastPairMonth = pairMonth
          pairMonthCount += 1
          monthOfPairMonth.append(Int32(pairMonth % monthCount))
        }
        pairOfCell.append(Int32(pair))
        pairMonthOfCell.append(Int32(pairMonthCount - 1))
        for (index, category) in categories.enumerated() { levelsOfCell[index].append(category.codes[row]) }
        for path in [\TimingCells.responses, \TimingCells.answered] {
          self[keyPath: path].counts.append(0)
          self[keyPath: path].sums.append(0)
          self[keyPath: path].squares.append(0)
        }
      }
      let cell = pairOfCell.count - 1
      cellOfRow[row] = Int32(cell)
      let y = cohort.responses[row]
      responses.add(y, to: cell)
      if cohort.answered[row] { answered.add(y, to: cell) }
    }
  }

  private mutating func addCategories(_ cohort: TimingCohort, _ spells: [RequestSpell], _ history: History) {
    let firstQuarter = history.months.lowerBound.index / 3
    let quarters = (firstQuarter...max(firstQuarter, history.months.upperBound.index / 3)).map {
      "\($0 / 4)-Q\($0 % 4 + 1)"
    }
    let all: [(name: String, names: [String], codes: [Int32])] = [
      ("priority", history.priorities, spells.map(\.priority)),
      ("topic", history.topics, spells.map(\.topic)),
      ("channel", history.channels, spells.map(\.channel)),
      ("arrival", ArrivalBand.names, spells.map { ArrivalBand.code(hourOfWeek: $0.hourOfWeek) }),
      ("backlog", BacklogBand.names, spells.map { BacklogBand.code($0.backlogAtArrival) }),
      (
        "quarter", quarters,
        spells.map { Int32(min(max(0, $0.openedMonth.index / 3 - firstQuarter), quarters.count - 1)) }
      ),
    ]
    for (name, names, codes) in all {
      let category = PooledCategory(name: name, names: names, codes: codes, answered: cohort.answered)
      if category.pooled > 0 { pooledLevels[name] = category.pooled }
      if category.levels.count > 1 { categories.append(category) }
    }
  }
}

extension ResponseCells {
  /// One more row in a cell.
  mutating func add(_ y: Double, to cell: Int) {
    counts[cell] += 1
    sums[cell] += y
    squares[cell] += y * y
  }
}
