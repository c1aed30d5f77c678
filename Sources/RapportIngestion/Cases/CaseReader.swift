/// The steps of a table's cases, one case at a time, as of a moment.
struct CaseReader: Sendable {
  /// A step of one case.
  struct Step: Sendable {
    var instant: Instant
    var kind: EventKind
    var actor: Party
    var partner: UInt32
    var due: Instant

    /// By instant; at one instant in the order in which such steps make sense: a case changes hands before it is answered, an
    /// answer counts before a withdrawal. Which of two steps that undo each other comes first depends on what is so before
    /// (``CaseReader/sort(_:opened:)``).
    func precedes(_ other: Step) -> Bool {
      if instant != other.instant { return instant < other.instant }
      if rank != other.rank { return rank < other.rank }
      if actor != other.actor { return actor.rawValue < other.actor.rawValue }
      if partner != other.partner { return partner < other.partner }
      return kind.ordinal < other.kind.ordinal
    }

    private var rank: Int {
      switch kind {
      case .pause, .resume: 0
      case .reassign, .renegotiation: 1
      case .response, .fulfilment, .followUp, .goalMet: 2
      case .withdraw, .release: 3
      case .resolution, .reopen, .settlement, .conflict: 4
      default: 5
      }
    }

    /// What the step says of a state that steps turn to and fro: that it is so from now on, or no longer; `nil` where it says
    /// nothing of one.
    var turn: (state: State, isSo: Bool)? {
      switch kind {
      case .pause: (.paused, true)
      case .resume: (.paused, false)
      case .resolution, .settlement: (.over, true)
      case .reopen, .conflict: (.over, false)
      default: nil
      }
    }
  }

  /// States of a case that steps turn to and fro: that its clock stands still; that it is resolved or settled.
  struct State: OptionSet {
    var rawValue: UInt8
    static let paused = State(rawValue: 1)
    static let over = State(rawValue: 2)
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

  /// Sorts a few steps of a case in place.
  ///
  /// Of steps at one instant that undo each other the one that changes what is so comes first, then they take turns: what runs is
  /// paused and resumed, what is paused resumed and paused; what is open is resolved and reopened, what is resolved reopened and
  /// resolved again, and likewise conflicts. Where stamps are minutes or dates, any fixed order would turn the other case round: a
  /// short pause that never ends, or a reopened case that was resolved the same day and stays open for good.
  ///
  /// - Parameter opened: steps before it change nothing.
  static func sort(_ steps: inout [Step], opened: Instant) {
    guard steps.count > 1 else { return }
    if steps.count > 32 { steps.sort { $0.precedes($1) } } else { insertionSort(&steps) }
    var states: State = []
    for index in steps.indices where steps[index].instant >= opened {
      guard var turn = steps[index].turn else { continue }
      if states.contains(turn.state) == turn.isSo, let other = counterpart(of: index, in: steps) {
        steps.insert(steps.remove(at: other), at: index)
        turn.isSo.toggle()
      }
      if turn.isSo { states.insert(turn.state) } else { states.remove(turn.state) }
    }
  }

  /// The first later step at the same instant that undoes what a step does.
  private static func counterpart(of index: Int, in steps: [Step]) -> Int? {
    let step = steps[index]
    return steps[(index + 1)...].prefix { $0.instant == step.instant }
      .firstIndex { $0.turn?.state == step.turn?.state && $0.turn?.isSo != step.turn?.isSo }
  }

  private static func insertionSort(_ steps: inout [Step]) {
    for index in 1..<steps.count {
      var place = index
      while place > 0, steps[place].precedes(steps[place - 1]) {
        steps.swapAt(place, place - 1)
        place -= 1
      }
    }
  }
}
