/// The steps of a table's cases, one case at a time, as of a moment.
struct CaseReader: Sendable {
  /// A step of one case.
  struct Step: Sendable {
    var instant: Instant
    var kind: EventKind
    var actor: Party
    var partner: UInt32
    var due: Instant

    /// By instant; at one instant in the order in which such steps make sense: a clock runs before it stops, a case
    /// changes hands before it is answered, an answer counts before a withdrawal.
    func precedes(_ other: Step) -> Bool {
      if instant != other.instant { return instant < other.instant }
      if rank != other.rank { return rank < other.rank }
      if actor != other.actor { return actor.rawValue < other.actor.rawValue }
      return partner < other.partner
    }

    private var rank: Int {
      switch kind {
      case .resume: 0
      case .pause: 1
      case .reassign, .renegotiation: 2
      case .response, .fulfilment, .followUp, .settlement, .goalMet: 3
      case .withdraw, .release: 4
      case .resolution: 5
      default: 6
      }
    }
  }

  let table: CaseTable
  let family: CaseFamily
  /// Where each row's steps begin in the table's; one more than there are rows.
  private let stepStarts: [UInt32]

  init(_ table: CaseTable, family: CaseFamily) {
    self.table = table
    self.family = family
    var starts = [UInt32](repeating: 0, count: table.rows.count + 1)
    for step in table.steps { starts[Int(step.row) + 1] += 1 }
    for row in table.rows.indices { starts[row + 1] += starts[row] }
    stepStarts = starts
  }

  /// Appends the steps of a row up to `asOf`, the opening excepted; later ones are counted.
  func appendSteps(
    of row: Int, parties: [CodeTuple], asOf: Instant, to steps: inout [Step], tally: inout HistoryTally
  ) {
    let values = table.rows[row]
    func append(_ step: Step) {
      if step.instant <= asOf { steps.append(step) } else { tally.afterAsOf += 1 }
    }
    if values.answered.isPresent, let kind = family.kind(of: .answered) {
      append(
        Step(
          instant: values.answered, kind: kind, actor: values.actor(of: .answered),
          partner: parties[Int(values.parties)].third, due: .absent))
    }
    if values.closed.isPresent, let kind = family.kind(of: .closed) {
      append(
        Step(
          instant: values.closed, kind: kind, actor: values.actor(of: .closed), partner: CodeTuple.none, due: .absent))
    }
    for index in Int(stepStarts[row])..<Int(stepStarts[row + 1]) {
      let step = table.steps[index]
      append(Step(instant: step.instant, kind: step.kind, actor: step.actor, partner: step.person, due: step.due))
    }
  }

  /// Whether openings of a row are known by their case number, kind and actor at one moment alone, though they name different
  /// managers: then no step tells of the others.
  func isSharedAtOnce(_ row: Int) -> Bool {
    guard table.rows[row].isShared else { return false }
    return !table.steps[Int(stepStarts[row])..<Int(stepStarts[row + 1])].contains { $0.kind.slot == .opened }
  }

  /// Sorts a few steps in place.
  static func sort(_ steps: inout [Step]) {
    guard steps.count > 1 else { return }
    if steps.count > 32 {
      steps.sort { $0.precedes($1) }
      return
    }
    for index in 1..<steps.count {
      var place = index
      while place > 0, steps[place].precedes(steps[place - 1]) {
        steps.swapAt(place, place - 1)
        place -= 1
      }
    }
  }
}
