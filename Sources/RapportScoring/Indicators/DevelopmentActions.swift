import RapportIngestion

/// Trainings per exposed quarter.
enum DevelopmentActions {
  /// A quarter is 91.3 exposed days of the unit; a partner's trainings are held against the days of the partner's pairs.
  static func evidence(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.training) else { return nil }
    var trainings = level.counts(history)
    var fromDevelopment = [Double](repeating: 0, count: level.count)
    let functions = history.partnerFunctions
    for contact in history.contacts where contact.kind == .training && history.isCounted(contact) {
      let unit = contact.partner < 0 && level.kind != .manager ? -1 : level.unit(contact.manager, contact.partner)
      guard unit >= 0 else { continue }
      trainings.add(unit, contact.month)
      if contact.partner >= 0, let functions, functions[Int(contact.partner)] == .learningAndDevelopment {
        fromDevelopment[unit] += 1
      }
    }
    let (period, read) = (history.months, history.months(of: .training))
    let (managerDays, counted) = (history.exposure.managerDays, trainings)
    return MonthlyEvidence(
      period, details: functions == nil ? [] : [("fromLearningAndDevelopment", fromDevelopment)]
    ) { selection in
      let isSelected = period.map { read.contains($0) && selection.contains($0) }
      var days = [Double](repeating: 0, count: level.count)
      var months = [Int](repeating: 0, count: level.count)
      func expose(_ unit: Int, _ daysByMonth: [UInt8]) {
        guard unit < level.count else { return }
        for (day, isSelected) in zip(daysByMonth, isSelected) where isSelected {
          days[unit] += Double(day)
          if Int(day) >= MonthTable.leastDays { months[unit] += 1 }
        }
      }
      switch level.kind {
      case .manager: for (unit, row) in managerDays.enumerated() { expose(unit, row) }
      case .pair: for (unit, row) in level.pairs.days.enumerated() { expose(unit, row) }
      case .partner: for (pair, row) in level.pairs.days.enumerated() { expose(Int(level.pairs.partners[pair]), row) }
      }
      let trainings = counted.counts(selection)
      guard trainings.contains(where: { $0 > 0 }), days.contains(where: { $0 > 0 }) else { return nil }
      return IndicatorEvidence(
        indicator: .developmentActions, measure: .rate(events: trainings, exposure: days.map { $0 / 91.3125 }),
        counts: months, details: [("trainings", trainings), ("exposedDays", days)])
    }
  }
}
