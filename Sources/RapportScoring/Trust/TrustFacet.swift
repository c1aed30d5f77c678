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

/// Whose trustworthiness is asked.
enum TrustDirection: Int, CaseIterable, Sendable {
  /// What the partner did towards the manager.
  case inPartner
  /// What the manager did towards the partner.
  case inManager
}
