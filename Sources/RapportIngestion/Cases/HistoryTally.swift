/// A case in which something was seen: its row in a ledger's table. They sort by table, then by row.
struct SeenCase: Comparable, Sendable {
  var table: UInt8
  var row: Int32

  static func < (a: SeenCase, b: SeenCase) -> Bool { (a.table, a.row) < (b.table, b.row) }
}

/// What can be seen in a case, for which a few cases are kept as examples.
enum Oddity: Hashable, Sendable {
  case negativeWait, outOfOrder, repeatedSteps, answersNothing, stepsAfterEnd, caseShared, stepsOfOthers
  case excluded, responderUnknown, answeredByOther, resolvedWithoutResponse
  case unassigned, targetBeforeRequest, dueBeforePromise, selfConfirmed
  case orphan(EventKind)
}

/// What is counted while cases are told; tallies of parts are added.
struct HistoryTally: Mergeable, Equatable {
  /// Events used, by kind's ordinal.
  var used = [Int](repeating: 0, count: EventKind.allCases.count)
  /// Protected events, and anonymous ratings after as-of, which are counted and otherwise leave no trace.
  var confidential = 0
  /// Events of cases that nothing opened, by kind's ordinal.
  var orphans = [Int](repeating: 0, count: EventKind.allCases.count)
  /// Events after as-of that aren't confidential.
  var afterAsOf = 0
  /// Responses dated before their request, and other steps dated before their opening.
  var negativeWaits = 0
  var outOfOrder = 0
  /// Second openings, pauses while paused, resumes while running.
  var repeatedSteps = 0
  /// Responses by who asked, or after the withdrawal.
  var answersNothing = 0
  /// Passing on, pausing, resuming and withdrawing requests that are answered or withdrawn.
  var stepsAfterEnd = 0
  /// Openings that don't count because another manager's case has their case number.
  var caseShared = 0
  /// Those among them that a row merged with its first opening, since kind, actor and time are the same: no duplicates.
  var caseSharedAtOnce = 0
  /// Cases that one manager opened and whose later steps name another.
  var stepsOfOthers = 0
  var requests = DataQuality.Requests()
  /// Requests whose waits can't be used.
  var excluded = 0
  /// Answered, by whom isn't known.
  var responderUnknown = 0
  /// Answered by another partner than they were put to, without a reassignment.
  var answeredByOther = 0
  /// Resolved, but without a usable time of an answer, and not withdrawn.
  var resolvedWithoutResponse = 0
  /// Targets before the request itself.
  var targetBeforeRequest = 0
  /// Due times before the promise or goal itself.
  var dueBeforePromise = 0
  /// Requests that were paused, and working seconds paused and in all.
  var pausedRequests = 0
  var pausedSeconds = 0
  var workingSeconds = 0
  /// Stamps of requests and responses, and how many of them stand at a whole minute and at local midnight.
  var stamps = 0
  var minuteStamps = 0
  var midnightStamps = 0
  /// Promises that the one who made them confirmed, and nobody else.
  var selfConfirmed = 0
  /// Absences that don't say when they end, or that they end before they begin.
  var endlessAbsences = 0

  /// The first few cases of each oddity.
  var examples: [Oddity: [SeenCase]] = [:]

  static let empty = HistoryTally()

  mutating func merge(_ other: HistoryTally) {
    for kind in used.indices {
      used[kind] += other.used[kind]
      orphans[kind] += other.orphans[kind]
    }
    confidential += other.confidential
    afterAsOf += other.afterAsOf
    negativeWaits += other.negativeWaits
    outOfOrder += other.outOfOrder
    repeatedSteps += other.repeatedSteps
    answersNothing += other.answersNothing
    stepsAfterEnd += other.stepsAfterEnd
    caseShared += other.caseShared
    caseSharedAtOnce += other.caseSharedAtOnce
    stepsOfOthers += other.stepsOfOthers
    requests.total += other.requests.total
    requests.answered += other.requests.answered
    requests.open += other.requests.open
    requests.withdrawn += other.requests.withdrawn
    requests.reassigned += other.requests.reassigned
    requests.unassigned += other.requests.unassigned
    requests.tabular += other.requests.tabular
    excluded += other.excluded
    responderUnknown += other.responderUnknown
    answeredByOther += other.answeredByOther
    resolvedWithoutResponse += other.resolvedWithoutResponse
    targetBeforeRequest += other.targetBeforeRequest
    dueBeforePromise += other.dueBeforePromise
    pausedRequests += other.pausedRequests
    pausedSeconds += other.pausedSeconds
    workingSeconds += other.workingSeconds
    stamps += other.stamps
    minuteStamps += other.minuteStamps
    midnightStamps += other.midnightStamps
    selfConfirmed += other.selfConfirmed
    endlessAbsences += other.endlessAbsences
    for (oddity, cases) in other.examples { for seen in cases { note(oddity, seen) } }
  }

  /// Keeps a case as an example, if it is among the first few.
  mutating func note(_ oddity: Oddity, _ seen: SeenCase) {
    var cases = examples[oddity] ?? []
    if cases.contains(seen) || cases.count == Rejects.placesKept && cases[cases.count - 1] < seen { return }
    cases.insert(seen, at: cases.firstIndex { seen < $0 } ?? cases.count)
    examples[oddity] = Array(cases.prefix(Rejects.placesKept))
  }

  mutating func use(_ kind: EventKind, _ count: Int = 1) { used[Int(kind.ordinal)] += count }
}
