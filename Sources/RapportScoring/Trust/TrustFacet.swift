/// A side of trustworthiness.
///
/// Source: Mayer, Davis & Schoorman (1995), An integrative model of organizational trust.
public enum TrustFacet: Int, CaseIterable, Sendable {
  /// Promises, targets, settlements, loop closure.
  case integrity
  /// Recognition, alternatives offered, joint decisions, named ratings.
  case benevolence
  /// Resolved for good, goals met, few ordinary escalations.
  case ability
}

/// What can speak for or against the trustworthiness of a side.
public enum TrustKind: String, Codable, CaseIterable, Sendable {
  case promises, targets, settlements, feedback
  case recognition, alternatives, decisions, ratings
  case resolutions, goals, escalations

  /// The facet that it speaks to.
  public var facet: TrustFacet {
    switch self {
    case .promises, .targets, .settlements, .feedback: .integrity
    case .recognition, .alternatives, .decisions, .ratings: .benevolence
    case .resolutions, .goals, .escalations: .ability
    }
  }
}

/// What trust rests on in an input: the kinds of evidence that it holds of each side, in the order of ``TrustKind``.
public struct TrustBasis: Codable, Sendable, Equatable {
  /// Of what partners did.
  public var inPartner: [TrustKind] = []
  /// Of what managers did.
  public var inManager: [TrustKind] = []
  /// What was read of too few managers to be a part of everybody's trust, likewise.
  public var tooFewInPartner: [TrustKind] = []
  public var tooFewInManager: [TrustKind] = []

  public init(inPartner: [TrustKind] = [], inManager: [TrustKind] = []) {
    (self.inPartner, self.inManager) = (inPartner, inManager)
  }

  /// Whether anything speaks for or against either side.
  public var isEmpty: Bool { inPartner.isEmpty && inManager.isEmpty }
}

/// Whose trustworthiness is asked.
enum TrustDirection: Int, CaseIterable, Sendable {
  /// What the partner did towards the manager.
  case inPartner
  /// What the manager did towards the partner.
  case inManager
}
