import Glibc
import RapportIngestion
import RapportNumerics

/// The choices that a pair's finding rests on: each queue as it stood when the partner turned to the next request.
///
/// Where the pair is answered more readily (ratio 1 or above) these are the pair's own picks; where it is answered less
/// readily, the picks of others while a request of the pair was open. Those come first that equal treatment makes least
/// likely; then those with most older and comparable requests passed over; then the earliest.
///
/// Source: METHODS.md §5, §6.
public struct QueueEvidence: Codable, Sendable, Equatable {
  /// One pick and what was open then.
  public struct Choice: Codable, Sendable, Equatable {
    /// When the partner turned to it, as in `2026-03-02T09:15:00+01:00`.
    public var moment: String
    /// Older requests, comparable with the picked one, that were passed over: of others, where the pair's own
    /// was picked; of the pair, where another's was picked.
    public var passedOver: Int
    /// The chance of this pick under the model with everybody treated alike; of any of the pair's own, where another's was
    /// picked.
    public var probability: Double
    /// Whether the queue was so long that it was sampled; `requests` is the sample then.
    public var isSample: Bool
    /// What was open: the picked one first, then the order of the queue.
    public var requests: [Request]
  }
  /// An open request.
  public struct Request: Codable, Sendable, Equatable {
    /// The case's identifier; absent where the ledger isn't at hand.
    public var request: String?
    public var manager: String
    public var opened: String
    /// Working hours since the partner had it.
    public var waitedHours: Double
    public var topic: String?
    public var priority: String?
    /// Whether it was past its target; absent where it had none.
    public var overdue: Bool?
    /// The chance of being picked under the model with everybody treated alike.
    public var probability: Double
    public var isPicked: Bool
    /// Whether it is older than the picked one, of another manager, and comparable: alike in ``QueueEvidence/comparableBy``.
    public var isPassedOver: Bool
  }

  /// Which picks `choices` holds.
  public enum Kind: String, Codable, Sendable {
    /// Picks of the pair's own requests.
    case picked
    /// Picks of others' requests while one of the pair's was open.
    case passedOver
  }

  public var kind: Kind
  /// Picks of that kind in all.
  public var total: Int
  /// The first of them.
  public var choices: [Choice]
  /// The pair's picks, all queues together: what single choices, the most telling ones, are taken from. Absent where there are none.
  public var record: PickRecord?
  /// What requests that were passed over have in common with the one that was picked, as in ``ChoiceSummary/comparableBy``.
  public var comparableBy: [String] = []
  /// Why there are none; absent where there are some.
  public var obstacle: ChoiceObstacle?
}

extension QueueEvidence {
  /// Rebuilds the partner's queues and finds the pair's choices in them.
  ///
  /// The partner's coefficients are estimated anew, from the model's common ones in `findings`.
  ///
  /// - Parameters:
  ///   - findings: as ``assess(_:options:observer:)`` gave them for the same history and options.
  ///   - manager: an identifier of the history.
  ///   - partner: likewise.
  ///   - limit: no more choices than that.
  ///   - ledger: what the history was made from, for the requests' identifiers.
  /// - Complexity: O(requests + alternatives of the partner).
  public init(
    _ history: History, findings: FavouritismFindings, manager: String, partner: String, limit: Int = 10,
    options: AssessmentOptions, ledger: Ledger? = nil
  ) {
    let finding = findings.pairs.first { $0.manager == manager && $0.partner == partner }
    kind = (finding?.ratio ?? 1) >= 1 ? .picked : .passedOver
    (total, choices, obstacle) = (0, [], finding?.obstacle ?? .noChoice)
    guard let code = history.managers.firstIndex(of: manager), let place = history.partners.firstIndex(of: partner),
      let range = QueueChoices.ranges(history).first(where: { $0.partner == place })?.spells,
      let choice = findings.choice
    else { return }
    let columns = QueueColumns(history)
    comparableBy = columns.comparableBy
    let pauses = history.pauses.filter { Int($0.partner) == place }.sorted {
      ($0.request, $0.startClock) < ($1.request, $1.startClock)
    }
    let own = PartnerChoices(
      history, partner: place, spells: range, pauses: pauses[...], columns: columns, seed: options.seed,
      keepsMoments: true)
    if let reason = own.obstacle {
      obstacle = reason
      return
    }
    if own.untoldManagers.contains(code) {
      obstacle = .resolution
      return
    }
    guard let unit = own.managers.firstIndex(of: Int32(code)), own.requests[unit] > 0, own.sets.count > 0,
      choice.coefficients.isEmpty || choice.coefficients.map(\.name) == columns.names
    else { return }
    let model = QueueChoiceModel()
    // Without anything in common each partner was fitted under the model's own prior.
    let isAlone = choice.coefficients.isEmpty
    let flat = model.priorDeviation * model.priorDeviation
    let fit = model.fit(
      own.sets, means: isAlone ? columns.names.map { _ in 0 } : choice.coefficients.map(\.estimate),
      variances: isAlone
        ? columns.names.map { _ in flat } : choice.coefficients.map { $0.deviationOfPartners * $0.deviationOfPartners })
    guard fit.record.converged else {
      obstacle = .notConverged
      return
    }
    let chances = own.sets.probabilities(columns: fit.columns)
    let records = PickRecord.all(own.sets, queues: own.queues, picks: own.choices, chances: chances)
    record = records[unit].queues > 0 ? records[unit] : nil
    let found = Self.found(own, unit: unit, kind: kind, chances, history)
    total = found.count
    obstacle = found.isEmpty ? .noChoice : nil
    let shown = found.prefix(max(0, limit))
    let names =
      ledger?.requestNames(
        Set(shown.flatMap { found in own.items(of: found.set).map { history.spells[Int(own.spells[$0])].request } }))
      ?? [:]
    choices = shown.map { Self.choice($0, own, chances, history, names) }
  }

  /// A choice of the kind that is asked for.
  private struct Found {
    var set: Int
    var passedOver: Int
    var probability: Double
  }

  /// All of them, the most telling first.
  private static func found(
    _ own: PartnerChoices, unit: Int, kind: Kind, _ chances: [Double], _ history: History
  ) -> [Found] {
    var result: [Found] = []
    for set in 0..<own.sets.count {
      let items = own.items(of: set)
      let isOwn = Int(own.sets.itemUnits[items[0]]) == unit
      guard isOwn == (kind == .picked) else { continue }
      let judged = items.indices.filter {
        (Int(own.sets.itemUnits[items[$0]]) == unit) != isOwn
      }
      guard !judged.isEmpty else { continue }
      let picked = history.spells[Int(own.spells[items[0]])]
      let passedOver = judged.count { history.spells[Int(own.spells[items[$0]])].isPassedOver(by: picked) }
      let chances = own.chances(chances, of: set)
      let probability = isOwn ? chances[0] : judged.reduce(0) { $0 + chances[$1] }
      result.append(Found(set: set, passedOver: passedOver, probability: probability))
    }
    return result.sorted { a, b in
      // Of a pair that waits, it is the less likely that none of its own was picked, the likelier they were.
      if a.probability != b.probability { return (a.probability < b.probability) == (kind == .picked) }
      if a.passedOver != b.passedOver { return a.passedOver > b.passedOver }
      return a.set < b.set
    }
  }

  private static func choice(
    _ found: Found, _ own: PartnerChoices, _ chances: [Double], _ history: History, _ names: [Int32: String]
  ) -> Choice {
    let moment = own.moments[found.set]
    let items = own.items(of: found.set)
    let chances = own.chances(chances, of: found.set)
    let picked = history.spells[Int(own.spells[items[0]])]
    func name(_ names: [String], _ code: Int32) -> String? { code < 0 ? nil : names[Int(code)] }
    func request(_ position: Int) -> Request {
      let spell = history.spells[Int(own.spells[items[position]])]
      return Request(
        request: names[spell.request], manager: history.managers[Int(spell.manager)],
        opened: iso8601(spell.opened, history.timeZone),
        waitedHours: Double(max(0, moment.clock - spell.enteredClock)) / 3_600_000,
        topic: name(history.topics, spell.topic), priority: name(history.priorities, spell.priority),
        overdue: spell.due.isPresent ? spell.due.milliseconds < moment.raw : nil, probability: chances[position],
        isPicked: position == 0, isPassedOver: position > 0 && spell.isPassedOver(by: picked))
    }
    let rest = items.indices.dropFirst().sorted { a, b in
      let (x, y) = (history.spells[Int(own.spells[items[a]])], history.spells[Int(own.spells[items[b]])])
      return (x.opened, x.request) < (y.opened, y.request)
    }
    return Choice(
      moment: iso8601(Instant(milliseconds: moment.raw), history.timeZone), passedOver: found.passedOver,
      probability: found.probability, isSample: own.isSampled(found.set), requests: ([0] + rest).map(request))
  }
}

extension PartnerChoices {
  /// The items of a set, the picked one first.
  fileprivate func items(of set: Int) -> [Int] {
    sets.items[sets.starts[set]..<sets.starts[set + 1]].map(Int.init)
  }

  /// What belongs to a set of all alternatives' chances.
  fileprivate func chances(_ all: [Double], of set: Int) -> [Double] {
    Array(all[sets.starts[set]..<sets.starts[set + 1]])
  }

  /// Whether open requests were left out of a set.
  fileprivate func isSampled(_ set: Int) -> Bool {
    !sets.logWeights.isEmpty && sets.logWeights[sets.starts[set]..<sets.starts[set + 1]].contains { $0 != 0 }
  }
}
