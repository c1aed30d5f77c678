/// What happened. The raw value is the word that stands in the `kind` column.
public enum EventKind: String, CaseIterable, Sendable, Codable {
  case request, response, resolution, reopen, withdraw, reassign, pause, resume
  case escalation
  case checkIn = "check_in"
  case checkInCancelled = "check_in_cancelled"
  case commitment, fulfilment, renegotiation, release
  case feedback
  case followUp = "follow_up"
  case survey
  case surveyInvitation = "survey_invitation"
  case recognition, decision
  case conflict, settlement
  case goal
  case goalMet = "goal_met"
  case objection, alternative, training, concern, absence

  /// Kinds whose events are linked by `case`; `nil` for kinds that stand alone.
  public var family: CaseFamily? {
    switch self {
    case .request, .response, .resolution, .reopen, .withdraw, .reassign, .pause, .resume: .request
    case .commitment, .fulfilment, .renegotiation, .release: .commitment
    case .feedback, .followUp: .feedback
    case .conflict, .settlement: .conflict
    case .goal, .goalMet: .goal
    default: nil
    }
  }

  /// Who acts where the row doesn't say; `nil` for kinds that are never attributed.
  ///
  /// A step answers the one who opened its case, so the default of a later step is the other party of a case that
  /// the kind's default actor opened: a response is the partner's, a fulfilment is confirmed by the manager.
  public var defaultActor: Party? {
    switch self {
    case .request, .reopen, .withdraw, .escalation, .feedback, .survey, .surveyInvitation, .conflict, .absence:
      .manager
    case .response, .resolution, .reassign, .pause, .resume, .followUp: .partner
    case .fulfilment, .settlement: .manager
    case .concern: nil
    default: .partner
    }
  }

  /// Whether a row of this kind must name a partner.
  public var needsPartner: Bool {
    switch self {
    case .escalation, .survey, .surveyInvitation, .training, .concern, .absence: false
    default: true
    }
  }
}

/// The kinds that share one name space of `case`.
public enum CaseFamily: UInt8, CaseIterable, Sendable, Codable {
  case request, commitment, feedback, conflict, goal
}

/// One of the two sides of a relationship.
public enum Party: UInt8, Sendable, Codable, CaseIterable {
  case manager, partner
  /// The other side.
  @inlinable public var other: Party { self == .manager ? .partner : .manager }
}
