import Glibc

/// A latent side of how a manager and HR get on; higher is healthier.
enum LatentTrait: Int, CaseIterable, Sendable {
  /// How readily requests are picked, and how quickly they are worked on once picked.
  case readiness, handling
  /// Requests that stay resolved.
  case lasting
  /// How alike the waits of like requests are, how alike partners treat the manager, how regularly they meet.
  case steadiness, evenness, regularity
  /// Promises kept: HR's and the manager's.
  case partnerPromises, managerPromises
  /// How much HR comes forward, how long the two talk, whether feedback is followed up.
  case initiative, conversation, loopClosure
  /// How fast conflicts settle and whether they stay settled, how rarely requests are escalated.
  case settlement, calm
  case jointDecisions, goals, alternatives
  /// Credit that HR gives and that the manager gives.
  case partnerCredit, managerCredit
  case development
  /// How the manager rates HR, HR the manager, and the team the manager.
  case ratingOfPartner, ratingOfManager, teamRating
  /// How quickly the manager answers HR's requests.
  case managerReadiness

  static let domains = [
    "responsiveness", "consistency", "followThrough", "communication", "conflict", "alignment", "recognition",
    "development", "voice",
  ]

  /// Position in ``domains``.
  var domain: Int {
    switch self {
    case .readiness, .handling, .lasting, .managerReadiness: 0
    case .steadiness, .evenness, .regularity: 1
    case .partnerPromises, .managerPromises: 2
    case .initiative, .conversation, .loopClosure: 3
    case .settlement, .calm: 4
    case .jointDecisions, .goals, .alternatives: 5
    case .partnerCredit, .managerCredit: 6
    case .development: 7
    case .ratingOfPartner, .ratingOfManager, .teamRating: 8
    }
  }
}

/// Standard normal distribution function.
func normalDistribution(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

/// 1 / (1 + exp(−x)).
func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
