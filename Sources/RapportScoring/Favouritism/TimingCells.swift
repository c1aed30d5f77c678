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
    addCategories(cohort, history)
    let (spells, rowCount) = (history.spells, cohort.spells.count)

    // Pairs in order.
    let partnerCount = history.partners.count
    let pairKeys = cohort.spells.map { UInt64(Int(spells[$0].manager) * partnerCount + Int(spells[$0].partner)) }
    var pairOfRow = [Int32](repeating: 0, count: rowCount)
    var lastPair: UInt64?
    for row in Self.order(pairKeys) {
      let key = pairKeys[row]
      if key != lastPair {
        lastPair = key
        pairs.append((Int(key) / partnerCount, Int(key) % partnerCount))
      }
      pairOfRow[row] = Int32(pairs.count - 1)
    }
    managers = Set(pairs.map(\.manager)).sorted()
    partners = Set(pairs.map(\.partner)).sorted()

    // A key per row: pair, month, then one digit per category.
    let firstMonth = history.months.lowerBound.index
    let monthCount = max(1, history.months.upperBound.index - firstMonth + 1)
    let pairMonths = zip(pairOfRow, cohort.spells).map { pair, spell in
      Int(pair) * monthCount + min(max(0, spells[spell].openedMonth.index - firstMonth), monthCount - 1)
    }
    var keys = pairMonths.map { UInt64($0) }
    for category in categories {
      let (levelCount, codes) = (UInt64(category.levels.count), category.codes)
      for row in keys.indices { keys[row] = keys[row] * levelCount + UInt64(codes[row]) }
    }
    // Cells, each with its first row.
    let order = Self.order(keys)
    var firstRows: [Int] = []
    cellOfRow = [Int32](repeating: 0, count: rowCount)
    for row in order {
      if firstRows.last.map({ keys[$0] != keys[row] }) ?? true { firstRows.append(row) }
      cellOfRow[row] = Int32(firstRows.count - 1)
    }
    pairOfCell = firstRows.map { pairOfRow[$0] }
    levelsOfCell = categories.map { category in
      let codes = category.codes
      return firstRows.map { codes[$0] }
    }
    var lastPairMonth = -1
    pairMonthOfCell.reserveCapacity(firstRows.count)
    for row in firstRows {
      if pairMonths[row] != lastPairMonth {
        lastPairMonth = pairMonths[row]
        pairMonthCount += 1
        monthOfPairMonth.append(Int32(lastPairMonth % monthCount))
      }
      pairMonthOfCell.append(Int32(pairMonthCount - 1))
    }
    responses = Self.sums(cohort, cellOfRow, count: firstRows.count, order: order)
    answered = Self.sums(cohort, cellOfRow, count: firstRows.count, order: order.filter { cohort.answered[$0] })
  }

  /// Rows in the order of their keys, those of one key as they stand.
  static func order(_ keys: [UInt64]) -> [Int] {
    // Numbers alone sort several times as fast: each key with its row in the lowest bits, where there is room for both.
    let bits = UInt64.bitWidth - keys.count.leadingZeroBitCount
    guard let highest = keys.max(), highest.leadingZeroBitCount >= bits else {
      return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    }
    var packed = keys.enumerated().map { $1 << UInt64(bits) | UInt64($0) }
    packed.sortByRadix()
    return packed.map { Int($0 & (1 << UInt64(bits) - 1)) }
  }

  /// Sums of these rows' responses by cell, added in this order.
  private static func sums(_ cohort: TimingCohort, _ cells: [Int32], count: Int, order: [Int]) -> ResponseCells {
    var counts = [Double](repeating: 0, count: count)
    var (sums, squares) = (counts, counts)
    for row in order {
      let (cell, y) = (Int(cells[row]), cohort.responses[row])
      counts[cell] += 1
      sums[cell] += y
      squares[cell] += y * y
    }
    return ResponseCells(counts: counts, sums: sums, squares: squares)
  }

  private mutating func addCategories(_ cohort: TimingCohort, _ history: History) {
    let firstQuarter = history.months.lowerBound.index / 3
    let quarters = (firstQuarter...max(firstQuarter, history.months.upperBound.index / 3)).map {
      "\($0 / 4)-Q\($0 % 4 + 1)"
    }
    let (spells, rows) = (history.spells, cohort.spells)
    let all: [(name: String, names: [String], codes: [Int32])] = [
      ("priority", history.priorities, rows.map { spells[$0].priority }),
      ("topic", history.topics, rows.map { spells[$0].topic }),
      ("channel", history.channels, rows.map { spells[$0].channel }),
      ("arrival", ArrivalBand.names, rows.map { ArrivalBand.code(hourOfWeek: spells[$0].hourOfWeek) }),
      ("backlog", BacklogBand.names, rows.map { BacklogBand.code(spells[$0].backlogAtArrival) }),
      (
        "quarter", quarters,
        rows.map { Int32(min(max(0, spells[$0].openedMonth.index / 3 - firstQuarter), quarters.count - 1)) }
      ),
    ]
    for (name, names, codes) in all {
      let category = PooledCategory(name: name, names: names, codes: codes, answered: cohort.answered)
      if category.pooled > 0 { pooledLevels[name] = category.pooled }
      if category.levels.count > 1 { categories.append(category) }
    }
  }
}
