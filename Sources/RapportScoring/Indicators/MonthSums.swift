import RapportIngestion

/// Sums by unit and calendar month.
struct MonthSums<Sum: AdditiveArithmetic & Sendable>: Sendable {
  let unitCount: Int
  private let first: Int
  private let monthCount: Int
  private let tellsMonths: Bool
  /// `sums[unit * monthCount + month]`
  private var sums: [Sum]

  /// - Parameter months: `nil` where nobody asks for some of them, so that all are one.
  init(unitCount: Int, months: ClosedRange<Month>?) {
    self.unitCount = unitCount
    first = months?.lowerBound.index ?? 0
    monthCount = months.map { $0.upperBound.index - $0.lowerBound.index + 1 } ?? 1
    tellsMonths = months != nil
    sums = Array(repeating: .zero, count: unitCount * monthCount)
  }

  /// Adds to a unit's month; unit −1 is none.
  @inline(__always) mutating func add(_ unit: Int, _ month: Month, _ amount: Sum) {
    let place = tellsMonths ? month.index - first : 0
    guard unit >= 0, place >= 0, place < monthCount else { return }
    sums[unit * monthCount + place] += amount
  }

  /// Where these months stand, ascending.
  func places(_ months: MonthSelection) -> [Int] {
    precondition(tellsMonths || months.isWhole, "months were not told apart")
    return (0..<monthCount).filter { !tellsMonths || months.contains(Month(index: first + $0)) }
  }

  @inline(__always) func sum(_ unit: Int, _ place: Int) -> Sum { sums[unit * monthCount + place] }

  /// By unit, over these months.
  func totals(_ months: MonthSelection) -> [Sum] {
    let places = places(months)
    return (0..<unitCount).map { unit in places.reduce(into: .zero) { $0 += sum(unit, $1) } }
  }
}

extension MonthSums<Int32> {
  /// Adds one.
  @inline(__always) mutating func add(_ unit: Int, _ month: Month) { add(unit, month, 1) }

  /// By unit, over these months.
  func counts(_ months: MonthSelection) -> [Double] { totals(months).map { Double($0) } }
}
