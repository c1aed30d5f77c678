import RapportIngestion

/// What speaks for and against the trustworthiness of each side of each pair: one contribution per case.
///
/// A contribution is positive by a share from 0 to 1, and belongs to the month in which it became known: a kept promise
/// to its own, a missed one to that of its due time.
struct TrustEvidence: Sendable {
  struct Contribution: Sendable {
    /// (pair × 2 + direction) × 3 + facet.
    var cell: Int32
    var month: Int32
    var positive: Float
  }

  private(set) var contributions: [Contribution] = []
  /// Facets that the input can measure in each direction: some kind in it can speak both for and against.
  private(set) var measured: [[Bool]] = Array(repeating: Array(repeating: false, count: 3), count: 2)
  /// What speaks to them, by direction.
  private var kinds: [Set<TrustKind>] = [[], []]
  /// What was left out, since too few managers have it.
  private var uncovered: [Set<TrustKind>] = [[], []]
  private let pairs: PairTable

  /// Days after which an unsettled conflict speaks against both sides.
  static let settlementDays = 30

  init(_ history: History, _ pairs: PairTable, surveyScale: ClosedRange<Double>) {
    self.pairs = pairs
    let asOf = history.asOf
    let zone = history.timeZone
    let holdsReopenings = history.holdsReopenings
    for promise in history.promises {
      guard let kept = promise.keptOnTime(asOf: asOf) else { continue }
      add(
        promise.manager, promise.partner, by: promise.promiser, promise.family == .goal ? .goals : .promises,
        promise.knownMonth ?? zone.month(of: promise.due), kept ? 1 : 0)
    }
    for spell in history.spells where spell.partner >= 0 {
      if !spell.excludedFromWaits, let met = spell.metOwnTarget(asOf: asOf) {
        add(
          spell.manager, spell.partner, by: spell.asker.other, .targets,
          met ? spell.endedMonth : zone.month(of: spell.due), met ? 1 : 0)
      }
      // Without any reopening in the input, resolutions could speak for partners only.
      if holdsReopenings, let good = spell.resolvedForGood(asOf: asOf) {
        add(
          spell.manager, spell.partner, by: spell.asker.other, .resolutions, zone.month(of: spell.resolved),
          good ? 1 : 0)
      }
    }
    for conflict in history.conflicts {
      let end = conflict.settled <= asOf ? conflict.settled : asOf
      let isSoon = conflict.settled <= asOf && end.seconds(since: conflict.opened) <= Self.settlementDays * 86_400
      guard isSoon || end.seconds(since: conflict.opened) > Self.settlementDays * 86_400 else { continue }
      // A conflict left open is known to be one when its time is up, and ages from then on.
      let known = isSoon ? end : conflict.opened.advanced(days: Self.settlementDays)
      for party in Party.allCases {
        add(conflict.manager, conflict.partner, by: party, .settlements, zone.month(of: known), isSoon ? 1 : 0)
      }
    }
    for feedback in history.feedback {
      guard let closed = feedback.closed(asOf: asOf) else { continue }
      add(
        feedback.manager, feedback.partner, by: feedback.giver.other, .feedback,
        zone.month(of: closed ? feedback.followedUp : feedback.given.advanced(days: Feedback.closingDays)),
        closed ? 1 : 0)
    }
    let width = surveyScale.upperBound - surveyScale.lowerBound
    for contact in history.contacts where contact.partner >= 0 {
      guard let actor = contact.actor else { continue }
      switch contact.kind {
      case .decision:
        guard let value = contact.thousandths else { continue }
        add(contact.manager, contact.partner, by: actor, .decisions, contact.month, value >= 500 ? 1 : 0)
      case .survey:
        guard let thousandths = contact.thousandths else { continue }
        let share = (Double(thousandths) / 1000 - surveyScale.lowerBound) / width
        add(
          contact.manager, contact.partner, by: actor.other, .ratings, contact.month,
          Float(min(max(share, 0), 1)))
      default: break
      }
    }
    for (objection, isAnswered) in Alignment.answeredObjections(history, .pair) {
      add(
        objection.manager, objection.partner, by: .partner, .alternatives, objection.month, isAnswered ? 1 : 0)
    }
    keepCovered(managers: history.managers.count)
    // Recognition and escalation speak to one side only, so they count only where something else in the facet can
    // speak both ways; otherwise everyone would be perfect, or no one.
    for week in CreditGiven.weeks(CreditGiven.recognitions(history)) {
      for (party, count) in [(Party.manager, week.byManager), (.partner, week.byPartner)] where count > 0 {
        guard measured[direction(of: party).rawValue][TrustFacet.benevolence.rawValue] else { continue }
        add(week.manager, week.partner, by: party, .recognition, week.month, 1)
      }
    }
    for contact in history.contacts where contact.kind == .escalation && contact.partner >= 0 {
      guard let actor = contact.actor, measured[direction(of: actor.other).rawValue][TrustFacet.ability.rawValue]
      else { continue }
      add(contact.manager, contact.partner, by: actor.other, .escalations, contact.month, 0)
    }
  }

  /// What trust rests on.
  var basis: TrustBasis {
    func told(_ kinds: [Set<TrustKind>], _ direction: TrustDirection) -> [TrustKind] {
      TrustKind.allCases.filter { kinds[direction.rawValue].contains($0) }
    }
    var basis = TrustBasis(inPartner: told(kinds, .inPartner), inManager: told(kinds, .inManager))
    (basis.tooFewInPartner, basis.tooFewInManager) = (told(uncovered, .inPartner), told(uncovered, .inManager))
    return basis
  }

  /// What became known in these months.
  func part(_ months: MonthSelection) -> TrustEvidence {
    var part = self
    part.contributions = contributions.filter { months.contains(Month(index: Int($0.month))) }
    return part
  }

  /// Leaves out facets that too few managers have to say something of all (``Coverage``): a single decision would make benevolence
  /// a part of everybody's trust.
  private mutating func keepCovered(managers: Int) {
    var having = [Set<Int32>](repeating: [], count: 6)
    for row in contributions { having[Int(row.cell) % 6].insert(pairs.managers[Int(row.cell) / 6]) }
    let isCovered = having.map { $0.count >= Coverage.fewest(of: managers) }
    for direction in 0..<2 {
      for facet in 0..<3 where !isCovered[direction * 3 + facet] { measured[direction][facet] = false }
      uncovered[direction] = kinds[direction].filter { !isCovered[direction * 3 + $0.facet.rawValue] }
      kinds[direction] = kinds[direction].filter { isCovered[direction * 3 + $0.facet.rawValue] }
    }
    contributions.removeAll { !isCovered[Int($0.cell) % 6] }
  }

  private func direction(of party: Party) -> TrustDirection { party == .partner ? .inPartner : .inManager }

  /// Adds what `party` did; nothing where the row names no partner.
  private mutating func add(
    _ manager: Int32, _ partner: Int32, by party: Party, _ kind: TrustKind, _ month: Month, _ positive: Float
  ) {
    guard partner >= 0 else { return }
    let pair = pairs.position(manager: manager, partner: partner)
    let direction = direction(of: party).rawValue
    let facet = kind.facet
    measured[direction][facet.rawValue] = true
    kinds[direction].insert(kind)
    contributions.append(
      Contribution(
        cell: Int32((pair * 2 + direction) * 3 + facet.rawValue), month: Int32(month.index), positive: positive))
  }
}
