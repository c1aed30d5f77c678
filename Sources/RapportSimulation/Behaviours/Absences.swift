import RapportIngestion

/// Leave and illness of managers and partners, as the calendar system tells them.
struct Absences {
  func play(_ organisation: Organisation, into log: inout EventLog) {
    for (m, manager) in organisation.managers.enumerated() {
      for absence in manager.absences where absence.start >= manager.joined && absence.start < manager.left {
        var event = SimulatedEvent(.absence, at: absence.start, actor: .manager, manager: m, partner: nil)
        event.dueOffset = Int32(absence.end - absence.start)
        log.append(event)
      }
    }
    // As exports do whose rows all name a manager, a partner's absence names one, whom it says nothing of: the first whom the partner
    // serves throughout.
    var served = [Int?](repeating: nil, count: organisation.partners.count)
    for pair in organisation.pairs where served[pair.partner] == nil {
      let manager = organisation.managers[pair.manager]
      if manager.joined == .min && manager.left == .max { served[pair.partner] = pair.manager }
    }
    for (p, partner) in organisation.partners.enumerated() {
      guard let manager = served[p] else { continue }
      for absence in partner.absences {
        var event = SimulatedEvent(.absence, at: absence.start, actor: .partner, manager: manager, partner: p)
        event.dueOffset = Int32(absence.end - absence.start)
        log.append(event)
      }
    }
  }
}
