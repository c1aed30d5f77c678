import RapportScoring

extension Explanation {
  /// Where the manager's own share or rate lies against the limits that chance sets around all managers.
  public struct FunnelPlace: Encodable, Sendable, Equatable {
    public enum Position: String, Encodable, Sendable { case below, within, above }
    public var indicator: String
    public var position: Position
    /// The highest level whose limits it lies beyond; `nil` within.
    public var level: Double?
    /// The value of all managers together.
    public var centre: Double
  }

  /// In the order in which indicators are shown.
  static func funnels(of manager: ManagerAssessment, in funnels: [Funnel]) -> [FunnelPlace] {
    funnels.compactMap { funnel in
      if let own = funnel.outside.first(where: { $0.manager == manager.id }) {
        return FunnelPlace(
          indicator: funnel.indicator, position: own.side == .below ? .below : .above, level: own.level,
          centre: funnel.centre)
      }
      guard manager.indicators[funnel.indicator]?.score.estimate != nil else { return nil }
      return FunnelPlace(indicator: funnel.indicator, position: .within, level: nil, centre: funnel.centre)
    }
  }
}
