import RapportScoring

/// Why the scores of one manager, or of one pair, are what they are: against peers, by contribution, and what weighs most
/// in them.
public struct Explanation: Sendable {
  /// One indicator of the manager beside those of all other managers who have it; of a pair, beside all other pairs.
  public struct Peer: Encodable, Sendable, Equatable {
    public var indicator: String
    public var value: Double
    public var points: Double
    /// Other managers, or pairs, with this indicator.
    public var peers: Int
    /// Their median, in the indicator's unit.
    public var peerMedian: Double?
    /// How many of them have fewer points, to the digit that these are told with: ties of what is printed don't count.
    public var peersBelow: Int
  }

  /// What health would be if one indicator stood where the best quarter of the others begins: how much it weighs, no advice.
  public struct Move: Encodable, Sendable, Equatable {
    public var indicator: String
    /// Whose behaviour it measures, as in the goalposts: `hr`, `manager` or `both`.
    public var direction: String
    public var from: Double
    public var to: Double
    /// Its points now, and where the best quarter of the others begins by points.
    public var points: Double
    public var toPoints: Double
    /// Points of health gained, everything else unchanged.
    public var gain: Double
  }

  public let manager: ManagerAssessment
  /// The pairs that are explained: the one asked, or all of the manager's.
  public let pairs: [PairAssessment]
  public let findings: [PairFinding]
  public let peers: [Peer]
  /// Largest gain first, without survey scores, which nobody should be talked into; none for a pair, since only a manager's
  /// health is attributed to indicators.
  public let moves: [Move]
  /// What most comparable managers do and this one doesn't, or the other way round; none for a pair.
  public let practices: [Practice]
  /// How the manager's indicators moved, those with too few months by their number; `nil` where a pair is explained, and
  /// where the input holds nothing that can be followed.
  public let trends: ManagerTrends?
  /// The manager's shares and rates against what chance and managers' usual differences would give; none for a pair.
  public let funnels: [FunnelPlace]
  /// The pair that was asked; `nil` where the manager is explained.
  public let pair: PairAssessment?
  /// The queues that the pair's finding rests on; `nil` where a manager is explained.
  public let evidence: QueueEvidence?
  /// Whether a working calendar was given, so that hours are working hours.
  let onCalendar: Bool

  /// - Parameter evidence: the queues that the pair's finding rests on.
  /// - Throws: ``ExplanationError`` where the manager or the pair isn't in the assessment.
  public init(
    manager id: String, partner: String? = nil, in assessment: Assessment, evidence: QueueEvidence? = nil
  ) throws(ExplanationError) {
    guard let place = assessment.managers.firstIndex(where: { $0.id == id }) else {
      throw ExplanationError.unknownManager(id, known: assessment.managers.map(\.id))
    }
    let pairs = assessment.pairs.filter { $0.manager == id && (partner == nil || $0.partner == partner) }
    if let partner, pairs.isEmpty {
      throw ExplanationError.unknownPartner(
        partner, manager: id, known: assessment.pairs.filter { $0.manager == id }.map(\.partner))
    }
    manager = assessment.managers[place]
    onCalendar = assessment.basis.workingCalendar
    self.pairs = pairs
    pair = partner == nil ? nil : pairs.first
    self.evidence = pair == nil ? nil : evidence
    trends = pair == nil ? assessment.trends.managers.first { $0.manager == id } : nil
    findings = assessment.favouritism.pairs.filter { $0.manager == id && (partner == nil || $0.partner == partner) }
    if let pair {
      peers = PeerField(assessment.pairs.map(\.indicators)).peers(of: pair.indicators)
      moves = []
      practices = []
      funnels = []
    } else {
      let field = PeerField(assessment.managers.map(\.indicators))
      peers = field.peers(of: manager.indicators)
      moves = Self.moves(of: manager, in: field, options: assessment.basis.options)
      practices = Practices(assessment.managers).practices(of: place)
      funnels = Self.funnels(of: manager, in: assessment.funnels)
    }
  }

  /// Trust in the partner less trust in the manager, in points, of the pair that was asked; `nil` where either isn't
  /// known. Without interval: the two share evidence, and a pair's draws aren't kept.
  public var trustGap: Double? {
    guard let there = pair?.trustInPartner.estimate, let here = pair?.trustInManager.estimate else { return nil }
    return there.value - here.value
  }

  /// What health would gain if one indicator at a time stood where the best quarter of the others begins; largest gain first.
  static func moves(of manager: ManagerAssessment, in field: PeerField, options: AssessmentOptions) -> [Move] {
    // With what is assumed where evidence is too little, as in health itself: a domain isn't what is measured of it alone.
    var points: [Indicator: Double] = [:]
    for indicator in Indicator.allCases {
      guard let own = manager.indicators[indicator.rawValue] else { continue }
      points[indicator] = own.points.estimate?.value ?? own.evidence["assumedPoints"]
    }
    guard manager.health.estimate != nil else { return [] }
    var candidates: [(indicator: Indicator, from: Double, to: Double, now: Double, points: Double)] = []
    for indicator in points.keys.sorted() where indicator != .surveyScore {
      guard let own = manager.indicators[indicator.rawValue], let from = own.score.estimate,
        let points = own.points.estimate, let target = field.bestQuarter(indicator.rawValue, without: own),
        target.points > points.value,
        Wording.isBetterHigher(indicator.rawValue) ? target.value > from.value : target.value < from.value
      else { continue }
      candidates.append((indicator, from.value, target.value, points.value, target.points))
    }
    let composites = Health.composites(
      points: points, domainWeights: options.domainWeights, changes: candidates.map { ($0.indicator, $0.points) })
    guard let composites else { return [] }
    var moves: [Move] = []
    for (candidate, then) in zip(candidates, composites.changed) {
      let gain = then - composites.now
      let (indicator, from, to, points, toPoints) = candidate
      // What reads as no change weighs nothing.
      let isTold = Wording.value(from, of: indicator.rawValue) != Wording.value(to, of: indicator.rawValue)
      if isTold && gain >= 0.05 {
        moves.append(
          Move(
            indicator: indicator.rawValue, direction: Goalposts.goalpost(indicator).direction, from: from, to: to,
            points: points, toPoints: toPoints, gain: gain))
      }
    }
    return moves.sorted { $0.gain != $1.gain ? $0.gain > $1.gain : $0.indicator < $1.indicator }
  }

  /// The parts of the assessment that this shows, by the same keys, and beside them peers, practices and moves; of a pair, its object,
  /// its finding, the gap in trust, peers, and the choices that the finding rests on.
  public func tree() throws -> JSONValue {
    var tree: [String: JSONValue] = [
      "pairs": try JSONValue(encoding: pairs), "favouritism": ["pairs": try JSONValue(encoding: findings)],
      "peers": try JSONValue(encoding: peers),
    ]
    if pair != nil {
      tree["trustGap"] = trustGap.map { .number($0) } ?? .null
      tree.merge(try choices()) { own, _ in own }
    } else {
      tree["managers"] = try JSONValue(encoding: [manager])
      tree["moves"] = try JSONValue(encoding: moves)
      tree["practices"] = try JSONValue(encoding: practices)
      if let trends { tree["trends"] = ["managers": try JSONValue(encoding: [trends])] }
      tree["funnels"] = try JSONValue(encoding: funnels)
    }
    return .object(tree)
  }

  /// A row per indicator: value, points, peers, contribution and gain. Of a pair, its one row as in `pairs.csv`, with the
  /// gap in trust and the finding behind it.
  public func table() throws -> FlatTable {
    if let pair {
      var row = try JSONValue(encoding: pair)
      if let trustGap { row = row.with("trustGap", .number(trustGap)) }
      if let finding = findings.first { row = row.with("favouritism", try JSONValue(encoding: finding)) }
      return FlatTable([row], leading: ResultTables.pairColumns + ["trustGap", "favouritism"])
    }
    let contributions = Dictionary(
      (manager.attribution?.contributions ?? []).map { ($0.indicator, $0.points) }, uniquingKeysWith: { a, _ in a })
    let gains = Dictionary(moves.map { ($0.indicator, $0) }, uniquingKeysWith: { a, _ in a })
    let rows = peers.map { peer -> JSONValue in
      var row: [String: JSONValue] = [
        "manager": .string(manager.id), "indicator": .string(peer.indicator), "value": .number(peer.value),
        "points": .number(peer.points), "peers": .integer(Int64(peer.peers)),
        "peersBelow": .integer(Int64(peer.peersBelow)),
      ]
      row["peerMedian"] = peer.peerMedian.map { .number($0) }
      row["contribution"] = contributions[peer.indicator].map { .number($0) }
      row["moveTo"] = gains[peer.indicator].map { .number($0.to) }
      row["gain"] = gains[peer.indicator].map { .number($0.gain) }
      return .object(row)
    }
    let assumed = contributions[Attribution.notMeasured].map { points -> JSONValue in
      let name = Attribution.notMeasured
      return ["manager": .string(manager.id), "indicator": .string(name), "contribution": .number(points)]
    }
    return FlatTable(rows + [assumed].compactMap { $0 }, leading: ["manager", "indicator", "value", "points"])
  }
}

extension Explanation {
  /// The choices behind a pair's finding alone, by the same keys as in ``tree()``.
  public func choiceTree() throws -> JSONValue { .object(try choices()) }

  private func choices() throws -> [String: JSONValue] {
    guard let evidence else { return [:] }
    return [
      "choices": try JSONValue(encoding: evidence.choices), "choiceKind": .string(evidence.kind.rawValue),
      "choiceTotal": .integer(Int64(evidence.total)),
      "choiceObstacle": evidence.obstacle.map { .string($0.rawValue) } ?? .null,
      "choiceRecord": try evidence.record.map { try JSONValue(encoding: $0) } ?? .null,
    ]
  }

  /// A row per open request of each choice, numbered as in `choices`; the one that was picked first.
  public func choiceTable() throws -> FlatTable {
    var rows: [JSONValue] = []
    for (i, choice) in (evidence?.choices ?? []).enumerated() {
      for request in choice.requests {
        rows.append(
          try JSONValue(encoding: request).with("choice", .integer(Int64(i + 1)))
            .with("moment", .string(choice.moment)))
      }
    }
    return FlatTable(
      rows,
      leading: [
        "choice", "moment", "request", "manager", "opened", "waitedHours", "topic", "priority", "overdue",
        "probability", "isPicked", "isPassedOver",
      ])
  }
}

/// Why there is nothing to explain.
public enum ExplanationError: Error, Sendable, Equatable {
  /// No manager has this identifier; the known ones are given.
  case unknownManager(String, known: [String])
  /// The manager has no events with this partner; the manager's partners are given.
  case unknownPartner(String, manager: String, known: [String])
}
