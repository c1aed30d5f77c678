import RapportIngestion

/// Trainings per exposed quarter.
enum DevelopmentActions {
  /// A quarter is 91.3 exposed days of the unit; a partner's trainings are held against the days of the partner's pairs.
  static func evidence(_ history: History, _ level: Level) -> MonthlyEvidence? {
    guard history.kinds.contains(.training) else { return nil }
    var rates = MonthRates(unitCount: level.count, months: history.months)
    var fromDevelopment = [Double](repeating: 0, count: level.count)
    let functions = history.partnerFunctions
    for contact in history.contacts where contact.kind == .training && history.isCounted(contact) {
      let unit = contact.partner < 0 && level.kind != .manager ? -1 : level.unit(contact.manager, contact.partner)
      guard unit >= 0 else { continue }
      rates.add(unit, contact.month)
      if contact.partner >= 0, let functions, functions[Int(contact.partner)] == .learningAndDevelopment {
        fromDevelopment[unit] += 1
      }
    }
    let (period, read) = (history.months, history.months(of: .training))
    var months = level.counts(history)
    func expose(_ unit: Int, _ daysByMonth: [UInt8]) {
      guard unit < level.count else { return }
      for (month, days) in zip(period, daysByMonth) where read.contains(month) {
        rates.add(unit, month, exposure: Int32(days))
        if Int(days) >= MonthTable.leastDays { months.add(unit, month) }
      }
    }
    switch level.kind {
    case .manager: for (unit, days) in history.exposure.managerDays.enumerated() { expose(unit, days) }
    case .pair: for (unit, days) in level.pairs.days.enumerated() { expose(unit, days) }
    case .partner: for (pair, days) in level.pairs.days.enumerated() { expose(Int(level.pairs.partners[pair]), days) }
    }
    let (counted, exposed) = (rates, months)
    return MonthlyEvidence(
      period, details: functions == nil ? [] : [("fromLearningAndDevelopment", fromDevelopment)]
    ) { months in
      let (trainings, days) = counted.totals(months)
      guard trainings.contains(where: { $0 > 0 }), days.contains(where: { $0 > 0 }) else { return nil }
      return IndicatorEvidence(
        indicator: .developmentActions, measure: .rate(events: trainings, exposure: days.map { $0 / 91.3125 }),
        counts: exposed.counts(months).map { Int($0) }, clustering: counted.clustering(months),
        details: [("trainings", trainings), ("exposedDays", days)])
    }
  }
}
