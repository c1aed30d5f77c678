import RapportIngestion
import RapportNumerics

/// Some months of a period.
struct MonthSelection: Equatable, Sendable {
  private let first: Month
  private let isSelected: [Bool]

  /// All months of a period.
  init(_ period: ClosedRange<Month>) { self.init(period, period) }

  /// Those of a period's months that lie in this range.
  init(_ period: ClosedRange<Month>, _ range: ClosedRange<Month>) {
    first = period.lowerBound
    isSelected = period.map { range.contains($0) }
  }

  private init(_ first: Month, _ isSelected: [Bool]) { (self.first, self.isSelected) = (first, isSelected) }

  /// Two halves of a period's months, drawn at random; of an odd number the second has one more, as in
  /// ``FactorStudySettings/halves(_:)``.
  static func randomHalves(_ period: ClosedRange<Month>, _ stream: inout RandomStream) -> [MonthSelection] {
    var places = Array(0..<(period.upperBound.index - period.lowerBound.index + 1))
    stream.shuffle(&places, in: places.indices)
    var isFirst = [Bool](repeating: false, count: places.count)
    for place in places.prefix(places.count / 2) { isFirst[place] = true }
    return [MonthSelection(period.lowerBound, isFirst), MonthSelection(period.lowerBound, isFirst.map { !$0 })]
  }

  var count: Int { isSelected.count { $0 } }
  /// Whether none of the period's months is left out.
  var isWhole: Bool { !isSelected.contains(false) }

  func contains(_ month: Month) -> Bool {
    let place = month.index - first.index
    return isSelected.indices.contains(place) && isSelected[place]
  }
}
