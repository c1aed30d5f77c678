import RapportIngestion
import RapportNumerics

/// Which indicators and managers take part in a factor study, and why the others don't.
struct IndicatorScreening {
  /// Columns of the table that take part.
  var columns: [Int]
  /// Rows of the table that take part.
  var rows: [Int]
  var leftOut: [FactorStudy.LeftOut]

  /// The values of those rows and columns.
  func values(_ table: [[Double?]]) -> [[Double?]] {
    rows.map { row in columns.map { table[row][$0] } }
  }

  /// Applies the coverage rules in the order in which they are written here.
  init(_ table: IndicatorTable, settings: FactorStudySettings) {
    let managers = table.managers.count
    let needed = Int((settings.smallestCoverage * Double(managers)).rounded(.up))
    var kept: [Int] = []
    var leftOut: [FactorStudy.LeftOut] = []
    for (column, indicator) in table.indicators.enumerated() {
      let values = table.values.compactMap { $0[column] }
      if values.isEmpty {
        leftOut.append(.init(indicator: indicator.name, reason: "not measured"))
      } else if values.count < needed {
        leftOut.append(
          .init(
            indicator: indicator.name,
            reason: "measured for \(values.count.grouped) of \(managers.grouped) managers; \(needed.grouped) are needed"
          ))
      } else if Self.isConstant(values) {
        let reason = values.count == 1 ? "measured for one manager only" : "the same for every manager"
        leftOut.append(.init(indicator: indicator.name, reason: reason))
      } else {
        kept.append(column)
      }
    }
    // Pairs that are hardly ever measured together have no correlation to speak of: the less measured one goes. With
    // fewer managers altogether there is no study anyway, and its reason is the number of managers.
    while managers >= settings.smallestManagers,
      let weak = Self.weakestOfScarcePairs(table.values, kept, smallest: settings.smallestPair)
    {
      kept.removeAll { $0 == weak.column }
      leftOut.append(
        .init(
          indicator: table.indicators[weak.column].name,
          reason: "measured together with \(table.indicators[weak.other].name) for \(weak.count) managers; "
            + "\(settings.smallestPair) are needed"))
    }
    columns = kept
    // A single value tells nothing about correlations.
    rows = table.values.indices.filter { row in kept.filter { table.values[row][$0] != nil }.count >= 2 }
    self.leftOut = leftOut
    // Rows that went may have carried all the variation of a column.
    for column in columns where Self.isConstant(rows.compactMap { table.values[$0][column] }) {
      columns.removeAll { $0 == column }
      self.leftOut.append(
        .init(
          indicator: table.indicators[column].name,
          reason: "the same for every manager with at least two measured indicators"))
    }
  }

  private static func isConstant(_ values: [Double]) -> Bool {
    guard let low = values.min(), let high = values.max() else { return true }
    return high - low <= 1e-9 * max(1, abs(low), abs(high))
  }

  private static func weakestOfScarcePairs(
    _ values: [[Double?]], _ columns: [Int], smallest: Int
  ) -> (column: Int, other: Int, count: Int)? {
    for (i, first) in columns.enumerated() {
      for second in columns[..<i] {
        let both = values.reduce(0) { $0 + ($1[first] != nil && $1[second] != nil ? 1 : 0) }
        if both >= smallest { continue }
        func measured(_ column: Int) -> Int { values.reduce(0) { $0 + ($1[column] != nil ? 1 : 0) } }
        return measured(first) <= measured(second) ? (first, second, both) : (second, first, both)
      }
    }
    return nil
  }

  /// The columns of a correlation matrix that the columns before them determine, but for a hundredth of their variance.
  static func dependentColumns(_ correlation: Matrix) -> [Int] {
    var kept: [Int] = []
    var dependent: [Int] = []
    for column in 0..<correlation.columns {
      guard !kept.isEmpty else {
        kept.append(column)
        continue
      }
      let cross = kept.map { correlation[$0, column] }
      guard let factor = try? Cholesky(correlation.selecting(rows: kept).selecting(columns: kept)) else { continue }
      let explained = dot(cross, factor.solve(cross))
      if 1 - explained < 0.01 { dependent.append(column) } else { kept.append(column) }
    }
    return dependent
  }
}
