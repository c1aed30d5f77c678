/// Tells promises, feedback and conflicts, as of a moment.
struct LinkedReader: Sendable {
  let parties: [CodeTuple]
  let asOf: Instant
  let months: MonthTable

  /// Who opened a case, and with whom.
  private struct Opening {
    var manager: Int32
    var partner: Int32
    var actor: Party
    var instant: Instant
    var due: Instant
    var seen: SeenCase
  }

  /// Walks through the cases that were opened by as-of, with their later steps in order.
  private func forEachCase(
    in reader: CaseReader, tally: inout HistoryTally,
    _ body: (Opening, [CaseReader.Step], inout HistoryTally) -> Void
  ) {
    var steps: [CaseReader.Step] = []
    for index in reader.table.rows.indices {
      let row = reader.table.rows[index]
      let seen = SeenCase(table: reader.family.rawValue, row: Int32(index))
      steps.removeAll(keepingCapacity: true)
      reader.appendSteps(of: index, parties: parties, asOf: asOf, to: &steps, tally: &tally)
      guard row.opened <= asOf else {
        if row.opened.isPresent { tally.afterAsOf += 1 }
        for step in steps {
          tally.orphans[Int(step.kind.ordinal)] += 1
          tally.note(.orphan(step.kind), seen)
        }
        continue
      }
      let early = steps.count { $0.instant < row.opened }
      tally.outOfOrder += early
      if early > 0 { tally.note(.outOfOrder, seen) }
      steps.removeAll { $0.instant < row.opened }
      CaseReader.sort(&steps, opened: row.opened)
      if let kind = reader.family.kind(of: .opened) { tally.use(kind) }
      if row.isShared {
        // Which later opening is whose isn't known any more; that some manager's case has its number is.
        let isAtOnce = reader.isSharedAtOnce(index)
        let others = isAtOnce ? 1 : steps.count { $0.kind.slot == .opened }
        tally.caseShared += others
        if isAtOnce { tally.caseSharedAtOnce += 1 }
        if others > 0 { tally.note(.caseShared, seen) }
        steps.removeAll { $0.kind.slot == .opened }
      } else if row.namesOthers, !steps.isEmpty {
        tally.stepsOfOthers += 1
        tally.note(.stepsOfOthers, seen)
      }
      for step in steps { tally.use(step.kind) }
      let tuple = parties[Int(row.parties)]
      let opening = Opening(
        manager: RequestReader.code(tuple.first), partner: RequestReader.code(tuple.second),
        actor: row.actor(of: .opened), instant: row.opened, due: row.due, seen: seen)
      body(opening, steps, &tally)
    }
  }

  /// Commitments or goals.
  func promises(_ reader: CaseReader, tally: inout HistoryTally) -> [Promise] {
    var result: [Promise] = []
    result.reserveCapacity(reader.table.rows.count)
    forEachCase(in: reader, tally: &tally) { opening, steps, tally in
      // Nothing can be promised for a time that has passed: such a due time is a slip of the pen, and nobody broke their word.
      func possible(_ due: Instant) -> Instant {
        guard due < opening.instant else { return due }
        tally.dueBeforePromise += 1
        tally.note(.dueBeforePromise, opening.seen)
        return .absent
      }
      let due = possible(opening.due)
      var promise = Promise(
        family: reader.family, manager: opening.manager, partner: opening.partner, promiser: opening.actor,
        made: opening.instant, firstDue: due, due: due, kept: .absent,
        released: .absent, renegotiations: 0, selfConfirmed: false, madeMonth: months.month(of: opening.instant),
        knownMonth: nil)
      var isConfirmedByOther = false
      for step in steps {
        switch step.kind {
        case .fulfilment, .goalMet:
          promise.kept = min(promise.kept, step.instant)
          if step.actor != opening.actor { isConfirmedByOther = true }
        // Likewise a release: it lets go of a promise that is still open and not yet due. Afterwards there is nothing to
        // let go of, and the outcome stands.
        case .release where !promise.kept.isPresent && step.instant <= promise.due:
          promise.released = min(promise.released, step.instant)
        case .renegotiation where !promise.kept.isPresent && !promise.released.isPresent:
          promise.renegotiations += 1
          // A promise that was missed by the due time in force stays missed: moving the date afterwards can't mend it.
          let moved = possible(step.due)
          if moved.isPresent, !promise.due.isPresent || step.instant <= promise.due {
            promise.due = moved
            if !promise.firstDue.isPresent { promise.firstDue = moved }
          }
        case .commitment, .goal:
          tally.repeatedSteps += 1
          tally.note(.repeatedSteps, opening.seen)
        default: break
        }
      }
      promise.selfConfirmed = reader.family == .commitment && promise.kept.isPresent && !isConfirmedByOther
      if promise.selfConfirmed {
        tally.selfConfirmed += 1
        tally.note(.selfConfirmed, opening.seen)
      }
      let known = min(promise.kept, promise.released, promise.due)
      if known <= asOf { promise.knownMonth = months.month(of: known) }
      result.append(promise)
    }
    return result
  }

  /// Feedback and whether it was followed up.
  func feedback(_ reader: CaseReader, tally: inout HistoryTally) -> [Feedback] {
    var result: [Feedback] = []
    forEachCase(in: reader, tally: &tally) { opening, steps, tally in
      let repeated = steps.count { $0.kind == .feedback }
      tally.repeatedSteps += repeated
      if repeated > 0 { tally.note(.repeatedSteps, opening.seen) }
      result.append(
        Feedback(
          manager: opening.manager, partner: opening.partner, giver: opening.actor,
          given: opening.instant, followedUp: steps.first { $0.kind == .followUp }?.instant ?? .absent,
          givenMonth: months.month(of: opening.instant)))
    }
    return result
  }

  /// Conflicts and their settlements.
  func conflicts(_ reader: CaseReader, tally: inout HistoryTally) -> [Conflict] {
    var result: [Conflict] = []
    forEachCase(in: reader, tally: &tally) { opening, steps, _ in
      let settlement = steps.firstIndex { $0.kind == .settlement }
      result.append(
        Conflict(
          manager: opening.manager, partner: opening.partner, raisedBy: opening.actor,
          opened: opening.instant, settled: settlement.map { steps[$0].instant } ?? .absent,
          reopened: settlement.map { steps[$0...].contains { $0.kind == .conflict } } ?? false,
          isOver: steps.last { $0.kind == .conflict || $0.kind == .settlement }?.kind == .settlement,
          openedMonth: months.month(of: opening.instant)))
    }
    return result
  }
}
