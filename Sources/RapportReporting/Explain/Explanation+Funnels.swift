import RapportScoring

extension Explanation {
  /// Where the manager's own share or rate lies against the limits around all managers.
  public struct FunnelPlace: Encodable, Sendable, Equatable {
    public enum Position: String, Encodable, Sendable { case below, within, above }
    public var indicator: String
    public var position: Position
    /// The highest level whose limits it lies beyond; `nil` within.
    public var level: Double?
    /// The value of all managers together.
    public var centre: Double
    /// Within the limits, but beyond those that chance alone would set; `nil` where it isn't.
    public var beyondChance: BeyondChance?

    /// What chance alone doesn't explain, but how much managers usually differ.
    public struct BeyondChance: Encodable, Sendable, Equatable {
      public var position: Position
      /// The highest level beyond whose limits by chance alone it lies.
      public var level: Double
      /// The manager's own share or rate, from bare counts, and what it rests on.
      public var value: Double
      public var size: Double
    }
  }

  /// In the order in which indicators are shown.
  static func funnels(of manager: ManagerAssessment, in funnels: [Funnel]) -> [FunnelPlace] {
    func position(_ side: Funnel.Outside.Side) -> FunnelPlace.Position { side == .below ? .below : .above }
    return funnels.compactMap { funnel in
      if let own = funnel.outside.first(where: { $0.manager == manager.id }) {
        return FunnelPlace(
          indicator: funnel.indicator, position: position(own.side), level: own.level, centre: funnel.centre)
      }
      guard manager.indicators[funnel.indicator]?.score.estimate != nil else { return nil }
      let own = funnel.beyondChance.first { $0.manager == manager.id }
      return FunnelPlace(
        indicator: funnel.indicator, position: .within, level: nil, centre: funnel.centre,
        beyondChance: own.map { .init(position: position($0.side), level: $0.level, value: $0.value, size: $0.size) })
    }
  }
}
