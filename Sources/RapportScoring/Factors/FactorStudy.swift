/// What the indicators have in common across managers, and whether one health number is justified.
public struct FactorStudy: Codable, Sendable, Equatable {
  public init() {}
}
