import RapportIngestion
import RapportNumerics

/// Some months of a period.
struct MonthSelection: Equatable {
  private let first: Month
  private let isSelected: [Bool]

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

  func contains(_ month: Month) -> Bool {
    let place = month.index - first.index
    return isSelected.indices.contains(place) && isSelected[place]
  }
}

extension History {
  /// What began in these months, and who was there; the outcomes as they are known now. An alternative goes with the
  /// objection that it answers.
  func part(_ selection: MonthSelection) -> History {
    var part = self
    part.spells = spells.filter { selection.contains($0.openedMonth) }
    part.promises = promises.filter { selection.contains($0.madeMonth) }
    part.feedback = feedback.filter { selection.contains($0.givenMonth) }
    part.conflicts = conflicts.filter { selection.contains($0.openedMonth) }
    var months = contacts.map(\.month)
    for (objection, answer) in Alignment.answers(contacts) {
      if let answer { months[answer] = months[objection] }
    }
    part.contacts = zip(contacts, months).filter { selection.contains($1) }.map(\.0)
    func within(_ days: [UInt8]) -> [UInt8] {
      days.enumerated().map { selection.contains(self.months.lowerBound.advanced(by: $0)) ? $1 : 0 }
    }
    part.exposure = Exposure(
      managerDays: exposure.managerDays.map(within), partnerDays: exposure.partnerDays.map(within),
      pairs: exposure.pairs.map {
        .init(manager: $0.manager, partner: $0.partner, daysByMonth: within($0.daysByMonth))
      })
    return part
  }
}
