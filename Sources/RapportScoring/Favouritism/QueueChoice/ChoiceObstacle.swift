/// Why queue choices say nothing of a partner or a pair.
public enum ChoiceObstacle: String, Codable, Sendable, CaseIterable {
  /// The order of events isn't known well enough: of the partner's, or of this pair's alone.
  case resolution
  /// Never two managers' requests at once.
  case noQueue
  /// The partner's choices can be told, but none of the pair's requests stood in a queue with another manager's.
  case noChoice
  /// The partner's fit did not converge.
  case notConverged
}
